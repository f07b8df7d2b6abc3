import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { belowOf, Philox, purposes, ratioOf } from "./random.ts";

type Words = readonly [number, number, number, number];

const mask = 0xffff_ffffn;

/** Philox4x32-10 as the paper writes it, in big integers: slow, and able to take any 64-bit key. */
function reference(counter: Words, key: readonly [number, number]): number[] {
	let [x0, x1, x2, x3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
	let [k0, k1] = key.map(BigInt) as [bigint, bigint];
	for (let round = 0; round < 10; round++) {
		const product0 = 0xd2511f53n * x0;
		const product1 = 0xcd9e8d57n * x2;
		[x0, x1, x2, x3] = [(product1 >> 32n) ^ x1 ^ k0, product1 & mask, (product0 >> 32n) ^ x3 ^ k1, product0 & mask];
		k0 = (k0 + 0x9e3779b9n) & mask;
		k1 = (k1 + 0xbb67ae85n) & mask;
	}
	return [x0, x1, x2, x3].map(Number);
}

function drawn(philox: Philox, [c0, c1, c2, c3]: Words): number[] {
	philox.draw(c0, c1, c2, c3);
	return [philox.w0, philox.w1, philox.w2, philox.w3];
}

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10): all zeros, all ones, digits of pi.
test.each<{ counter: Words; key: readonly [number, number]; words: Words }>([
	{ counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
	{
		counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
		key: [0xffffffff, 0xffffffff],
		words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
	},
	{
		counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
		key: [0xa4093822, 0x299f31d0],
		words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
	},
])("the reference gives the published words for $counter", ({ counter, key, words }) => {
	expect(reference(counter, key)).toEqual(words);
});

const word = fc.integer({ min: 0, max: 0xffffffff });

test("Philox agrees with the reference for every seed and counter", () => {
	fc.assert(
		fc.property(fc.maxSafeNat(), word, word, word, word, (seed, c0, c1, c2, c3) => {
			const key = [seed % 4_294_967_296, Math.floor(seed / 4_294_967_296)] as const;
			expect(drawn(new Philox(seed), [c0, c1, c2, c3])).toEqual(reference([c0, c1, c2, c3], key));
		}),
		{ seed: 1, numRuns: 2_000 },
	);
});

test("a draw depends on its counter alone, not on the draws before it", () => {
	const philox = new Philox(42);
	const first = drawn(philox, [purposes.link, 1, 2, 3]);
	drawn(philox, [purposes.link, 9, 9, 9]);
	expect(drawn(philox, [purposes.link, 1, 2, 3])).toEqual(first);
});

describe("statistics of counters that differ as ours do, in one small number", () => {
	const draws = 1 << 16;

	/** Chi-square of the words' top four bits over sixteen cells; beyond 50 about once in 100,000 fair streams. */
	function chiSquare(words: readonly number[]): number {
		const cells = new Array<number>(16).fill(0);
		for (const one of words) cells[one >>> 28] = (cells[one >>> 28] as number) + 1;
		const expected = words.length / 16;
		return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
	}

	/** Correlation of two streams; beyond 5 / sqrt(n) about once in two million independent pairs. */
	function correlation(a: readonly number[], b: readonly number[]): number {
		let sum = 0;
		for (let i = 0; i < a.length; i++) sum += (ratioOf(a[i] as number) - 0.5) * (ratioOf(b[i] as number) - 0.5);
		return (sum / a.length) * 12;
	}

	/** The four word streams of messages 1, 2, 3, ... of one sender. */
	function streams(seed: number, purpose: number, from: number): number[][] {
		const philox = new Philox(seed);
		const words = Array.from({ length: draws }, (_, sequence) => drawn(philox, [purpose, from, sequence, 0]));
		return [0, 1, 2, 3].map((index) => words.map((four) => four[index] as number));
	}

	const base = streams(1, purposes.link, 0);

	test("every word is uniform", () => {
		for (const stream of base) expect(chiSquare(stream)).toBeLessThan(50);
	});

	test("every bit of a word is as often set as not", () => {
		for (const stream of base)
			for (let bit = 0; bit < 32; bit++) {
				const set = stream.filter((one) => ((one >>> bit) & 1) === 1).length;
				expect(Math.abs(set - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
			}
	});

	test("the four words of a draw, neighbouring draws, seeds, purposes and senders are uncorrelated", () => {
		const others = [
			...base.slice(1),
			(base[0] as number[]).slice(1).concat(0),
			...[streams(2, purposes.link, 0), streams(1, purposes.jitter, 0), streams(1, purposes.link, 1), streams(1, purposes.link | 256, 0)].map(
				([first]) => first as number[],
			),
		];
		for (const other of others) expect(Math.abs(correlation(base[0] as number[], other))).toBeLessThan(5 / Math.sqrt(draws));
	});

	test("no purpose repeats another's words", () => {
		const seen = new Set(Object.values(purposes).map((purpose) => drawn(new Philox(1), [purpose, 0, 0, 0]).join()));
		expect(seen.size).toBe(Object.values(purposes).length);
	});
});

test("a word becomes a ratio below one and an integer below its bound", () => {
	expect([ratioOf(0), ratioOf(0x80000000)]).toEqual([0, 0.5]);
	expect(ratioOf(0xffffffff)).toBeLessThan(1);
	fc.assert(
		fc.property(word, fc.integer({ min: 1, max: 1_000_000 }), (one, below) => {
			const result = belowOf(one, below);
			expect(Number.isInteger(result) && result >= 0 && result < below).toBe(true);
		}),
		{ seed: 2, numRuns: 1_000 },
	);
	expect([0, 0x3fffffff, 0x40000000, 0xffffffff].map((one) => belowOf(one, 4))).toEqual([0, 0, 1, 3]);
});
