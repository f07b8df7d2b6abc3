/**
 * Recording a run, the kernel's side of it: where to, what is handed over, and what of it a level of
 * detail stores. Two recorders have this face: direct-recorder.ts does all on the caller's thread,
 * threads/recorder-client.ts leaves everything but one copy to the recorder thread. Must not load
 * SQLite, for the cluster thread loads it.
 */
import type { LogBlock, LogSink } from "../../core/log-sink.ts";
import type { QuorateError } from "../../shared/errors.ts";
import { RecordBuffer, readUs, recordAtWord, recordLengthWord } from "../../shared/event-record.ts";
import { type RecordedCommand, type RecordedVerdict, type SessionDetail, type SessionHeader, type SessionNote, storedKinds } from "../../shared/session.ts";

/** What a new session is of. */
export interface NewSession {
	readonly header: SessionHeader;
	/** The lab as its author wrote it (YAML). */
	readonly labText: string;
	/** Canonical JSON of the compiled plan. */
	readonly planText: string;
}

export interface NewBranch {
	readonly parent: number;
	/** Events shared with the parent. */
	readonly forkIndex: number;
	readonly forkUs: number;
	readonly name: string;
}

/**
 * Where a run is recorded to.
 * `bytesMax`: the file is not to grow beyond this; when it would, that is a full disk. Left out: no bound but the disk's.
 */
export type RecordingTarget = { readonly bytesMax?: number } & RecordingPlace;

type RecordingPlace =
	| { readonly kind: "create"; readonly path: string; readonly session: NewSession }
	/** A new branch of a session that exists. The kernel repeats the run up to the fork; only what follows is stored. */
	| { readonly kind: "fork"; readonly path: string; readonly branch: NewBranch }
	/** More of a branch that exists. The kernel repeats what there is; it is compared, and what follows is stored. */
	| { readonly kind: "continue"; readonly path: string; readonly branch: number };

export interface RecordingEnd {
	/** True time up to which the run was carried. */
	readonly untilUs: number;
	/** False when it was broken off. */
	readonly finished: boolean;
	readonly verdicts: readonly RecordedVerdict[];
}

/**
 * A sink that keeps a session. Nothing it does can change the run: when the file can take no more,
 * it says so in `failure`, and forgets what it is given from then on.
 */
export interface SessionRecorder extends LogSink {
	readonly path: string;
	readonly branch: number;
	onBlock(block: LogBlock): void;
	/** Every command, in order of sequence, before the block that holds its event. */
	onCommand(command: RecordedCommand): void;
	/** A remark of a person about a branch that the file has. */
	onNote(note: Omit<SessionNote, "id">): void;
	/** Asks that everything handed over be made durable without delay. Flush the log first, for its open block. */
	commit(): void;
	/**
	 * Has the file under another name from now on, and waits until that is done. Whoever reads it lets go of it first.
	 * @throws QuorateError as SessionWriter.moveTo does: it goes on under the name it had
	 */
	moveTo(path: string): void;
	/** Why nothing is recorded any more, or null. What was committed before is in the file. */
	readonly failure: QuorateError | null;
	/** Events in the file's last commit. */
	readonly committedEvents: number;
	/** Commits and closes the file; waits until that is done. Errors end in `failure`. */
	close(end?: RecordingEnd): void;
}

/** Records chosen for storage, as they travel to the recorder. */
export interface StoredRun {
	readonly words: Int32Array;
	readonly wordCount: number;
	readonly storedCount: number;
	/** True: each record is preceded by its offset. */
	readonly prefixed: boolean;
}

/** A block on its way to the file. */
export interface BlockInput {
	readonly block: number;
	readonly eventCount: number;
	readonly fromUs: number;
	readonly untilUs: number;
	readonly digest: Uint8Array;
	readonly complete: boolean;
	readonly run: StoredRun;
}

/**
 * Copies the records whose kind is stored into `out`, each behind its offset within the block.
 * @param stored 1 at each kind id to keep
 * @returns how many there are
 */
function selectRecords(block: LogBlock, stored: Uint8Array, out: RecordBuffer): number {
	const { words, wordCount } = block;
	let count = 0;
	let offset = 0;
	out.clear();
	for (let start = 0; start < wordCount; offset++) {
		const length = words[start + recordLengthWord] as number;
		if (stored[words[start] as number] === 1) {
			out.reserve(length + 1);
			out.words[out.length++] = offset;
			out.append(words, start, length);
			count++;
		}
		start += length;
	}
	return count;
}

/** Picks out of the kernel's blocks what a level of detail stores. */
export class BlockSelector {
	readonly #detail: SessionDetail;
	readonly #stored: Uint8Array;
	readonly #scratch = new RecordBuffer();

	constructor(detail: SessionDetail) {
		this.#detail = detail;
		this.#stored = storedKinds(detail);
	}

	/** @returns a view of the records to store: of the block's own words, or of a scratch valid until the next call */
	select(block: LogBlock): StoredRun {
		if (this.#detail === "full") return { words: block.words, wordCount: block.wordCount, storedCount: block.eventCount, prefixed: false };
		const storedCount = selectRecords(block, this.#stored, this.#scratch);
		return { words: this.#scratch.words, wordCount: this.#scratch.length, storedCount, prefixed: true };
	}

	input(block: LogBlock, run: StoredRun): BlockInput {
		const { block: number, eventCount, untilUs, digest, complete } = block;
		return { block: number, eventCount, fromUs: readUs(block.words, recordAtWord), untilUs, digest, complete, run };
	}
}
