import { describe, expect, test } from "vitest";
import { sampleExponential } from "../../core/distributions/samplers.ts";
import type { Random } from "../../core/node-api.ts";
import { belowOf, Philox, ratioOf } from "../../core/random.ts";
import { isHttpRequest, isIdempotent } from "./contract.ts";
import { drawWorkUs, workShapes } from "./work.ts";

function countingRandom(): { readonly random: Random; draws: () => number } {
	const philox = new Philox(3);
	let draws = 0;
	const word = (): number => {
		philox.draw(3, 0, ++draws, 0);
		return philox.w0;
	};
	const random = {
		below: (below: number) => belowOf(word(), below),
		chance: (ratio: number) => ratioOf(word()) < ratio,
		exponential: (mean: number) => sampleExponential(mean, word()),
	} as unknown as Random;
	return { random, draws: () => draws };
}

describe.each(workShapes)("%s work", (shape) => {
	test("keeps to its mean, takes at least a microsecond and one draw at most", () => {
		const { random, draws } = countingRandom();
		let sumUs = 0;
		for (let i = 0; i < 20_000; i++) {
			const workUs = drawWorkUs({ meanUs: 4_000, shape }, random);
			expect(Number.isInteger(workUs) && workUs >= 1 && workUs <= 40_000).toBe(true);
			sumUs += workUs;
		}
		expect(sumUs / 20_000 / 4_000).toBeCloseTo(1, 1);
		expect([0, 20_000]).toContain(draws());
	});
});

test("the methods of RFC 9110 that may be repeated are repeated, the others are not", () => {
	expect([undefined, "GET", "HEAD", "PUT", "DELETE"].map((method) => isIdempotent({ visitor: 1, path: "/", ...(method && { method }) }))).toEqual([
		true,
		true,
		true,
		true,
		true,
	]);
	expect(["POST", "PATCH", "get"].map((method) => isIdempotent({ visitor: 1, path: "/", method }))).toEqual([false, false, false]);
});

test.each([
	null,
	3,
	"GET /",
	[],
	{},
	{ visitor: 1 },
	{ visitor: 1, path: "/", workUs: -1 },
	{ visitor: 1, path: "/", workUs: 1.5 },
	{ visitor: 1, path: "/", method: 3 },
])("%o is no request", (body) => {
	expect(isHttpRequest(body)).toBe(false);
});
