/**
 * Switches stand as near to the middle of what they join as they can without standing on anything, and so that none of
 * their links runs over a node that it does not lead to: it would seem to. Pure.
 */
import type { Plan } from "../plan.ts";
import type { Box } from "./boxes.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";
import { frameOf } from "./region-places.ts";

/** Room that a switch leaves between itself and whatever else stands there. */
const switchGap = nodeRadius * 1.75;
/** How far a link keeps from the middle of a node that it does not lead to. */
const passGap = nodeRadius * 1.4;
/** Nearer to its middle it would lie on a node's face. */
const faceGap = nodeRadius * 1.05;
const switchStep = nodeRadius * 0.75;
/** Places to each side of the middle that are tried. */
const switchStepsMax = 10;
/** With more places in sight of each other, looking for the best one would take too long. */
const lookedAtMax = 120;
/** A switch looks where the other ones went; more rounds than this change nothing any more. */
const switchRounds = 3;
/** One node less on whose face a link lies is worth so long a way from the middle. */
const passCost = nodeRadius * 20;

/** A step out of its region's frame costs as much as so many within. */
const outsideCost = 4;

type Places = Map<number, { x: number; y: number }>;
type Joined = Pick<Plan, "nodes" | "switches" | "links">;

/** What one switch is placed by. */
interface Wish {
	readonly hub: number;
	readonly middle: Point;
	/** Vertices that it has links to. */
	readonly ends: readonly number[];
	readonly frame: Box | undefined;
	readonly otherFrames: readonly Box[];
}

/** @param middles of switches that stand in a place of their own; the others' are the middles of their regions */
export function placeSwitches(places: Places, plan: Joined, middles: ReadonlyMap<number, Point>): void {
	const wishes = wishesOf(places, plan, middles);
	for (const { hub, middle } of wishes) places.set(hub, { ...middle });
	const isCrowd = places.size > lookedAtMax;
	for (let round = 0; round < (isCrowd ? 1 : switchRounds); round++)
		for (const wish of wishes) {
			places.delete(wish.hub);
			places.set(wish.hub, { ...clearPlace(places, wish, isCrowd) });
		}
	if (isCrowd) return;
	for (const wish of wishes) {
		const place = places.get(wish.hub) ?? wish.middle;
		places.delete(wish.hub);
		places.set(wish.hub, { ...facingPlace(places, wish, place) });
	}
}

function wishesOf(places: Places, { nodes, switches, links }: Joined, middles: ReadonlyMap<number, Point>): readonly Wish[] {
	const regions = [...new Set(nodes.map(({ region }) => region))].filter((region) => region >= 0);
	const frames = new Map(regions.map((region) => [region, frameOf(places, { nodes }, (node) => nodes[node]?.region === region)]));
	return switches.flatMap(({ region }, index): readonly Wish[] => {
		const hub = nodes.length + index;
		const frame = frames.get(region);
		const middle = middles.get(hub) ?? (frame && { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 });
		if (middle === undefined) return [];
		const ends = links.flatMap(({ a, b }) => (a === hub ? [b] : b === hub ? [a] : []));
		const otherFrames = regions.flatMap((other) => (other === region ? [] : (frames.get(other) ?? [])));
		return [{ hub, middle, ends, frame, otherFrames }];
	});
}

/** Where links keep well clear of nodes. */
function clearPlace(places: Places, wish: Wish, isCrowd: boolean): Point {
	const others = [...places.values()];
	const ends = wish.ends.flatMap((end) => places.get(end) ?? []);
	return cheapestPlace(wish, others, (place) => (isCrowd ? 0 : passCost * passes(place, ends, others, passGap)));
}

/** Where that cannot be: links may pass near nodes, but lie on as few faces as can be. @param place where it stands; good enough where it is on none */
function facingPlace(places: Places, wish: Wish, place: Point): Point {
	const others = [...places.values()];
	const ends = wish.ends.flatMap((end) => places.get(end) ?? []);
	const facesFrom = (from: Point): number => passes(from, ends, others, faceGap);
	if (facesFrom(place) === 0) return place;
	const near = cheapestPlace(wish, others, (from) => passCost * facesFrom(from));
	return facesFrom(near) < facesFrom(place) ? near : place;
}

function cheapestPlace({ middle, frame, otherFrames }: Wish, others: readonly Point[], costOf: (place: Point) => number): Point {
	let [best, least]: [Point, number] = [middle, Number.POSITIVE_INFINITY];
	for (const place of around(middle)) {
		const way = lengthOf({ x: place.x - middle.x, y: place.y - middle.y });
		if (way >= least) break;
		if (!isFree(place, others) || otherFrames.some((other) => outside(place, other) === 0)) continue;
		const cost = way + (frame === undefined ? 0 : outside(place, frame) * outsideCost) + costOf(place);
		if (cost < least) [best, least] = [place, cost];
	}
	return best;
}

/** How far out of a box; 0 within. */
function outside({ x, y }: Point, { left, right, top, bottom }: Box): number {
	return lengthOf({ x: Math.max(0, left - x, x - right), y: Math.max(0, top - y, y - bottom) });
}

/** The nearest first. */
function around(middle: Point): readonly Point[] {
	const steps = Array.from({ length: 2 * switchStepsMax + 1 }, (_, i) => (i - switchStepsMax) * switchStep);
	return steps
		.flatMap((x) => steps.map((y) => ({ x, y })))
		.sort((a, b) => lengthOf(a) - lengthOf(b))
		.map(({ x, y }) => ({ x: middle.x + x, y: middle.y + y }));
}

const lengthOf = ({ x, y }: Point): number => Math.sqrt(x * x + y * y);

const isFree = ({ x, y }: Point, taken: readonly Point[]): boolean =>
	taken.every((other) => Math.max(Math.abs(other.x - x), Math.abs(other.y - y)) >= switchGap);

/** How many stand in the way from a place to some of them. @param gap that a link has to keep from their middles */
function passes(from: Point, ends: readonly Point[], others: readonly Point[], gap: number): number {
	let count = 0;
	for (const to of ends) for (const other of others) if (other !== to && wayFrom(other, from, to) < gap) count++;
	return count;
}

/** How far a place lies from a line between two others. */
function wayFrom(place: Point, from: Point, to: Point): number {
	const [x, y] = [to.x - from.x, to.y - from.y];
	const square = x * x + y * y;
	const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((place.x - from.x) * x + (place.y - from.y) * y) / square));
	return lengthOf({ x: place.x - from.x - share * x, y: place.y - from.y - share * y });
}
