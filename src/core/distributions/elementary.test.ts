import fc from "fast-check";
import { expect, test } from "vitest";
import { exponential, naturalLog } from "./elementary.ts";

/** Four units in the last place: the platform's functions, our reference here, may be off by one themselves. */
const tolerance = 4 * Number.EPSILON;

test("the logarithm agrees with the platform's to the last bits", () => {
	fc.assert(
		fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (x) => {
			const reference = Math.log(x);
			expect(Math.abs(naturalLog(x) - reference)).toBeLessThanOrEqual(tolerance * Math.abs(reference));
		}),
		{ seed: 1, numRuns: 5_000 },
	);
	expect(naturalLog(1)).toBe(0);
});

test("the exponential agrees with the platform's to the last bits", () => {
	fc.assert(
		fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
			const reference = Math.exp(x);
			expect(Math.abs(exponential(x) - reference)).toBeLessThanOrEqual(tolerance * reference);
		}),
		{ seed: 2, numRuns: 5_000 },
	);
	expect(exponential(0)).toBe(1);
	expect(exponential(-1_000)).toBe(0);
	expect(exponential(1_000)).toBe(Number.POSITIVE_INFINITY);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("there is no logarithm of %d", (x) => {
	expect(() => naturalLog(x)).toThrow("logarithm");
});
