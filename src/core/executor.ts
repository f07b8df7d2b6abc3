/**
 * How nodes are run: the seam between the kernel, which decides what happens and in what order, and
 * the threads (or none) on which programs execute. Both executors drive the same NodeRuntime, so a
 * run's log cannot depend on which one was used.
 *
 * All calls are synchronous and come from the kernel's own thread. Inputs staged for a node are seen
 * by it in the order staged, before any event of the next window.
 */

import type { ByteRange } from "../shared/byte-range.ts";
import type { RecordBuffer } from "../shared/event-record.ts";
import type { NodePlan, Plan } from "../shared/plan.ts";
import type { ClockState } from "./clock.ts";
import type { Inspection } from "./node-api.ts";

/** Durable files of one drive. */
export interface DriveImage {
	readonly isDead?: boolean;
	readonly files: readonly { readonly path: string; readonly records: readonly Uint8Array[]; readonly appendable: boolean }[];
}

export interface BootInput {
	readonly node: number;
	/** The node's own part of the plan. */
	readonly plan: NodePlan;
	readonly incarnation: number;
	/** True time of the boot. */
	readonly atUs: number;
	readonly lamport: number;
	/** Counters that outlive a crash, so that no identity is ever used twice. */
	readonly sequences: NodeSequences;
	/** The clock runs on while the node is down; null: undisturbed since time 0. */
	readonly clock: ClockState | null;
	readonly factorMilli: number;
	readonly drives: readonly DriveImage[];
	/** Stop instead of running this handler (a recorded verdict of the watchdog); -1: never. */
	readonly haltAtStep: number;
	readonly haltReason: "hung" | "outOfMemory";
}

export interface NodeSequences {
	readonly message: number;
	readonly timer: number;
	readonly span: number;
	readonly disk: number;
	readonly draw: number;
	/** Handlers run so far. */
	readonly step: number;
}

/** A message at the receiver's door. */
export interface Delivery {
	readonly atUs: number;
	readonly tie: number;
	readonly from: number;
	readonly sequence: number;
	readonly copy: number;
	readonly name: number;
	readonly expectsReply: boolean;
	/** Sequence of the receiver's own message that this answers; 0: none (sequences count from 1). */
	readonly inReplyTo: number;
	readonly sentUs: number;
	readonly lamport: number;
	readonly traceNode: number;
	readonly traceSequence: number;
	readonly spanNode: number;
	readonly spanSequence: number;
	/** Encoded; nobody writes to it any more. */
	readonly body: ByteRange;
}

/** Control that a running node must know of, at exactly `atUs`; already logged by the kernel. */
export type NodeControl =
	| { readonly kind: "pause" | "resume"; readonly atUs: number }
	| { readonly kind: "slow"; readonly atUs: number; readonly factorMilli: number }
	| { readonly kind: "wipe"; readonly atUs: number }
	| { readonly kind: "failDrive"; readonly atUs: number; readonly drive: number }
	| { readonly kind: "clockStep"; readonly atUs: number; readonly deltaUs: number }
	| { readonly kind: "clockDrift"; readonly atUs: number; readonly driftPpm: number }
	| { readonly kind: "ask"; readonly atUs: number; readonly askSequence: number; readonly line: string };

/** Why a node stopped by itself inside a window. Its records up to then stand. */
export interface NodeFailure {
	readonly reason: "exception" | "hung" | "outOfMemory";
	/** True time of the handler that did not end. Records of a thrown handler stand, those of a hung one do not. */
	readonly atUs: number;
	/** Its number: handlers of the node, all incarnations, count from 1. */
	readonly step: number;
	readonly detail: string;
}

/** What a node reports at the barrier. */
export interface WindowResult {
	/** The node's earliest pending event, or Infinity. */
	nextUs: number;
	/** Handlers run in this window. */
	handlers: number;
	failure: NodeFailure | null;
	sequences: NodeSequences;
	lamport: number;
}

/** A timer of a node that is set. */
export interface SetTimer {
	/** Index into the plan's names. */
	readonly name: number;
	/** True time at which it is due, as the node's clock goes now. */
	readonly dueUs: number;
}

/** What a running node holds. */
export interface NodeInspection {
	/** By service name. */
	readonly services: { readonly [service: string]: Inspection };
	/** The next to be due first; so many at most. */
	readonly timers: readonly SetTimer[];
	readonly timersOmitted: number;
}

export interface Executor {
	readonly name: "inline" | "threads";
	/** Called once. Threads may be made here or at the first boot. */
	open(plan: Plan, seed: number): void;
	boot(input: BootInput): void;
	/** The node's RAM ceases to exist. Staged inputs are forgotten. */
	stop(node: number): void;
	deliver(node: number, delivery: Delivery): void;
	control(node: number, control: NodeControl): void;
	/**
	 * Runs every node of `nodes` up to (not including) `endUs`, at most `handlersMax` handlers each.
	 * Returns when all are done; then `records` and `result` of those nodes hold their news.
	 * @param nodes ascending indices of the nodes with staged inputs or events before `endUs`
	 */
	runWindow(nodes: readonly number[], endUs: number, handlersMax: number): void;
	/** Records the node wrote in the last window, in order. Valid until the next call. */
	records(node: number): RecordBuffer;
	result(node: number): WindowResult;
	/** What a node holds; null when it is down. */
	inspect(node: number): NodeInspection | null;
	close(): void;
}
