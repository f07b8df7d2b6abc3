import { expect, test } from "vitest";
import { Philox } from "./random.ts";

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
test.each([{ seed: 0, counter: [0, 0, 0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] }])(
	"Philox4x32-10 gives the published words for $counter",
	({ seed, counter, words }) => {
		const philox = new Philox(seed);
		const [c0, c1, c2, c3] = counter as [number, number, number, number];
		philox.draw(c0, c1, c2, c3);
		expect([philox.w0, philox.w1, philox.w2, philox.w3]).toEqual(words);
	},
);
