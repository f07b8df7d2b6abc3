import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import type { Box } from "./boxes.ts";
import { nameSeries } from "./name-series.ts";
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
