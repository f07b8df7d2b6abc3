/**
 * Randomness as a function: the same (seed, purpose, i, j, k) gives the same words for ever, and no
 * draw depends on how many were made before it. So an added message or a removed fault shifts
 * nobody else's draws.
 *
 * @source Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC'11), Philox4x32-10
 */

/** One number a purpose; part of every counter. Never renumbered. */
export const purposes = { link: 1, jitter: 2, program: 3, disk: 4, clock: 5, tie: 6 } as const;

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** High 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
	const aLow = a & 0xffff;
	const aHigh = a >>> 16;
	const bLow = b & 0xffff;
	const bHigh = b >>> 16;
	const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
	const middle2 = aLow * bHigh + (middle & 0xffff);
	return (aHigh * bHigh + (middle >>> 16) + (middle2 >>> 16)) >>> 0;
}

/** A source of draws for one seed. Holds scratch space, no state: calls may come in any order. */
export class Philox {
	readonly #key0: number;
	readonly #key1: number;
	/** The four words of the last `draw`, unsigned 32-bit. */
	w0 = 0;
	w1 = 0;
	w2 = 0;
	w3 = 0;

	/** @param seed a non-negative safe integer */
	constructor(seed: number) {
		this.#key0 = seed >>> 0;
		this.#key1 = Math.floor(seed / 4_294_967_296) >>> 0;
	}

	/** Fills `w0..w3` for this counter. The first component is usually a purpose. */
	draw(c0: number, c1: number, c2: number, c3: number): void {
		let x0 = c0 >>> 0;
		let x1 = c1 >>> 0;
		let x2 = c2 >>> 0;
		let x3 = c3 >>> 0;
		let key0 = this.#key0;
		let key1 = this.#key1;
		for (let round = 0; round < rounds; round++) {
			const high0 = multiplyHigh(multiplier0, x0);
			const low0 = Math.imul(multiplier0, x0) >>> 0;
			const high1 = multiplyHigh(multiplier1, x2);
			const low1 = Math.imul(multiplier1, x2) >>> 0;
			x0 = (high1 ^ x1 ^ key0) >>> 0;
			x1 = low1;
			x2 = (high0 ^ x3 ^ key1) >>> 0;
			x3 = low0;
			key0 = (key0 + weyl0) >>> 0;
			key1 = (key1 + weyl1) >>> 0;
		}
		this.w0 = x0;
		this.w1 = x1;
		this.w2 = x2;
		this.w3 = x3;
	}
}

/** A word as a ratio: 0 <= result < 1, exact. */
export function ratioOf(word: number): number {
	return word / 4_294_967_296;
}

/** Uniform integer in 0 .. below - 1 from one word (multiply-shift; bias below 2^-32 * below). */
export function belowOf(word: number, below: number): number {
	return Math.floor((word / 4_294_967_296) * below);
}
