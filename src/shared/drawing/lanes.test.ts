import { expect, test } from "vitest";
import { initialOrder, laneHeightPxMax, laneHeightPxMin, lanesBeyond, layOutLanes, moveLane, placeLane, toggleLane } from "./lanes.ts";

const room = { heightPx: 240, topPx: 40 };

test("lanes share the height, and the pointer finds the lane it is over", () => {
	const lanes = layOutLanes(initialOrder(5), room);
	expect(lanes.laneHeightPx).toBe(40);
	expect([0, 1, 4].map((node) => lanes.yOf(node))).toEqual([60, 100, 220]);
	expect([39, 40, 79, 80, 239, 240].map((y) => lanes.nodeAt(y))).toEqual([undefined, 0, 0, 1, 4, undefined]);
});

test("two hundred lanes stay legible: the diagram grows instead", () => {
	const lanes = layOutLanes(initialOrder(200), room);
	expect(lanes.laneHeightPx).toBe(laneHeightPxMin);
	expect(lanes.heightPx).toBe(40 + 200 * laneHeightPxMin);
	expect(layOutLanes(initialOrder(1), room).laneHeightPx).toBe(laneHeightPxMax);
});

test("a hidden lane takes no room and is stepped over when another moves", () => {
	const hidden = toggleLane(initialOrder(4), 1);
	expect(layOutLanes(hidden, room).nodes).toEqual([0, 2, 3]);
	expect(layOutLanes(hidden, room).yOf(1)).toBeUndefined();
	expect(layOutLanes(moveLane(hidden, 0, 1), room).nodes).toEqual([2, 0, 3]);
	expect(layOutLanes(toggleLane(hidden, 1), room).nodes).toEqual([0, 1, 2, 3]);
});

test("nothing moves past the ends, and the last lane cannot be hidden", () => {
	const two = initialOrder(2);
	expect(moveLane(two, 0, -1).order).toEqual([0, 1]);
	expect(moveLane(two, 1, 1).order).toEqual([0, 1]);
	const one = toggleLane(two, 0);
	expect(layOutLanes(toggleLane(one, 1), room).nodes).toEqual([1]);
});

test("a lane that is dragged takes the place of the one it is dragged to", () => {
	const five = initialOrder(5);
	expect(placeLane(five, 1, 3).order).toEqual([0, 2, 3, 1, 4]);
	expect(placeLane(five, 3, 0).order).toEqual([3, 0, 1, 2, 4]);
	expect(placeLane(five, 2, 2).order).toEqual([0, 1, 2, 3, 4]);
	expect(placeLane(five, 2, 9).order).toEqual([0, 1, 2, 3, 4]);
});

test("lanes out of sight are counted on either side, those half in sight not", () => {
	const lanes = layOutLanes(initialOrder(20), { heightPx: 140, topPx: 40 });
	const beyond = (scrollPx: number) => lanesBeyond(lanes, { scrollPx, viewPx: 100 });
	expect(lanes.laneHeightPx).toBe(18);
	expect(beyond(0)).toEqual({ above: 0, below: 14 });
	expect(beyond(90)).toEqual({ above: 5, below: 9 });
	expect(beyond(20 * 18 - 100)).toEqual({ above: 14, below: 0 });
});
