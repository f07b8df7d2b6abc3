/**
 * What the cluster thread and the recorder thread say to each other. A buffer of words is given away
 * with its block and comes back empty, so recording allocates next to nothing once it is
 * running; blocks that follow each other closely share a batch, because a message costs more than a copy.
 */
import { type ErrorCode, QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand, SessionNote } from "../../shared/session.ts";
import type { BlockInput, RecordingEnd, RecordingTarget } from "./recording.ts";

/** Words of the shared control block. */
export const control = {
	/** See `recorderStates`. */
	state: 0,
	/** Bytes handed over and not yet in the file's open transaction. */
	queuedBytes: 1,
	/** Counts up with every message handled; the client sleeps on it. */
	progress: 2,
	branch: 3,
	/** A 64-bit count, written as one. */
	committedEvents: 4,
	/** Index into sessionDetails: what the file wants to be given. */
	detail: 6,
	words: 8,
} as const;

export const recorderStates = { starting: 0, recording: 1, failed: 2, closed: 3 } as const;

export interface RecorderInit {
	readonly target: RecordingTarget;
	readonly control: SharedArrayBuffer;
}

/** One thing to record; a block's records lie in the buffer of its batch. */
export type RecorderItem =
	| {
			readonly kind: "block";
			readonly input: Omit<BlockInput, "run">;
			readonly firstWord: number;
			readonly wordCount: number;
			readonly storedCount: number;
			readonly prefixed: boolean;
	  }
	| { readonly kind: "command"; readonly command: RecordedCommand }
	| { readonly kind: "note"; readonly note: Omit<SessionNote, "id"> };

export interface RecorderBatch {
	readonly items: readonly RecorderItem[];
	/** Absent when no records are stored. */
	readonly buffer: ArrayBuffer | null;
	/** What it counts for in the queue. */
	readonly bytes: number;
	/** What to do when the items are written. */
	readonly then: "nothing" | "commit" | "close" | { readonly moveTo: string };
	readonly end: RecordingEnd | null;
}

export interface PlainError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly kept: string;
	readonly advice: string;
}

export type FromRecorder =
	| { readonly kind: "failed"; readonly error: PlainError }
	/** `error`: why it has the name it had. */
	| { readonly kind: "moved"; readonly error: PlainError | null }
	| { readonly kind: "buffer"; readonly buffer: ArrayBuffer };

export function toPlain({ code, message, kept, advice }: QuorateError): PlainError {
	return { code, message, kept, advice };
}

export function fromPlain({ code, message, kept, advice }: PlainError): QuorateError {
	return new QuorateError(code, message, { kept, advice });
}
