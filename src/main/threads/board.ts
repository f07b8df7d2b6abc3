/**
 * Shared words by which the kernel's thread, the node threads and the keeper call one another: who
 * takes part in a window, whose turn it is, who sleeps, and when all are done.
 *
 * Waking a thread costs tens of microseconds and a system call, so the kernel wakes only as many
 * nodes as there are cores; each node that ends its window wakes the next one in the list, and the
 * last one wakes the kernel. Nothing here decides a result: a wake too many is harmless, and every
 * sleeper looks again at what it waits for.
 */
const lineWords = 16;

/** Bumped by whoever wants the kernel to look: the last node, a starved one, the keeper. */
const gateWord = 0;
const kernelSleepsWord = lineWords;
/** Windows that nodes have ended, over all windows; it runs on for ever and wraps. */
const finishedWord = 2 * lineWords;
/** Next place in the list to be woken. */
const nextWord = 3 * lineWords;
const countWord = 4 * lineWords;
/** Value of `finished` at which the present window is over. */
const targetWord = 4 * lineWords + 1;
const listWord = 5 * lineWords;

/** Words of a slot: one cache line a thread, so that a wake touches nobody else. */
const wakeOffset = 0;
const sleepsOffset = 1;

export class Board {
	readonly memory: SharedArrayBuffer;
	readonly slotCount: number;
	readonly #words: Int32Array;
	readonly #slotsWord: number;

	constructor(memory: SharedArrayBuffer, slotCount: number) {
		this.memory = memory;
		this.slotCount = slotCount;
		this.#words = new Int32Array(memory);
		this.#slotsWord = Board.#slotsAt(slotCount);
	}

	static make(slotCount: number): Board {
		return new Board(new SharedArrayBuffer((Board.#slotsAt(slotCount) + slotCount * lineWords) * 4), slotCount);
	}

	static #slotsAt(slotCount: number): number {
		return listWord + Math.ceil(slotCount / lineWords) * lineWords;
	}

	// --- the kernel's side

	/** Prepares a window for these slots; before any of their inboxes is shown to them. @param firstCount slots that `wakeFirst` will wake */
	arrange(slots: readonly number[], firstCount: number): void {
		const words = this.#words;
		for (let index = 0; index < slots.length; index++) words[listWord + index] = slots[index] as number;
		words[countWord] = slots.length;
		Atomics.store(words, nextWord, firstCount);
		Atomics.add(words, targetWord, slots.length);
	}

	/**
	 * Lets the window begin, once every slot of the list has been asked. A node that was still awake may
	 * have ended it already and handed its turn on to one that had not been asked yet, and went to sleep
	 * again: those turns are given once more.
	 */
	wakeFirst(): void {
		const words = this.#words;
		const turns = Math.min(Atomics.load(words, nextWord), words[countWord] as number);
		for (let turn = 0; turn < turns; turn++) this.wake(words[listWord + turn] as number);
	}

	get gate(): number {
		return Atomics.load(this.#words, gateWord);
	}

	/** @returns whether somebody called since the gate was `seen` */
	waitForCall(seen: number, spins: number, timeoutMs: number): boolean {
		const words = this.#words;
		for (let spin = 0; spin < spins; spin++) {
			if (Atomics.load(words, gateWord) !== seen) return true;
			relax();
		}
		Atomics.store(words, kernelSleepsWord, 1);
		if (Atomics.load(words, gateWord) === seen) Atomics.wait(words, gateWord, seen, timeoutMs);
		Atomics.store(words, kernelSleepsWord, 0);
		return Atomics.load(words, gateWord) !== seen;
	}

	// --- anybody

	callKernel(): void {
		Atomics.add(this.#words, gateWord, 1);
		if (Atomics.load(this.#words, kernelSleepsWord) !== 0) Atomics.notify(this.#words, gateWord);
	}

	wake(slot: number): void {
		const word = this.#slotsWord + slot * lineWords + wakeOffset;
		Atomics.add(this.#words, word, 1);
		// Two threads may share a slot for a moment, one of them leaving: wake both.
		if (Atomics.load(this.#words, word + sleepsOffset) !== 0) Atomics.notify(this.#words, word);
	}

	// --- a node's side

	/** Taken before looking for work: a wake after this is not missed. */
	wakesOf(slot: number): number {
		return Atomics.load(this.#words, this.#slotsWord + slot * lineWords + wakeOffset);
	}

	/** Sleeps until the slot is woken; at once if it has been since `seen`. */
	sleep(slot: number, seen: number): void {
		const word = this.#slotsWord + slot * lineWords + wakeOffset;
		Atomics.store(this.#words, word + sleepsOffset, 1);
		Atomics.wait(this.#words, word, seen);
		Atomics.store(this.#words, word + sleepsOffset, 0);
	}

	/**
	 * Wakes the next node in the list. Before a node says that it met its request: once the kernel knows
	 * that, it may write a new list, and a turn taken from that one would be lost.
	 */
	handOn(): void {
		const words = this.#words;
		const turn = Atomics.add(words, nextWord, 1);
		if (turn < (words[countWord] as number)) this.wake(words[listWord + turn] as number);
	}

	/** Ends a node's window, and calls the kernel if it was the last. May come late: the count runs on. */
	finish(): void {
		const finished = Atomics.add(this.#words, finishedWord, 1) + 1;
		if (((finished - Atomics.load(this.#words, targetWord)) | 0) >= 0) this.callKernel();
	}
}

/** Tells the core that this is a spin, where the engine knows how to. */
const relax: () => void = (Atomics as { pause?: () => void }).pause ?? (() => undefined);
