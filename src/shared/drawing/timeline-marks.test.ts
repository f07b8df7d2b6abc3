import { expect, test } from "vitest";
import { shadeRatio } from "./timeline-marks.ts";

test("one event is seen beside thousands, and more are higher", () => {
	expect(shadeRatio(0, 1_000)).toBe(0);
	expect(shadeRatio(1, 100_000)).toBeGreaterThan(0.15);
	expect(shadeRatio(10, 1_000)).toBeLessThan(shadeRatio(100, 1_000));
	expect(shadeRatio(1_000, 1_000)).toBe(1);
});
