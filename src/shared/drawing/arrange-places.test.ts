import { describe, expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { wantedPlaces } from "./arrange-places.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";

type Drawn = Parameters<typeof wantedPlaces>[0];

/** Nodes along a level line, with links between those that are named. */
function lineOf(count: number, links: readonly (readonly [number, number])[], switches = 0): Drawn {
	return {
		nodes: Array.from({ length: count }, (_, i) => ({
			name: `node-${i}`,
			position: [0.1 + (0.8 * i) / Math.max(1, count - 1), 0.5],
			region: -1,
		})) as unknown as Plan["nodes"],
		switches: Array.from({ length: switches }, () => ({ region: -1 })) as unknown as Plan["switches"],
		links: links.map(([a, b]) => ({ a, b })) as unknown as Plan["links"],
	};
}

function nearest(places: ReadonlyMap<number, { readonly x: number; readonly y: number }>): number {
	const points = [...places.values()];
	return Math.min(...points.flatMap((a, i) => points.slice(i + 1).map((b) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)))));
}

describe("places that a lab wants", () => {
	test("are a line when only neighbours are linked", () => {
		const places = wantedPlaces(
			lineOf(4, [
				[0, 1],
				[1, 2],
				[2, 3],
			]),
		);
		expect(new Set([...places.values()].map(({ y }) => y)).size).toBe(1);
	});

	test("are a line when they are three at one switch: a circle of three is no clearer", () => {
		const places = wantedPlaces(
			lineOf(
				3,
				[0, 1, 2].map((node) => [node, 3] as const),
				1,
			),
		);
		expect(new Set([0, 1, 2].map((node) => places.get(node)?.y)).size).toBe(1);
	});

	test("become a circle when links would lie upon the line, each node in its turn", () => {
		const everyPair = Array.from({ length: 5 }, (_, a) => Array.from({ length: 5 - a - 1 }, (_, i) => [a, a + i + 1] as const)).flat();
		const places = [...wantedPlaces(lineOf(5, everyPair)).values()];
		const around = places.map(({ x, y }) => Math.atan2(y, x / 1.75));
		const steps = around.map((angle, i) => (((around[(i + 1) % 5] as number) - angle + 4 * Math.PI) % (2 * Math.PI)) / ((2 * Math.PI) / 5));
		for (const step of steps) expect(step).toBeCloseTo(1, 2);
	});

	test("are a circle where the lab wishes nothing and any two are linked; otherwise a lab that wishes nothing gets none", () => {
		const everyPair = Array.from({ length: 8 }, (_, a) => Array.from({ length: 8 - a - 1 }, (_, i) => [a, a + i + 1] as const)).flat();
		const unplaced = (links: typeof everyPair): Drawn => ({
			...lineOf(8, links),
			nodes: lineOf(8, []).nodes.map(({ region }) => ({ region })) as unknown as Plan["nodes"],
		});
		const around = [...wantedPlaces(unplaced(everyPair)).values()].map(({ x, y }) => Math.hypot(x / 1.75, y));
		expect(around).toHaveLength(8);
		for (const radius of around) expect(radius).toBeCloseTo(around[0] ?? 0, 0);
		expect(wantedPlaces(unplaced(everyPair.slice(1))).size).toBe(0);
	});

	test("of a block beside others make the whole as near as it can be seen", () => {
		const nodes = [{ position: [0.1, 0.5] }, { position: [0.35, 0.5] }, ...Array.from({ length: 50 }, (_, i) => ({ position: [0.85, 0.1 + (0.8 * i) / 49] }))];
		const places = wantedPlaces({ nodes: nodes.map((node) => ({ ...node, region: -1 })) as unknown as Plan["nodes"], switches: [], links: [] });
		const of = (axis: "x" | "y"): number =>
			Math.max(...[...places.values()].map((place) => place[axis])) - Math.min(...[...places.values()].map((place) => place[axis]));
		expect(of("x") / of("y")).toBeGreaterThan(1.4);
		expect(of("x") / of("y")).toBeLessThan(2.2);
	});

	test("have a switch that all of them share in the circle's middle", () => {
		const places = wantedPlaces(
			lineOf(
				6,
				Array.from({ length: 6 }, (_, i) => [i, 6] as const),
				1,
			),
		);
		expect(places.get(6)).toEqual({ x: expect.closeTo(0, 6), y: expect.closeTo(0, 6) });
	});

	test("are a block when there are too many for a line, with room for names", () => {
		const places = wantedPlaces(lineOf(128, []));
		expect(places.size).toBe(128);
		expect(nearest(places)).toBeGreaterThan(nodeRadius * 2.5);
		const xs = [...places.values()].map(({ x }) => x);
		const ys = [...places.values()].map(({ y }) => y);
		const ratio = (Math.max(...xs) - Math.min(...xs)) / (Math.max(...ys) - Math.min(...ys));
		expect(ratio).toBeGreaterThan(1.2);
		expect(ratio).toBeLessThan(2.4);
	});

	describe("of a crowd around one, of which the lab says nothing,", () => {
		const star = (count: number, hub: number, switches = 0): Drawn => {
			const { nodes, ...rest } = lineOf(
				count,
				Array.from({ length: count }, (_, node) => [node, hub] as const).filter(([node]) => node !== hub),
				switches,
			);
			return { nodes: nodes.map(({ position: _, ...node }) => node) as unknown as Plan["nodes"], ...rest };
		};

		test.each([
			["a node", 200, 0],
			["a node in the midst of the others", 60, 30],
			["a switch", 100, 100],
		])("are a block that leaves room for each, with %s beside or in it", (_, count, hub) => {
			const places = wantedPlaces(star(count, hub, hub === count ? 1 : 0));
			expect(places.size).toBe(Math.max(count, hub + 1));
			expect(nearest(places)).toBeGreaterThan(nodeRadius * 1.7);
			const xs = [...places.values()].map(({ x }) => x);
			const ys = [...places.values()].map(({ y }) => y);
			expect((Math.max(...xs) - Math.min(...xs)) / (Math.max(...ys) - Math.min(...ys))).toBeGreaterThan(1.2);
		});

		test("are left to the layout when there are few, or other links as well", () => {
			expect(wantedPlaces(star(20, 0)).size).toBe(0);
			const more = star(60, 0);
			expect(wantedPlaces({ ...more, links: [...more.links, { a: 3, b: 9 }] as unknown as Plan["links"] }).size).toBe(0);
		});
	});

	test("put no switch upon a node of its region", () => {
		const plan = lineOf(3, []);
		const inRegion = {
			nodes: plan.nodes.map((node) => ({ ...node, region: 0 })),
			switches: [{ region: 0 }] as unknown as Plan["switches"],
			links: [],
		};
		expect(nearest(wantedPlaces(inRegion))).toBeGreaterThan(nodeRadius);
	});

	describe("of a column in which everybody is linked, beside others", () => {
		const servers = (count: number): Drawn => ({
			nodes: [
				...Array.from({ length: count }, (_, i) => ({ position: [0.7, 0.1 + (0.8 * i) / (count - 1)], region: -1 })),
				{ position: [0.1, 0.3], region: -1 },
			] as unknown as Plan["nodes"],
			switches: [],
			links: Array.from({ length: count + 1 }, (_, a) => Array.from({ length: count - a }, (__, i) => ({ a, b: a + i + 1 })))
				.flat()
				.filter(({ b }) => b <= count) as unknown as Plan["links"],
		});

		/** How far a place lies from the way between two others. */
		const awayFrom = (place: Point, from: Point, to: Point): number => {
			const [x, y] = [to.x - from.x, to.y - from.y];
			const share = Math.min(1, Math.max(0, ((place.x - from.x) * x + (place.y - from.y) * y) / (x * x + y * y)));
			return Math.hypot(place.x - from.x - share * x, place.y - from.y - share * y);
		};

		test.each([3, 4, 5, 6, 7, 9])("keep every link between them clear of everybody else: %i servers", (count) => {
			const places = wantedPlaces(servers(count));
			const own = Array.from({ length: count }, (_, node) => places.get(node) as Point);
			for (const [a, from] of own.entries())
				for (const [b, to] of own.entries()) {
					if (b <= a) continue;
					for (const [node, place] of own.entries()) if (node !== a && node !== b) expect(awayFrom(place, from, to)).toBeGreaterThan(nodeRadius * 1.2);
				}
		});

		test("stay apart from whom they speak to", () => expect(nearest(wantedPlaces(servers(5)))).toBeGreaterThan(nodeRadius * 2.5));
	});
});
