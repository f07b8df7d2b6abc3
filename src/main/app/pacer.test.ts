import { describe, expect, test } from "vitest";
import { Pacer } from "./pacer.ts";

describe("the pace of a run", () => {
	test("is its speed times the wall time since it began", () => {
		const pacer = new Pacer(2, 1_000, 0);
		expect(pacer.targetUs(1_000, 0)).toBe(0);
		expect(pacer.targetUs(1_100, 0)).toBe(200_000);
		expect(new Pacer(0.01, 0, 0).targetUs(100, 0)).toBe(1_000);
	});

	test("has no bound at full speed, and nothing to wait for", () => {
		const pacer = new Pacer("max", 0, 0);
		expect(pacer.targetUs(0, 0)).toBe(Number.POSITIVE_INFINITY);
		expect(pacer.msUntil(5_000_000, 0)).toBe(0);
	});

	test("says how long to wait for an instant", () => {
		const pacer = new Pacer(0.5, 0, 1_000_000);
		expect(pacer.msUntil(1_050_000, 0)).toBe(100);
		expect(pacer.msUntil(1_050_000, 60)).toBe(40);
		expect(pacer.msUntil(900_000, 60)).toBe(0);
	});

	test("starts anew from where the run is when a machine slept or cannot keep up", () => {
		const pacer = new Pacer(1, 0, 0);
		const target = pacer.targetUs(10_000, 0);
		expect(target).toBeLessThanOrEqual(250_000);
		expect(pacer.targetUs(10_010, 0)).toBe(10_000);
	});

	test("changes at once, without a jump", () => {
		const pacer = new Pacer(1, 0, 0);
		pacer.anchor(100, 100_000, 10);
		expect(pacer.targetUs(100, 100_000)).toBe(100_000);
		expect(pacer.targetUs(110, 100_000)).toBe(200_000);
		expect(pacer.speed).toBe(10);
	});
});
