import { expect, test } from "vitest";
import { bucketCount, collapseRuns, detailLevel, eventsDrawnMax } from "./detail-level.ts";

test("a million events are drawn as shades, a few as themselves", () => {
	expect(detailLevel(200, undefined)).toBe("events");
	expect(detailLevel(1_000_000, undefined)).toBe("density");
});

test("at the limit the drawing does not flicker", () => {
	expect(detailLevel(eventsDrawnMax + 1, "density")).toBe("density");
	expect(detailLevel(eventsDrawnMax + 1, "events")).toBe("events");
	expect(detailLevel(eventsDrawnMax * 2, "events")).toBe("density");
});

test("there are a few hundred shades in a row at most", () => {
	expect([bucketCount(10), bucketCount(900), bucketCount(10_000)]).toEqual([20, 300, 600]);
});

test("events nearer than a gap become one counted circle", () => {
	expect(collapseRuns([0, 2, 4, 30, 60, 61], 10)).toEqual([
		{ from: 0, to: 2, xPx: 2, count: 3 },
		{ from: 3, to: 3, xPx: 30, count: 1 },
		{ from: 4, to: 5, xPx: 60.5, count: 2 },
	]);
	expect(collapseRuns([], 10)).toEqual([]);
});
