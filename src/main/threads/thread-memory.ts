/**
 * The memory that a node thread shares with the kernel's thread: two rings and a few words that tell
 * how far its handlers have come. One such memory a thread, never used again after it, so that a
 * thread that was given up can do no harm, however late it goes on.
 *
 * The one word that both sides change is `progress`, by compare-and-exchange: either the handler ended
 * and the node goes on, or the kernel gave it up at that step and nothing it does later counts.
 */

import type { NodeSequences } from "../../core/executor.ts";
import { type RingPlace, ringFootprintBytes } from "../../core/ring.ts";
import { readUs, writeUs } from "../../shared/event-record.ts";

const progressWord = 0;
const lifeWord = 16;
const orderWord = 17;
/** Requests made by the kernel, and requests met by the node. */
const askedWord = 18;
const metWord = 32;
/** What stood at the start of a handler: one line for even steps, one for odd. */
const marksWord = 48;
const markWords = 16;
const headerBytes = 384;

/** Between two windows. */
export const idle = 0;
/** Given up by the kernel. */
export const sealed = -1;
/** Running a service's inspection. */
export const inspecting = -2;

/** A handler's step is its own progress; this is the progress of a node that ended it and now reports. */
export function reporting(step: number): number {
	return -16 - step;
}

/** The step that `reporting` was made of, or -1. */
export function reportedStep(progress: number): number {
	return progress <= -16 ? -16 - progress : -1;
}

/** Written by the keeper but for `ready`, which the thread itself reports. */
export const lives = { starting: 0, ready: 1, exited: 2, outOfMemory: 3, failed: 4 } as const;

export interface HandlerMark {
	readonly atUs: number;
	/** As they were before the handler ran, but for `step`. */
	readonly sequences: NodeSequences;
}

export interface RingSizes {
	/** Powers of two. */
	readonly inboxBytes: number;
	readonly outboxBytes: number;
}

export class ThreadMemory {
	readonly memory: SharedArrayBuffer;
	readonly sizes: RingSizes;
	readonly inbox: RingPlace;
	readonly outbox: RingPlace;
	readonly #words: Int32Array;

	constructor(memory: SharedArrayBuffer, sizes: RingSizes) {
		this.memory = memory;
		this.sizes = sizes;
		this.inbox = { memory, offsetBytes: headerBytes, dataBytes: sizes.inboxBytes };
		this.outbox = { memory, offsetBytes: headerBytes + ringFootprintBytes(sizes.inboxBytes), dataBytes: sizes.outboxBytes };
		this.#words = new Int32Array(memory, 0, headerBytes / 4);
	}

	/** Zeros, and no more of them than are touched: the system commits pages as they are used. */
	static make(sizes: RingSizes): ThreadMemory {
		return new ThreadMemory(new SharedArrayBuffer(headerBytes + ringFootprintBytes(sizes.inboxBytes) + ringFootprintBytes(sizes.outboxBytes)), sizes);
	}

	get progress(): number {
		return Atomics.load(this.#words, progressWord);
	}

	/** @returns false when the other side was first */
	moveProgress(from: number, to: number): boolean {
		return Atomics.compareExchange(this.#words, progressWord, from, to) === from;
	}

	/** Requests that the node has not met yet. */
	get requests(): number {
		return Atomics.load(this.#words, askedWord) - Atomics.load(this.#words, metWord);
	}

	/** The kernel's: one more request lies in the inbox. */
	ask(): void {
		Atomics.add(this.#words, askedWord, 1);
	}

	/** The node's: its oldest request is met, and the answer lies in the outbox. */
	meet(): void {
		Atomics.add(this.#words, metWord, 1);
	}

	get life(): number {
		return Atomics.load(this.#words, lifeWord);
	}

	set life(life: number) {
		Atomics.store(this.#words, lifeWord, life);
	}

	/** True once the thread has been told to leave. */
	get dismissed(): boolean {
		return Atomics.load(this.#words, orderWord) !== 0;
	}

	dismiss(): void {
		Atomics.store(this.#words, orderWord, 1);
	}

	/** The node's, before its progress moves to `step`: what the kernel needs if the handler never ends. */
	mark(step: number, atUs: number, sequences: NodeSequences): void {
		const words = this.#words;
		const at = marksWord + (step & 1) * markWords;
		writeUs(words, at, atUs);
		writeUs(words, at + 2, sequences.message);
		writeUs(words, at + 4, sequences.timer);
		writeUs(words, at + 6, sequences.span);
		writeUs(words, at + 8, sequences.disk);
		writeUs(words, at + 10, sequences.draw);
	}

	/** The kernel's, once the progress has stopped at `step`. */
	markOf(step: number): HandlerMark {
		const words = this.#words;
		const at = marksWord + (step & 1) * markWords;
		return {
			atUs: readUs(words, at),
			sequences: {
				message: readUs(words, at + 2),
				timer: readUs(words, at + 4),
				span: readUs(words, at + 6),
				disk: readUs(words, at + 8),
				draw: readUs(words, at + 10),
				step,
			},
		};
	}
}
