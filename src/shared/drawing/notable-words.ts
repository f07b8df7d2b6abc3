/**
 * Names of what matters are written however crowded a drawing is: they are placed first, and words of
 * what is as it should be give way. Knows a layout and what is remarkable about nodes. Pure; the window
 * and the files of drawings ask the same.
 */
import { type Box, overlapOf } from "./boxes.ts";
import { labelBox, labelSides, type NodeSpot, type PlacedLabel } from "./label-places.ts";
import { loadLimitRatio, type NodeState } from "./node-state.ts";
import type { LabelLevel } from "./node-words.ts";
import { skewText } from "./node-words.ts";
import { headingsOf, isWithin, type Measure, type Sight, sizeAt, type TopologyLayout } from "./topology-layout.ts";

export interface NodeRemarks {
	readonly state: NodeState;
	readonly isSuspected: boolean;
	readonly utilisationRatio: number;
	/** How far its clock is off. */
	readonly skewUs: number;
	/** Under the pointer, or selected: everything about it is written. */
	readonly isNamed: boolean;
	readonly isPicked: boolean;
}

export interface Notable {
	readonly node: number;
	/** Everything is to be written about it. */
	readonly isNamed: boolean;
}

/** Where more clocks than this are off, that is how they are, and nothing about one of them. */
const skewedFewMax = 12;
/** Words that lie on words that matter more by this part of their own room could not be read. */
const unreadableRatio = 0.3;
/** More are not remarkable. */
const notableMax = 24;
const wordsWeight = 12;
const outOfSightWeight = 6;

function rankOf({ state, isSuspected, utilisationRatio, skewUs, isNamed, isPicked }: NodeRemarks, isSkewNotable: boolean): number {
	if (isNamed) return 0;
	if (isPicked) return 1;
	if (state === "leader") return 2;
	if (state !== "up") return state === "suspected" ? 4 : 3;
	if (isSuspected) return 4;
	if (utilisationRatio > loadLimitRatio) return 5;
	return isSkewNotable && skewText(skewUs) !== "" ? 6 : Number.POSITIVE_INFINITY;
}

/**
 * Whose names are to be read in any case: what matters most comes first. Of what is so for very many none is
 * remarkable: their numbers have to do.
 */
export function notableNodes(remarks: readonly NodeRemarks[]): readonly Notable[] {
	const isSkewNotable = remarks.filter(({ skewUs }) => skewText(skewUs) !== "").length <= skewedFewMax;
	const ranked = remarks
		.map((remark, node) => ({ node, isNamed: remark.isNamed, rank: rankOf(remark, isSkewNotable) }))
		.filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
		.sort((a, b) => a.rank - b.rank || a.node - b.node);
	const upTo = (rank: number): number => ranked.filter((other) => !other.isNamed && other.rank <= rank).length;
	return ranked.filter(({ isNamed, rank }) => isNamed || upTo(rank) <= notableMax).map(({ node, isNamed }) => ({ node, isNamed }));
}

/** Beside it on a side, or off a corner. */
function* boxesBeside(spot: NodeSpot, size: { readonly width: number; readonly height: number }): Generator<Pick<PlacedLabel, "side" | "box">> {
	for (const side of labelSides) yield { side, box: labelBox(spot, side, size) };
	const aside = spot.radius + size.height * 0.4;
	for (const side of ["right", "left"] as const)
		for (const shift of [aside, -aside]) {
			const { left, right, top, bottom } = labelBox({ ...spot, radius: spot.radius * 0.6 }, side, size);
			yield { side, box: { left, right, top: top + shift, bottom: bottom + shift } };
		}
}

const areaOf = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);

/**
 * @param names of nodes
 * @param notable what matters most first; it keeps its place where it has one
 * @param sight what is to be seen of the drawing; undefined: all of it
 */
export function bringForward(layout: TopologyLayout, names: readonly string[], notable: readonly Notable[], measure: Measure, sight?: Sight): TopologyLayout {
	const hasName = (node: number): boolean => (layout.levels[node] ?? 0) > 0 && layout.texts[node] === names[node];
	if (notable.every(({ node, isNamed }) => !isNamed && hasName(node))) return layout;
	const { spots, type } = layout;
	const [labels, levels, texts] = [[...layout.labels], [...layout.levels], [...layout.texts]];
	const bodies = spots.map(({ x, y, radius }): Box => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
	const written: Box[] = [];
	const isFirst = new Set<number>();
	for (const { node, isNamed } of notable) {
		const [spot, known] = [spots[node], labels[node]];
		if (spot === undefined || !isWithin(spot, sight)) continue;
		const level: LabelLevel = isNamed ? 3 : (Math.max(1, levels[node] ?? 0) as LabelLevel);
		const size = sizeAt(level, names[node] ?? "", type, measure);
		const isGood = known !== undefined && hasName(node) && (levels[node] ?? 0) >= level;
		let best: PlacedLabel | undefined;
		let bestCost = Number.POSITIVE_INFINITY;
		let bestCovered = 0;
		for (const { side, box } of isGood ? [known] : boxesBeside(spot, size)) {
			let clash = 0;
			for (const body of bodies) clash += overlapOf(body, box);
			let covered = 0;
			for (const other of written) covered += overlapOf(other, box);
			const hidden = sight === undefined ? 0 : areaOf(box) - overlapOf(sight, box);
			const cost = clash + covered * wordsWeight + hidden * outOfSightWeight;
			if (cost < bestCost) [best, bestCost, bestCovered] = [{ side, box, clash: clash + covered, crossed: known?.crossed ?? 0 }, cost, covered];
		}
		if (best === undefined || (!isNamed && bestCovered > areaOf(best.box) * unreadableRatio)) continue;
		labels[node] = best;
		texts[node] = names[node] ?? "";
		levels[node] = isNamed ? (Math.max(1, levels[node] ?? 0) as LabelLevel) : level;
		written.push(best.box);
		isFirst.add(node);
	}
	layout.levels.forEach((level, node) => {
		const box = labels[node]?.box;
		if (level > 0 && box !== undefined && !isFirst.has(node) && written.some((other) => overlapOf(other, box) > 0)) levels[node] = 0;
	});
	const hasSpare = layout.hasSpare.map((has, node) => has && labels[node] === layout.labels[node] && levels[node] === layout.levels[node]);
	const moved = { ...layout, labels, levels, texts, hasSpare };
	return { ...moved, headings: headingsOf(moved, names, measure, sight) };
}
