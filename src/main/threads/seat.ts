/**
 * One node as the kernel's side sees it: the thread that runs it, the news of its last window, and
 * what has to be known of it should its thread never answer again.
 */
import type { BootInput, NodeFailure, NodeInspection } from "../../core/executor.ts";
import { assert } from "../../shared/errors.ts";
import { RecordBuffer, recordLamportWord, recordLengthWord } from "../../shared/event-record.ts";
import { appendRecords, type KeptResult, readInspection, readResult, says, stepOfRecords } from "./frames.ts";
import { reportedStep, sealed } from "./thread-memory.ts";
import type { NodeThread } from "./thread-pool.ts";

type Lost = Exclude<NodeFailure["reason"], "exception">;

export class Seat {
	readonly node: number;
	/** Of the last window. */
	readonly records = new RecordBuffer();
	/** News of the last window; the same object every time. */
	readonly result: KeptResult = {
		nextUs: Number.POSITIVE_INFINITY,
		handlers: 0,
		failure: null,
		sequences: { message: 0, timer: 0, span: 0, disk: 0, draw: 0, step: 0 },
		lamport: 0,
	};
	/** The present request has been answered, or never will be. */
	answered = true;
	/** Why the thread was given up; null while there is one to talk to. */
	failed: Lost | null = null;
	#thread: NodeThread | null = null;
	/** Earliest input staged since the last window. */
	#stagedUs = Number.POSITIVE_INFINITY;
	/** After a pause nothing happens earlier than the resumption. */
	#floorUs = 0;
	/** Step whose records came last in this window, and how many words stood before them. */
	#lastStep = -1;
	#lengthBeforeLast = 0;
	#inspects = false;
	#inspection: NodeInspection | null = null;

	constructor(node: number) {
		this.node = node;
	}

	get occupied(): boolean {
		return this.#thread !== null;
	}

	get thread(): NodeThread {
		assert(this.#thread !== null, `node ${this.node} is running`);
		return this.#thread;
	}

	occupy(thread: NodeThread, boot: BootInput): NodeThread {
		assert(this.#thread === null, "a node is stopped before it boots again");
		this.#thread = thread;
		this.failed = null;
		this.records.clear();
		this.result.nextUs = boot.atUs;
		this.result.handlers = 0;
		this.result.failure = null;
		this.result.sequences = { ...boot.sequences };
		this.result.lamport = boot.lamport;
		this.#stagedUs = boot.atUs;
		this.#floorUs = 0;
		return thread;
	}

	/** @returns the thread to be dismissed, or null when there is none, or it was given up already */
	leave(): NodeThread | null {
		const thread = this.failed === null ? this.#thread : null;
		this.#thread = null;
		this.failed = null;
		return thread;
	}

	/** Something is staged for this instant. */
	expect(atUs: number): void {
		if (atUs < this.#stagedUs) this.#stagedUs = atUs;
	}

	/** It goes on after a pause; what came meanwhile is due from now on. */
	resume(atUs: number): void {
		this.#floorUs = atUs;
		this.expect(atUs);
	}

	startWindow(): void {
		this.records.clear();
		this.result.failure = null;
		this.#lastStep = -1;
	}

	endWindow(): void {
		this.#stagedUs = Number.POSITIVE_INFINITY;
	}

	/**
	 * Passes on what was deferred, and takes what the node has said.
	 * @returns whether the present request is done with, on both sides
	 */
	exchange(): boolean {
		const { inbox, outbox, memory } = this.thread;
		if (inbox.deferred) inbox.flush();
		while (!this.answered && outbox.receive()) this.#hear();
		return this.answered && memory.requests === 0;
	}

	startInspection(): void {
		this.#inspects = true;
	}

	takeInspection(): NodeInspection | null {
		const inspection = this.#inspection;
		this.#inspection = null;
		this.#inspects = false;
		return inspection;
	}

	/**
	 * Ends the node's window at the handler that did not end; what it did before stands.
	 * @returns false when the node has gone on after all
	 */
	giveUp(reason: Lost): boolean {
		const { memory } = this.thread;
		const progress = memory.progress;
		if (!memory.moveProgress(progress, sealed)) return false;
		this.exchange();
		this.failed = reason;
		const step = progress > 0 ? progress : reportedStep(progress);
		if (step > 0) this.#failInHandler(reason, step);
		else if (!this.answered && !this.#inspects) this.failBeforeHandlers(reason);
		this.answered = true;
		return true;
	}

	/** The node died between two handlers: the next one never begins. */
	failBeforeHandlers(reason: Lost): void {
		const { result } = this;
		const step = result.sequences.step + 1;
		result.sequences = { ...result.sequences, step };
		result.handlers = 1;
		result.failure = { reason, atUs: Math.max(this.#floorUs, Math.min(this.#stagedUs, result.nextUs)), step, detail: "" };
		result.nextUs = Number.POSITIVE_INFINITY;
	}

	#failInHandler(reason: Lost, step: number): void {
		const { result, records } = this;
		const { atUs, sequences } = this.thread.memory.markOf(step);
		// What it wrote about that handler, if it came so far, does not count.
		if (this.#lastStep >= step) records.length = this.#lengthBeforeLast;
		result.handlers = step - result.sequences.step;
		result.sequences = sequences;
		result.lamport = lastLamport(records, result.lamport);
		result.failure = { reason, atUs, step, detail: "" };
		result.nextUs = Number.POSITIVE_INFINITY;
	}

	#hear(): void {
		const { outbox } = this.thread;
		switch (outbox.words[outbox.start]) {
			case says.records:
				this.#lastStep = stepOfRecords(outbox);
				this.#lengthBeforeLast = this.records.length;
				appendRecords(outbox, this.records);
				return;
			case says.result:
				readResult(outbox, this.result);
				this.answered = true;
				return;
			case says.inspection: {
				const answer = readInspection(outbox);
				this.#inspection = "thrown" in answer ? { services: { error: { thrown: answer.thrown } }, timers: [], timersOmitted: 0 } : answer;
				this.answered = true;
				return;
			}
			default:
				assert(false, "a node says only what it can say");
		}
	}
}

/** The Lamport stamp of the last record, or what it was before. */
function lastLamport({ words, length }: RecordBuffer, before: number): number {
	let lamport = before;
	for (let start = 0; start < length; start += words[start + recordLengthWord] as number) lamport = words[start + recordLamportWord] as number;
	return lamport;
}
