import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { type Box, overlapOf } from "./boxes.ts";
import { nameSeries, placeHeading } from "./name-series.ts";
import { bringForward } from "./notable-words.ts";
import { layOutTopology } from "./topology-layout.ts";

const measure = (text: string, sizePx: number): number => text.length * sizePx * 0.6;

function laidOut(names: readonly string[], stepPx: { readonly x: number; readonly y: number }, radius: number, sight?: Box) {
	const nodes = names.map((name) => ({ name, role: "member", region: -1 }));
	const plan = { nodes, switches: [], links: [], regions: [] } as unknown as Plan;
	const places = names.map((_, i) => ({ x: (i % 20) * stepPx.x, y: Math.floor(i / 20) * stepPx.y }));
	return layOutTopology(plan, places, radius, names, measure, sight);
}
const names = Array.from({ length: 200 }, (_, i) => `node-${i + 1}`);

test("names of one beginning make a series, two of them do not", () => {
	expect(nameSeries(["crowd", "web-10", "web-9", "store-1", "web-1", "store-2", "7"])).toEqual([
		{ heading: "web-1 … 10", members: [1, 2, 4], numbers: ["10", "9", "1"] },
	]);
});

test("200 nodes without room for names have their numbers beside them, and say once of what", () => {
	const { levels, texts, headings } = laidOut(names, { x: 42, y: 38 }, 11);
	expect(levels.every((level) => level === 1)).toBe(true);
	expect(texts).toEqual(names.map((_, i) => String(i + 1)));
	expect(headings.map(({ text }) => text)).toEqual(["node-1 … 200"]);
});

test("without room beside nodes the numbers are in them, and no smaller than can be read", () => {
	const { levels, insides, headings } = laidOut(names, { x: 26, y: 24 }, 10);
	expect(levels.every((level) => level === 0)).toBe(true);
	expect(insides.map((inside) => inside?.text)).toEqual(names.map((_, i) => String(i + 1)));
	expect(headings).toHaveLength(1);
	const tiny = laidOut(names, { x: 10, y: 10 }, 4);
	expect([tiny.insides.some((inside) => inside !== undefined), tiny.headings]).toEqual([false, []]);
});

test("with room for whole names nothing is shortened", () => {
	const { texts, headings } = laidOut(names, { x: 90, y: 90 }, 12);
	expect([texts, headings]).toEqual([names, []]);
});

test("what matters has its whole name among numbers", () => {
	const layout = laidOut(names, { x: 42, y: 38 }, 11);
	const { texts, levels } = bringForward(layout, names, [{ node: 88, isNamed: false }], measure);
	expect([texts[88], levels[88], texts[3]]).toEqual(["node-89", 1, "4"]);
});

test("of 200 nodes the few in sight have all their words, and the others none", () => {
	const far = laidOut(names, { x: 200, y: 170 }, 40);
	expect(Math.max(...far.levels)).toBe(1);
	const sight = { left: -60, right: 660, top: -60, bottom: 420 };
	const { levels, texts, headings } = laidOut(names, { x: 200, y: 170 }, 40, sight);
	const seen = [0, 20, 40].flatMap((row) => [row, row + 1, row + 2, row + 3]);
	expect(levels).toEqual(names.map((_, node) => (seen.includes(node) ? 3 : 0)));
	expect([texts, headings]).toEqual([names, []]);
});

test("a heading lies under no button and no legend where another place is free", () => {
	const sight = { left: 0, top: 0, right: 800, bottom: 500 };
	const spots = Array.from({ length: 20 }, (_, i) => ({ x: 100 + (i % 5) * 150, y: 60 + Math.floor(i / 5) * 90, radius: 14 }));
	const size = { width: 120, height: 20 };
	const free = placeHeading(spots, size, [], sight);
	if (free === undefined) throw new Error("there is no heading");
	const covered = [free];
	const moved = placeHeading(spots, size, [], { ...sight }, covered);
	expect(moved && overlapOf(moved, free)).toBe(0);
	// Rather on a node than under a button.
	const over = [
		{ left: 0, top: 0, right: 800, bottom: 100 },
		{ left: 0, top: 400, right: 800, bottom: 500 },
	];
	const among = placeHeading(spots, size, [], sight, over);
	expect(among && over.map((box) => overlapOf(among, box))).not.toContain(size.width * size.height);
});

test("one that has no room for its name below has it at another side, and never its number alone among names", () => {
	const block = Array.from({ length: 20 }, (_, i) => `node-${i + 1}`);
	const nodes = block.map((name) => ({ name, role: "member", region: -1 }));
	const plan = { nodes, switches: [{ name: "hub", region: -1 }], links: [], regions: [] } as unknown as Plan;
	const places = block.map((_, i) => ({ x: (i % 5) * 110, y: Math.floor(i / 5) * 60 }));
	// The switch stands where the words of node-8 would.
	const layout = layOutTopology(plan, [...places, { x: 220, y: 88 }], 18, [...block, "hub"], measure);
	expect([layout.levels[7], layout.texts[7], layout.headings]).toEqual([1, "node-8", []]);
	expect(layout.labels[7]?.clash).toBe(0);
	expect(layout.labels[7]?.side).not.toBe("below");
});

test("second lines, where there is room for them, lie on none of each other", () => {
	const row = Array.from({ length: 15 }, (_, i) => `node-${i + 1}`);
	const { hasSpare, labels, spots, levels } = laidOut(row, { x: 60, y: 60 }, 14);
	expect(levels.every((level) => level === 1)).toBe(true);
	expect(hasSpare).toContain(true);
	expect(hasSpare).toContain(false);
	const second = spots.flatMap(({ x }, node) =>
		hasSpare[node] ? [{ left: x - 34, right: x + 34, top: labels[node]?.box.bottom ?? 0, bottom: (labels[node]?.box.bottom ?? 0) + 13 }] : [],
	);
	for (const one of second) for (const other of second) if (one !== other) expect(overlapOf(one, other)).toBe(0);
});
