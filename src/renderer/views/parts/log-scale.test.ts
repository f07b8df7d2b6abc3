import { expect, test } from "vitest";
import { nanosText, ratioOn, ticksOn } from "./log-scale.ts";

const scale = { fromNs: 1, toNs: 1e9 };

test("a thousand times longer is a third further, and what lies outside is at the ends", () => {
	expect(ratioOn(scale, 1e3)).toBeCloseTo(1 / 3, 9);
	expect(ratioOn(scale, 1e6)).toBeCloseTo(2 / 3, 9);
	expect([ratioOn(scale, 0), ratioOn(scale, -5), ratioOn(scale, Number.NaN), ratioOn(scale, 1e12)]).toEqual([0, 0, 0, 1]);
});

test("ticks are at nano-, micro-, milliseconds and seconds, as far as the scale goes", () => {
	expect(ticksOn(scale).map(({ text }) => text)).toEqual(["1 ns", "1 µs", "1 ms", "1 s"]);
	expect(ticksOn({ fromNs: 1e3, toNs: 1e8 }).map(({ text }) => text)).toEqual(["1 µs", "1 ms"]);
});

test("a span is said in the unit that fits it", () => {
	expect([1.8, 12, 999, 20_900, 350_000, 19_300_000, 1.6e9].map(nanosText)).toEqual(["1.8 ns", "12 ns", "999 ns", "21 µs", "350 µs", "19 ms", "1.6 s"]);
});
