/**
 * Messages of any length over a ring: what does not fit waits in a backlog on the sender's side, what
 * is longer than an eighth of the ring travels in fragments. The order is kept and the sender never
 * blocks, so neither a program nor virtual time can notice how large a ring is.
 *
 * Every frame begins with the number of words of its message that are still to come after it: 0 for
 * a whole message or a last fragment.
 */
import { assert } from "../shared/errors.ts";
import { copyWords, type RingPlace, RingReader, RingWriter } from "./ring.ts";

const frameHeaderWords = 1;
/** A ring holds at least this many of the longest frames, so that both sides keep moving. */
const framesPerRing = 8;
/** A channel refuses to hoard more than this for a receiver that does not take it: a gigabyte. */
const backlogWordsMax = 268_435_456;
/** An emptied backlog, or the space of one long message, is given back beyond this. */
const idleWordsMax = 65_536;

/** Messages that wait for room: `[length, words...]` back to back in `words[from .. to)`. */
class Backlog {
	words: Int32Array = new Int32Array(256);
	bytes: Uint8Array = new Uint8Array(this.words.buffer);
	from = 0;
	to = 0;

	/** Makes room for a message of this length. @returns index of its first word */
	add(length: number): number {
		assert(this.to - this.from + 1 + length <= backlogWordsMax, "a backlog of messages stays within a gigabyte");
		if (this.to + 1 + length > this.words.length) this.#makeRoom(1 + length);
		const start = this.to + 1;
		this.words[this.to] = length;
		this.to = start + length;
		return start;
	}

	/** Forgets what has been sent. */
	settle(): void {
		if (this.from < this.to) return;
		this.from = 0;
		this.to = 0;
		if (this.words.length > idleWordsMax) this.#replace(new Int32Array(256));
	}

	#makeRoom(extraWords: number): void {
		const live = this.words.subarray(this.from, this.to);
		const grown = new Int32Array(2 * live.length + extraWords + 256);
		grown.set(live);
		this.to -= this.from;
		this.from = 0;
		this.#replace(grown);
	}

	#replace(words: Int32Array): void {
		this.words = words;
		this.bytes = new Uint8Array(words.buffer);
	}
}

/** The sending end; it alone may write to the ring. */
export class RingSender {
	/** Where the open message is written: the ring itself, or the backlog. Valid until `close`. */
	words: Int32Array;
	/** The same memory as bytes. */
	bytes: Uint8Array;
	readonly #ring: RingWriter;
	readonly #frameWordsMax: number;
	readonly #backlog = new Backlog();
	/** Words of the fragment being sent that have left already. */
	#sentOfFirst = 0;
	#openLength = -1;

	constructor(place: RingPlace) {
		this.#ring = new RingWriter(place);
		this.#frameWordsMax = place.dataBytes / 4 / framesPerRing - 1;
		this.words = this.#ring.words;
		this.bytes = this.#ring.bytes;
	}

	/** True while messages wait for room in the ring. */
	get deferred(): boolean {
		return this.#backlog.from < this.#backlog.to;
	}

	/**
	 * Starts a message of exactly this length, to be written in place and then closed.
	 * @returns index into `words` of its first word
	 */
	open(length: number): number {
		if (!this.deferred && length + frameHeaderWords <= this.#frameWordsMax) {
			const start = this.#ring.reserve(length + frameHeaderWords);
			if (start >= 0) {
				this.words = this.#ring.words;
				this.bytes = this.#ring.bytes;
				this.words[start] = 0;
				this.#openLength = length;
				return start + frameHeaderWords;
			}
		}
		this.#openLength = -1;
		const start = this.#backlog.add(length);
		this.words = this.#backlog.words;
		this.bytes = this.#backlog.bytes;
		return start;
	}

	close(): void {
		if (this.#openLength >= 0) this.#ring.commit(this.#openLength + frameHeaderWords);
		this.#openLength = -1;
	}

	/** Sends a copy of the words. */
	send(source: Int32Array, from: number, length: number): void {
		const start = this.open(length);
		copyWords(source, from, this.words, start, length);
		this.close();
	}

	/** Moves what was deferred into the ring, as far as there is room, and shows everything to the receiver. */
	flush(): void {
		const backlog = this.#backlog;
		while (backlog.from < backlog.to && this.#sendFragment()) {}
		backlog.settle();
		this.#ring.publish();
	}

	/** With messages deferred: waits until the receiver makes room. @returns false at the timeout */
	waitForRoom(spins: number, timeoutMs: number): boolean {
		return this.#ring.waitForRoom(spins, timeoutMs);
	}

	#sendFragment(): boolean {
		const backlog = this.#backlog;
		const length = backlog.words[backlog.from] as number;
		const left = length - this.#sentOfFirst;
		const count = Math.min(left, this.#frameWordsMax - frameHeaderWords);
		const start = this.#ring.reserve(count + frameHeaderWords);
		if (start < 0) return false;
		this.#ring.words[start] = left - count;
		copyWords(backlog.words, backlog.from + 1 + this.#sentOfFirst, this.#ring.words, start + frameHeaderWords, count);
		this.#ring.commit(count + frameHeaderWords);
		this.#sentOfFirst += count;
		if (this.#sentOfFirst === length) {
			backlog.from += 1 + length;
			this.#sentOfFirst = 0;
		}
		return true;
	}
}

/** The receiving end; it alone may read the ring. */
export class RingReceiver {
	/** Where the message lies: the ring itself, or its assembled fragments. Valid until the next `receive`. */
	words: Int32Array;
	/** The same memory as bytes. */
	bytes: Uint8Array;
	/** The message's first word. */
	start = 0;
	/** Words of the message. */
	length = 0;
	readonly #ring: RingReader;
	#holdsFrame = false;
	#assembly: Int32Array | null = null;
	#assembled = 0;

	constructor(place: RingPlace) {
		this.#ring = new RingReader(place);
		this.words = this.#ring.words;
		this.bytes = this.#ring.bytes;
	}

	/** Takes the next whole message, if there is one; the one before is gone then. */
	receive(): boolean {
		if (this.#holdsFrame) {
			this.#ring.release();
			this.#holdsFrame = false;
		}
		for (;;) {
			const frame = this.#ring.next();
			if (frame < 0) return false;
			const length = this.#ring.length - frameHeaderWords;
			assert(length >= 0, "a frame begins with what is to come after it");
			const toCome = this.#ring.words[frame] as number;
			if (toCome === 0 && this.#assembly === null) {
				this.#holdsFrame = true;
				this.#show(this.#ring.words, this.#ring.bytes, frame + frameHeaderWords, length);
				return true;
			}
			if (this.#assemble(frame + frameHeaderWords, length, toCome)) return true;
		}
	}

	/** After `receive` found nothing: waits until something comes. @returns false at the timeout */
	waitForFrame(spins: number, timeoutMs: number): boolean {
		return this.#ring.waitForFrame(spins, timeoutMs);
	}

	#assemble(from: number, length: number, toCome: number): boolean {
		assert(toCome >= 0 && toCome <= backlogWordsMax, "a message is one that a backlog can hold");
		this.#assembly ??= new Int32Array(length + toCome);
		const assembly = this.#assembly;
		assert(this.#assembled + length + toCome === assembly.length, "fragments of one message add up to it");
		copyWords(this.#ring.words, from, assembly, this.#assembled, length);
		this.#assembled += length;
		this.#ring.release();
		if (toCome > 0) return false;
		this.#show(assembly, new Uint8Array(assembly.buffer), 0, this.#assembled);
		this.#assembly = null;
		this.#assembled = 0;
		return true;
	}

	#show(words: Int32Array, bytes: Uint8Array, start: number, length: number): void {
		this.words = words;
		this.bytes = bytes;
		this.start = start;
		this.length = length;
	}
}
