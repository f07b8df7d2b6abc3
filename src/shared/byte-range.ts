/**
 * Small runs of bytes without an array each. A typed array costs over 200 bytes beside what it holds; a
 * million messages on their way would be made of little else. Pure.
 */

/** Bytes that lie in a larger array, from `start` up to, not including, `end`. */
export interface ByteRange {
	readonly bytes: Uint8Array;
	readonly start: number;
	readonly end: number;
}

export const emptyRange: ByteRange = { bytes: new Uint8Array(0), start: 0, end: 0 };

export function wholeOf(bytes: Uint8Array): ByteRange {
	return { bytes, start: 0, end: bytes.length };
}

export function lengthOf({ start, end }: ByteRange): number {
	return end - start;
}

/** Below this, a loop is faster than a typed-array copy with its view. */
const loopBytesMax = 64;

/** Copies `source[start, end)` to `target[to...]`. */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, to: number): void {
	if (end - start >= loopBytesMax) {
		target.set(start === 0 && end === source.length ? source : source.subarray(start, end), to);
		return;
	}
	for (let from = start, at = to; from < end; from++, at++) target[at] = source[from] as number;
}

const chunkBytes = 65_536;
/** What is larger has an array of its own, so that little is kept alive for long by something small. */
const sharedBytesMax = 4_096;

/** Keeps copies, many to an array. An array is garbage when the last range in it is. */
export class ByteArena {
	#chunk = new Uint8Array(0);
	#used = 0;

	/** A copy of `source[start, end)`; nobody writes to it again. */
	keep(source: Uint8Array, start: number, end: number): ByteRange {
		const length = end - start;
		// Not `slice`: that of a Node Buffer is no copy, and the encoder's buffer is one.
		if (length > sharedBytesMax) return { bytes: new Uint8Array(source.subarray(start, end)), start: 0, end: length };
		if (this.#used + length > this.#chunk.length) {
			this.#chunk = new Uint8Array(chunkBytes);
			this.#used = 0;
		}
		const at = this.#used;
		copyBytes(source, start, end, this.#chunk, at);
		this.#used = at + length;
		return { bytes: this.#chunk, start: at, end: at + length };
	}
}
