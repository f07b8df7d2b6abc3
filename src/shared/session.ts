/**
 * What a session holds, in words that every side uses: the header, the branches, the commands, the
 * notes, and how much may be in each. How it lies in the file is the store's affair
 * (docs/session-format.md); this module must not know SQLite, files or threads.
 */
import type { JsonValue } from "./canonical-json.ts";
import { type CommandOrigin, type EventKind, eventKinds, eventSchema } from "./event-schema.ts";

/** Version of the file's layout; raised when an older program could no longer read a new file. */
export const sessionFormatVersion = 1;

/**
 * How much of the log is stored. The digest covers every event in all three.
 * - `full`: every record with its body.
 * - `messages`: faults, commands, messages (bodies too), spans, log lines, measures, answers and disk
 *   failures; without timers, CPU work and disk traffic.
 * - `summary`: faults and commands only.
 */
export const sessionDetails = ["full", "messages", "summary"] as const;
export type SessionDetail = (typeof sessionDetails)[number];

const leftOutOfMessages: ReadonlySet<EventKind> = new Set<EventKind>(["timerFired", "computeFinished", "diskWritten", "diskSynced", "diskRead"]);

function isStored(kind: EventKind, detail: SessionDetail): boolean {
	switch (detail) {
		case "full":
			return true;
		case "messages":
			return !leftOutOfMessages.has(kind);
		case "summary":
			return eventSchema[kind].class === "control";
	}
}

/** 1 at every kind id that is stored at this detail. */
export function storedKinds(detail: SessionDetail): Uint8Array {
	const stored = new Uint8Array(256);
	for (const kind of eventKinds) if (isStored(kind, detail)) stored[eventSchema[kind].id] = 1;
	return stored;
}

/** What a run is of and how it was made. Written once, when the session is created. */
export interface SessionHeader {
	readonly formatVersion: number;
	/** Raised whenever the same lab, seed and commands would give other events. */
	readonly engineVersion: number;
	readonly eventSchemaVersion: number;
	readonly labId: string;
	readonly labVersion: number;
	readonly seed: number;
	readonly detail: SessionDetail;
	/** Which executor recorded it; does not matter to the events. */
	readonly executor: "inline" | "threads";
	/** The text the digest chain begins with. */
	readonly digestHeader: string;
	/** Wall time at which the file was made, milliseconds since 1970; 0 when unknown. */
	readonly createdMs: number;
}

/** A command as the kernel took it, applied or refused. */
export interface RecordedCommand {
	/** The number its events carry; ascending within a branch. */
	readonly sequence: number;
	/** The exact instant at which it took effect. */
	readonly atUs: number;
	/** `lab`: of the story, which the plan holds too. Others must be given again to repeat the run. */
	readonly origin: CommandOrigin;
	/** Canonical line of the command grammar. */
	readonly line: string;
}

/** The outcome of one check, with whatever proves it. */
export interface RecordedVerdict {
	readonly id: string;
	readonly ok: boolean;
	readonly [detail: string]: JsonValue;
}

/** How far a branch has been recorded. */
export interface SessionHead {
	/** Events of the run so far; the next one has this index. */
	readonly eventCount: number;
	/** True time up to which the run was carried (not before its last event). */
	readonly untilUs: number;
	/** Chain value after `eventCount` events: 32 bytes. */
	readonly digest: Uint8Array;
	/** False when the recording broke off, or still goes on. */
	readonly finished: boolean;
	readonly verdicts: readonly RecordedVerdict[];
}

export interface SessionBranch {
	/** 0 is the trunk. */
	readonly branch: number;
	/** -1 for the trunk. */
	readonly parent: number;
	/** Events shared with the parent: own events have this index and above. */
	readonly forkIndex: number;
	readonly forkUs: number;
	readonly name: string;
	readonly head: SessionHead;
}

/** A remark of a person, pinned to an event or to nothing (-1). */
export interface SessionNote {
	readonly id: number;
	readonly branch: number;
	readonly eventIndex: number;
	readonly wallMs: number;
	readonly text: string;
}

/** What is wrong with a damaged session, and what of it can be trusted. */
export interface SessionDamage {
	/** A sentence for each thing that is wrong; never empty. */
	readonly reasons: readonly string[];
	/** For each branch that can be read at all: events 0 to below this are as they were written. */
	readonly readableEvents: ReadonlyMap<number, number>;
}

/** Bounds of what a file may claim. A session beyond them is refused, and none beyond them is written. */
export const sessionLimits = {
	headerBytes: 65_536,
	labBytes: 8_388_608,
	planBytes: 67_108_864,
	verdictBytes: 16_777_216,
	branches: 4_096,
	nameBytes: 1_024,
	/** Blocks of 1,024 events a branch: four thousand million events. */
	blocks: 4_194_304,
	/** Raw bytes of a stored part; more only for a single record that is larger. */
	partBytesWanted: 4_194_304,
	partBytes: 67_108_864,
	partsPerBlock: 1_024,
	commands: 4_000_000,
	lineBytes: 1_048_576,
	notes: 100_000,
	noteBytes: 65_536,
} as const;
