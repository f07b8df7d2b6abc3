import fc from "fast-check";
import { expect, test } from "vitest";
import { compareFlights, Flight } from "./flight.ts";
import { FlightHeap } from "./flight-heap.ts";

interface Key {
	readonly atUs: number;
	readonly vertex: number;
	readonly tie: number;
	readonly from: number;
	readonly sequence: number;
	readonly copy: number;
}

/** Small ranges, so that every part of the key comes to decide. */
const key = fc.record({
	atUs: fc.constantFrom(0, 1, 2_147_483_648, 9_007_199_254_740_991),
	vertex: fc.integer({ min: 0, max: 2 }),
	tie: fc.constantFrom(0, 5, 4_294_967_295),
	from: fc.integer({ min: 0, max: 2 }),
	sequence: fc.integer({ min: 1, max: 3 }),
	copy: fc.integer({ min: 0, max: 1 }),
});

const partsOf = ({ atUs, vertex, tie, from, sequence, copy }: Key): number[] => [atUs, vertex, tie, from, sequence, copy];
const distinctKeys = fc.uniqueArray(key, { selector: (one) => partsOf(one).join(), maxLength: 80 });

function drain(heap: FlightHeap): number[][] {
	const out: number[][] = [];
	while (heap.size > 0) out.push(partsOf(heap.pop()));
	return out;
}

function byParts(a: number[], b: number[]): number {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
	return 0;
}

test("flights come out in key order, whatever the order they went in", () => {
	fc.assert(
		fc.property(
			distinctKeys.chain((keys) => fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length }))),
			([keys, shuffled]) => {
				const heap = new FlightHeap();
				for (const one of shuffled) heap.push(Object.assign(new Flight(), one));
				expect(heap.nextUs).toBe(Math.min(Number.POSITIVE_INFINITY, ...keys.map(({ atUs }) => atUs)));
				expect(drain(heap)).toEqual(keys.map(partsOf).sort(byParts));
			},
		),
		{ seed: 11, numRuns: 300 },
	);
});

test("taking some flights out leaves the others in order", () => {
	fc.assert(
		fc.property(distinctKeys, fc.integer({ min: 0, max: 3 }), (keys, sequence) => {
			const heap = new FlightHeap();
			for (const one of keys) heap.push(Object.assign(new Flight(), one));
			const taken = heap.extract((flight) => flight.sequence === sequence);
			expect(taken.sort(compareFlights).map(partsOf)).toEqual(
				keys
					.filter((one) => one.sequence === sequence)
					.map(partsOf)
					.sort(byParts),
			);
			expect(drain(heap)).toEqual(
				keys
					.filter((one) => one.sequence !== sequence)
					.map(partsOf)
					.sort(byParts),
			);
		}),
		{ seed: 12, numRuns: 300 },
	);
});

test("a heap grows past its first room", () => {
	const heap = new FlightHeap();
	for (let i = 0; i < 2_000; i++) heap.push(Object.assign(new Flight(), { atUs: (i * 7_919) % 2_000, sequence: i }));
	expect(drain(heap).map(([atUs]) => atUs)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
});
