/**
 * Which of the six kinds of faults really happened in a run, as its log tells: a story may ask for a fault that
 * finds nothing to break.
 */
import type { EventObserver } from "../../src/core/log-sink.ts";
import { kindId, offsetOf } from "../../src/shared/event-record.ts";
import { crashReasons, diskFailures, dropReasons, type EventKind } from "../../src/shared/event-schema.ts";

const sixFaults = ["crash", "pause", "partition", "clock", "disk", "loss"] as const;
export type SixFault = (typeof sixFaults)[number];

const certain: readonly (readonly [EventKind, SixFault])[] = [
	["nodePaused", "pause"],
	["networkPartitioned", "partition"],
	["clockStepped", "clock"],
	["clockDriftChanged", "clock"],
	["diskWiped", "disk"],
	["driveFailed", "disk"],
];
const byKind: ReadonlyMap<number, SixFault> = new Map(certain.map(([kind, fault]) => [kindId(kind), fault]));
const crashedId = kindId("nodeCrashed");
const crashReason = offsetOf("nodeCrashed", "reason");
const lostId = kindId("diskLost");
const failedId = kindId("diskFailed");
const failReason = offsetOf("diskFailed", "reason");
const droppedId = kindId("messageDropped");
const dropReason = offsetOf("messageDropped", "reason");
const byCommand = crashReasons.indexOf("command");
const byLoss = dropReasons.indexOf("loss");
const violent = new Set([diskFailures.indexOf("full"), diskFailures.indexOf("readError"), diskFailures.indexOf("dead")]);

export class FaultKinds implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set([...byKind.keys(), crashedId, lostId, failedId, droppedId]);
	readonly seen = new Set<SixFault>();

	onEvent(words: Int32Array, start: number): void {
		const fault = faultOf(words, start);
		if (fault !== undefined) this.seen.add(fault);
	}
}

function faultOf(words: Int32Array, start: number): SixFault | undefined {
	switch (words[start]) {
		case crashedId:
			return words[start + crashReason] === byCommand ? "crash" : undefined;
		case lostId:
			return "disk";
		case failedId:
			return violent.has(words[start + failReason] as number) ? "disk" : undefined;
		case droppedId:
			return words[start + dropReason] === byLoss ? "loss" : undefined;
		default:
			return byKind.get(words[start] as number);
	}
}

/** In how many runs each happened. */
export class FaultTally {
	readonly #runs = new Map<SixFault, number>(sixFaults.map((fault) => [fault, 0]));

	add({ seen }: FaultKinds): void {
		for (const fault of seen) this.#runs.set(fault, (this.#runs.get(fault) ?? 0) + 1);
	}

	/** Kinds that happened in fewer than this many runs. */
	rarerThan(runs: number): readonly string[] {
		return [...this.#runs].filter(([, count]) => count < runs).map(([fault, count]) => `${fault} in ${count} runs`);
	}
}
