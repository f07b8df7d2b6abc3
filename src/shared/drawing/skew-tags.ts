/**
 * How far a node's clock is off, told at the node where the words beside it do not tell it: a tag that points
 * ahead or back, with its sign, and with how much where there is room for that. Pure; the window and the
 * files of drawings draw the same.
 */
import { type Box, boxAround, overlapOf } from "./boxes.ts";
import { type NodeSaying, nodeLines, skewText } from "./node-words.ts";
import type { Measure, TopologyLayout } from "./topology-layout.ts";

export interface SkewTag {
	readonly node: number;
	readonly isAhead: boolean;
	/** Its sign alone, or all of it: `+12 ms`. */
	readonly text: string;
	readonly sizePx: number;
	readonly box: Box;
}

const skewTagPx = 11.5;
const heightPx = 15;
/** The end that points. */
export const skewTipPx = 5;
const signWidthPx = 14;
const signPx = 15;
/** A node's icon reaches so far up in it. */
const iconRatio = 0.68;
/** So few are told as fully as can be, each for itself. */
const fewMax = 12;
const gapPx = 2;
/** How far the number of those that wait reaches up out of its node. */
const queuePx = 6;
/** Tags stand still while what they tell changes: room is looked for as for this. */
const usualText = "+000 ms";

/** What is told of each by a tag. */
export type SkewSaying = Pick<NodeSaying, "name" | "state" | "queue" | "suspectedBy" | "clockText" | "skewUs">;

/** Empty: it is told in words, or there is nothing to tell. */
export function untoldSkew(saying: SkewSaying, level: TopologyLayout["levels"][number], hasSpare: boolean): string {
	const skew = saying.state === "down" ? "" : skewText(saying.skewUs);
	if (skew === "" || level === 0) return skew;
	const isTold = nodeLines(saying, level, hasSpare).some(({ runs }) => runs.some(({ text }) => text === skew));
	return isTold ? "" : skew;
}

/**
 * @param texts a node each; empty: it has no tag
 * @param covered what lies over the drawing
 * @param queues of which nodes there is a number in the upper right corner
 */
export function skewTags(
	{ spots, labels, levels, headings }: Pick<TopologyLayout, "spots" | "labels" | "levels" | "headings">,
	texts: readonly string[],
	queues: ReadonlySet<number>,
	measure: Measure,
	covered: readonly Box[] = [],
): readonly SkewTag[] {
	const taken: Box[] = [
		...spots.map(({ x, y, radius }): Box => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })),
		...labels.flatMap((label, vertex) => (label === undefined || (levels[vertex] ?? 1) === 0 ? [] : [label.box])),
		...headings.map(({ box }) => box),
		...covered,
	];
	// The sign alone always has its corner: it may lie on the edge of its own node, and nobody else's tag lies there.
	const corners = spots.map(({ x, y, radius }) => boxAround({ x: x - radius - 2, y: y - radius - 1 }, { width: signWidthPx, height: heightPx }));
	const tags: SkewTag[] = [];
	texts.forEach((text, node) => {
		const [spot, corner] = [spots[node], corners[node]];
		if (text === "" || spot === undefined || corner === undefined) return;
		const { x, y, radius } = spot;
		const width = Math.max(measure(usualText, skewTagPx, false), measure(text, skewTagPx, false)) + skewTipPx + 7;
		const reach = radius * 1.1 + gapPx;
		const above = y - reach - heightPx - (queues.has(node) ? queuePx : 0);
		// Over the node, or upon its upper edge if its icon keeps clear.
		const tops = [...((levels[node] ?? 0) === 0 ? [y + reach] : []), above, y - radius * iconRatio - heightPx];
		const places = tops.flatMap((top) => [x - width / 2, x - width, x].map((left): Box => ({ left, right: left + width, top, bottom: top + heightPx })));
		const isFree = (box: Box): boolean =>
			// It may lie on its own node, and on nothing else.
			taken.every((other, i) => i === node || overlapOf(other, box) === 0) &&
			corners.every((other, i) => i === node || !texts[i] || overlapOf(other, box) === 0);
		const whole = places.find(isFree);
		if (whole !== undefined) taken.push(whole);
		tags.push(whole === undefined ? signAlone(node, text, corner) : { node, isAhead: text.startsWith("+"), text, sizePx: skewTagPx, box: whole });
	});
	// Here and there one that says all, among signs, would look as if the others were less off.
	const isMostlySigns = tags.length > fewMax && tags.filter(({ sizePx }) => sizePx === skewTagPx).length < tags.length / 2;
	return isMostlySigns ? tags.map((tag) => signAlone(tag.node, tag.text, corners[tag.node] ?? tag.box)) : tags;
}

function signAlone(node: number, text: string, box: Box): SkewTag {
	return { node, isAhead: text.startsWith("+"), text: text.slice(0, 1), sizePx: signPx, box };
}

/** The corners of a tag: its end points to the right, where time goes, or to the left. */
export function skewTagCorners({ isAhead, box: { left, right, top, bottom } }: SkewTag): readonly { readonly x: number; readonly y: number }[] {
	const middle = (top + bottom) / 2;
	return isAhead
		? [
				{ x: left, y: top },
				{ x: right - skewTipPx, y: top },
				{ x: right, y: middle },
				{ x: right - skewTipPx, y: bottom },
				{ x: left, y: bottom },
			]
		: [
				{ x: right, y: top },
				{ x: left + skewTipPx, y: top },
				{ x: left, y: middle },
				{ x: left + skewTipPx, y: bottom },
				{ x: right, y: bottom },
			];
}
