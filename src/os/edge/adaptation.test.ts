import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferMapOf, nextRendition } from "./adaptation.ts";

const second = 1_000_000;
/** Best first; of a buffer of eight seconds the reservoir is three, and from seven on all may be had. */
const rates = [400, 200, 100];
const map = { reservoirUs: 3 * second, fullUs: 7 * second };
/** What the buffer allows: 100 at three seconds, 400 at seven. */
const at = (previous: number, seconds: number): number => nextRendition(rates, previous, seconds * second, map);

/** @source Huang and others (2014), algorithm 1, line by line */
describe("by the buffer alone", () => {
	test("with no more than the reservoir the poorest is fetched, whatever came before", () => {
		for (const previous of [-1, 0, 1, 2]) expect([at(previous, 0), at(previous, 3)]).toEqual([2, 2]);
	});

	test("with a full buffer the best is fetched, whatever came before", () => {
		for (const previous of [-1, 0, 1, 2]) expect([at(previous, 7), at(previous, 60)]).toEqual([0, 0]);
	});

	test("a better one is fetched once the buffer allows its rate, and not before", () => {
		expect(at(2, 3 + (4 * 99) / 300)).toBe(2);
		expect(at(2, 3 + (4 * 101) / 300)).toBe(1);
		expect(at(1, 6.9)).toBe(1);
	});

	test("a poorer one is fetched once the buffer does not allow its rate, and not before: so it does not hop to and fro", () => {
		expect(at(0, 3 + (4 * 101) / 300)).toBe(0);
		// Down from the best at what allows just the middle one; and to the least of those above what is allowed.
		expect(at(0, 3 + (4 * 99) / 300)).toBe(1);
		expect(at(1, 3.1)).toBe(1);
		expect(at(0, 3.1)).toBe(1);
		expect(at(1, 3)).toBe(2);
	});

	test("from the poorest it may go up by several at once", () => {
		expect(nextRendition([800, 400, 200, 100], 3, 6 * second, map)).toBe(1);
	});

	test("one rendition is one rendition", () => {
		fc.assert(
			fc.property(fc.nat(20), (seconds) => nextRendition([300], 0, seconds * second, map) === 0),
			{ seed: 1 },
		);
	});

	test("what is fetched is there, and with more in the buffer it is never poorer", () => {
		const falling = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 5 }).map((list) => list.sort((a, b) => b - a));
		fc.assert(
			fc.property(falling, fc.nat(5), fc.nat(10 * second), fc.nat(10 * second), (list, previous, oneUs, otherUs) => {
				const before = (previous % (list.length + 1)) - 1;
				const [less, more] = [Math.min(oneUs, otherUs), Math.max(oneUs, otherUs)].map((us) => nextRendition(list, before, us, map)) as [number, number];
				return less >= 0 && less < list.length && more >= 0 && more <= less;
			}),
			{ seed: 7, numRuns: 2_000 },
		);
	});
});

test("the reservoir is three eighths of the buffer, and the best begins at nine tenths (4.2)", () => {
	expect(bufferMapOf(240 * second)).toEqual({ reservoirUs: 90 * second, fullUs: 216 * second });
});
