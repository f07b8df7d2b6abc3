import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampScale, clockText, panBy, reveal, shortDuration, type TimeScale, tickLabel, ticksOf, usAt, xOf, zoomAt } from "./time-scale.ts";

const bounds = { startUs: 0, endUs: 20_000_000 };
const whole: TimeScale = { fromUs: 0, toUs: 20_000_000, widthPx: 1_000 };

describe("a time scale", () => {
	test("finds the pixel of an instant and the instant of a pixel", () => {
		expect(xOf(whole, 5_000_000)).toBe(250);
		expect(usAt(whole, 250)).toBe(5_000_000);
	});

	test("keeps the instant under the pointer while it zooms, away from the ends", () => {
		fc.assert(
			fc.property(fc.double({ min: 1, max: 100, noNaN: true }), fc.double({ min: 100, max: 900, noNaN: true }), (factor, anchorPx) => {
				const before = usAt(whole, anchorPx);
				const after = usAt(zoomAt(whole, { factor, anchorPx }, bounds), anchorPx);
				expect(Math.abs(after - before)).toBeLessThan(1);
			}),
			{ seed: 7 },
		);
	});

	test("never leaves the run, whatever is done to it", () => {
		const act = fc.oneof(
			fc.record({ factor: fc.double({ min: 0.001, max: 1_000, noNaN: true }), anchorPx: fc.double({ min: 0, max: 1_000, noNaN: true }) }),
			fc.double({ min: -1e6, max: 1e6, noNaN: true }),
		);
		fc.assert(
			fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
				let scale = whole;
				for (const one of acts) scale = typeof one === "number" ? panBy(scale, one, bounds) : zoomAt(scale, one, bounds);
				expect(scale.toUs - scale.fromUs).toBeGreaterThanOrEqual(99.9);
				expect(scale.fromUs).toBeGreaterThanOrEqual(-1_200_000);
				expect(scale.toUs).toBeLessThanOrEqual(21_200_000);
			}),
			{ seed: 7 },
		);
	});

	test("shows the whole run at most, with a margin", () => {
		const { fromUs, toUs } = clampScale({ fromUs: -1e12, toUs: 1e12, widthPx: 500 }, bounds);
		expect(toUs - fromUs).toBeCloseTo(22_000_000);
	});

	test("moves to show an instant only when it has to", () => {
		const near = { fromUs: 1_000_000, toUs: 2_000_000, widthPx: 500 };
		expect(reveal(near, 1_500_000, bounds)).toBe(near);
		const moved = reveal(near, 9_000_000, bounds);
		expect(moved.fromUs).toBeLessThan(9_000_000);
		expect(moved.toUs).toBeGreaterThan(9_000_000);
		expect(moved.toUs - moved.fromUs).toBeCloseTo(1_000_000);
	});
});

describe("ticks", () => {
	test("fall on round instants, far enough apart", () => {
		const ticks = ticksOf(whole, 90);
		expect(ticks.map(({ label }) => label)).toEqual(["0", "2 s", "4 s", "6 s", "8 s", "10 s", "12 s", "14 s", "16 s", "18 s", "20 s"]);
	});

	test("keep their distance at every zoom, and differ from their neighbours", () => {
		fc.assert(
			fc.property(fc.double({ min: 2, max: 10.5, noNaN: true }), fc.integer({ min: 0, max: 3_600_000_000 }), (exponent, fromUs) => {
				const ticks = ticksOf({ fromUs, toUs: fromUs + 10 ** exponent, widthPx: 1_000 }, 90);
				for (let i = 1; i < ticks.length; i++) {
					expect(ticks[i]!.xPx - ticks[i - 1]!.xPx).toBeGreaterThanOrEqual(89.9);
					expect(ticks[i]!.label).not.toBe(ticks[i - 1]!.label);
				}
			}),
			{ seed: 7 },
		);
	});

	test.each([
		[1, 1, "1 µs"],
		[1_500, 500, "1.5 ms"],
		[20_000, 10_000, "20 ms"],
		[6_000_000, 1_000_000, "6 s"],
		[6_250_000, 50_000, "6.25 s"],
		[6_250_100, 100, "6.2501 s"],
		[75_000_000, 5_000_000, "1:15"],
		[3_675_000_000, 15_000_000, "1:01:15"],
		[75_500_000, 500_000, "1:15.5"],
		[-2_000_000, 1_000_000, "-2 s"],
	])("at %d by steps of %d say %s", (atUs, stepUs, said) => {
		expect(tickLabel(atUs, stepUs)).toBe(said);
	});
});

test("ticks of a year, and of thirty, are days, and few enough to be read", () => {
	for (const years of [1, 30]) {
		const toUs = years * 365 * 86_400_000_000;
		const ticks = ticksOf({ fromUs: 0, toUs, widthPx: 1_200 });
		expect(ticks.length).toBeGreaterThan(3);
		expect(ticks.length).toBeLessThan(15);
		for (const { label } of ticks.slice(1)) expect(label).toMatch(/^\d+ d$/);
	}
});

test("the clock has microseconds, told apart from the rest", () => {
	expect(clockText(6_012_345)).toEqual({ main: "00:06.012", fine: "345" });
	expect(clockText(3_601_000_001)).toEqual({ main: "1:00:01.000", fine: "001" });
	expect(clockText(47 * 3_600_000_000).main).toBe("47:00:00.000");
	expect(clockText(104 * 86_400_000_000 + 728_000_000).main).toBe("104 d 00:12:08.000");
});

test.each([
	[0, "0 µs"],
	[840, "840 µs"],
	[3_200, "3.2 ms"],
	[40_000, "40 ms"],
	[1_250_000, "1.25 s"],
	[100_000_000, "1 min 40 s"],
	[-500_000, "-500 ms"],
	[3_600_000_000, "1 h"],
	[7_500_000_000, "2 h 5 min"],
	[31_536_000_000_000, "365 d"],
	[90_000_000_000, "1 d 1 h"],
])("%d microseconds are written as %s", (us, said) => {
	expect(shortDuration(us)).toBe(said);
});
