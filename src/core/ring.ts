/**
 * A queue of frames between exactly two threads, over shared memory: one produces, one consumes.
 *
 * The memory is a run of 32-bit words: four cache lines of header, then a power of two of data words.
 *
 *     word  0   head: words ever written, published by the producer
 *     word 16   1 while the consumer sleeps
 *     word 32   tail: words ever read, published by the consumer
 *     word 48   1 while the producer sleeps
 *     word 64   data
 *
 * A frame is a length word and that many payload words, always contiguous: where it would not fit
 * before the end, a padding word (-1) sends the reader back to the start. Positions run on for ever
 * and wrap at 2^32; each side keeps its own in private and looks at the other's only when its last
 * knowledge of it says full or empty. Both write and read in place, and publish once a batch.
 *
 * Sizes and batches decide how fast words travel, never which or in what order.
 *
 * @source Lamport, Proving the Correctness of Multiprocess Programs (1977), 3; cached indices after
 *   Lee, Bu, Chandranmenon: MCRingBuffer (ANCS'10)
 */
import { assert } from "../shared/errors.ts";

const lineWords = 16;
const headWord = 0;
const readerSleepsWord = lineWords;
const tailWord = 2 * lineWords;
const writerSleepsWord = 3 * lineWords;
export const ringHeaderWords = 4 * lineWords;

const padding = -1;
export const ringBytesMin = 128;
const ringBytesMax = 268_435_456;

/** Bytes of shared memory that a ring with `dataBytes` of room takes. */
export function ringFootprintBytes(dataBytes: number): number {
	assert(dataBytes >= ringBytesMin && dataBytes <= ringBytesMax && (dataBytes & (dataBytes - 1)) === 0, `a ring's size is a power of two, not ${dataBytes}`);
	return ringHeaderWords * 4 + dataBytes;
}

/** Where a ring lies: `offsetBytes` is a multiple of 64. The memory is all zeros at first. */
export interface RingPlace {
	readonly memory: SharedArrayBuffer;
	readonly offsetBytes: number;
	readonly dataBytes: number;
}

function wordsOf({ memory, offsetBytes, dataBytes }: RingPlace): Int32Array {
	return new Int32Array(memory, offsetBytes, ringFootprintBytes(dataBytes) / 4);
}

/**
 * Sleeps until the word differs from `seen`, after looking `spins` times; `sleepsWord` tells the
 * other side that a notify is worth its price.
 * @returns whether the word differs
 */
function waitForChange(
	words: Int32Array,
	{ word, sleepsWord, seen, spins, timeoutMs }: { word: number; sleepsWord: number; seen: number; spins: number; timeoutMs: number },
): boolean {
	for (let spin = 0; spin < spins; spin++) if (Atomics.load(words, word) !== seen) return true;
	Atomics.store(words, sleepsWord, 1);
	// The other side publishes first and looks at the flag second, so one of us sees the other.
	if (Atomics.load(words, word) === seen) Atomics.wait(words, word, seen, timeoutMs);
	Atomics.store(words, sleepsWord, 0);
	return Atomics.load(words, word) !== seen;
}

/** The producer's end. */
export class RingWriter {
	/** The ring's words; `reserve` says where to write. */
	readonly words: Int32Array;
	/** The same memory as bytes. */
	readonly bytes: Uint8Array;
	/** Longest payload that is sure to fit into an empty ring, wherever its head is. */
	readonly payloadWordsMax: number;
	readonly #mask: number;
	#head: number;
	#publishedHead: number;
	#knownTail: number;
	/** Position of the frame being written: the head, or after the padding. */
	#frame = 0;
	/** Payload words of the frame being written. */
	#reserved = 0;

	constructor(place: RingPlace) {
		this.words = wordsOf(place);
		this.bytes = new Uint8Array(this.words.buffer, this.words.byteOffset, this.words.byteLength);
		const sizeWords = place.dataBytes / 4;
		this.#mask = sizeWords - 1;
		this.payloadWordsMax = sizeWords / 2 - 1;
		this.#head = Atomics.load(this.words, headWord);
		this.#publishedHead = this.#head;
		this.#knownTail = this.#loadTail();
	}

	/**
	 * Makes room for one frame, all or nothing. The frame exists once it is committed; reserving again
	 * forgets it.
	 * @param payloadWords 0 to `payloadWordsMax`
	 * @returns index into `words` of the first payload word, or -1 when the ring is too full
	 */
	reserve(payloadWords: number): number {
		assert(payloadWords >= 0 && payloadWords <= this.payloadWordsMax, "a frame is one that its ring can hold");
		const mask = this.#mask;
		const head = this.#head;
		const toEnd = mask + 1 - (head & mask);
		const padded = payloadWords >= toEnd ? toEnd : 0;
		const needed = padded + payloadWords + 1;
		if (mask + 1 - ((head - this.#knownTail) | 0) < needed) {
			this.#knownTail = this.#loadTail();
			if (mask + 1 - ((head - this.#knownTail) | 0) < needed) return -1;
		}
		const frame = (head + padded) | 0;
		this.#frame = frame;
		this.#reserved = payloadWords;
		return ringHeaderWords + (frame & mask) + 1;
	}

	#loadTail(): number {
		const tail = Atomics.load(this.words, tailWord);
		assert((this.#head - tail) >>> 0 <= this.#mask + 1, "a tail is at most a ring behind its head");
		return tail;
	}

	/** Ends the reserved frame. @param payloadWords at most as many as reserved */
	commit(payloadWords: number): void {
		assert(payloadWords >= 0 && payloadWords <= this.#reserved, "a frame is no longer than the room made for it");
		const mask = this.#mask;
		const frame = this.#frame;
		if (frame !== this.#head) this.words[ringHeaderWords + (this.#head & mask)] = padding;
		this.words[ringHeaderWords + (frame & mask)] = payloadWords;
		this.#head = (frame + payloadWords + 1) | 0;
		this.#reserved = 0;
	}

	/** Copies a whole frame. @returns false, and nothing is written, when the ring is too full */
	tryWrite(source: Int32Array, from: number, payloadWords: number): boolean {
		const start = this.reserve(payloadWords);
		if (start < 0) return false;
		copyWords(source, from, this.words, start, payloadWords);
		this.commit(payloadWords);
		return true;
	}

	/** Shows every committed frame to the consumer, and wakes it if it sleeps. */
	publish(): void {
		if (this.#head === this.#publishedHead) return;
		this.#publishedHead = this.#head;
		Atomics.store(this.words, headWord, this.#head);
		if (Atomics.load(this.words, readerSleepsWord) !== 0) Atomics.notify(this.words, headWord);
	}

	/** Publishes, then waits until the consumer has taken something. @returns false at the timeout */
	waitForRoom(spins: number, timeoutMs: number): boolean {
		this.publish();
		return waitForChange(this.words, { word: tailWord, sleepsWord: writerSleepsWord, seen: this.#knownTail, spins, timeoutMs });
	}
}

/** The consumer's end. */
export class RingReader {
	/** The ring's words; `next` says where to read. */
	readonly words: Int32Array;
	/** The same memory as bytes. */
	readonly bytes: Uint8Array;
	/** Payload words of the frame that `next` found. */
	length = 0;
	readonly #mask: number;
	#tail: number;
	#publishedTail: number;
	#knownHead: number;

	constructor(place: RingPlace) {
		this.words = wordsOf(place);
		this.bytes = new Uint8Array(this.words.buffer, this.words.byteOffset, this.words.byteLength);
		this.#mask = place.dataBytes / 4 - 1;
		this.#tail = Atomics.load(this.words, tailWord);
		this.#publishedTail = this.#tail;
		this.#knownHead = this.#loadHead();
	}

	/**
	 * Looks at the oldest frame; it stays until `release`.
	 * @returns index into `words` of its first payload word, or -1 when the ring is empty
	 */
	next(): number {
		if (this.#tail === this.#knownHead) {
			this.publish();
			this.#knownHead = this.#loadHead();
			if (this.#tail === this.#knownHead) return -1;
		}
		const mask = this.#mask;
		let at = ringHeaderWords + (this.#tail & mask);
		let length = this.words[at] as number;
		if (length === padding) {
			// A frame always follows its padding: both were published together.
			this.#tail = (this.#tail + mask + 1 - (this.#tail & mask)) | 0;
			at = ringHeaderWords;
			length = this.words[at] as number;
		}
		assert(length >= 0 && length < ((this.#knownHead - this.#tail) | 0) && (this.#tail & mask) + length <= mask, "a frame lies whole before the head");
		this.length = length;
		return at + 1;
	}

	#loadHead(): number {
		const head = Atomics.load(this.words, headWord);
		assert((head - this.#tail) >>> 0 <= this.#mask + 1, "a head is at most a ring ahead of its tail");
		return head;
	}

	/** Gives the frame's words back; the producer learns of it at the latest when the ring runs empty. */
	release(): void {
		this.#tail = (this.#tail + this.length + 1) | 0;
		// A slow consumer of a long batch must not let the producer believe in a full ring.
		if (((this.#tail - this.#publishedTail) | 0) > this.#mask >>> 2) this.publish();
	}

	/** Tells the producer what has been released, and wakes it if it sleeps. */
	publish(): void {
		if (this.#tail === this.#publishedTail) return;
		this.#publishedTail = this.#tail;
		Atomics.store(this.words, tailWord, this.#tail);
		if (Atomics.load(this.words, writerSleepsWord) !== 0) Atomics.notify(this.words, tailWord);
	}

	/** After `next` found nothing: waits until something is published. @returns false at the timeout */
	waitForFrame(spins: number, timeoutMs: number): boolean {
		this.publish();
		return waitForChange(this.words, { word: headWord, sleepsWord: readerSleepsWord, seen: this.#knownHead, spins, timeoutMs });
	}
}

/** Copies words; most runs are shorter than a typed-array call and its view are worth. */
export function copyWords(source: Int32Array, from: number, target: Int32Array, to: number, count: number): void {
	if (count < 48) for (let i = 0; i < count; i++) target[to + i] = source[from + i] as number;
	else target.set(source.subarray(from, from + count), to);
}
