import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DigestChain, digestOfBlock, toHex } from "./digest.ts";
import { blockEvents } from "./log-sink.ts";

const record = fc.array(fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }), { minLength: 6, maxLength: 30 });

function chainOf(records: readonly (readonly number[])[], header = "h"): string {
	const chain = new DigestChain(header);
	for (const words of records) if (chain.add(Int32Array.from(words), 0, words.length)) chain.closeBlock();
	return toHex(chain.value());
}

describe("the digest", () => {
	test("changes with any bit of any event", () => {
		fc.assert(
			fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), fc.nat(31), (records, which, word, bit) => {
				const changed = records.map((words) => [...words]);
				const target = changed[which % changed.length] as number[];
				target[word % target.length] = (target[word % target.length] as number) ^ (1 << bit);
				expect(chainOf(changed)).not.toBe(chainOf(records));
			}),
			{ numRuns: 2_000, seed: 1 },
		);
	});

	test("changes with the order, the number and the header of events", () => {
		const [a, b] = [
			[1, 6, 0, 0, 0, 0],
			[2, 6, 0, 0, 0, 0],
		];
		const digests = [chainOf([a, b]), chainOf([b, a]), chainOf([a]), chainOf([a, b, b]), chainOf([a, b], "other")];
		expect(new Set(digests).size).toBe(digests.length);
	});

	test("does not depend on where in a buffer an event lies", () => {
		const chain = new DigestChain("h");
		chain.add(Int32Array.from([9, 9, 9, 1, 6, 0, 0, 0, 0, 9]), 3, 6);
		expect(toHex(chain.value())).toBe(chainOf([[1, 6, 0, 0, 0, 0]]));
	});

	test("links blocks by SHA-256 over the value before and the hashes", () => {
		const previous = new Uint8Array(32).fill(3);
		const hashes = new Uint8Array(blockEvents * 8).fill(5);
		expect(toHex(digestOfBlock(previous, hashes))).toBe(createHash("sha256").update(previous).update(hashes).digest("hex"));
	});

	test("reading the value of an open block changes nothing", () => {
		const looked = new DigestChain("h");
		const silent = new DigestChain("h");
		for (let i = 0; i < blockEvents + 10; i++) {
			const words = Int32Array.from([i, 6, i, 0, 0, 0]);
			looked.value();
			for (const chain of [looked, silent]) if (chain.add(words, 0, 6)) chain.closeBlock();
		}
		expect(toHex(looked.value())).toBe(toHex(silent.value()));
	});
});
