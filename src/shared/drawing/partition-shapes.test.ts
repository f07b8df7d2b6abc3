import { expect, test } from "vitest";
import type { NodeSpot } from "./label-places.ts";
import { partShapes } from "./partition-shapes.ts";

const spot = (x: number, y: number): NodeSpot => ({ x, y, radius: 20 });
const row = [spot(0, 0), spot(100, 0), spot(200, 0), spot(300, 0)];

test("a part is one line around its nodes and their words", () => {
	const words = { side: "below" as const, box: { left: -30, right: 30, top: 30, bottom: 90 }, clash: 0, crossed: 0 };
	const shapes = partShapes(
		[
			[0, 1],
			[2, 3],
		],
		row,
		[words],
	);
	expect(shapes.map(({ part }) => part)).toEqual([0, 1]);
	expect(Math.max(...(shapes[0]?.corners ?? []).map(({ y }) => y))).toBeGreaterThan(90);
	expect(Math.max(...(shapes[0]?.corners ?? []).map(({ x }) => x))).toBeLessThan(200);
});

test("a part whose line would hold a node of another has a line around each of its nodes", () => {
	const shapes = partShapes(
		[
			[0, 2],
			[1, 3],
		],
		row,
		[],
	);
	expect(shapes.map(({ part }) => part)).toEqual([0, 0, 1, 1]);
	for (const { part, corners } of shapes) {
		const [left, right] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
		expect(row.filter(({ x }) => x > left && x < right).length, `part ${part}`).toBe(1);
	}
});

test("a part without nodes that are drawn has no line", () => {
	expect(partShapes([[7], []], row, [])).toEqual([]);
});

test("a part's letter stands at the corner with most room, away from the nodes of others", () => {
	const [left, right] = partShapes(
		[
			[0, 1],
			[2, 3],
		],
		row,
		[],
	);
	expect(left?.letter.x).toBeLessThan(0);
	expect(right?.letter.x).toBeGreaterThan(300);
	for (const shape of [left, right]) expect(shape?.corners).toContain(shape?.letter);
});
