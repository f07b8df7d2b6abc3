/**
 * Counts the faults that really happened in runs, by what the log says of them: a command that came to nothing, such
 * as a pause of a node that was down, is none. A search under faults is worth as much as the kinds it has seen.
 */
import type { EventObserver } from "../../src/core/log-sink.ts";
import { kindId, offsetOf } from "../../src/shared/event-record.ts";
import { crashReasons, diskFailures, dropReasons, type EventKind } from "../../src/shared/event-schema.ts";

export const faultsOfLinesAndMachines = [
	"crash",
	"pause",
	"partition",
	"cut",
	"oneWayCut",
	"clog",
	"clockStep",
	"clockDrift",
	"slowProcessor",
	"lossByLink",
	"lossByCut",
	"duplicate",
] as const;
export const faultsOfDisks = ["unsyncedLost", "tornWrite"] as const;
const faultsSeen = [...faultsOfLinesAndMachines, ...faultsOfDisks, "readError"] as const;
export type FaultSeen = (typeof faultsSeen)[number];

type Judge = (words: Int32Array, start: number) => FaultSeen | null;

function field(kind: EventKind, name: string): (words: Int32Array, start: number) => number {
	const offset = offsetOf(kind as never, name as never);
	return (words, start) => words[start + offset] as number;
}

const [crashReason, direction, drift, factor, dropReason, torn, diskFailure] = [
	field("nodeCrashed", "reason"),
	field("linkCut", "direction"),
	field("clockDriftChanged", "driftPpm"),
	field("nodeSlowed", "factorMilli"),
	field("messageDropped", "reason"),
	field("diskLost", "torn"),
	field("diskFailed", "reason"),
];
const dropped: { readonly [reason: number]: FaultSeen } = {
	[dropReasons.indexOf("loss")]: "lossByLink",
	[dropReasons.indexOf("cut")]: "lossByCut",
	[dropReasons.indexOf("partition")]: "lossByCut",
};

const judges: { readonly [kind in EventKind]?: Judge } = {
	nodeCrashed: (words, start) => (crashReason(words, start) === crashReasons.indexOf("command") ? "crash" : null),
	nodePaused: () => "pause",
	networkPartitioned: () => "partition",
	linkCut: (words, start) => (direction(words, start) === 0 ? "cut" : "oneWayCut"),
	linkClogged: () => "clog",
	clockStepped: () => "clockStep",
	clockDriftChanged: (words, start) => (drift(words, start) !== 0 ? "clockDrift" : null),
	nodeSlowed: (words, start) => (factor(words, start) > 1_000 ? "slowProcessor" : null),
	messageDropped: (words, start) => dropped[dropReason(words, start)] ?? null,
	messageDuplicated: () => "duplicate",
	diskLost: (words, start) => (torn(words, start) > 0 ? "tornWrite" : "unsyncedLost"),
	diskFailed: (words, start) => (diskFailure(words, start) === diskFailures.indexOf("readError") ? "readError" : null),
};

const judgeOf = new Map((Object.keys(judges) as EventKind[]).map((kind) => [kindId(kind), judges[kind] as Judge]));

/** One for a whole search: let it look on at every run. */
export class FaultTally implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set(judgeOf.keys());
	readonly #counts = new Map<FaultSeen, number>();

	onEvent(words: Int32Array, start: number): void {
		const seen = judgeOf.get(words[start] as number)?.(words, start) ?? null;
		if (seen !== null) this.#counts.set(seen, this.count(seen) + 1);
	}

	count(kind: FaultSeen): number {
		return this.#counts.get(kind) ?? 0;
	}

	/** Kinds of which fewer were seen. */
	rarerThan(least: number, kinds: readonly FaultSeen[] = faultsSeen): readonly string[] {
		return kinds.filter((kind) => this.count(kind) < least).map((kind) => `${kind}: ${this.count(kind)}`);
	}
}
