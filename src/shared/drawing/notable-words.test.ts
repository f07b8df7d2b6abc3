import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { overlapOf } from "./boxes.ts";
import { bringForward, type NodeRemarks, notableNodes } from "./notable-words.ts";
import { layOutTopology } from "./topology-layout.ts";

const plain: NodeRemarks = { state: "up", isSuspected: false, utilisationRatio: 0, skewUs: 0, isNamed: false, isPicked: false };
const measure = (text: string, sizePx: number): number => text.length * sizePx * 0.6;

/** A block in which no name has room. */
function crowd(count: number) {
	const names = Array.from({ length: count }, (_, i) => `node-${i + 1}`);
	const nodes = names.map((name) => ({ name, role: "member", region: -1 }));
	const plan = { nodes, switches: [], links: [], regions: [] } as unknown as Plan;
	const places = names.map((_, i) => ({ x: (i % 20) * 24, y: Math.floor(i / 20) * 24 }));
	return { names, places, layout: layOutTopology(plan, places, 8, names, measure) };
}

test("what matters comes first: what is chosen, then who leads, is not up, suspected, too busy, off the time", () => {
	const remarks: NodeRemarks[] = [
		{ ...plain, skewUs: 12_000 },
		{ ...plain, utilisationRatio: 0.81 },
		plain,
		{ ...plain, state: "suspected", isSuspected: true },
		{ ...plain, state: "down" },
		{ ...plain, state: "leader" },
		{ ...plain, isPicked: true },
		{ ...plain, isNamed: true },
		{ ...plain, utilisationRatio: 0.8 },
	];
	expect(notableNodes(remarks).map(({ node }) => node)).toEqual([7, 6, 5, 4, 3, 1, 0]);
});

test("where all clocks are off, none is remarkable", () => {
	expect(notableNodes(Array.from({ length: 13 }, () => ({ ...plain, skewUs: 5_000 })))).toEqual([]);
});

test("what is so for very many is not remarkable, and hides not what is so for few", () => {
	const remarks = Array.from({ length: 60 }, (_, i): NodeRemarks => (i < 40 ? { ...plain, state: "booting" } : plain));
	remarks[50] = { ...plain, state: "leader" };
	remarks[7] = { ...plain, state: "booting", isNamed: true };
	expect(notableNodes(remarks).map(({ node }) => node)).toEqual([7, 50]);
});

test("among 200 nodes without room for names, the names of what matters are written, and none upon another", () => {
	const { names, layout } = crowd(200);
	expect(Math.max(...layout.levels)).toBe(0);
	const wanted = [0, 45, 46, 110, 199];
	const { levels, labels } = bringForward(
		layout,
		names,
		notableNodes(names.map((_, i) => (wanted.includes(i) ? { ...plain, state: "down" } : plain))),
		measure,
	);
	expect(levels.flatMap((level, node) => (level > 0 ? [node] : []))).toEqual(wanted);
	for (const a of wanted)
		for (const b of wanted) {
			const [one, other] = [labels[a], labels[b]];
			if (a < b && one && other) expect(overlapOf(one.box, other.box)).toBe(0);
		}
});

test("words of what is as it should be give way, and what had its place keeps it", () => {
	const { names, layout } = crowd(100);
	const full = { ...layout, levels: layout.levels.map(() => 1 as const) };
	const moved = bringForward(full, names, [{ node: 47, isNamed: true }], measure);
	const box = moved.labels[47]?.box;
	moved.levels.forEach((level, node) => {
		const other = moved.labels[node]?.box;
		if (node !== 47 && box && other) expect(level).toBe(overlapOf(box, other) > 0 ? 0 : 1);
	});
	expect(moved.levels.filter((level) => level === 0).length).toBeGreaterThan(1);
	expect(moved.labels[46]).toBe(full.labels[46]);
	expect(bringForward(full, names, [{ node: 0, isNamed: false }], measure)).toBe(full);
});
