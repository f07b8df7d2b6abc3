/**
 * The boundaries of a parted network: around each part one line that holds its nodes and their words, and
 * no node of another part. Where one line cannot, each node of the part has its own. Pure.
 */
import type { Box } from "./boxes.ts";
import { hullOf } from "./hull.ts";
import type { NodeSpot, PlacedLabel } from "./label-places.ts";
import { distance, type Point } from "./message-path.ts";

export interface PartShape {
	/** Its number among the parts: its letter and its dashes. */
	readonly part: number;
	readonly corners: readonly Point[];
	/** The corner that is farthest from the nodes of other parts: its letter stands there. */
	readonly letter: Point;
}

const reachRatio = 1.45;
const reachPx = 7;
const wordsPx = 5;
/** Less room more or less is no difference. */
const evenPx = 4;
/** An eighth of a turn, and half of it: round enough for a boundary. */
const around: readonly Point[] = [
	[1, 0.414],
	[0.414, 1],
	[-0.414, 1],
	[-1, 0.414],
	[-1, -0.414],
	[-0.414, -1],
	[0.414, -1],
	[1, -0.414],
].map(([x = 0, y = 0]) => ({ x, y }));

function cornersAround({ x, y, radius }: NodeSpot, words: Box | undefined): readonly Point[] {
	const reach = radius * reachRatio + reachPx;
	const node = around.map((corner) => ({ x: x + corner.x * reach, y: y + corner.y * reach }));
	if (words === undefined) return node;
	const [left, right, top, bottom] = [words.left - wordsPx, words.right + wordsPx, words.top - wordsPx, words.bottom + wordsPx];
	return [...node, { x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
}

function isWithin(corners: readonly Point[], { x, y }: Point): boolean {
	let inside = false;
	for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
		const [a, b] = [corners[i] as Point, corners[j] as Point];
		if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
	}
	return inside;
}

export function partShapes(
	parts: readonly (readonly number[])[],
	spots: readonly NodeSpot[],
	labels: readonly (PlacedLabel | undefined)[],
): readonly PartShape[] {
	return parts.flatMap((nodes, part): PartShape[] => {
		const own = nodes.flatMap((node): (readonly Point[])[] => {
			const spot = spots[node];
			return spot === undefined ? [] : [cornersAround(spot, labels[node]?.box)];
		});
		if (own.length === 0) return [];
		const one = hullOf(own.flat());
		const others = parts.flatMap((group, other) => (other === part ? [] : group.flatMap((node) => spots[node] ?? [])));
		const shape = (corners: readonly Point[]): PartShape => ({ part, corners, letter: farthest(corners, others) });
		if (!others.some((other) => isWithin(one, other))) return [shape(one)];
		return own.map((corners) => shape(hullOf(corners)));
	});
}

/** From the nodes of others; the higher one where two are as far. */
function farthest(corners: readonly Point[], others: readonly Point[]): Point {
	const room = (corner: Point): number => others.reduce((least, other) => Math.min(least, distance(other, corner)), Number.MAX_SAFE_INTEGER);
	return corners.reduce((best, corner) => {
		const more = room(corner) - room(best);
		return more > evenPx || (more > -evenPx && corner.y < best.y) ? corner : best;
	});
}
