/**
 * What a check says once its text is read: plain data with indices into the plan, ready to be folded
 * over a log (src/core/checks). Pure.
 */
import type { DropReason, EventKind } from "../event-schema.ts";

/** Node indices, ascending; null: every node. */
export type NodeFilter = readonly number[] | null;

/** An index into the plan's names; -1: any name. */
export type NameFilter = number;

export type Subject =
	/** The busiest `overUs` of any of the nodes: part of its cores' time spent on programs' work, 0..1. */
	| { readonly kind: "utilisation"; readonly nodes: NodeFilter; readonly overUs: number }
	/** Messages sent whose sender waits for a reply. */
	| { readonly kind: "requests"; readonly name: NameFilter; readonly to: NodeFilter; readonly from: NodeFilter }
	/** Messages that reached a program, replies included. */
	| { readonly kind: "delivered"; readonly name: NameFilter; readonly to: NodeFilter; readonly from: NodeFilter }
	| { readonly kind: "dropped"; readonly name: NameFilter; readonly to: NodeFilter; readonly from: NodeFilter; readonly reason: DropReason | null }
	/** Spans that ended in error, at these nodes. */
	| { readonly kind: "errors"; readonly name: NameFilter; readonly nodes: NodeFilter }
	/** Duration of finished spans, by nearest rank; 50 % is 50,000. */
	| { readonly kind: "percentile"; readonly rankMilli: number; readonly name: NameFilter; readonly nodes: NodeFilter }
	/** Spans that ended well, a second. */
	| { readonly kind: "throughput"; readonly name: NameFilter; readonly nodes: NodeFilter }
	/** The extreme of the numbers that programs report under a name. */
	| { readonly kind: "measured"; readonly extreme: "highest" | "lowest"; readonly name: NameFilter; readonly nodes: NodeFilter }
	/** Breaches of a property that a service promises; judged by the service itself. */
	| { readonly kind: "invariant"; readonly name: NameFilter }
	/** Events of a kind. */
	| { readonly kind: "count"; readonly event: EventKind; readonly nodes: NodeFilter };

export const operators = ["<=", ">=", "==", "!=", "<", ">"] as const;
export type Operator = (typeof operators)[number];

/** What a moment may hang on. */
export const momentEvents = {
	crash: "nodeCrashed",
	restart: "nodeRestarting",
	boot: "nodeBooted",
	pause: "nodePaused",
	resume: "nodeResumed",
	cut: "linkCut",
	partition: "networkPartitioned",
	heal: "networkHealed",
} as const satisfies { readonly [word: string]: EventKind };
export type MomentWord = keyof typeof momentEvents;

export type Moment =
	| { readonly kind: "at"; readonly us: number }
	| { readonly kind: "end" }
	/** `offsetUs` after an event of this kind at one of the nodes. */
	| { readonly kind: "event"; readonly word: MomentWord; readonly nodes: NodeFilter; readonly offsetUs: number };

/** A closed interval; with moments that hang on events, one each time they happen. */
export interface When {
	readonly from: Moment;
	readonly to: Moment;
}

/** How the number is written, in the check and in its verdict. */
export type Unit = "count" | "ratio" | "us" | "perSecond" | "number";

export interface Check {
	readonly subject: Subject;
	readonly operator: Operator;
	/** In the unit of the subject: microseconds, 0..1, ... */
	readonly value: number;
	readonly unit: Unit;
	readonly when: When;
}

export function compare(observed: number, operator: Operator, value: number): boolean {
	switch (operator) {
		case "<=":
			return observed <= value;
		case ">=":
			return observed >= value;
		case "==":
			return observed === value;
		case "!=":
			return observed !== value;
		case "<":
			return observed < value;
		case ">":
			return observed > value;
	}
}
