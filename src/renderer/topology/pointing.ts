/** What a shape encloses, and what lies in the direction of an arrow key. Pure. */
import type { Point } from "../maths/message-path.ts";

/** True when a closed line runs around the point. */
export function isInside(polygon: readonly Point[], { x, y }: Point): boolean {
	let inside = false;
	for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
		const [a, b] = [polygon[i] as Point, polygon[j] as Point];
		if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
	}
	return inside;
}

/** The nearest node that way; what lies aside counts as twice as far. Without a start, the first node. */
export function nearestInDirection(places: ReadonlyMap<number, Point>, from: number | undefined, direction: Point, nodeCount: number): number | undefined {
	const start = from === undefined ? undefined : places.get(from);
	if (start === undefined) return places.has(0) ? 0 : undefined;
	let best: number | undefined;
	let bestCost = Number.POSITIVE_INFINITY;
	for (const [node, place] of places) {
		const [dx, dy] = [place.x - start.x, place.y - start.y];
		const ahead = dx * direction.x + dy * direction.y;
		const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
		if (node === from || node >= nodeCount || ahead <= 0) continue;
		const cost = ahead + aside * 2;
		if (cost < bestCost) [best, bestCost] = [node, cost];
	}
	return best;
}
