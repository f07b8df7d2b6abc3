/**
 * Where words stand beside what they are about, so that they lie on no node, on no other words and on as
 * few lines as can be: below a node unless another side is freer. Pure.
 */
import { type Box, boxAround, lengthWithin, overlapOf, type Size } from "./boxes.ts";
import { between, distance, type Point } from "./message-path.ts";

export const labelSides = ["below", "right", "left", "above"] as const;
export type LabelSide = (typeof labelSides)[number];

export interface NodeSpot extends Point {
	/** Half of its size. */
	readonly radius: number;
}

export interface Line {
	readonly from: Point;
	readonly to: Point;
}

export interface PlacedLabel {
	readonly side: LabelSide;
	readonly box: Box;
	/** The area of nodes and words it lies on. */
	readonly clash: number;
	/** How much of lines runs through it. */
	readonly crossed: number;
}

/** What a side is worth before anything is in the way: a drawing reads best when most words stand alike. */
const reluctance: { readonly [side in LabelSide]: number } = { below: 0, right: 8, left: 60, above: 90 };
const gapPx = 5;
const gapRatio = 0.2;
/** A box of words crossed by a line is still read. */
const lineWeight = 1.5;
const clashWeight = 4;
const hiddenWeight = 3;
/** To stand like the others, words bear lines through them that are so much longer than they are wide. */
const alignedCrossedRatio = 2.5;

export function labelBox({ x, y, radius }: NodeSpot, side: LabelSide, { width, height }: Size): Box {
	const reach = radius * 1.1 + Math.min(gapPx, radius * gapRatio);
	switch (side) {
		case "below":
			return { left: x - width / 2, right: x + width / 2, top: y + reach - 1, bottom: y + reach - 1 + height };
		case "above":
			return { left: x - width / 2, right: x + width / 2, top: y - reach - height, bottom: y - reach };
		case "right":
			return { left: x + reach + 4, right: x + reach + 4 + width, top: y - height / 2, bottom: y + height / 2 };
		case "left":
			return { left: x - reach - 4 - width, right: x - reach - 4, top: y - height / 2, bottom: y + height / 2 };
	}
}

export interface LabelTask {
	readonly spots: readonly NodeSpot[];
	/** What there is to say at each; undefined: nothing. */
	readonly sizes: readonly (Size | undefined)[];
	readonly lines: readonly Line[];
	/** Where the words of each may stand. */
	readonly sidesOf?: (index: number) => readonly LabelSide[];
	/** Spots of one kind have their words on one side where they can. */
	readonly kinds?: readonly string[];
	/** What is to be seen: words rather stand within it. */
	readonly sight?: Box | undefined;
}

/** @returns a place for each spot, in their order; undefined where there is nothing to say */
export function placeLabels(task: LabelTask): LabelPlacer {
	const placer = new LabelPlacer(task);
	for (let index = 0; index < task.spots.length; index++) placer.place(index, task.sizes[index]);
	placer.align();
	return placer;
}

export class LabelPlacer {
	readonly placed: (PlacedLabel | undefined)[] = [];
	readonly #task: LabelTask;
	readonly #bodies: readonly Box[];

	constructor(task: LabelTask) {
		this.#task = task;
		this.#bodies = task.spots.map(({ x, y, radius }) => boxAround({ x, y }, { width: radius * 2.04, height: radius * 2.04 }));
	}

	/** @param size of the words; undefined: there are none */
	place(index: number, size: Size | undefined, sides: readonly LabelSide[] = this.#task.sidesOf?.(index) ?? labelSides): void {
		let best: PlacedLabel | undefined;
		let bestCost = Number.POSITIVE_INFINITY;
		for (const side of size === undefined ? [] : sides) {
			const label = this.#labelAt(index, side, size as Size);
			const cost = reluctance[side] + label.clash * clashWeight + label.crossed * lineWeight + this.#hiddenOf(label.box) * hiddenWeight;
			if (cost < bestCost) [best, bestCost] = [label, cost];
		}
		this.placed[index] = best;
	}

	/** Where most of a kind have their words on one side, the others follow if nothing is lost by it. */
	align(): void {
		const { kinds = [], sizes } = this.#task;
		const usual = new Map<string, Map<LabelSide, number>>();
		kinds.forEach((kind, index) => {
			const side = this.placed[index]?.side;
			if (side === undefined) return;
			const sides = usual.get(kind) ?? new Map<LabelSide, number>();
			usual.set(kind, sides.set(side, (sides.get(side) ?? 0) + 1));
		});
		kinds.forEach((kind, index) => {
			const [now, size] = [this.placed[index], sizes[index]];
			const [most] = [...(usual.get(kind) ?? [])].sort(([, a], [, b]) => b - a)[0] ?? [];
			if (now === undefined || size === undefined || most === undefined || most === now.side) return;
			const other = this.#labelAt(index, most, size);
			if (other.clash <= now.clash && this.#hiddenOf(other.box) <= this.#hiddenOf(now.box) && other.crossed <= now.crossed + size.width * alignedCrossedRatio)
				this.placed[index] = other;
		});
	}

	/** What it would lie on if it were so large, at the side where it is. */
	clashOf(index: number, size: Size): number {
		const side = this.placed[index]?.side;
		return side === undefined ? 0 : this.#labelAt(index, side, size).clash;
	}

	/** The area of it that is not to be seen. */
	#hiddenOf(box: Box): number {
		const { sight } = this.#task;
		return sight === undefined ? 0 : (box.right - box.left) * (box.bottom - box.top) - overlapOf(sight, box);
	}

	#labelAt(index: number, side: LabelSide, size: Size): PlacedLabel {
		const box = labelBox(this.#task.spots[index] as NodeSpot, side, size);
		let clash = 0;
		for (const body of this.#bodies) clash += overlapOf(body, box);
		this.placed.forEach((other, i) => {
			if (other !== undefined && i !== index) clash += overlapOf(other.box, box);
		});
		let crossed = 0;
		for (const { from, to } of this.#task.lines) crossed += lengthWithin(from, to, box);
		return { side, box, clash, crossed };
	}
}

/** Along a line, from its middle outwards. */
const ratios = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8];

/**
 * Words about lines: upon the middle of each, so that nobody asks which line they are about, or the nearest
 * place on it that nothing else has and no other line crosses.
 * @param taken what they must not lie on
 * @returns the middle of each; undefined where there is no room
 */
export function placeOnLines(
	lines: readonly (Line | undefined)[],
	sizes: readonly (Size | undefined)[],
	taken: readonly Box[],
): readonly (Point | undefined)[] {
	const boxes = [...taken];
	return lines.map((line, index) => {
		const size = sizes[index];
		if (line === undefined || size === undefined || !isLongEnough(line, size)) return undefined;
		for (const ratio of ratios) {
			const at = between(line.from, line.to, ratio);
			const box = boxAround(at, size);
			if (boxes.some((other) => overlapOf(other, box) > 0)) continue;
			// Another line through it would read as the one it is about.
			if (lines.some((other, i) => i !== index && other !== undefined && lengthWithin(other.from, other.to, box) > 0)) continue;
			boxes.push(box);
			return at;
		}
		return undefined;
	});
}

/** Some of the line is to be seen at both ends of the words. */
const seenPx = 24;

function isLongEnough({ from, to }: Line, size: Size): boolean {
	const middle = between(from, to, 0.5);
	return distance(from, to) - lengthWithin(from, to, boxAround(middle, size)) >= seenPx;
}
