/**
 * Where nodes stand on a drawing that no window has arranged: where the lab wants them, or where the
 * layout thinks best, as the window does it. The layout library is loaded when it is needed.
 */
import { wantedPlaces } from "../../shared/drawing/arrange-places.ts";
import type { Point } from "../../shared/drawing/message-path.ts";
import { nodeRadius } from "../../shared/drawing/node-radius.ts";
import type { Plan } from "../../shared/plan.ts";

/** @param given places that are settled already, in the drawing's measure */
export async function arrangePlan(plan: Plan, given: ReadonlyMap<number, Point> = new Map()): Promise<ReadonlyMap<number, Point>> {
	const known = wantedPlaces(plan);
	for (const [vertex, place] of given) known.set(vertex, place);
	const vertexCount = plan.nodes.length + plan.switches.length;
	return known.size >= vertexCount ? known : layOut(plan, known);
}

/** The layout draws random numbers; the same lab shall look the same every time. */
function seeded<Result>(action: () => Result): Result {
	const random = Math.random;
	let state = 1;
	Math.random = () => {
		state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1;
		return state / 2_147_483_647;
	};
	try {
		return action();
	} finally {
		Math.random = random;
	}
}

const gap = nodeRadius * 2.6;
const ways: readonly Point[] = [0, 1, -1].flatMap((x) => [1, -1, 0].map((y) => ({ x, y }))).filter(({ x, y }) => x !== 0 || y !== 0);
const ringsMax = 40;

/** Places that the lab has settled leave the layout little choice: what it puts upon another is moved to the nearest free spot. */
function freePlace(wish: Point, taken: readonly Point[]): Point {
	const isFree = ({ x, y }: Point): boolean => taken.every((other) => Math.max(Math.abs(other.x - x), Math.abs(other.y - y)) >= gap);
	if (isFree(wish)) return wish;
	for (let ring = 1; ring <= ringsMax; ring++) {
		for (const way of ways) {
			const place = { x: wish.x + way.x * ring * (gap / 2), y: wish.y + way.y * ring * (gap / 2) };
			if (isFree(place)) return place;
		}
	}
	return wish;
}

async function layOut(plan: Plan, known: ReadonlyMap<number, Point>): Promise<ReadonlyMap<number, Point>> {
	const [{ default: cytoscape }, { default: fcose }] = await Promise.all([import("cytoscape"), import("cytoscape-fcose")]);
	cytoscape.use(fcose);
	const vertices = plan.nodes.length + plan.switches.length;
	const regionOf = (vertex: number): number => (vertex < plan.nodes.length ? plan.nodes[vertex] : plan.switches[vertex - plan.nodes.length])?.region ?? -1;
	const graph = cytoscape({
		headless: true,
		styleEnabled: true,
		style: [{ selector: "node", style: { width: nodeRadius * 2, height: nodeRadius * 2 } }],
		elements: [
			...plan.regions.map((_, region) => ({ data: { id: `r${region}` } })),
			...Array.from({ length: vertices }, (_, vertex) => {
				const region = regionOf(vertex);
				return {
					data: { id: `n${vertex}`, ...(region < 0 ? {} : { parent: `r${region}` }) },
					// Somewhere of its own: a link between two nodes in one place has no length. The layout moves what it is given.
					position: { ...(known.get(vertex) ?? { x: (vertex % 16) * 100, y: Math.floor(vertex / 16) * 100 }) },
				};
			}),
			...plan.links.map(({ a, b }, link) => ({ data: { id: `l${link}`, source: `n${a}`, target: `n${b}` } })),
		],
	});
	try {
		const fixed = [...known].map(([vertex, position]) => ({ nodeId: `n${vertex}`, position: { ...position } }));
		const options = {
			name: "fcose",
			animate: false,
			quality: "proof",
			nodeSeparation: 140,
			idealEdgeLength: 170,
			nodeRepulsion: 14_000,
			...(fixed.length > 0 ? { fixedNodeConstraint: fixed, randomize: false } : { randomize: true }),
		};
		seeded(() => graph.layout(options as unknown as Parameters<typeof graph.layout>[0]).run());
		const places = new Map(known);
		for (let vertex = 0; vertex < vertices; vertex++) {
			const { x, y } = graph.getElementById(`n${vertex}`).position();
			if (!known.has(vertex)) places.set(vertex, freePlace({ x, y }, [...places.values()]));
		}
		return places;
	} finally {
		graph.destroy();
	}
}
