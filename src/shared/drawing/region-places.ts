/**
 * Regions keep off each other: their frames, with the names of the nodes in them, lie side by side. What a lab
 * says of their directions stays true, for all of them move apart along one axis together. Pure.
 */
import type { Plan } from "../plan.ts";
import { type Box, boxOf, overlapOf } from "./boxes.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";

/** What a frame keeps around its nodes: room for its own name, for theirs below them, and for a switch at its edge. */
const room = { side: nodeRadius * 2.4, top: nodeRadius * 2.2, bottom: nodeRadius * 2.4 };
/** Half of a letter of a name that stands below its node. */
const halfLetter = nodeRadius * 0.15;
/** Stages are wider than high: moving apart sideways costs less. */
const sidewaysRatio = 0.75;
const gap = nodeRadius * 1.2;

type Places = Map<number, { x: number; y: number }>;

/** The frame of a region as far as it can be told from the places of its nodes; undefined where it has none. */
export function frameOf(places: ReadonlyMap<number, Point>, { nodes }: Pick<Plan, "nodes">, isIn: (node: number) => boolean): Box | undefined {
	return boxOf(
		nodes.flatMap(({ name }, node): Box[] => {
			const place = isIn(node) ? places.get(node) : undefined;
			if (place === undefined) return [];
			const side = Math.max(room.side, name.length * halfLetter);
			return [{ left: place.x - side, right: place.x + side, top: place.y - room.top, bottom: place.y + room.bottom }];
		}),
	);
}

const shifted = ({ left, right, top, bottom }: Box, { x, y }: Point): Box => ({ left: left + x, right: right + x, top: top + y, bottom: bottom + y });

/** Regions, and nodes that are in none, away from each other until no frame lies on another. */
export function separateRegions(places: Places, plan: Pick<Plan, "nodes">): void {
	const groups = [...new Set(plan.nodes.map(({ region }, node) => (region < 0 ? `node ${node}` : `region ${region}`)))];
	const groupOf = plan.nodes.map(({ region }, node) => groups.indexOf(region < 0 ? `node ${node}` : `region ${region}`));
	if (!plan.nodes.some(({ region }) => region >= 0)) return;
	const frames = groups.map((_, group) => frameOf(places, plan, (node) => groupOf[node] === group));
	const middles = frames.map((frame) => frame && { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 });
	const factor = { x: 1, y: 1 };
	const shiftOf = (group: number): Point => {
		const middle = middles[group] ?? { x: 0, y: 0 };
		return { x: middle.x * (factor.x - 1), y: middle.y * (factor.y - 1) };
	};
	/** By how much more everything has to move apart along an axis for these two. */
	const needed = (a: number, b: number): { readonly axis: "x" | "y"; readonly factor: number } | undefined => {
		const [one, other, from, to] = [frames[a], frames[b], middles[a], middles[b]];
		if (one === undefined || other === undefined || from === undefined || to === undefined) return undefined;
		if (overlapOf(shifted(one, shiftOf(a)), shifted(other, shiftOf(b))) === 0) return undefined;
		const wide = (one.right - one.left + other.right - other.left) / 2 + gap;
		const high = (one.bottom - one.top + other.bottom - other.top) / 2 + gap;
		const [x, y] = [wide / (Math.abs(from.x - to.x) * factor.x), high / (Math.abs(from.y - to.y) * factor.y)];
		return x * sidewaysRatio <= y ? { axis: "x", factor: x } : { axis: "y", factor: y };
	};
	// Each pair that is moved apart stays so: the factors only grow.
	for (let a = 0; a < groups.length; a++)
		for (let b = 0; b < a; b++) {
			const way = needed(a, b);
			if (way !== undefined && Number.isFinite(way.factor)) factor[way.axis] *= way.factor;
		}
	plan.nodes.forEach((_, node) => {
		const place = places.get(node);
		const shift = shiftOf(groupOf[node] ?? -1);
		if (place !== undefined) places.set(node, { x: place.x + shift.x, y: place.y + shift.y });
	});
}
