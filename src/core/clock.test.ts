import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClockModel } from "../shared/plan.ts";
import { usMax } from "../shared/units.ts";
import { NodeClock } from "./clock.ts";
import { Philox } from "./random.ts";

const million = 1_000_000;
const century = 3_155_760_000 * million;

function clockOf(model: ClockModel, bootUs = 0, seed = 1): NodeClock {
	return new NodeClock(model, 0, new Philox(seed), { atUs: bootUs, state: null });
}

describe("models", () => {
	test("a perfect clock shows the true time, mono from its boot and wall from its offset", () => {
		const clock = clockOf({ kind: "perfect", offsetUs: 500 }, 1_000);
		expect([clock.monoUs(1_000), clock.wallUs(1_000)]).toEqual([0, 1_500]);
		expect([clock.monoUs(3_000), clock.wallUs(3_000)]).toEqual([2_000, 3_500]);
		expect(clock.trueAtMono(2_000)).toBe(3_000);
		expect(clock.nextChangeUs(3_000)).toBe(Number.POSITIVE_INFINITY);
	});

	test("a linear clock gains its parts per million, from time 0 on the wall and from boot on mono", () => {
		const clock = clockOf({ kind: "linear", offsetUs: 0, driftPpm: 200 }, 10 * million);
		expect(clock.wallUs(10 * million)).toBe(10_002_000);
		expect(clock.monoUs(11 * million)).toBe(1_000_200);
	});

	test("a clock may all but stand still, and a timer on it still ends at the first right instant", () => {
		const clock = clockOf({ kind: "linear", offsetUs: 0, driftPpm: -999_999 });
		expect(clock.monoUs(5 * million - 1)).toBe(4);
		expect(clock.trueAtMono(5)).toBe(5 * million);
		expect(clock.trueAtMono(usMax)).toBe(Number.POSITIVE_INFINITY);
	});

	test("a periodic clock is right after every whole period and most wrong at its half", () => {
		const clock = clockOf({ kind: "periodic", offsetUs: 0, amplitudePpm: 1_600, periodUs: 32 * million });
		// Half a period at an average of half the amplitude.
		expect(clock.wallUs(16 * million)).toBe(16 * million + 12_800);
		expect(clock.wallUs(32 * million)).toBe(32 * million);
		expect(clock.wallUs(48 * million)).toBe(48 * million + 12_800);
		expect(clock.nextChangeUs(48 * million)).toBe(49 * million);
	});

	test("a step moves the wall at its instant and never mono", () => {
		const clock = clockOf({ kind: "step", offsetUs: 0, stepUs: -300, atUs: 1_000 });
		expect([clock.wallUs(999), clock.wallUs(1_000), clock.monoUs(1_000)]).toEqual([999, 700, 1_000]);
	});

	test("a strobe jumps there and back every period", () => {
		const clock = clockOf({ kind: "strobe", offsetUs: 0, amplitudeUs: 50, periodUs: 100 });
		expect([0, 99, 100, 199, 200, 300].map((atUs) => clock.wallUs(atUs) - atUs)).toEqual([0, 0, 50, 50, 0, 50]);
	});

	test("a random walk starts at zero, moves by at most its step a period, and stays within its limit", () => {
		const clock = clockOf({ kind: "randomWalk", offsetUs: 0, stepPpm: 30, limitPpm: 100, periodUs: million });
		const readings = Array.from({ length: 5_001 }, (_, second) => clock.monoUs(second * million) as number);
		const drifts = readings.slice(1).map((reading, i) => reading - (readings[i] as number) - million);
		expect(drifts[0]).toBe(0);
		for (let i = 1; i < drifts.length; i++) expect(Math.abs((drifts[i] as number) - (drifts[i - 1] as number))).toBeLessThanOrEqual(30);
		expect(Math.max(...drifts)).toBe(100);
		expect(Math.min(...drifts)).toBe(-100);
	});

	test("a random walk is the node's own and the seed's", () => {
		const model: ClockModel = { kind: "randomWalk", offsetUs: 0, stepPpm: 50, limitPpm: 500, periodUs: million };
		const readingOf = (node: number, seed: number): number => new NodeClock(model, node, new Philox(seed), { atUs: 0, state: null }).wallUs(1_000 * million);
		expect(readingOf(1, 1)).toBe(readingOf(1, 1));
		expect(readingOf(1, 1)).not.toBe(readingOf(2, 1));
		expect(readingOf(1, 1)).not.toBe(readingOf(1, 2));
	});

	test.each<ClockModel>([
		{ kind: "linear", offsetUs: 0, driftPpm: -1_000_000 },
		{ kind: "linear", offsetUs: 0, driftPpm: 1_000_001 },
		{ kind: "linear", offsetUs: 0, driftPpm: 0.5 },
		{ kind: "periodic", offsetUs: 0, amplitudePpm: 1_000_000, periodUs: 100 },
		{ kind: "periodic", offsetUs: 0, amplitudePpm: 1, periodUs: 0 },
		{ kind: "randomWalk", offsetUs: 0, stepPpm: 1, limitPpm: 1_000_000, periodUs: 1 },
		{ kind: "randomWalk", offsetUs: 0, stepPpm: -1, limitPpm: 1, periodUs: 1 },
		{ kind: "strobe", offsetUs: 0, amplitudeUs: 1, periodUs: 0 },
	])("%j is no clock", (model) => {
		expect(() => clockOf(model)).toThrow("invariant");
	});
});

describe("commands and reboots", () => {
	test("a step by command moves the wall and not mono", () => {
		const clock = clockOf({ kind: "perfect", offsetUs: 0 });
		clock.step(2 * million);
		clock.step(-500);
		expect([clock.wallUs(1_000), clock.monoUs(1_000)]).toEqual([2_000_500, 1_000]);
	});

	test("a forced drift replaces the model's from its instant on, without a jump", () => {
		const clock = clockOf({ kind: "linear", offsetUs: 0, driftPpm: 1_000 });
		clock.setDrift(-500_000, 10 * million);
		expect(clock.monoUs(10 * million)).toBe(10_010_000);
		expect(clock.monoUs(12 * million)).toBe(11_010_000);
		expect(clock.trueAtMono(11_010_000)).toBe(12 * million);
		clock.setDrift(0, 12 * million);
		expect(clock.monoUs(13 * million)).toBe(12_010_000);
	});

	test("a forced drift lasts, whatever segments the model would go through", () => {
		for (const model of [
			{ kind: "periodic", offsetUs: 0, amplitudePpm: 5_000, periodUs: million },
			{ kind: "randomWalk", offsetUs: 0, stepPpm: 5_000, limitPpm: 50_000, periodUs: million },
		] as const) {
			const clock = clockOf(model);
			clock.setDrift(100, 0);
			expect(clock.nextChangeUs(0)).toBe(Number.POSITIVE_INFINITY);
			expect(clock.monoUs(50 * million)).toBe(50_005_000);
		}
	});

	test("the wall runs on across a reboot and mono starts again", () => {
		const model: ClockModel = { kind: "randomWalk", offsetUs: 77, stepPpm: 500, limitPpm: 5_000, periodUs: 300_000 };
		const philox = new Philox(3);
		const first = new NodeClock(model, 4, philox, { atUs: 0, state: null });
		const reference = new NodeClock(model, 4, philox, { atUs: 0, state: null });
		for (const clock of [first, reference]) clock.step(1_234);
		const second = new NodeClock(model, 4, philox, { atUs: 7_654_321, state: first.state(5_000_000) });
		expect(second.monoUs(7_654_321)).toBe(0);
		expect(second.wallUs(9_999_999)).toBe(reference.wallUs(9_999_999));
		for (const clock of [second, reference]) clock.setDrift(-123, 10_000_001);
		const third = new NodeClock(model, 4, philox, { atUs: 20_000_000, state: second.state(15_000_000) });
		expect(third.wallUs(33_333_333)).toBe(reference.wallUs(33_333_333));
	});

	test("no clock is read back beyond a change of drift", () => {
		const clock = clockOf({ kind: "perfect", offsetUs: 0 });
		clock.setDrift(5, 1_000);
		expect(() => clock.monoUs(999)).toThrow("back in time");
	});
});

describe("centuries", () => {
	test("285 years of drift lose no microsecond", () => {
		for (const driftPpm of [-999_999, -7, -1]) {
			const clock = clockOf({ kind: "linear", offsetUs: 0, driftPpm });
			const expected = (BigInt(usMax) * BigInt(million + driftPpm)) / BigInt(million);
			expect(BigInt(clock.monoUs(usMax))).toBe(expected);
		}
	});

	test.each<ClockModel>([
		{ kind: "perfect", offsetUs: 0 },
		{ kind: "linear", offsetUs: 0, driftPpm: 7 },
		{ kind: "linear", offsetUs: 0, driftPpm: -7 },
		{ kind: "periodic", offsetUs: 0, amplitudePpm: 7, periodUs: million },
		{ kind: "randomWalk", offsetUs: 0, stepPpm: 1, limitPpm: 7, periodUs: million },
	])("%j never shows what lies beyond the end of time", (model) => {
		const clock = clockOf(model, 5 * million);
		expect(clock.trueAtMono(usMax)).toBe(Number.POSITIVE_INFINITY);
		expect(clock.trueAtMono(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
	});

	test("a slow clock's far timer ends at the last instant there is, or never", () => {
		const clock = clockOf({ kind: "perfect", offsetUs: 0 });
		clock.setDrift(-500_000, usMax - 4 * million - 1);
		const monoUs = usMax - 4 * million - 1;
		expect(clock.trueAtMono(monoUs + 2 * million)).toBe(usMax - 1);
		expect(clock.trueAtMono(monoUs + 2 * million + 1)).toBe(Number.POSITIVE_INFINITY);
	});

	test("a periodic clock at the end of time finds its last instants", () => {
		const clock = clockOf({ kind: "periodic", offsetUs: 0, amplitudePpm: 1_600, periodUs: 32 * million });
		const lastUs = clock.trueAtMono(usMax - 20_000);
		expect(lastUs).toBeLessThanOrEqual(usMax);
		expect(clock.monoUs(lastUs)).toBe(usMax - 20_000);
	});

	test("a periodic clock skips centuries in a moment and is where its periods bring it", () => {
		const clock = clockOf({ kind: "periodic", offsetUs: 0, amplitudePpm: 1_600, periodUs: 32 * million });
		const wholePeriods = Math.floor((2 * century) / (32 * million)) * 32 * million;
		expect(clock.wallUs(wholePeriods)).toBe(wholePeriods);
		expect(clock.wallUs(wholePeriods + 16 * million)).toBe(wholePeriods + 16 * million + 12_800);
		expect(clock.trueAtMono(wholePeriods + century)).toBeGreaterThan(wholePeriods);
	});

	test("a random walk looked at too far ahead gives an earlier instant to ask again, not a wrong one", () => {
		const clock = clockOf({ kind: "randomWalk", offsetUs: 0, stepPpm: 10, limitPpm: 1_000, periodUs: 1_000 });
		const askAgainUs = clock.trueAtMono(1_200 * million);
		expect(askAgainUs).toBeGreaterThan(900 * million);
		expect(clock.monoUs(askAgainUs)).toBeLessThan(1_200 * million);
		const exactUs = clock.trueAtMono(1_200 * million);
		expect(clock.monoUs(exactUs - 1)).toBe(1_200 * million - 1);
		expect(clock.monoUs(exactUs)).toBe(1_200 * million);
	});
});

const driftPpm = fc.oneof(fc.integer({ min: -999_999, max: 1_000_000 }), fc.integer({ min: -300, max: 300 }), fc.constantFrom(-999_999, -1, 0, 1));
const periodUs = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1_000, max: 10 * million }));

const model: fc.Arbitrary<ClockModel> = fc
	.tuple(
		fc.integer({ min: -million, max: million }),
		fc.oneof(
			fc.constant({ kind: "perfect" as const }),
			driftPpm.map((ppm) => ({ kind: "linear" as const, driftPpm: ppm })),
			fc.record({ kind: fc.constant("periodic" as const), amplitudePpm: fc.integer({ min: -999_999, max: 999_999 }), periodUs }),
			fc.record({ kind: fc.constant("step" as const), stepUs: fc.integer({ min: -million, max: million }), atUs: fc.nat(5 * million) }),
			fc.record({ kind: fc.constant("strobe" as const), amplitudeUs: fc.integer({ min: -million, max: million }), periodUs }),
			fc.record({
				kind: fc.constant("randomWalk" as const),
				stepPpm: fc.nat(400_000),
				limitPpm: fc.nat(999_999),
				periodUs: fc.integer({ min: 5_000, max: 3 * million }),
			}),
		),
	)
	.map(([offsetUs, rest]) => ({ offsetUs, ...rest }));

/** Instants in order, with gaps from nothing to seconds. */
const instants = fc.array(fc.oneof(fc.nat(3), fc.nat(50_000), fc.nat(2 * million)), { minLength: 2, maxLength: 30 }).map((gaps) => {
	let atUs = 0;
	return gaps.map((gap) => {
		atUs += gap;
		return atUs;
	});
});

const forced = fc.option(fc.tuple(fc.nat(29), driftPpm), { nil: null });

/** The oscillator by adding up every segment with big integers, from the model's definition. */
function slowOscillator(atUs: number, driftAt: (segmentStartUs: number) => { ppm: number; endUs: number }): bigint {
	let millionths = 0n;
	let startUs = 0;
	while (startUs < atUs) {
		const { ppm, endUs } = driftAt(startUs);
		const untilUs = Math.min(endUs, atUs);
		millionths += BigInt(untilUs - startUs) * BigInt(million + ppm);
		startUs = untilUs;
	}
	return millionths / BigInt(million);
}

describe("properties", () => {
	test("mono never goes back, and wall minus mono changes only by the steps of model and commands", () => {
		fc.assert(
			fc.property(model, instants, forced, (anyModel, times, force) => {
				const clock = clockOf(anyModel, times[0]);
				let before = { monoUs: 0, gapUs: null as number | null };
				const stepAt = (atUs: number): number => {
					if (anyModel.kind === "step") return atUs >= anyModel.atUs ? anyModel.stepUs : 0;
					if (anyModel.kind === "strobe") return Math.floor(atUs / anyModel.periodUs) % 2 === 1 ? anyModel.amplitudeUs : 0;
					return 0;
				};
				times.forEach((atUs, index) => {
					if (force !== null && force[0] === index) clock.setDrift(force[1], atUs);
					const monoUs = clock.monoUs(atUs);
					const gapUs = clock.wallUs(atUs) - monoUs - stepAt(atUs);
					expect(monoUs).toBeGreaterThanOrEqual(before.monoUs);
					if (before.gapUs !== null) expect(gapUs).toBe(before.gapUs);
					before = { monoUs, gapUs };
				});
			}),
			{ seed: 5, numRuns: 500 },
		);
	});

	test("trueAtMono is the first instant at which mono has arrived, and looking ahead moves nothing", () => {
		fc.assert(
			fc.property(model, instants, forced, fc.nat(5 * million), (anyModel, times, force, aheadUs) => {
				const make = (): NodeClock => clockOf(anyModel, times[0]);
				const clock = make();
				const untouched = make();
				times.forEach((atUs, index) => {
					if (force !== null && force[0] === index) for (const one of [clock, untouched]) one.setDrift(force[1], atUs);
					const nowMonoUs = clock.monoUs(atUs);
					const targetUs = nowMonoUs + 1 + (aheadUs % (index * 50_000 + 1));
					const reachedUs = clock.trueAtMono(targetUs);
					if (index === times.length - 1 && reachedUs !== Number.POSITIVE_INFINITY) {
						expect(reachedUs).toBeGreaterThan(atUs);
						expect(clock.monoUs(reachedUs - 1)).toBeLessThan(targetUs);
						expect(clock.monoUs(reachedUs)).toBeGreaterThanOrEqual(targetUs);
					} else expect(clock.monoUs(atUs)).toBe(untouched.monoUs(atUs));
				});
			}),
			{ seed: 6, numRuns: 500 },
		);
	});

	test("a reading is the exact sum of its segments, however the instants in between are chosen", () => {
		fc.assert(
			fc.property(fc.integer({ min: -999_999, max: 999_999 }), periodUs, instants, (amplitudePpm, period, times) => {
				const anyModel: ClockModel = { kind: "periodic", offsetUs: 0, amplitudePpm, periodUs: period };
				const lastUs = (times.at(-1) as number) % 30_000;
				// What the model's drift is, asked of a clock of its own that only tells its segments.
				const teller = clockOf(anyModel);
				const driftAt = (atUs: number): { ppm: number; endUs: number } => ({ ppm: teller.state(atUs).segment.driftPpm, endUs: teller.nextChangeUs(atUs) });
				const expected = slowOscillator(lastUs, driftAt);
				const direct = clockOf(anyModel);
				expect(BigInt(direct.wallUs(lastUs))).toBe(expected);
				const stepwise = clockOf(anyModel);
				for (const atUs of times) if (atUs < lastUs) stepwise.wallUs(atUs);
				expect(BigInt(stepwise.wallUs(lastUs))).toBe(expected);
			}),
			{ seed: 7, numRuns: 300 },
		);
	});

	test("skipping whole periods agrees with walking through them", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: -999_999, max: 999_999 }),
				fc.integer({ min: 1, max: 3_000 }),
				fc.nat(100_000),
				fc.nat(10_000),
				(amplitudePpm, period, farUs, startUs) => {
					const anyModel: ClockModel = { kind: "periodic", offsetUs: 0, amplitudePpm, periodUs: period };
					const jumping = clockOf(anyModel, startUs);
					const walking = clockOf(anyModel, startUs);
					for (let atUs = startUs; atUs < startUs + farUs; atUs += Math.max(1, Math.floor(period / 3))) walking.monoUs(atUs);
					expect(jumping.monoUs(startUs + farUs)).toBe(walking.monoUs(startUs + farUs));
					expect(jumping.state(startUs + farUs)).toEqual(walking.state(startUs + farUs));
				},
			),
			{ seed: 8, numRuns: 200 },
		);
	});

	test("the next change is where the drift changes", () => {
		fc.assert(
			fc.property(model, instants, (anyModel, times) => {
				const clock = clockOf(anyModel);
				for (const atUs of times) {
					const endUs = clock.nextChangeUs(atUs);
					expect(endUs).toBeGreaterThan(atUs);
					if (endUs === Number.POSITIVE_INFINITY) continue;
					const { segment } = clock.state(Math.max(atUs, endUs - 1));
					expect(clock.state(endUs).segment.index).toBeGreaterThan(segment.index);
					return;
				}
			}),
			{ seed: 9, numRuns: 200 },
		);
	});
});
