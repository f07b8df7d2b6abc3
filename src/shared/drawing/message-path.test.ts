import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { besideLine, distance, pointAlong, progressOf, Routes } from "./message-path.ts";

const line = [
	{ x: 0, y: 0 },
	{ x: 100, y: 0 },
	{ x: 100, y: 300 },
];

describe("a message on its way", () => {
	test("is where its time says: true proportion", () => {
		const flight = { sentUs: 1_000, endUs: 5_000, outcome: "delivered" } as const;
		expect(progressOf(flight, 999, 1)).toBeUndefined();
		expect(progressOf(flight, 2_000, 1)).toBe(0.25);
		expect(progressOf(flight, 5_000, 1)).toBe(1);
		expect(progressOf(flight, 5_001, 1)).toBeUndefined();
	});

	test("whose end nobody knows yet goes at the usual pace and waits before the end", () => {
		const flight = { sentUs: 0, endUs: undefined, outcome: "inFlight" } as const;
		expect(progressOf(flight, 500, 1_000)).toBe(0.5);
		expect(progressOf(flight, 90_000, 1_000)).toBeLessThan(1);
	});

	test("goes along its links, each with its share", () => {
		expect(pointAlong(line, 0)).toEqual({ x: 0, y: 0 });
		expect(pointAlong(line, 0.25)).toEqual({ x: 100, y: 0 });
		expect(pointAlong(line, 1)).toEqual({ x: 100, y: 300 });
		expect(pointAlong(line, 0.5, [1, 1])).toEqual({ x: 100, y: 0 });
	});

	test("never jumps: a small step in time is a small step on the drawing", () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (ratio) => {
				expect(distance(pointAlong(line, ratio), pointAlong(line, ratio + 0.01))).toBeLessThanOrEqual(4.001);
			}),
			{ seed: 7 },
		);
	});

	test("keeps to its side of the line: the reply to the other one", () => {
		const [a, b] = [line[0]!, line[1]!];
		expect(besideLine(a, b, { x: 50, y: 0 }, 5)).toEqual({ x: 50, y: 5 });
		expect(besideLine(b, a, { x: 50, y: 0 }, 5)).toEqual({ x: 50, y: -5 });
	});
});

describe("routes", () => {
	const routes = new Routes(5, [
		{ a: 0, b: 1, costUs: 10 },
		{ a: 1, b: 2, costUs: 10 },
		{ a: 0, b: 2, costUs: 50 },
		{ a: 3, b: 2, costUs: 1 },
	]);

	test("take the cheapest way, not the shortest", () => {
		expect(routes.between(0, 2)).toEqual([0, 1, 2]);
		expect(routes.between(3, 0)).toEqual([3, 2, 1, 0]);
	});

	test("say when there is none, and stay at home when that is the way", () => {
		expect(routes.between(0, 4)).toEqual([]);
		expect(routes.between(2, 2)).toEqual([2]);
	});
});
