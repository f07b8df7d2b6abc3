import { expect, test } from "vitest";
import { LocalClocks } from "./local-clocks.ts";

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
