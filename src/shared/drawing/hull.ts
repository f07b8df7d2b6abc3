/** The smallest convex shape around points: the boundary of a part of the network. Pure. */
import type { Point } from "./message-path.ts";

/** Corners of the smallest convex shape around the points, counter-clockwise. */
export function hullOf(points: readonly Point[]): readonly Point[] {
	const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
	if (sorted.length < 3) return sorted;
	const half = (ordered: readonly Point[]): Point[] => {
		const kept: Point[] = [];
		for (const point of ordered) {
			while (kept.length > 1 && turn(kept.at(-2) as Point, kept.at(-1) as Point, point) <= 0) kept.pop();
			kept.push(point);
		}
		return kept.slice(0, -1);
	};
	return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
