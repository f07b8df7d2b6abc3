import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aroundWithin, closerStretch, movedUs, orderedEvents, partAround, sideOf } from "./order-part.ts";

describe("the part of too many events that is drawn by order", () => {
	test("is as large as may be, and has no more of either side than there is", () => {
		const sizes = fc.record({ before: fc.nat(5_000), after: fc.nat(5_000) });
		fc.assert(
			fc.property(sizes, fc.boolean(), fc.integer({ min: 1, max: 3_000 }), (there, isPlaying, countMax) => {
				const { before, after } = partAround(there, { countMax, isPlaying });
				expect(before + after).toBe(Math.min(countMax, there.before + there.after));
				expect(before >= 0 && after >= 0 && before <= there.before && after <= there.after).toBe(true);
			}),
			{ seed: 11, numRuns: 300 },
		);
	});

	test("is larger on a wide drawing, within bounds, and not another one with every pixel", () => {
		expect([50, 780, 793, 820, 1_240, 9_000].map(orderedEvents)).toEqual([400, 800, 800, 800, 1_250, 1_500]);
	});

	test("lies around the instant that stands, and for the most part before one that goes on", () => {
		const there = { before: 9_000, after: 9_000 };
		expect(partAround(there, { countMax: 1_000, isPlaying: false })).toEqual({ before: 500, after: 500 });
		expect(partAround(there, { countMax: 1_000, isPlaying: true })).toEqual({ before: 800, after: 200 });
	});

	test("is the newest at the end of a log, and the oldest at its beginning", () => {
		expect(partAround({ before: 9_000, after: 0 }, { countMax: 1_000, isPlaying: true })).toEqual({ before: 1_000, after: 0 });
		expect(partAround({ before: 10, after: 9_000 }, { countMax: 1_000, isPlaying: false })).toEqual({ before: 10, after: 990 });
	});

	test("is called what it is", () => {
		expect(sideOf({ before: 1_000, after: 0 }, { before: 9_000, after: 0 })).toBe("last");
		expect(sideOf({ before: 10, after: 990 }, { before: 10, after: 9_000 })).toBe("first");
		expect(sideOf({ before: 500, after: 500 }, { before: 9_000, after: 9_000 })).toBe("between");
	});

	test("lies in the middle of what is in sight when the instant is not", () => {
		expect(aroundWithin(30, { fromUs: 10, toUs: 50 })).toBe(30);
		expect(aroundWithin(90, { fromUs: 10, toUs: 51 })).toBe(30);
	});

	test("moves by its own length with the width of the drawing", () => {
		const part = { firstUs: 2_000, lastUs: 3_000 };
		expect([movedUs(2_500, 800, part, 800), movedUs(2_500, -400, part, 800)]).toEqual([3_500, 2_000]);
	});

	test("is come closer to around the instant, and nothing beside it comes into sight", () => {
		const part = { firstUs: 2_000, lastUs: 3_000 };
		expect(closerStretch(part, { atUs: 2_500, factor: 2 })).toEqual({ fromUs: 2_250, toUs: 2_750 });
		expect(closerStretch(part, { atUs: 3_000, factor: 2 })).toEqual({ fromUs: 2_500, toUs: 3_000 });
		expect(closerStretch(part, { atUs: 1_000, factor: 2 })).toEqual({ fromUs: 2_000, toUs: 2_500 });
	});
});
