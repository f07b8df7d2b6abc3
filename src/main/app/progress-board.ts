/**
 * Shared words in which a thread that runs handlers says where it is, so that another can notice one
 * that never returns and name it. One writer, any number of readers; nothing here decides a result.
 */
import { readUs, writeUs } from "../../shared/event-record.ts";

/** Counts up with every handler begun; 0 while none runs would be ambiguous, so that has its own word. */
const countWord = 0;
const insideWord = 1;
const nodeWord = 2;
const stepWord = 3;
const atWord = 4;
const incarnationWord = 6;
const words = 8;

export interface HandlerPlace {
	readonly node: number;
	readonly incarnation: number;
	readonly step: number;
	readonly atUs: number;
	/** Differs from handler to handler. */
	readonly count: number;
}

export class ProgressBoard {
	readonly memory: SharedArrayBuffer;
	readonly #words: Int32Array;

	constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(words * 4)) {
		this.memory = memory;
		this.#words = new Int32Array(memory);
	}

	enter(node: number, incarnation: number, step: number, atUs: number): void {
		const memory = this.#words;
		memory[nodeWord] = node;
		memory[incarnationWord] = incarnation;
		memory[stepWord] = step;
		writeUs(memory, atWord, atUs);
		memory[insideWord] = 1;
		// Published last; whoever sees the same count for seconds also sees what was written before it.
		Atomics.store(memory, countWord, ((memory[countWord] as number) + 1) | 0);
	}

	leave(): void {
		Atomics.store(this.#words, insideWord, 0);
	}

	/** The handler that runs now, or null. */
	read(): HandlerPlace | null {
		const memory = this.#words;
		const count = Atomics.load(memory, countWord);
		if (Atomics.load(memory, insideWord) === 0) return null;
		return {
			node: memory[nodeWord] as number,
			incarnation: memory[incarnationWord] as number,
			step: memory[stepWord] as number,
			atUs: readUs(memory, atWord),
			count,
		};
	}
}
