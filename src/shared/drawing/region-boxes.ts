/** The frames around the nodes of a region, their words included. Pure. */
import type { Plan } from "../plan.ts";
import { type Box, boxOf } from "./boxes.ts";
import type { NodeSpot, PlacedLabel } from "./label-places.ts";

export interface RegionBox extends Box {
	readonly name: string;
}

/** Around a node, as a part of its radius. */
const roomRatio = { side: 0.75, top: 1.05, bottom: 0.6 };
const wordsRoomPx = 7;
/** For the region's own name. */
const nameRoomPx = 22;

/** @param labels of the spots, in the same order */
export function regionBoxes(
	{ regions, nodes, switches }: Plan,
	spots: readonly NodeSpot[],
	labels: readonly (PlacedLabel | undefined)[],
): readonly RegionBox[] {
	const regionOf = (vertex: number): number => (vertex < nodes.length ? nodes[vertex] : switches[vertex - nodes.length])?.region ?? -1;
	return regions.flatMap((name, region) => {
		const boxes = spots.flatMap(({ x, y, radius }, vertex): Box[] => {
			if (regionOf(vertex) !== region) return [];
			const full = spots[0]?.radius ?? radius;
			const node = {
				left: x - radius - full * roomRatio.side,
				right: x + radius + full * roomRatio.side,
				top: y - radius - Math.max(nameRoomPx, full * roomRatio.top),
				bottom: y + radius + full * roomRatio.bottom,
			};
			const label = labels[vertex]?.box;
			if (label === undefined) return [node];
			return [node, { left: label.left - wordsRoomPx, right: label.right + wordsRoomPx, top: label.top - wordsRoomPx, bottom: label.bottom + wordsRoomPx }];
		});
		const box = boxOf(boxes);
		return box === undefined ? [] : [{ ...box, name }];
	});
}
