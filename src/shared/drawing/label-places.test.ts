import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxAround, lengthWithin, overlapOf } from "./boxes.ts";
import { labelBox, type NodeSpot, placeLabels, placeOnLines } from "./label-places.ts";

const size = { width: 60, height: 30 };
const spot = (x: number, y: number): NodeSpot => ({ x, y, radius: 20 });
const sidesOf = (spots: readonly NodeSpot[], lines: Parameters<typeof placeLabels>[0]["lines"], kinds?: readonly string[]) =>
	placeLabels({ spots, sizes: spots.map(() => size), lines, ...(kinds && { kinds }) }).placed.map((label) => label?.side);

describe("words beside nodes", () => {
	test("stand below where nothing is in the way", () => {
		expect(sidesOf([spot(0, 0)], [])).toEqual(["below"]);
	});

	test("give way to a node below, and to a line", () => {
		expect(sidesOf([spot(0, 0), spot(0, 50)], [])[0]).toBe("right");
		const down = { from: { x: 0, y: 0 }, to: { x: 0, y: 300 } };
		expect(sidesOf([spot(0, 0)], [down])).toEqual(["right"]);
	});

	test("of one kind stand alike where nothing is lost by it", () => {
		const column = [spot(0, 0), spot(0, 55), spot(0, 110)];
		expect(sidesOf(column, [])).toEqual(["right", "right", "below"]);
		expect(sidesOf(column, [], ["web", "web", "web"])).toEqual(["right", "right", "right"]);
		expect(sidesOf(column, [], ["web", "web", "store"])).toEqual(["right", "right", "below"]);
	});

	test("that have another free side lie on no node and on no other words", () => {
		const place = fc.record({ x: fc.integer({ min: 0, max: 12 }), y: fc.integer({ min: 0, max: 12 }) });
		fc.assert(
			fc.property(fc.uniqueArray(place, { maxLength: 12, selector: ({ x, y }) => `${x} ${y}` }), (places) => {
				// So far apart that one side at least is always free.
				const spots = places.map(({ x, y }) => spot(x * 160, y * 110));
				const { placed } = placeLabels({ spots, sizes: spots.map(() => size), lines: [] });
				for (const [i, label] of placed.entries()) {
					expect(label?.clash).toBe(0);
					for (const [j, other] of placed.entries()) if (i !== j && label && other) expect(overlapOf(label.box, other.box)).toBe(0);
				}
			}),
			{ seed: 3, numRuns: 60 },
		);
	});

	test("touch their node on no side", () => {
		const body = { left: -20, right: 20, top: -20, bottom: 20 };
		for (const side of ["below", "right", "left", "above"] as const) expect(overlapOf(labelBox(spot(0, 0), side, size), body)).toBe(0);
	});
});

describe("words about lines", () => {
	const level = { from: { x: 0, y: 0 }, to: { x: 300, y: 0 } };

	test("stand upon the middle of their own line, level or steep", () => {
		expect(placeOnLines([level], [{ width: 40, height: 16 }], [])).toEqual([{ x: 150, y: 0 }]);
		const steep = { from: { x: 0, y: 0 }, to: { x: 0, y: 300 } };
		expect(placeOnLines([steep], [{ width: 40, height: 16 }], [])).toEqual([{ x: 0, y: 150 }]);
	});

	test("of a fan lie on one line each, and no other line crosses them", () => {
		const fan = [0, 1, 2, 3, 4].map((i) => ({ from: { x: 0, y: 200 }, to: { x: 400, y: i * 100 } }));
		const size = { width: 40, height: 16 };
		const places = placeOnLines(
			fan,
			fan.map(() => size),
			[],
		);
		places.forEach((at, index) => {
			if (at === undefined) throw new Error("there is room on every line");
			const box = boxAround(at, size);
			for (const [other, { from, to }] of fan.entries()) expect(lengthWithin(from, to, box) > 0).toBe(other === index);
		});
	});

	test("find another place along it, or none", () => {
		const middle = { left: 148, right: 152, top: -40, bottom: 40 };
		const [moved] = placeOnLines([level], [{ width: 40, height: 16 }], [middle]);
		expect(moved && Math.abs(moved.x - 150)).toBeGreaterThan(20);
		const everything = { left: -400, right: 400, top: -400, bottom: 400 };
		expect(placeOnLines([level], [{ width: 40, height: 16 }], [everything])).toEqual([undefined]);
		expect(placeOnLines([{ from: { x: 0, y: 0 }, to: { x: 20, y: 0 } }], [{ width: 40, height: 16 }], [])).toEqual([undefined]);
	});
});

test("a line's length within a box is what is between its sides", () => {
	const box = { left: 10, right: 30, top: -5, bottom: 5 };
	expect(lengthWithin({ x: 0, y: 0 }, { x: 100, y: 0 }, box)).toBeCloseTo(20);
	expect(lengthWithin({ x: 20, y: 0 }, { x: 100, y: 0 }, box)).toBeCloseTo(10);
	expect(lengthWithin({ x: 0, y: 6 }, { x: 100, y: 6 }, box)).toBe(0);
	expect(lengthWithin({ x: 0, y: 0 }, { x: 9, y: 0 }, box)).toBe(0);
});

test("words rather stand where they are to be seen", () => {
	const sight = { left: -200, right: 200, top: -25, bottom: 300 };
	const down = { from: { x: 0, y: 0 }, to: { x: 0, y: 300 } };
	const across = { from: { x: -300, y: 0 }, to: { x: 300, y: 0 } };
	const at = (within?: typeof sight) =>
		placeLabels({ spots: [spot(0, 0)], sizes: [size], lines: Array.from({ length: 5 }, () => [down, across]).flat(), sight: within }).placed[0]?.side;
	expect(at()).toBe("above");
	expect(at(sight)).not.toBe("above");
});
