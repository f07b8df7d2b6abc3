/**
 * Names that share a beginning and differ by a number: where they have no room, the number alone tells
 * their nodes apart, and the beginning is written once over all of them. Pure.
 */
import { type Box, boxOf, overlapOf, type Size } from "./boxes.ts";
import type { NodeSpot } from "./label-places.ts";

export interface NameSeries {
	/** As it is written over all. */
	readonly heading: string;
	/** Indices into the names. */
	readonly members: readonly number[];
	/** A member each. */
	readonly numbers: readonly string[];
}

/** Fewer are not worth a heading. */
const membersMin = 3;

export function nameSeries(names: readonly string[]): readonly NameSeries[] {
	const found = new Map<string, { readonly members: number[]; readonly numbers: string[] }>();
	names.forEach((name, index) => {
		const [, beginning = "", digits = ""] = /^(.*\D)(\d{1,9})$/.exec(name) ?? [];
		if (beginning === "") return;
		const series = found.get(beginning) ?? { members: [], numbers: [] };
		series.members.push(index);
		series.numbers.push(digits);
		found.set(beginning, series);
	});
	return [...found].flatMap(([beginning, { members, numbers }]): NameSeries[] => {
		if (members.length < membersMin) return [];
		const sorted = [...numbers].sort((a, b) => Number(a) - Number(b));
		return [{ heading: `${beginning}${sorted[0]} … ${sorted.at(-1)}`, members, numbers }];
	});
}

export interface HeadingPlace {
	readonly text: string;
	readonly sizePx: number;
	readonly box: Box;
}

/** To lie under what covers the drawing is so much worse than to lie on something in it. */
const coveredWeight = 20;

/**
 * Over the middle of what it is about, or where it lies on less; within what is to be seen.
 * @param covered what lies over the drawing
 */
export function placeHeading(
	spots: readonly NodeSpot[],
	{ width, height }: Size,
	taken: readonly Box[],
	sight?: Box,
	covered: readonly Box[] = [],
): Box | undefined {
	const whole = boxOf(spots.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })));
	if (whole === undefined) return undefined;
	const gap = 6;
	const middle = (whole.left + whole.right - width) / 2;
	const lefts = [middle, (middle + whole.left) / 2, (middle + whole.right - width) / 2, whole.right - width, whole.left];
	const tops = [whole.top - gap - height, whole.bottom + gap, whole.bottom + gap + height];
	let best: Box | undefined;
	let bestClash = Number.POSITIVE_INFINITY;
	for (const wantedTop of tops)
		for (const wantedLeft of lefts) {
			const left = sight === undefined ? wantedLeft : Math.max(sight.left, Math.min(sight.right - width, wantedLeft));
			const top = sight === undefined ? wantedTop : Math.max(sight.top, Math.min(sight.bottom - height, wantedTop));
			const box = { left, top, right: left + width, bottom: top + height };
			let clash = 0;
			for (const other of taken) clash += overlapOf(other, box);
			for (const other of covered) clash += overlapOf(other, box) * coveredWeight;
			if (clash < bestClash) [best, bestClash] = [box, clash];
		}
	return best;
}
