/**
 * Recording a run: what the kernel's side hands over, and the policy by which it becomes durable.
 * `DirectRecorder` does it all on the caller's thread; threads/recorder-client.ts has the same face
 * and leaves everything but one copy to the recorder thread.
 */
import type { LogBlock, LogSink } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import { RecordBuffer, readUs, recordAtWord } from "../../shared/event-record.ts";
import { type RecordedCommand, type RecordedVerdict, type SessionDetail, storedKinds } from "../../shared/session.ts";
import { translateError } from "./database.ts";
import { packRun, type StoredRun, selectRecords } from "./packing.ts";
import { type NewBranch, type NewSession, SessionWriter } from "./writer.ts";

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
	/** Asks that everything handed over be made durable without delay. Flush the log first, for its open block. */
	commit(): void;
	/** Why nothing is recorded any more, or null. What was committed before is in the file. */
	readonly failure: QuorateError | null;
	/** Events in the file's last commit. */
	readonly committedEvents: number;
	/** Commits and closes the file; waits until that is done. Errors end in `failure`. */
	close(end?: RecordingEnd): void;
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

/** A commit at least this often while there is something to commit. */
export const commitEveryMs = 500;
const commitBlocksMax = 256;
const commitBytesMax = 16_777_216;

function openTarget(target: RecordingTarget): { readonly writer: SessionWriter; readonly branch: number } {
	if (target.kind === "create") return { writer: SessionWriter.create(target.path, target.session, target.bytesMax), branch: 0 };
	const writer = SessionWriter.open(target.path, target.bytesMax);
	try {
		return { writer, branch: target.kind === "fork" ? writer.createBranch(target.branch) : target.branch };
	} catch (error) {
		writer.close();
		throw error;
	}
}

export function asQuorateError(error: unknown, path: string): QuorateError {
	const translated = translateError(error, path);
	return translated instanceof QuorateError ? translated : new QuorateError("internal", `the recorder of ${path} failed: ${translated.message}`);
}

/** The part that is the same on either side of a thread: packs, writes, and commits when it is time. */
export class RecordingJob {
	readonly branch: number;
	readonly writer: SessionWriter;
	readonly #nowMs: () => number;
	#dirtySinceMs = -1;
	#blocks = 0;
	#bytes = 0;

	/** @param nowMs a wall clock; decides when to commit and nothing else */
	constructor(target: RecordingTarget, nowMs: () => number) {
		const { writer, branch } = openTarget(target);
		this.writer = writer;
		this.branch = branch;
		this.#nowMs = nowMs;
	}

	block(input: BlockInput): void {
		const { run, ...rest } = input;
		const parts = packRun(run);
		this.writer.writeBlock(this.branch, { ...rest, storedCount: run.storedCount, parts });
		this.#dirty();
		this.#blocks++;
		for (const part of parts) this.#bytes += part.records.length;
		this.commitIfDue();
	}

	command(command: RecordedCommand): void {
		this.writer.writeCommand(this.branch, command);
		this.#dirty();
	}

	commitIfDue(): void {
		if (this.#dirtySinceMs < 0) return;
		const isDue = this.#nowMs() - this.#dirtySinceMs >= commitEveryMs || this.#blocks >= commitBlocksMax || this.#bytes >= commitBytesMax;
		if (isDue) this.commit();
	}

	commit(): void {
		this.writer.commit();
		this.#dirtySinceMs = -1;
		this.#blocks = 0;
		this.#bytes = 0;
	}

	get committedEvents(): number {
		return this.#dirtySinceMs < 0 ? this.writer.eventCount(this.branch) : 0;
	}

	close(end: RecordingEnd | undefined): void {
		try {
			if (end !== undefined) this.writer.setHead(this.branch, end);
		} finally {
			this.writer.close();
		}
	}

	#dirty(): void {
		if (this.#dirtySinceMs < 0) this.#dirtySinceMs = this.#nowMs();
	}
}

/** Records on the thread that runs the kernel: for tests and short runs. */
export class DirectRecorder implements SessionRecorder {
	readonly path: string;
	readonly branch: number;
	readonly #job: RecordingJob;
	readonly #selector: BlockSelector;
	#failure: QuorateError | null = null;
	#committed = 0;
	#closed = false;

	/** @throws QuorateError as SessionWriter.create and SessionWriter.open do */
	constructor(target: RecordingTarget, nowMs: () => number = () => performance.now()) {
		this.path = target.path;
		this.#job = new RecordingJob(target, nowMs);
		this.branch = this.#job.branch;
		this.#selector = new BlockSelector(this.#job.writer.header.detail);
	}

	get failure(): QuorateError | null {
		return this.#failure;
	}

	get committedEvents(): number {
		return this.#committed;
	}

	onBlock(block: LogBlock): void {
		this.#try(() => this.#job.block(this.#selector.input(block, this.#selector.select(block))));
	}

	onCommand(command: RecordedCommand): void {
		this.#try(() => this.#job.command(command));
	}

	commit(): void {
		this.#try(() => this.#job.commit());
	}

	close(end?: RecordingEnd): void {
		if (this.#closed) return;
		this.#closed = true;
		const endIfWell = this.#failure === null ? end : undefined;
		try {
			this.#job.close(endIfWell);
		} catch (error) {
			this.#failure ??= asQuorateError(error, this.path);
		}
	}

	#try(action: () => void): void {
		if (this.#failure !== null || this.#closed) return;
		try {
			action();
			this.#committed = Math.max(this.#committed, this.#job.committedEvents);
		} catch (error) {
			this.#failure = asQuorateError(error, this.path);
		}
	}
}
