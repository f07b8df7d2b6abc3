/**
 * Recording a run, the file's side of it: packs, writes, and commits when it is time. The same on the
 * recorder thread and without one.
 */
import { QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand, SessionNote } from "../../shared/session.ts";
import { translateError } from "./database.ts";
import { packRun } from "./packing.ts";
import type { BlockInput, RecordingEnd, RecordingTarget } from "./recording.ts";
import { SessionWriter } from "./writer.ts";

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
		// A branch that has just begun is not in the file before its first commit.
		if (target.kind === "fork") this.#dirty();
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

	note(note: Omit<SessionNote, "id">): void {
		this.writer.addNote(note);
		this.#dirty();
	}

	commitIfDue(): void {
		if (this.#dirtySinceMs < 0) return;
		const isDue = this.#nowMs() - this.#dirtySinceMs >= commitEveryMs || this.#blocks >= commitBlocksMax || this.#bytes >= commitBytesMax;
		if (isDue) this.commit();
	}

	commit(): void {
		this.writer.commit();
		this.#dirtySinceMs = this.writer.isCommitted ? -1 : this.#nowMs();
		this.#blocks = 0;
		this.#bytes = 0;
	}

	/** @throws QuorateError as SessionWriter.moveTo does */
	moveTo(path: string): void {
		this.commit();
		this.writer.moveTo(path);
	}

	get committedEvents(): number {
		return this.writer.isCommitted ? this.writer.eventCount(this.branch) : 0;
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
