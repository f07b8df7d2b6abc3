/**
 * Where everything goes on a drawing of the cluster once its nodes have their places: words, frames of
 * regions, words on links. The window and the files of drawings ask the same; each measures letters in
 * its own way. Pure.
 */
import type { Plan } from "../plan.ts";
import { type Box, boxAround, lengthWithin, overlapOf, type Size } from "./boxes.ts";
import {
	type LabelPlacer,
	type LabelSide,
	type Line,
	labelBox,
	labelSides,
	type NodeSpot,
	type PlacedLabel,
	placeLabels,
	placeOnLines,
} from "./label-places.ts";
import { between, distance, type Point } from "./message-path.ts";
import { type HeadingPlace, nameSeries, placeHeading } from "./name-series.ts";
import type { LinkState } from "./node-state.ts";
import { type LabelLevel, type LabelType, labelTypeOf } from "./node-words.ts";
import { type RegionBox, regionBoxes } from "./region-boxes.ts";

export interface TopologyLayout {
	readonly spots: readonly NodeSpot[];
	readonly type: LabelType;
	/** Lines there is room for beside each node; 0: not even for its name. */
	readonly levels: readonly LabelLevel[];
	/** What is written as the name of each: its number alone where the whole has no room. */
	readonly texts: readonly string[];
	/** Numbers that have room in their nodes, for those that have none beside them. */
	readonly insides: readonly (InsideNumber | undefined)[];
	/** What numbers that stand alone are numbers of. */
	readonly headings: readonly HeadingPlace[];
	/** Has room for one line, and for one more when there is something to tell. */
	readonly hasSpare: readonly boolean[];
	/** A vertex each, in the plan's order: nodes, then switches. */
	readonly labels: readonly (PlacedLabel | undefined)[];
	readonly regions: readonly RegionBox[];
	/** A link each: from edge to edge of what it joins. */
	readonly lines: readonly (Line | undefined)[];
}

export interface InsideNumber {
	readonly text: string;
	readonly sizePx: number;
}

/** What is to be seen of a drawing, and what lies over it. */
export interface Sight extends Box {
	readonly covered?: readonly Box[];
}

export type Measure = (text: string, sizePx: number, isMono: boolean) => number;

/** With more nodes, words are tried below them only: looking around each would take too long. */
const choosyNodesMax = 80;
const alikeMax = 12;
const switchRadiusRatio = 0.4;
/** What a state line and a clock take; the true words change all the time, and places should not. */
const usualWord = "suspected";
const usualDigits = "00:00.000";

/** The room that so many lines take beside a node. */
export function sizeAt(level: LabelLevel, name: string, type: LabelType, measure: Measure): Size {
	const widths = [measure(name, type.name, false)];
	if (level >= 2) widths.push(measure(usualWord, type.word, false));
	if (level >= 3) widths.push(measure(usualDigits, type.digits, true));
	return { width: Math.max(...widths) + 6, height: type.lineHeight * level };
}

/** So many of all may have less said about them than the others. */
const exceptionsRatio = 0.2;
/** With more names upon each other than this part of all, none is written. */
const crowdedRatio = 0.3;
/** Smaller numbers cannot be read. */
const insidePx = { min: 8, max: 15 };
/** Of a node's width. */
const insideRatio = 0.84;
const headingPx = 13;
/** Fewer numbers than this in place of names need no heading, and are not written. */
const bareMin = 3;
/** Words may cover links by so many times their own width. */
const coveredRatio = 1.2;
/** Frames may lie on each other by this part of the smaller one. */
const regionsOverlapRatio = 0.03;

/**
 * Gives who has no room for its name its number. A number that stood alone among names would be odd: where they are
 * so few, any side of their nodes is good enough for their names, and if none is they are not written.
 * @param levels and `texts` are written
 */
function writeNumbers(placer: LabelPlacer, levels: LabelLevel[], texts: string[], sizeOf: (node: number, text: string) => Size | undefined): void {
	const isBare = (node: number): boolean => levels[node] === 0 && sizeOf(node, "") !== undefined;
	const series = nameSeries(texts).map(({ members, numbers }) => members.flatMap((node, i) => (isBare(node) ? [{ node, text: numbers[i] ?? "" }] : [])));
	const few = series.filter(({ length }) => length < bareMin).flat();
	const short = series.filter(({ length }) => length >= bareMin).flat();
	if (short.length + few.length === 0) return;
	// What is not written is in nobody's way.
	levels.forEach((level, node) => {
		if (level === 0) placer.place(node, undefined);
	});
	const inSeries = new Set(short.map(({ node }) => node));
	const alone = texts.flatMap((text, node) => (levels[node] === 0 && !inSeries.has(node) ? [{ node, text }] : []));
	const anySide = new Set(few.map(({ node }) => node));
	for (const { node, text } of [...alone, ...short]) {
		placer.place(node, sizeOf(node, text), anySide.has(node) ? labelSides : undefined);
		if ((placer.placed[node]?.clash ?? 1) > 0) continue;
		levels[node] = 1;
		texts[node] = text;
	}
	const lost = short.filter(({ node }) => levels[node] === 0).length;
	// Numbers beside some and in others would be taken for their neighbours'.
	if (lost > short.length * crowdedRatio) for (const { node } of short) levels[node] = 0;
}

/** Who has one line has another where nobody has anything: nobody's own second line either. */
function spareLines(placer: LabelPlacer, levels: readonly LabelLevel[], sizeOf: (node: number) => Size, spots: readonly NodeSpot[]): readonly boolean[] {
	const given: Box[] = [];
	return levels.map((level, node) => {
		const [label, spot] = [placer.placed[node], spots[node]];
		if (level !== 1 || label === undefined || spot === undefined || placer.clashOf(node, sizeOf(node)) > 0) return false;
		const box = labelBox(spot, label.side, sizeOf(node));
		if (given.some((other) => overlapOf(other, box) > 0)) return false;
		given.push(box);
		return true;
	});
}

/** @param isBare it has no words beside it */
function insideNumbers(names: readonly string[], isBare: (node: number) => boolean, radius: number, measure: Measure): readonly (InsideNumber | undefined)[] {
	const insides: (InsideNumber | undefined)[] = names.map(() => undefined);
	for (const { members, numbers } of nameSeries(names)) {
		if (members.filter(isBare).length < bareMin) continue;
		// All of one size: the longest has to fit.
		const widest = Math.max(...numbers.map((text) => measure(text, 1, false)));
		const sizePx = Math.min(insidePx.max, (radius * 2 * insideRatio) / widest, radius * 1.3);
		if (sizePx >= insidePx.min)
			members.forEach((node, i) => {
				insides[node] = { text: numbers[i] ?? "", sizePx };
			});
	}
	return insides;
}

/** One for all numbers of a series, where any stands alone. */
export function headingsOf(
	{ spots, labels, levels, texts, insides, regions }: TopologyLayout,
	names: readonly string[],
	measure: Measure,
	sight?: Sight,
): readonly HeadingPlace[] {
	const isBare = (node: number): boolean => ((levels[node] ?? 0) > 0 ? texts[node] !== names[node] : insides[node] !== undefined);
	const taken = [
		...spots.map(({ x, y, radius }): Box => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })),
		...regions.map((region) => titleBox(region, measure)),
		...labels.flatMap((label, vertex) => (label === undefined || levels[vertex] === 0 ? [] : [label.box])),
	];
	return nameSeries(names.slice(0, levels.length)).flatMap(({ heading, members }): HeadingPlace[] => {
		const bare = members.filter(isBare);
		if (bare.length < bareMin) return [];
		const size = { width: measure(heading, headingPx, false) + 12, height: headingPx * 1.5 };
		const box = placeHeading(
			bare.flatMap((node) => spots[node] ?? []),
			size,
			taken,
			sight,
			sight?.covered,
		);
		if (box === undefined) return [];
		taken.push(box);
		return [{ text: heading, sizePx: headingPx, box }];
	});
}

/**
 * @param places of every vertex, nodes first
 * @param sight what is to be seen of the drawing; undefined: all of it
 */
export function layOutTopology(
	plan: Plan,
	places: readonly Point[],
	radius: number,
	names: readonly string[],
	measure: Measure,
	sight?: Sight,
): TopologyLayout {
	const nodeCount = plan.nodes.length;
	const spots = places.map(({ x, y }, vertex): NodeSpot => ({ x, y, radius: vertex < nodeCount ? radius : radius * switchRadiusRatio }));
	const ends = plan.links.map(({ a, b }): Line | undefined => {
		const [from, to] = [spots[a], spots[b]];
		return from === undefined || to === undefined ? undefined : { from, to };
	});
	const lines = ends.map((line) => line && betweenEdges(line));
	const type = labelTypeOf(radius);
	// Who is out of sight needs no words: the nearer one looks, the more is said.
	const isSeen = spots.map((spot) => isWithin(spot, sight));
	const seenCount = isSeen.slice(0, nodeCount).filter(Boolean).length;
	const isChoosy = seenCount <= choosyNodesMax;
	const isInSight = (line: Line): boolean => sight === undefined || lengthWithin(line.from, line.to, sight) > 0;
	const wires = isChoosy ? ends.flatMap((line) => (line !== undefined && isInSight(line) ? [line] : [])) : [];
	const kinds = plan.nodes.map(({ role, region }) => `${role} ${region}`);
	const counts = new Map<string, number>();
	for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	// In a block of many alike, words on different sides would be taken for their neighbours'.
	const sidesOf = (vertex: number): readonly LabelSide[] => (isChoosy && (counts.get(kinds[vertex] ?? "") ?? 0) <= alikeMax ? labelSides : ["below"]);
	const sizeOf = (vertex: number, level: LabelLevel): Size | undefined => {
		if (isSeen[vertex] !== true) return undefined;
		const name = names[vertex] ?? "";
		if (vertex < nodeCount) return sizeAt(level, name, type, measure);
		// The frame around a region says its name already.
		if (plan.regions.includes(name)) return undefined;
		return { width: measure(name, type.digits, false) + 4, height: type.lineHeight };
	};
	for (const level of isChoosy ? ([3, 2, 1] as const) : ([1] as const)) {
		const placer = placeLabels({ spots, sizes: spots.map((_, vertex) => sizeOf(vertex, level)), lines: wires, kinds, sidesOf, sight });
		const labels = placer.placed;
		const levels: LabelLevel[] = plan.nodes.map((_, node) => (isSeen[node] === true ? level : 0));
		const clashing = plan.nodes.flatMap((_, node) => ((labels[node]?.clash ?? 0) > 0 ? [node] : []));
		for (const node of clashing) {
			for (let less = level - 1; less > 0 && (labels[node]?.clash ?? 0) > 0; less--) {
				levels[node] = less as LabelLevel;
				placer.place(node, sizeOf(node, less as LabelLevel));
			}
			if ((labels[node]?.clash ?? 0) > 0) levels[node] = 0;
		}
		const framed = (): readonly RegionBox[] =>
			regionBoxes(
				plan,
				spots,
				labels.map((label, vertex) => (levels[vertex] === 0 ? undefined : label)),
			);
		// Frames that lie on each other without any words are no reason to leave words out.
		const isHeaped = areHeaped(framed()) && !areHeaped(regionBoxes(plan, spots, []));
		const covering = plan.nodes.filter((_, node) => isInTheWay(labels[node]));
		if (level > 1 && (isHeaped || Math.max(clashing.length, covering.length) > seenCount * exceptionsRatio)) continue;
		const texts = names.slice(0, nodeCount);
		// Names here and there would look as if the others had none.
		if (level === 1 && (isHeaped || clashing.length > seenCount * crowdedRatio)) levels.fill(0);
		writeNumbers(placer, levels, texts, (node, text) => (isSeen[node] === true ? sizeAt(1, text, type, measure) : undefined));
		const hasSpare = spareLines(placer, levels, (node) => sizeAt(2, texts[node] ?? "", type, measure), spots);
		const isBare = (node: number): boolean => isSeen[node] === true && levels[node] === 0;
		const insides = insideNumbers(names.slice(0, nodeCount), isBare, radius, measure).map((inside, node) => (isSeen[node] === true ? inside : undefined));
		const bare: TopologyLayout = { spots, type, levels, texts, insides, headings: [], hasSpare, labels, regions: framed(), lines };
		return { ...bare, headings: headingsOf(bare, names, measure, sight) };
	}
	throw new Error("the last level is taken whatever it looks like");
}

export function isWithin({ x, y, radius }: NodeSpot, sight: Box | undefined): boolean {
	return sight === undefined || overlapOf(boxAround({ x, y }, { width: radius * 2, height: radius * 2 }), sight) > 0;
}

/** It covers so much of the links that fewer words are better. */
function isInTheWay(label: PlacedLabel | undefined): boolean {
	return label !== undefined && label.crossed > (label.box.right - label.box.left) * coveredRatio;
}

function areHeaped(regions: readonly RegionBox[]): boolean {
	const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
	return regions.some((one, i) => regions.some((other, j) => j < i && overlapOf(one, other) > Math.min(area(one), area(other)) * regionsOverlapRatio));
}

/** Only what is to be seen of it. */
function betweenEdges({ from, to }: Line): Line | undefined {
	const [a, b] = [from as NodeSpot, to as NodeSpot];
	const length = distance(a, b);
	if (length <= a.radius + b.radius) return undefined;
	return { from: between(a, b, a.radius / length), to: between(a, b, 1 - b.radius / length) };
}

/** What the name of a region takes, in its frame's corner. */
function titleBox({ left, top, name }: RegionBox, measure: Measure): Box {
	return { left, top, right: left + measure(name, 14, false) + 20, bottom: top + 24 };
}

/**
 * The middles of what is written on links.
 * @param texts a link each; empty: nothing
 * @param signs on links that are not as they should be
 */
export function placeLinkWords(
	{ spots, labels, levels, lines, regions, headings }: TopologyLayout,
	texts: readonly string[],
	signs: readonly Point[],
	sizePx: number,
	measure: Measure,
): readonly (Point | undefined)[] {
	const bodies = spots.map((spot) => boxAround(spot, { width: spot.radius * 2.3, height: spot.radius * 2.3 }));
	const words = labels.flatMap((label, vertex) => (label === undefined || levels[vertex] === 0 ? [] : [label.box]));
	const titles = regions.map((region) => titleBox(region, measure));
	const signed = signs.map((at) => boxAround(at, { width: linkSignPx, height: linkSignPx }));
	const sizes = texts.map((text) => (text === "" ? undefined : { width: measure(text, sizePx, false) + 10, height: sizePx * 1.5 }));
	return placeOnLines(lines, sizes, [...bodies, ...words, ...titles, ...headings.map(({ box }) => box), ...signed]);
}

const linkSignPx = 24;

/** Where a link bears the sign of its state. A cut one way is marked near the end that nothing leaves. */
export function linkSignAt({ from, to }: Line, state: LinkState, isForwardCut: boolean): Point | undefined {
	if (state === "up" || state === "changed") return undefined;
	return between(from, to, state === "oneWay" ? (isForwardCut ? 0.3 : 0.7) : 0.5);
}
