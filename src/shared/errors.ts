/**
 * The one error type that crosses rooms.
 *
 * A broken invariant is an `assert` and ends the run. Everything a user, a file or a lab can
 * cause is a `QuorateError` with a stable `code`; the edges (CLI, window) turn it into the exit
 * code and the sentence a person reads.
 */

/** Stable, documented codes. Never renamed once released; new ones are added at the end. */
export type ErrorCode =
	| "usage" // the caller's words are off (exit 2)
	| "lab-not-found"
	| "lab-invalid"
	| "command-invalid"
	| "check-invalid"
	| "session-not-found"
	| "session-exists"
	| "session-locked"
	| "session-damaged"
	| "session-unsupported"
	| "disk-full"
	| "verify-differs"
	| "internal"; // our own fault (exit 70)

/** What happened, what was kept, what to do: the three sentences every refusal owes its reader. */
export interface ErrorAdvice {
	/** What was kept, in a sentence. Empty when nothing was at stake. */
	readonly kept?: string;
	/** What to do next, in a sentence. */
	readonly advice?: string;
}

export class QuorateError extends Error {
	override readonly name = "QuorateError";
	readonly code: ErrorCode;
	readonly kept: string;
	readonly advice: string;

	constructor(code: ErrorCode, message: string, { kept = "", advice = "" }: ErrorAdvice = {}) {
		super(message);
		this.code = code;
		this.kept = kept;
		this.advice = advice;
	}
}

/** Broken invariants are our own fault: stop at once, keep seed and log. Stays on in production. */
export function assert(condition: unknown, message: string): asserts condition {
	if (!condition) fail(message);
}

/** What `assert` does, for places where many a message would be made and never read. */
export function fail(message: string): never {
	throw new QuorateError("internal", `invariant broken: ${message}`);
}

/** For the `default` of an exhaustive switch. */
export function unreachable(value: never): never {
	throw new QuorateError("internal", `unreachable value: ${String(value)}`);
}
