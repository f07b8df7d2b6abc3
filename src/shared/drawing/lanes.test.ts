import { expect, test } from "vitest";
import { initialOrder, laneHeightPxMax, laneHeightPxMin, layOutLanes, moveLane, toggleLane } from "./lanes.ts";

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
