/**
 * What the main thread and the cluster thread say to each other: the task a run begins with, what a
 * user may ask of it while it runs, and what it tells. Plain data, so that it can be posted. Must not
 * know threads, files or views.
 */
import type { CheckVerdict } from "../../core/checks/check-fold.ts";
import type { SetTimer } from "../../core/executor.ts";
import type { RecordedCommand } from "../../core/kernel.ts";
import type { InFlight } from "../../core/network/network.ts";
import type { Inspection, PlainValue } from "../../core/node-api.ts";
import type { RecordedRun, Verification } from "../../core/verify.ts";
import type { EventKind } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import type { BoardPart } from "../../shared/projection/fact-board.ts";
import type { ProjectionSnapshot } from "../../shared/projection/snapshot.ts";
import type { SessionNote } from "../../shared/session.ts";
import type { PlainError } from "../store/recorder-protocol.ts";
import type { RecordingTarget } from "../store/recording.ts";
import type { LostFlight } from "./recent-losses.ts";

/** Virtual seconds a wall second: 0.01 to 100, or as fast as it can. */
export type Speed = number | "max";
export const speedMin = 0.01;
export const speedMax = 100;

export type ExecutorName = "threads" | "inline";

/** When a run stops by itself before its end; looked at after every window. */
export type PausePredicate =
	| { readonly kind: "checkFails" }
	/** Some node says that it leads which did not lead before. */
	| { readonly kind: "leader"; readonly afterUs: number }
	/** An event of this kind, at this node if one is named, after this instant. */
	| { readonly kind: "event"; readonly event: EventKind; readonly node?: string; readonly afterUs?: number };

export interface ExecutorOptions {
	readonly name: ExecutorName;
	/** Of each ring of a node's thread; the executor's own choice when left out. */
	readonly ringBytes?: number;
	/** A handler that has not returned after so long is stopped. */
	readonly watchdogMs: number;
	/** Heap of a node's thread; under `inline`, of the one thread that all nodes share. */
	readonly heapMb: number;
}

/** Another run to repeat first: everything before `atUs` must be as it was recorded. */
export interface ForkPoint {
	readonly atUs: number;
	/** Chain value after the last whole block before the fork, if any: what the repetition must reach. */
	readonly expected: { readonly block: number; readonly digest: Uint8Array } | null;
}

/** Where the run is recorded. A branch's fork index is known only once the run has come to it. */
export type RecordingTask =
	| { readonly kind: "at-once"; readonly target: RecordingTarget }
	/** A branch without a name is called by its number. */
	| { readonly kind: "from-fork"; readonly path: string; readonly parent: number; readonly name: string };

export interface RunTask {
	readonly plan: Plan;
	readonly seed: number;
	readonly executor: ExecutorOptions;
	/** Of an earlier run to repeat, or given before the start. */
	readonly commands: readonly RecordedCommand[];
	/** Everything strictly before this instant happens. */
	readonly untilUs: number;
	readonly speed: Speed;
	readonly startPaused: boolean;
	/** As fast as it can until here: the run is being repeated, and this much was seen already. */
	readonly catchUpUs: number;
	/** Lines are told of events from this index on. */
	readonly linesFromIndex: number;
	readonly fork: ForkPoint | null;
	/** Given at the fork, or at once where there is none; an instant that has passed means at once. */
	readonly wishes: readonly { readonly atUs: number; readonly line: string }[];
	readonly pauseWhen: PausePredicate | null;
	readonly recording: RecordingTask | null;
	/** Wall time between two states told; 0: none but the last. */
	readonly statusEveryMs: number;
	readonly tellLines: boolean;
	/** Keeps what only a window shows: what programs stated last, messages under way. Left out: it does not. */
	readonly forWindow?: boolean;
}

/** What a cluster thread is started for. */
export type ClusterJob =
	| { readonly kind: "run"; readonly task: RunTask }
	| { readonly kind: "verify"; readonly recorded: RecordedRun; readonly executor: ExecutorOptions };

export type ToCluster =
	| { readonly kind: "stop" }
	/** `move` comes back with the pause that it ends in. */
	| { readonly kind: "pause" | "resume" | "step"; readonly move?: number }
	| { readonly kind: "speed"; readonly speed: Speed }
	/** Runs on until here and pauses. */
	| { readonly kind: "runUntil"; readonly untilUs: number; readonly move?: number }
	| { readonly kind: "pauseWhen"; readonly predicate: PausePredicate | null }
	| { readonly kind: "command"; readonly id: number; readonly line: string; readonly atUs: number }
	/** A remark of a person, for the file. */
	| { readonly kind: "note"; readonly note: Omit<SessionNote, "id"> }
	| { readonly kind: "inspect"; readonly id: number; readonly node: number }
	/** `names`: indices into the plan's names. */
	| { readonly kind: "board"; readonly id: number; readonly names: readonly number[] }
	/** The file it is recorded in shall have another name. */
	| { readonly kind: "moveFile"; readonly id: number; readonly path: string }
	/** Wants to be told when the file has everything that has happened by now. */
	| { readonly kind: "untilInFile"; readonly id: number };

export type RunMode = "running" | "paused" | "ended";

export interface RunStatus {
	readonly mode: RunMode;
	readonly virtualUs: number;
	readonly untilUs: number;
	readonly wallMs: number;
	/** Virtual seconds a wall second, lately. */
	readonly paceRatio: number;
	readonly speed: Speed;
	readonly view: ProjectionSnapshot;
	/** Where the checks stand, in the plan's order. */
	readonly checks: readonly CheckVerdict[];
	readonly committedEvents: number;
	/** Left out unless the run is for a window. */
	readonly drawn?: DrawnNow;
}

/** What only a window draws. */
export interface DrawnNow {
	/** What each node's wall clock shows, in the plan's order. */
	readonly wallsUs: readonly number[];
	/** On links, in the order in which they will arrive. */
	readonly flights: readonly InFlight[];
	/** More are on links than are told. */
	readonly omitted: number;
	/** What was lost a moment ago. */
	readonly lost: readonly LostFlight[];
}

/** One notable event as people read it. */
export interface EventLine {
	readonly index: number;
	readonly atUs: number;
	/** `fault`: done to the cluster; `warning`: something went wrong by itself; `note`: all else. */
	readonly tone: "fault" | "warning" | "note";
	readonly text: string;
}

export interface RunOutcome {
	/** True when the run came to its end, false when it was stopped before. */
	readonly finished: boolean;
	readonly virtualUs: number;
	readonly wallMs: number;
	readonly events: number;
	/** Hexadecimal. */
	readonly digest: string;
	readonly view: ProjectionSnapshot;
	readonly verdicts: readonly CheckVerdict[];
	readonly commands: readonly RecordedCommand[];
	readonly committedEvents: number;
	/** Why the file is not whole, if it is not. */
	readonly recordingFailure: PlainError | null;
}

/** What a node holds and what waits for it. */
export interface NodeContents {
	/** RAM by service; null when the node is down. */
	readonly services: { readonly [service: string]: Inspection } | null;
	readonly disks: PlainValue;
	/** When it was looked at, and what its wall clock showed. */
	readonly atUs: number;
	readonly wallUs: number;
	readonly timers: readonly SetTimer[];
	readonly timersOmitted: number;
	/** In the order in which they came. */
	readonly inbox: readonly WaitingMessage[];
	readonly inboxOmitted: number;
}

export interface WaitingMessage {
	readonly from: number;
	readonly sequence: number;
	/** Index into the plan's names. */
	readonly name: number;
	/** When it came to the node. */
	readonly atUs: number;
}

export type FromCluster =
	| { readonly kind: "status"; readonly status: RunStatus }
	/** `omitted`: lines left out since the last message, because there were too many. */
	| { readonly kind: "lines"; readonly lines: readonly EventLine[]; readonly omitted: number }
	/** `move`: of the request that it went on by; 0 where that had none. */
	| { readonly kind: "paused"; readonly virtualUs: number; readonly reason: "asked" | "until" | "predicate" | "step"; readonly move: number }
	| { readonly kind: "commandTaken"; readonly id: number; readonly command: RecordedCommand }
	| { readonly kind: "commandRefused"; readonly id: number; readonly error: PlainError }
	/** Follows `commandTaken`: its instant has come. Why it made no sense then; empty when it took effect, or is for later. */
	| { readonly kind: "commandDone"; readonly id: number; readonly refusal: string }
	/** `refusals`: of those whose instant has come. */
	| { readonly kind: "wishesTaken"; readonly commands: readonly RecordedCommand[]; readonly refusals: readonly string[] }
	| ({ readonly kind: "inspected"; readonly id: number } & NodeContents)
	| ({ readonly kind: "board"; readonly id: number; readonly atUs: number } & BoardPart)
	/** `error`: why its file has the name it had. */
	| { readonly kind: "fileMoved"; readonly id: number; readonly path: string; readonly error: PlainError | null }
	/** Everything that had happened when that was asked is in the file; or nothing is recorded. */
	| { readonly kind: "inFile"; readonly id: number; readonly committedEvents: number }
	| { readonly kind: "recording"; readonly path: string; readonly branch: number }
	| { readonly kind: "verifyProgress"; readonly events: number }
	| { readonly kind: "verified"; readonly verification: Verification }
	| { readonly kind: "ended"; readonly outcome: RunOutcome }
	| { readonly kind: "failed"; readonly error: PlainError; readonly virtualUs: number; readonly events: number; readonly stack: string };
