import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chartEndUs, wholePoints } from "./chart-span.ts";

const second = 1_000_000;
/** As the lab cuts a stretch of time. */
const gridOf = (toUs: number, points = 120) => ({ fromUs: 0, stepUs: (toUs + 1) / points, points });

describe("points that are whole", () => {
	test("are all of them once the log reaches the end, whatever its length", () => {
		fc.assert(
			fc.property(fc.integer({ min: 120, max: 1e13 }), (toUs) => wholePoints(gridOf(toUs), toUs) === 120),
			{ seed: 1 },
		);
	});

	test("are those whose last microsecond is known", () => {
		// A hundred microseconds a point: 0 to 99, 100 to 199, ...
		const grid = gridOf(11_999);
		expect(wholePoints(grid, 98)).toBe(0);
		expect(wholePoints(grid, 99)).toBe(1);
		expect(wholePoints(grid, 198)).toBe(1);
		expect(wholePoints(grid, 11_998)).toBe(119);
		expect(wholePoints(grid, 50_000)).toBe(120);
	});
});

describe("the end of a chart", () => {
	test("is the end of a run that is over", () => {
		expect(chartEndUs(3_700_123, true)).toBe(3_700_123);
	});

	test("is never beyond the run, and never a hundredth of it behind", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 1e13 }), (us) => {
				const end = chartEndUs(us, false);
				return end <= us && us - end <= us / 100;
			}),
			{ seed: 2 },
		);
		expect(chartEndUs(3_928_123, false)).toBe(3.92 * second);
	});

	test("stands still while a run takes small steps", () => {
		expect(new Set([3_920_000, 3_920_417, 3_929_999].map((us) => chartEndUs(us, false))).size).toBe(1);
	});
});
