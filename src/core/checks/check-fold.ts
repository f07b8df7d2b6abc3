/**
 * What every check's fold is: an observer of the log that can give its verdict at any time. The log
 * may be live or read back from a file; a fold cannot tell, and keeps no more than a bounded summary.
 */
import type { Operator } from "../../shared/check/check.ts";
import type { EventObserver } from "../log-sink.ts";

/** An event that proves a verdict. */
export interface Evidence {
	/** Position in the log. */
	readonly index: number;
	readonly atUs: number;
	readonly text: string;
}

export interface CheckVerdict {
	readonly id: string;
	readonly ok: boolean;
	/** True once nothing that follows can change `ok`. */
	readonly final: boolean;
	readonly expression: string;
	/** What was seen, as a person would say it. */
	readonly observed: string;
	/** The first few events that prove it; empty when it is the absence of events that does. */
	readonly evidence: readonly Evidence[];
}

export interface CheckFold extends EventObserver {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	/** @param endUs how far the run has been carried; does not change the fold */
	verdict(endUs: number): CheckVerdict;
	/**
	 * Another fold that stands where this one does. It may lean on this one, so it must never be carried further
	 * in the log than this one has been.
	 */
	clone(): CheckFold;
}

export const evidenceMax = 5;

/** The first few pieces of evidence. */
export class EvidenceList {
	readonly items: Evidence[];

	constructor(items: readonly Evidence[] = []) {
		this.items = [...items];
	}

	get isFull(): boolean {
		return this.items.length >= evidenceMax;
	}

	add(item: Evidence): void {
		if (!this.isFull) this.items.push(item);
	}
}

/** True when too much breaks the check, so that what came on top of the limit is the proof. */
export function isUpperBound(operator: Operator): boolean {
	return operator === "<=" || operator === "<" || operator === "==";
}

/** True when too little breaks it. */
export function isLowerBound(operator: Operator): boolean {
	return operator === ">=" || operator === ">";
}
