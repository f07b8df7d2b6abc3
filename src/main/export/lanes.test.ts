import fc from "fast-check";
import { expect, it } from "vitest";
import { Lanes } from "./lanes.ts";

it("nothing overlaps on a lane, and there are no more lanes than things at one time", () => {
	const spans = fc.array(fc.tuple(fc.nat(1_000), fc.nat(200)), { maxLength: 200 });
	fc.assert(
		fc.property(spans, (pairs) => {
			const lanes = new Lanes();
			// In order of their ends, as a log tells of them.
			const intervals = pairs.map(([startUs, durationUs]) => ({ startUs, endUs: startUs + durationUs })).sort((a, b) => a.endUs - b.endUs);
			const placed = intervals.map((interval) => ({ ...interval, lane: lanes.place(interval.startUs, interval.endUs) }));
			for (const [i, a] of placed.entries())
				for (const b of placed.slice(i + 1)) if (a.lane === b.lane) expect(a.endUs <= b.startUs || b.endUs <= a.startUs).toBe(true);
			const isEmpty = ({ startUs, endUs }: { readonly startUs: number; readonly endUs: number }) => startUs === endUs;
			const atOnce = intervals.map(({ startUs }) => intervals.filter((other) => other.startUs <= startUs && (startUs < other.endUs || isEmpty(other))).length);
			expect(lanes.count).toBeLessThanOrEqual(Math.max(0, ...atOnce));
		}),
		{ seed: 3, numRuns: 100 },
	);
});

it("a lane that was left is taken again, the lowest first", () => {
	const lanes = new Lanes();
	expect([lanes.enter(0), lanes.enter(0), lanes.enter(1)]).toEqual([0, 1, 2]);
	lanes.leave(1, 5);
	lanes.leave(0, 7);
	expect([lanes.enter(5), lanes.enter(6), lanes.enter(7)]).toEqual([1, 3, 0]);
});
