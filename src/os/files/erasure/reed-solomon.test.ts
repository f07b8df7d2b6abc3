import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMultiple, inverse, multiply } from "./gf256.ts";
import { allShards, dataShards, encodeShards, restoreContent, restoreShard, shardBytesOf } from "./reed-solomon.ts";

describe("the field of 256 elements", () => {
	test("has the products that its polynomial says", () => {
		// By hand: x^7 * x = x^8 = x^4 + x^3 + x^2 + 1.
		expect(multiply(0x80, 2)).toBe(0x1d);
		expect(multiply(3, 7)).toBe(9);
		expect(multiply(0, 200)).toBe(0);
	});

	test("every element but zero has an inverse", () => {
		for (let element = 1; element < 256; element++) expect(multiply(element, inverse(element))).toBe(1);
		expect(() => inverse(0)).toThrow();
	});

	test("multiplication is associative and distributes over exclusive or", () => {
		const byte = fc.integer({ min: 0, max: 255 });
		fc.assert(
			fc.property(byte, byte, byte, (a, b, c) => {
				expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
				expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
			}),
			{ seed: 6 },
		);
	});

	test("a multiple is added byte by byte", () => {
		const sum = Uint8Array.of(1, 2, 3);
		addMultiple(sum, Uint8Array.of(4, 0, 6), 2);
		expect([...sum]).toEqual([1 ^ 8, 2, 3 ^ 12]);
	});
});

/** Every choice of six of the nine. */
function choices(): number[][] {
	const found: number[][] = [];
	for (let mask = 0; mask < 1 << allShards; mask++) {
		const chosen = Array.from({ length: allShards }, (_, index) => index).filter((index) => (mask >> index) & 1);
		if (chosen.length === dataShards) found.push(chosen);
	}
	return found;
}

describe("Reed-Solomon (6,3)", () => {
	test("any six of nine shards give any content back, and every shard too", () => {
		const all = choices();
		expect(all).toHaveLength(84);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...all), fc.integer({ min: 0, max: 8 }), (content, chosen, missing) => {
				const shards = encodeShards(content);
				expect(shards.every(({ length }) => length === shardBytesOf(content.length))).toBe(true);
				const given = chosen.map((index) => ({ index, bytes: shards[index] as Uint8Array }));
				expect(restoreContent(given, content.length)).toEqual(content);
				expect(restoreShard(given, missing)).toEqual(shards[missing]);
			}),
			{ seed: 9, numRuns: 300 },
		);
	});

	test("all 84 choices restore one content, in whatever order the shards come", () => {
		const content = Uint8Array.from({ length: 61 }, (_, index) => (index * 37) & 255);
		const shards = encodeShards(content);
		for (const chosen of choices()) {
			const given = chosen.map((index) => ({ index, bytes: shards[index] as Uint8Array })).reverse();
			expect(restoreContent(given, content.length)).toEqual(content);
		}
	});

	test("five are not enough", () => {
		const shards = encodeShards(Uint8Array.of(1, 2, 3)).slice(0, 5);
		expect(() =>
			restoreContent(
				shards.map((bytes, index) => ({ index, bytes })),
				3,
			),
		).toThrow("six shards are needed");
	});
});
