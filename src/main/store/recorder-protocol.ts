/**
 * What the cluster thread and the recorder thread say to each other. A buffer of words is given away
 * with its block and comes back empty, so recording allocates nothing per block once it is running.
 */
import { type ErrorCode, QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand } from "../../shared/session.ts";
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

export type ToRecorder =
	| {
			readonly kind: "block";
			readonly input: Omit<BlockInput, "run">;
			/** Absent when nothing of the block is stored. */
			readonly buffer: ArrayBuffer | null;
			readonly wordCount: number;
			readonly storedCount: number;
			readonly prefixed: boolean;
			readonly bytes: number;
	  }
	| { readonly kind: "command"; readonly command: RecordedCommand; readonly bytes: number }
	| { readonly kind: "commit"; readonly bytes: number }
	| { readonly kind: "close"; readonly end: RecordingEnd | undefined; readonly bytes: number };

export interface PlainError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly kept: string;
	readonly advice: string;
}

export type FromRecorder = { readonly kind: "failed"; readonly error: PlainError } | { readonly kind: "buffer"; readonly buffer: ArrayBuffer };

export function toPlain({ code, message, kept, advice }: QuorateError): PlainError {
	return { code, message, kept, advice };
}

export function fromPlain({ code, message, kept, advice }: PlainError): QuorateError {
	return new QuorateError(code, message, { kept, advice });
}
