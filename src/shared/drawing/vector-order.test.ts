/** Vector clocks of what is in sight. */
import { expect, test } from "vitest";
import { clockText, vectorClocks, weightOf } from "./vector-order.ts";

const event = (index: number, node: number) => ({ index, node });
/** a: 0 send, 3 local. b: 1 local, 2 receives 0, 4 sends. c: 5 local, 6 receives 4. */
const events = [event(0, 0), event(1, 1), event(2, 1), event(3, 0), event(4, 1), event(5, 2), event(6, 2)];
const clocks = vectorClocks(
	events,
	[
		{ sentIndex: 0, endIndex: 2 },
		{ sentIndex: 4, endIndex: 6 },
		{ sentIndex: 3, endIndex: -1 },
	],
	3,
);
const at = (index: number): number[] => [...(clocks.get(index) ?? [])];

test("each node counts its own events, and takes over what a message brings", () => {
	expect(at(0)).toEqual([1, 0, 0]);
	expect(at(2)).toEqual([1, 2, 0]);
	expect(at(3)).toEqual([2, 0, 0]);
	expect(at(6)).toEqual([1, 3, 2]);
});

test("weights grow along every causal path, and concurrent events have clocks that are neither less", () => {
	for (const [before, after] of [
		[0, 2],
		[2, 4],
		[4, 6],
		[0, 3],
	] as const)
		expect(weightOf(clocks.get(before) as Uint32Array)).toBeLessThan(weightOf(clocks.get(after) as Uint32Array));
	expect(at(3).some((count, i) => count > (at(6)[i] as number))).toBe(true);
	expect(at(6).some((count, i) => count > (at(3)[i] as number))).toBe(true);
});

test("events of no node have no clock, and a clock is written for the lanes that are shown", () => {
	expect(vectorClocks([event(0, -1)], [], 2).size).toBe(0);
	expect(clockText(clocks.get(6) as Uint32Array, [2, 0])).toBe("(2 1)");
});
