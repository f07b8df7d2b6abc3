import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JitterModel } from "../../shared/plan.ts";
import { createJitterSampler, JitterSamplers, sampleExponential, sampleNormal } from "./samplers.ts";

const words = 4_294_967_296;
/** Large scales, so that rounding to whole numbers does not hide the tables' own error. */
const scale = 1_000_000_000;

/** The word at a probability. */
const wordAt = (probability: number): number => Math.floor(probability * words);

/** Mean over a grid of words, `steps` of them in the middle of equal cells. */
function meanOf(sampler: (word: number) => number, steps = 1 << 18): number {
	let sum = 0;
	for (let i = 0; i < steps; i++) sum += sampler(Math.floor(((i + 0.5) / steps) * words));
	return sum / steps;
}

describe("quantiles against closed forms, within 1 part in 10,000", () => {
	const probabilities = [0.0001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.999_999];
	/** To ten digits, from tables. */
	const normalAt: { readonly [probability: number]: number } = {
		0.5: 0,
		0.75: 0.6744897502,
		0.9: 1.2815515655,
		0.99: 2.326347874,
		0.999: 3.0902323062,
		0.9999: 3.7190164855,
	};

	test.each(probabilities)("exponential at %d", (probability) => {
		const expected = -Math.log(1 - probability) * scale;
		// Short delays are as wrong as a hundred-thousandth of the mean, not of themselves.
		expect(Math.abs(sampleExponential(scale, wordAt(probability)) - expected)).toBeLessThan(Math.max(1e-4 * expected, 1e-5 * scale));
	});

	test.each(Object.entries(normalAt))("normal at %s", (probability, z) => {
		expect(Math.abs(sampleNormal(0, scale, wordAt(Number(probability))) - z * scale)).toBeLessThan(1e-4 * scale);
		expect(Math.abs(sampleNormal(0, scale, wordAt(1 - Number(probability))) + z * scale)).toBeLessThan(1e-4 * scale);
	});

	test.each(Object.entries(normalAt))("lognormal at %s", (probability, z) => {
		for (const sigma of [0.1, 0.5, 2]) {
			const expected = scale * Math.exp(sigma * z);
			const sampler = createJitterSampler({ kind: "lognormal", medianUs: scale, sigma });
			expect(Math.abs(sampler(wordAt(Number(probability))) - expected)).toBeLessThan(1e-4 * expected);
		}
	});

	test("uniform takes every whole number from 0 to its maximum equally often", () => {
		const sampler = createJitterSampler({ kind: "uniform", maxUs: 3 });
		expect([0, words / 4 - 1, words / 4, words / 2 - 1, words / 2, (3 * words) / 4 - 1, (3 * words) / 4, words - 1].map(sampler)).toEqual([
			0, 0, 1, 1, 2, 2, 3, 3,
		]);
	});

	test("empirical quantiles are met at equal steps and interpolated between", () => {
		const sampler = createJitterSampler({ kind: "empirical", quantilesUs: [100, 200, 1_000] });
		expect([0, wordAt(0.25), wordAt(0.5), wordAt(0.75), words - 1].map(sampler)).toEqual([100, 150, 200, 600, 1_000]);
		expect(createJitterSampler({ kind: "empirical", quantilesUs: [7] })(words - 1)).toBe(7);
		expect(createJitterSampler({ kind: "empirical", quantilesUs: [0, 1_000 * scale] })(words - 1)).toBe(1_000 * scale);
	});

	test("the extreme draws stand for the middle of their cell", () => {
		expect(sampleExponential(scale, words - 1)).toBe(Math.round(33 * Math.LN2 * scale));
		// The normal quantile at 2^-33.
		expect(sampleNormal(0, scale, 0)).toBe(-6_337_957_755);
		expect(sampleNormal(0, scale, words - 1)).toBe(6_337_957_755);
	});

	test("no sample is a negative zero", () => {
		for (let i = 0; i < 1_000; i++) expect(Object.is(sampleNormal(0, 1, wordAt(i / 1_000)), -0)).toBe(false);
	});

	test("a constant is one", () => {
		expect([0, words - 1].map(createJitterSampler({ kind: "constant", us: 42 }))).toEqual([42, 42]);
	});
});

describe("means, within 1 part in 1,000", () => {
	test.each<[JitterModel, number]>([
		[{ kind: "exponential", meanUs: scale }, scale],
		[{ kind: "uniform", maxUs: 2 * scale }, scale],
		[{ kind: "lognormal", medianUs: scale, sigma: 0.5 }, scale * Math.exp(0.125)],
		[{ kind: "lognormal", medianUs: scale, sigma: 1 }, scale * Math.exp(0.5)],
		[{ kind: "normal", meanUs: 6 * scale, deviationUs: scale }, 6 * scale],
		// Cut off at zero around zero: half the mean of the absolute value, sqrt(1 / (2 pi)).
		[{ kind: "normal", meanUs: 0, deviationUs: scale }, scale * Math.sqrt(1 / (2 * Math.PI))],
		[{ kind: "empirical", quantilesUs: [0, scale, 4 * scale] }, 1.5 * scale],
	])("%j", (model, mean) => {
		expect(Math.abs(meanOf(createJitterSampler(model)) - mean)).toBeLessThan(1e-3 * mean);
	});

	test("rounding to whole microseconds keeps the mean of short delays", () => {
		expect(Math.abs(meanOf((word) => sampleExponential(20, word)) - 20)).toBeLessThan(0.02);
	});

	test("a normal deviation is what it says", () => {
		const variance = meanOf((word) => sampleNormal(0, 1_000, word) ** 2);
		expect(Math.abs(Math.sqrt(variance) - 1_000)).toBeLessThan(1);
	});
});

const model: fc.Arbitrary<JitterModel> = fc.oneof(
	fc.record({ kind: fc.constant("constant" as const), us: fc.nat(1_000_000) }),
	fc.record({ kind: fc.constant("uniform" as const), maxUs: fc.nat(1_000_000) }),
	fc.record({ kind: fc.constant("normal" as const), meanUs: fc.nat(1_000_000), deviationUs: fc.nat(1_000_000) }),
	fc.record({ kind: fc.constant("lognormal" as const), medianUs: fc.nat(1_000_000), sigma: fc.double({ min: 0, max: 3, noNaN: true }) }),
	fc.record({ kind: fc.constant("exponential" as const), meanUs: fc.nat(1_000_000) }),
	fc.record({
		kind: fc.constant("empirical" as const),
		quantilesUs: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 }).map((values) => values.sort((a, b) => a - b)),
	}),
);

const word = fc.oneof(fc.integer({ min: 0, max: words - 1 }), fc.integer({ min: 0, max: 300 }), fc.integer({ min: words - 300, max: words - 1 }));

test("every sampler gives whole microseconds, never negative, never less for a larger word", () => {
	fc.assert(
		fc.property(model, word, word, (anyModel, first, second) => {
			const sampler = createJitterSampler(anyModel);
			const [low, high] = [sampler(Math.min(first, second)), sampler(Math.max(first, second))];
			for (const us of [low, high]) expect(Number.isSafeInteger(us) && us >= 0 && !Object.is(us, -0)).toBe(true);
			expect(low).toBeLessThanOrEqual(high);
		}),
		{ seed: 3, numRuns: 1_000 },
	);
});

test("neighbouring words never step back, at every seam of the tables", () => {
	const samplers = [
		(at: number) => sampleExponential(scale * 1_000, at),
		(at: number) => sampleNormal(0, scale * 1_000, at),
		createJitterSampler({ kind: "lognormal", medianUs: scale, sigma: 1 }),
	];
	for (const sampler of samplers)
		for (let bit = 0; bit < 32; bit++) {
			for (const centre of [2 ** bit, words - 1 - 2 ** bit])
				for (let at = Math.max(1, centre - 3); at <= Math.min(words - 1, centre + 3); at++) expect(sampler(at)).toBeGreaterThanOrEqual(sampler(at - 1));
		}
});

test("equal models share a sampler, different ones do not", () => {
	const samplers = new JitterSamplers();
	const first = samplers.of({ kind: "lognormal", medianUs: 100, sigma: 1 });
	expect(samplers.of({ kind: "lognormal", medianUs: 100, sigma: 1 })).toBe(first);
	expect(samplers.of({ kind: "lognormal", medianUs: 101, sigma: 1 })(0x8000_0000)).toBe(101);
});

test.each<JitterModel>([
	{ kind: "constant", us: -1 },
	{ kind: "uniform", maxUs: Number.NaN },
	{ kind: "normal", meanUs: 1, deviationUs: -1 },
	{ kind: "exponential", meanUs: -1 },
	{ kind: "lognormal", medianUs: 1, sigma: -1 },
	{ kind: "empirical", quantilesUs: [] },
	{ kind: "empirical", quantilesUs: [2, 1] },
	{ kind: "empirical", quantilesUs: [-1] },
])("%j is no jitter", (impossible) => {
	expect(() => createJitterSampler(impossible)).toThrow("jitter");
});
