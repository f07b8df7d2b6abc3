import { expect, test } from "vitest";
import { hullOf } from "../../shared/drawing/hull.ts";
import { isInside, nearestInDirection } from "./pointing.ts";

const square = [
	{ x: 0, y: 0 },
	{ x: 10, y: 0 },
	{ x: 10, y: 10 },
	{ x: 0, y: 10 },
];

test("a lasso holds what it runs around", () => {
	expect(isInside(square, { x: 5, y: 5 })).toBe(true);
	expect(isInside(square, { x: 15, y: 5 })).toBe(false);
	const bay = [...square, { x: 5, y: 5 }];
	expect(isInside(bay, { x: 2, y: 5 })).toBe(false);
	expect(isInside(bay, { x: 8, y: 5 })).toBe(true);
});

test("arrow keys go to the nearest node that way", () => {
	const places = new Map([
		[0, { x: 0, y: 0 }],
		[1, { x: 100, y: 0 }],
		[2, { x: 60, y: 90 }],
		[3, { x: -50, y: 0 }],
	]);
	const right = { x: 1, y: 0 };
	expect(nearestInDirection(places, 0, right, 4)).toBe(1);
	expect(nearestInDirection(places, 1, right, 4)).toBeUndefined();
	expect(nearestInDirection(places, undefined, right, 4)).toBe(0);
	expect(nearestInDirection(places, 0, { x: 0, y: 1 }, 4)).toBe(2);
	expect(nearestInDirection(places, 0, right, 1)).toBeUndefined();
});

test("the boundary of a group is the smallest convex shape around it", () => {
	expect(hullOf([...square, { x: 5, y: 5 }, { x: 5, y: 0 }])).toHaveLength(4);
	expect(hullOf([{ x: 1, y: 1 }])).toEqual([{ x: 1, y: 1 }]);
});
