import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleExponential } from "../../core/distributions/samplers.ts";
import type { Random } from "../../core/node-api.ts";
import { Philox } from "../../core/random.ts";
import { type ArrivalModel, Arrivals, arrivalShapes, bentUs } from "./arrivals.ts";
import { readCrowdConfig } from "./config.ts";

const model: ArrivalModel = {
	shape: "poisson",
	ratePerSecond: 1_000,
	wavePeriodUs: 10_000_000,
	waveDepth: 0.8,
	burstPeriodUs: 10_000_000,
	burstLengthUs: 1_000_000,
	burstFactor: 5,
};

function arrivalsOf(over: Partial<ArrivalModel>, count: number): number[] {
	const philox = new Philox(9);
	let draws = 0;
	const exponential = (mean: number): number => {
		philox.draw(3, 0, ++draws, 0);
		return sampleExponential(mean, philox.w0);
	};
	const arrivals = new Arrivals({ ...model, ...over }, { exponential } as unknown as Random);
	return Array.from({ length: count }, () => arrivals.nextUs());
}

function countIn(arrivals: readonly number[], fromUs: number, toUs: number): number {
	return arrivals.filter((atUs) => atUs >= fromUs && atUs < toUs).length;
}

describe.each(arrivalShapes)("%s arrivals", (shape) => {
	test("never go back in time", () => {
		const arrivals = arrivalsOf({ shape }, 30_000);
		expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
	});

	test("keep to the mean rate in the long run", () => {
		expect(countIn(arrivalsOf({ shape }, 60_000), 0, 50_000_000) / 50_000).toBeCloseTo(1, 1);
	});

	test("are as many at a very high rate as was asked for", () => {
		const arrivals = arrivalsOf({ shape, ratePerSecond: 1_000_000 }, 200_000);
		const spanUs = arrivals.at(-1) ?? 0;
		if (shape === "uniform" || shape === "poisson") expect(200_000 / spanUs).toBeCloseTo(1, 1);
	});
});

test("uniform arrivals come at equal gaps, without the rounding adding up", () => {
	expect(arrivalsOf({ shape: "uniform", ratePerSecond: 3 }, 6)).toEqual([333_333, 666_666, 1_000_000, 1_333_333, 1_666_666, 2_000_000]);
});

test("a wave's trough and crest have the rates its depth says", () => {
	const arrivals = arrivalsOf({ shape: "wave" }, 100_000);
	let trough = 0;
	let crest = 0;
	for (let period = 0; period < 9; period++) {
		const startUs = period * 10_000_000;
		trough += countIn(arrivals, startUs, startUs + 100_000) + countIn(arrivals, startUs + 9_900_000, startUs + 10_000_000);
		crest += countIn(arrivals, startUs + 4_900_000, startUs + 5_100_000);
	}
	// 0.2 and 1.8 times 1000 a second over nine times 0.2 s: 360 and 3240, a little towards the middle.
	expect(trough / 1_800).toBeCloseTo(0.21, 1);
	expect(crest / 1_800).toBeCloseTo(1.79, 1);
});

test("a burst has the factor over the quiet time that was asked for", () => {
	const arrivals = arrivalsOf({ shape: "burst" }, 100_000);
	let quiet = 0;
	let rush = 0;
	for (let period = 0; period < 9; period++) {
		quiet += countIn(arrivals, period * 10_000_000, period * 10_000_000 + 9_000_000);
		rush += countIn(arrivals, period * 10_000_000 + 9_000_000, (period + 1) * 10_000_000);
	}
	expect((9 * rush) / quiet).toBeGreaterThan(4.7);
	expect((9 * rush) / quiet).toBeLessThan(5.3);
});

test("bending leaves the ends of every period where they are, and keeps the order", () => {
	const shapes = fc.constantFrom("wave" as const, "burst" as const);
	fc.assert(
		fc.property(
			shapes,
			fc.double({ min: 0, max: 1, noNaN: true }),
			fc.double({ min: 1, max: 1_000, noNaN: true }),
			fc.array(fc.nat(50_000_000), { minLength: 2 }),
			(shape, waveDepth, burstFactor, instants) => {
				const bent: ArrivalModel = { ...model, shape, waveDepth, burstFactor };
				for (let period = 0; period < 5; period++) expect(bentUs(bent, period * 10_000_000)).toBeCloseTo(period * 10_000_000, 0);
				const sorted = [...instants].sort((a, b) => a - b).map((atUs) => bentUs(bent, atUs));
				for (let i = 1; i < sorted.length; i++) expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(-0.01);
			},
		),
		{ seed: 41 },
	);
});

test.each([
	[{}, "crowd: target is missing; expected a text"],
	[{ target: "b", visitors: 1_000_001 }, "crowd: visitors must be a whole number from 1 to 1000000; got 1000001"],
	[{ target: "b", burstLength: "10s" }, "crowd: burstLength must be shorter than burstPeriod"],
	[{ target: "b", workShape: "heavy" }, "crowd: workShape must be given together with meanWork"],
	[{ target: "b", shape: "wavy" }, "did you mean wave?"],
	[{ target: "b", rate: 3 }, 'crowd: unknown key "rate"'],
])("the configuration %o is refused", (config, message) => {
	expect(() => readCrowdConfig(config)).toThrow(message);
});

test("durations of the configuration become microseconds", () => {
	expect(readCrowdConfig({ target: "b", timeout: "1.5s", meanWork: 3_000 })).toMatchObject({
		timeoutUs: 1_500_000,
		work: { meanUs: 3_000, shape: "constant" },
	});
});
