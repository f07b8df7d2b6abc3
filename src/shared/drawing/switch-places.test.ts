import { describe, expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { overlapOf } from "./boxes.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";
import { frameOf, separateRegions } from "./region-places.ts";
import { placeSwitches } from "./switch-places.ts";

type Places = Map<number, { x: number; y: number }>;
type Joined = Parameters<typeof placeSwitches>[1];

/** Nodes of regions, a switch for each region, and links from every node to its switch and between all switches. */
function regionsOf(...regions: readonly (readonly Point[])[]): { readonly plan: Joined; readonly places: Places } {
	const nodes = regions.flatMap((points, region) => points.map((_, i) => ({ name: `n${region}-${i}`, region })));
	const hub = (region: number): number => nodes.length + region;
	const links = [
		...nodes.map(({ region }, node) => ({ a: node, b: hub(region) })),
		...regions.flatMap((_, b) => regions.slice(0, b).map((__, a) => ({ a: hub(a), b: hub(b) }))),
	];
	return {
		plan: { nodes, links, switches: regions.map((_, region) => ({ name: `s${region}`, region })) } as unknown as Pick<Plan, "nodes" | "switches" | "links">,
		places: new Map(regions.flat().map((point, node) => [node, { ...point }])),
	};
}

/** Each node that a link runs over without leading to it. */
function runOver({ links, nodes }: Joined, places: Places): readonly string[] {
	return links.flatMap(({ a, b }) =>
		nodes.flatMap(({ name }, node) => {
			if (node === a || node === b) return [];
			const [from, to, at] = [places.get(a), places.get(b), places.get(node)] as [Point, Point, Point];
			const [x, y] = [to.x - from.x, to.y - from.y];
			const share = Math.min(1, Math.max(0, ((at.x - from.x) * x + (at.y - from.y) * y) / (x * x + y * y)));
			return Math.hypot(at.x - from.x - share * x, at.y - from.y - share * y) < nodeRadius ? [name] : [];
		}),
	);
}

describe("a switch", () => {
	const corners = (left: number, right: number): readonly Point[] => [left, right].flatMap((x) => [0, 400].map((y) => ({ x, y })));

	test("stands where none of its links seems to lead to a node that it passes", () => {
		const { plan, places } = regionsOf(corners(0, 200), corners(1_200, 1_400));
		// Stands in the way between the middles of both, and has no links itself.
		const passed = { name: "passed", region: -1 } as unknown as Plan["nodes"][number];
		const nodes = [...plan.nodes, passed];
		const links = plan.links.map(({ a, b }) => ({ a: a < 8 ? a : a + 1, b: b < 8 ? b : b + 1 })) as unknown as Joined["links"];
		const withPassed: Joined = { ...plan, nodes, links };
		places.set(8, { x: 700, y: 200 });
		expect(runOver(withPassed, new Map([...places, [9, { x: 100, y: 200 }], [10, { x: 1_300, y: 200 }]]))).toEqual(["passed"]);
		placeSwitches(places, withPassed, new Map());
		expect(runOver(withPassed, places)).toEqual([]);
	});

	test("stands in the middle of what it joins where that is as good", () => {
		const { plan, places } = regionsOf(corners(0, 400));
		placeSwitches(places, plan, new Map());
		const { x, y } = places.get(4) as Point;
		expect(Math.hypot(x - 200, y - 200)).toBeLessThan(nodeRadius);
	});

	test.each([3, 11])("stands on no node, in a block of %i times as many", (side) => {
		const block = Array.from({ length: side * side }, (_, i) => ({ x: (i % side) * 120, y: Math.floor(i / side) * 110 }));
		const { plan, places } = regionsOf(block);
		placeSwitches(places, plan, new Map());
		const at = places.get(block.length) as Point;
		for (const { x, y } of block) expect(Math.max(Math.abs(x - at.x), Math.abs(y - at.y))).toBeGreaterThan(nodeRadius * 1.5);
	});

	test("stands in no region but its own", () => {
		const { plan, places } = regionsOf(corners(0, 1_000), corners(450, 550));
		placeSwitches(places, plan, new Map());
		const frame = frameOf(places, plan, (node) => plan.nodes[node]?.region === 1);
		const { x, y } = places.get(8) as Point;
		expect(frame !== undefined && x > frame.left && x < frame.right && y > frame.top && y < frame.bottom).toBe(false);
	});
});

describe("regions", () => {
	const square = (x: number, y: number): readonly Point[] => [0, 100].flatMap((dx) => [0, 100].map((dy) => ({ x: x + dx, y: y + dy })));
	const framesOf = (places: Places, plan: Joined) => [0, 1, 2].map((region) => frameOf(places, plan, (node) => plan.nodes[node]?.region === region));

	test("whose frames would lie on each other move apart, and stay in their directions", () => {
		const { plan, places } = regionsOf(square(0, 0), square(150, 40), square(20, 180));
		const before = framesOf(places, plan);
		expect(before.some((a, i) => before.some((b, j) => j < i && a !== undefined && b !== undefined && overlapOf(a, b) > 0))).toBe(true);
		separateRegions(places, plan);
		const [first, second, third] = framesOf(places, plan);
		if (first === undefined || second === undefined || third === undefined) throw new Error("every region has nodes");
		for (const [a, b] of [
			[first, second],
			[first, third],
			[second, third],
		] as const)
			expect(overlapOf(a, b)).toBe(0);
		expect(second.left).toBeGreaterThan(first.left);
		expect(third.top).toBeGreaterThan(first.top);
		expect(third.top).toBeGreaterThan(second.top);
	});

	test("keep the shape that the lab gave them inside", () => {
		const { plan, places } = regionsOf(square(0, 0), square(150, 40));
		separateRegions(places, plan);
		const [origin, ...others] = [4, 5, 6, 7].map((node) => places.get(node) as Point);
		expect(others.map(({ x, y }) => [Math.round(x - (origin?.x ?? 0)), Math.round(y - (origin?.y ?? 0))])).toEqual([
			[0, 100],
			[100, 0],
			[100, 100],
		]);
	});

	test("that are clear of each other stay where they are", () => {
		const { plan, places } = regionsOf(square(0, 0), square(900, 0));
		const before = [...places.values()].map((place) => ({ ...place }));
		separateRegions(places, plan);
		expect([...places.values()]).toEqual(before);
	});
});
