/** Records on the thread that runs the kernel: for tests and short runs. */
import type { LogBlock } from "../../core/log-sink.ts";
import type { QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand, SessionNote } from "../../shared/session.ts";
import { BlockSelector, type RecordingEnd, type RecordingTarget, type SessionRecorder } from "./recording.ts";
import { asQuorateError, RecordingJob } from "./recording-job.ts";

export class DirectRecorder implements SessionRecorder {
	readonly branch: number;
	readonly #job: RecordingJob;
	readonly #selector: BlockSelector;
	#failure: QuorateError | null = null;
	#committed = 0;
	#closed = false;

	/** @throws QuorateError as SessionWriter.create and SessionWriter.open do */
	constructor(target: RecordingTarget, nowMs: () => number = () => performance.now()) {
		this.#job = new RecordingJob(target, nowMs);
		this.branch = this.#job.branch;
		this.#selector = new BlockSelector(this.#job.writer.header.detail);
	}

	get path(): string {
		return this.#job.writer.path;
	}

	moveTo(path: string): void {
		this.#job.moveTo(path);
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

	onNote(note: Omit<SessionNote, "id">): void {
		this.#try(() => this.#job.note(note));
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
