import fc from "fast-check";
import { expect, test } from "vitest";
import { type Edge, Routing } from "./routing.ts";

const nodeCount = 3;
const vertexCount = 8;

const edge = fc
	.record({
		from: fc.integer({ min: 0, max: vertexCount - 1 }),
		to: fc.integer({ min: 0, max: vertexCount - 1 }),
		floorUs: fc.integer({ min: 1, max: 4 }),
		carries: fc.boolean(),
	})
	.filter(({ from, to }) => from !== to);

/** All-pairs by relaxing until nothing changes: slow and obviously right. */
function distancesTo(destination: number, edges: readonly Edge[]): number[] {
	const distances = Array.from({ length: vertexCount }, (_, v) => (v === destination ? 0 : Number.POSITIVE_INFINITY));
	for (let round = 0; round < vertexCount; round++)
		for (const { from, to, floorUs, carries } of edges) {
			const passable = to === destination || to >= nodeCount;
			if (carries && passable && from !== destination) distances[from] = Math.min(distances[from] as number, floorUs + (distances[to] as number));
		}
	return distances;
}

test("every step is on a cheapest live path through switches, by the first edge that is", () => {
	fc.assert(
		fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
			const routing = new Routing(edges, nodeCount, vertexCount);
			for (let destination = 0; destination < nodeCount; destination++) {
				const distances = distancesTo(destination, edges);
				for (let vertex = 0; vertex < vertexCount; vertex++) {
					const cheapest = edges.findIndex(
						({ from, to, floorUs, carries }) =>
							carries &&
							from === vertex &&
							vertex !== destination &&
							(to === destination || to >= nodeCount) &&
							distances[vertex] !== Number.POSITIVE_INFINITY &&
							floorUs + (distances[to] as number) === distances[vertex],
					);
					expect(routing.next(vertex, destination)).toBe(cheapest);
				}
			}
		}),
		{ seed: 21, numRuns: 500 },
	);
});

test("a change of the graph is seen once it is told", () => {
	const edges = [
		{ from: 0, to: 1, floorUs: 1, carries: true },
		{ from: 0, to: 1, floorUs: 2, carries: true },
	];
	const routing = new Routing(edges, 2, 2);
	expect(routing.next(0, 1)).toBe(0);
	(edges[0] as (typeof edges)[0]).carries = false;
	routing.topologyChanged();
	expect(routing.next(0, 1)).toBe(1);
});
