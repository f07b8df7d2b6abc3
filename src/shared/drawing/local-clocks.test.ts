import fc from "fast-check";
import { expect, test } from "vitest";
import { LocalClocks } from "./local-clocks.ts";
import { clampScale, panBy, xOf } from "./time-scale.ts";

const clocks = new LocalClocks({ fromUs: 1_000, stepUs: 1_000, points: 3, nodes: [4, 7], wallUs: Float64Array.of(1_000, 2_000, 3_000, 1_500, 3_500, 5_500) });

test("a clock that is right shows true time", () => {
	expect([1_000, 1_250, 3_000].map((atUs) => clocks.localUs(4, atUs))).toEqual([1_000, 1_250, 3_000]);
});

test("a clock that runs fast is drawn out, also past its readings", () => {
	expect([1_000, 1_500, 2_000, 3_500].map((atUs) => clocks.localUs(7, atUs))).toEqual([1_500, 2_500, 3_500, 6_500]);
});

test("a node that was not read keeps true time", () => {
	expect(clocks.localUs(0, 123)).toBe(123);
});

/** Half a second behind, and a tenth ahead, over ten seconds. */
const skewed = new LocalClocks({
	fromUs: 0,
	stepUs: 5_000_000,
	points: 3,
	nodes: [0, 1],
	wallUs: Float64Array.of(-500_000, 4_500_000, 9_500_000, 100_000, 5_100_000, 10_100_000),
});
const run = { startUs: 0, endUs: 10_000_000 };

test("what a clock shows that is behind lies before the beginning of the run, and can be panned to", () => {
	const bounds = skewed.boundsOf(run);
	expect(bounds).toEqual({ startUs: -500_000, endUs: 10_100_000 });
	const near = clampScale({ fromUs: 0, toUs: 200_000, widthPx: 1_000 }, bounds);
	const left = panBy(near, -1e9, bounds);
	const x = xOf(left, skewed.localUs(0, 0));
	expect(x).toBeGreaterThanOrEqual(0);
	expect(x).toBeLessThan(1_000);
});

test("an instant is where the middle clock shows it, and is found again by that", () => {
	const three = new LocalClocks({ fromUs: 0, stepUs: 1_000, points: 2, nodes: [0, 1, 2], wallUs: Float64Array.of(-700, 300, 50, 1_050, 9_000, 10_000) });
	expect(three.middleUs(200)).toBe(250);
	expect(three.instantUs(250)).toBe(200);
});

test("of clocks that are right the bounds are those of the run", () => {
	expect(new LocalClocks({ fromUs: 0, stepUs: 5, points: 3, nodes: [0], wallUs: Float64Array.of(0, 5, 10) }).boundsOf({ startUs: 0, endUs: 40 })).toEqual({
		startUs: 0,
		endUs: 40,
	});
});

test("a stretch of their own time is looked for when each of the clocks showed it", () => {
	expect(skewed.trueStretch(-500_000, -300_000)).toEqual({ fromUs: 0, toUs: 200_000 });
	expect(skewed.trueStretch(1_000_000, 2_000_000)).toEqual({ fromUs: 900_000, toUs: 2_500_000 });
	// Past the last reading they go on.
	expect(skewed.trueStretch(12_000_000, 13_000_000)).toEqual({ fromUs: 11_900_000, toUs: 13_500_000 });
	expect(skewed.trueStretch(-9_000_000, -8_000_000)).toEqual({ fromUs: -9_000_000, toUs: -8_000_000 });
});

test("no instant whose reading is in sight is left out of the stretch that is asked for, whatever clocks do", () => {
	const readings = fc.array(fc.integer({ min: -5_000, max: 15_000 }), { minLength: 6, maxLength: 6 });
	fc.assert(
		fc.property(
			readings,
			fc.integer({ min: -6_000, max: 16_000 }),
			fc.integer({ min: 0, max: 4_000 }),
			fc.integer({ min: 0, max: 2_000 }),
			(wallUs, fromUs, spanUs, atUs) => {
				const clocks = new LocalClocks({ fromUs: 0, stepUs: 1_000, points: 3, nodes: [0, 1], wallUs: Float64Array.from(wallUs) });
				const sight = clocks.trueStretch(fromUs, fromUs + spanUs);
				for (const node of [0, 1]) {
					const us = clocks.localUs(node, atUs);
					if (us < fromUs || us > fromUs + spanUs) continue;
					expect(sight.fromUs).toBeLessThanOrEqual(atUs + 0.001);
					expect(sight.toUs).toBeGreaterThanOrEqual(atUs - 0.001);
				}
			},
		),
		{ seed: 7, numRuns: 400 },
	);
});
