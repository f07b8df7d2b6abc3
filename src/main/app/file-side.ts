/**
 * A run's way into its file: from its first event on, from its fork on, or not at all. Sees that the file
 * is never far behind the run, and equal to it when it stands still. Runs on the cluster thread; the
 * writing is the recorder's.
 */
import type { Kernel } from "../../core/kernel.ts";
import { QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand, SessionNote } from "../../shared/session.ts";
import type { RecordingEnd, RecordingTarget, SessionRecorder } from "../store/recording.ts";
import { ForkSink } from "./fork-sink.ts";
import type { FromCluster, RunTask } from "./run-task.ts";

/** The open block is given to the file at least this often. */
const flushEveryMs = 500;

export interface FileSideParts {
	readonly task: RunTask;
	openRecorder(target: RecordingTarget): SessionRecorder;
	post(message: FromCluster): void;
}

export class FileSide {
	readonly #parts: FileSideParts;
	readonly #forkSink: ForkSink | null;
	/** Of a run whose file begins with its fork, those before it. */
	readonly #earlyCommands: RecordedCommand[] = [];
	#recorder: SessionRecorder | null = null;
	#flushedMs = 0;
	#flushedEvents = 0;
	/** Who waits until the file has so many events. */
	#waiting: { readonly id: number; readonly events: number }[] = [];

	/** Opens the file of a run that is recorded from its first event on. @throws why it cannot be made */
	constructor(parts: FileSideParts) {
		const { recording, fork } = parts.task;
		this.#parts = parts;
		this.#forkSink = fork === null ? null : new ForkSink(fork);
		if (recording?.kind === "at-once") this.#record(recording.target);
	}

	/** Before the first event. */
	attach({ log }: Kernel): void {
		if (this.#forkSink !== null) log.addSink(this.#forkSink);
		if (this.#recorder !== null) log.addSink(this.#recorder);
	}

	/** The past has been repeated: from here on it is a run of its own. @throws QuorateError `verify-differs` when it is another past */
	takeFork(kernel: Kernel, atUs: number): void {
		this.#forkSink?.check();
		const { recording } = this.#parts.task;
		if (recording?.kind !== "from-fork") return;
		const { path, parent, name } = recording;
		const recorder = this.#record({ kind: "fork", path, branch: { parent, forkIndex: kernel.log.eventCount, forkUs: atUs, name } });
		for (const command of this.#earlyCommands) recorder.onCommand(command);
		this.#earlyCommands.length = 0;
		this.#forkSink?.open(recorder);
	}

	onCommand(command: RecordedCommand): void {
		if (this.#recorder !== null) this.#recorder.onCommand(command);
		else if (this.#parts.task.recording !== null) this.#earlyCommands.push(command);
	}

	/** A remark of a person; durable without delay. */
	onNote(note: Omit<SessionNote, "id">): void {
		this.#recorder?.onNote(note);
		this.#recorder?.commit();
	}

	/** @throws QuorateError: it has the name it had */
	moveTo(path: string): void {
		if (this.#recorder === null) throw new QuorateError("usage", "this run is not recorded");
		this.#recorder.moveTo(path);
	}

	/** Why nothing is recorded any more, or null. */
	get failure(): QuorateError | null {
		return this.#recorder?.failure ?? null;
	}

	get committedEvents(): number {
		return this.#recorder?.committedEvents ?? 0;
	}

	/** It has yet to take in what was given to it. */
	isBehind({ log }: Kernel): boolean {
		return this.#recorder !== null && this.committedEvents < log.eventCount;
	}

	/** Somebody waits for what is on its way into it. */
	get isWaitedFor(): boolean {
		return this.#waiting.length > 0;
	}

	/** Tells when the file has everything that has happened by now. */
	tellWhenIn(id: number, kernel: Kernel, nowMs: number): void {
		this.#waiting.push({ id, events: kernel.log.eventCount });
		this.serve(kernel, nowMs);
	}

	/** Tells those whose events are in the file, and gives it what the others wait for: however many ask, one commit after another. */
	serve(kernel: Kernel, nowMs: number): void {
		const { committedEvents } = this;
		const isIn = ({ events }: { readonly events: number }): boolean => this.#recorder === null || events <= committedEvents;
		for (const { id } of this.#waiting.filter(isIn)) this.#parts.post({ kind: "inFile", id, committedEvents });
		this.#waiting = this.#waiting.filter((wait) => !isIn(wait));
		if (this.isWaitedFor && committedEvents >= this.#flushedEvents) this.flush(kernel, nowMs);
	}

	flushIfDue(kernel: Kernel, nowMs: number): void {
		if (nowMs - this.#flushedMs >= flushEveryMs) this.flush(kernel, nowMs);
	}

	/** Gives it what there is, to be made durable. */
	flush({ log }: Kernel, nowMs: number): void {
		if (this.#recorder === null) return;
		this.#flushedMs = nowMs;
		if (log.eventCount === this.#flushedEvents) return;
		this.#flushedEvents = log.eventCount;
		log.flush();
		this.#recorder.commit();
	}

	/** @param end left out for runs that failed */
	close(end?: RecordingEnd): void {
		this.#recorder?.close(end);
	}

	#record(target: RecordingTarget): SessionRecorder {
		const recorder = this.#parts.openRecorder(target);
		this.#recorder = recorder;
		this.#parts.post({ kind: "recording", path: recorder.path, branch: recorder.branch });
		return recorder;
	}
}
