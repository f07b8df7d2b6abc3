import { expect, test } from "vitest";
import { nextSpeed, positionMax, positionOf, speedAt, speedText } from "./speed-scale.ts";

test("the slider begins at 0.01x, has 1x in its middle and ends as fast as it can", () => {
	expect(speedAt(0)).toBe(0.01);
	expect(speedAt(48)).toBe(1);
	expect(speedAt(96)).toBe(100);
	expect(speedAt(positionMax)).toBe("max");
});

test("every position is found again by its speed", () => {
	for (let position = 0; position <= 96; position++) expect(Math.abs(positionOf(speedAt(position)) - position)).toBeLessThanOrEqual(1);
	expect(positionOf("max")).toBe(positionMax);
});

test("speeds beyond the slider are shown at its ends", () => {
	expect(positionOf(0.0001)).toBe(0);
	expect(positionOf(5_000)).toBe(96);
});

test("keys go from stop to stop and stay at the ends", () => {
	expect(nextSpeed(1, 1)).toBe(2);
	expect(nextSpeed(1.3, -1)).toBe(1);
	expect(nextSpeed(100, 1)).toBe("max");
	expect(nextSpeed("max", 1)).toBe("max");
	expect(nextSpeed("max", -1)).toBe(100);
	expect(nextSpeed(0.01, -1)).toBe(0.01);
});

test("speeds are written with a multiplication sign", () => {
	expect([speedText(0.05), speedText("max")]).toEqual(["0.05×", "max"]);
});
