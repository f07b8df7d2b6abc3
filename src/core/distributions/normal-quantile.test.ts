import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

// The check values that AS 241 itself gives, and textbook quantiles to ten digits.
test.each([
	[0.25, -0.6744897501960817],
	[0.001, -3.090232306167814],
	[1e-20, -9.262340089798408],
	[0.5, 0],
	[0.975, 1.959963984540054],
	[0.99, 2.326347874040841],
	[0.999, 3.090232306167813],
	[1e-9, -5.997807015007687],
])("the normal quantile at %d is %d", (p, expected) => {
	expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));
});

test("both tails mirror each other and the three formulas meet without a step", () => {
	let before = Number.NEGATIVE_INFINITY;
	for (let i = 1; i < 100_000; i++) {
		const z = normalQuantile(i / 100_000);
		expect(z).toBeGreaterThan(before);
		before = z;
	}
	for (const p of [0.01, 0.075, 0.2, 0.4]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 12);
	// exp(-25): where the second formula hands over to the third.
	const handover = 1.388794386496402e-11;
	expect(Math.abs(normalQuantile(handover * (1 + 1e-12)) - normalQuantile(handover * (1 - 1e-12)))).toBeLessThan(1e-11);
});

test.each([0, 1, -0.5, Number.NaN])("there is no normal quantile at %d", (p) => {
	expect(() => normalQuantile(p)).toThrow("quantile");
});
