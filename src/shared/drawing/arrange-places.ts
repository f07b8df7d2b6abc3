/**
 * Where a lab's own wishes put its nodes: on a field, long lines of them folded into blocks, and all of it
 * as far apart as names need. The window and the files of drawings begin from the same places. Pure.
 */
import type { Plan } from "../plan.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";
import { separateRegions } from "./region-places.ts";
import { placeSwitches } from "./switch-places.ts";

/** The field that a lab's positions (0..1) lie on. */
const field = { x: 900, y: 480 };
/** More nodes than this in one line are folded into several. */
const lineNodesMax = 12;
/** A block of nodes is a little wider than high: stages are. */
const blockRatio = 1.7;
const blockStep = { x: nodeRadius * 4.2, y: nodeRadius * 3.6 };

type Places = Map<number, { x: number; y: number }>;
type Axis = "x" | "y";

type Drawn = Pick<Plan, "nodes" | "switches" | "links">;

/** @returns places of those vertices that the lab says something of */
export function wantedPlaces(plan: Drawn): Map<number, Point> {
	const { nodes } = plan;
	const places: Places = new Map();
	nodes.forEach(({ position }, node) => {
		if (position !== undefined) places.set(node, { x: position[0] * field.x, y: position[1] * field.y });
	});
	if (places.size === 0 && isWholeMesh(plan)) placeInCircle(places, nodes.length);
	const star = places.size === 0 ? placeStar(places, plan) : [];
	const hubs = [...bend(places, plan), ...star];
	if (hubs.length === 0 || star.length > 0) {
		bendMeshes(places, plan);
		fold(places);
	}
	spread(places);
	separateRegions(places, plan);
	const hubMiddle = middleOf([...places.values()]);
	placeSwitches(places, plan, hubMiddle === undefined ? new Map() : new Map(hubs.map((hub) => [hub, hubMiddle])));
	return places;
}

/** More nodes than this make no circle in which anything could be read. */
const circleNodesMax = 28;
const circleNodesMin = 4;
/** Stages are wider than high. */
const circleRatio = 1.75;

/**
 * Nodes in one line whose links join any two of them, or all of them to one switch: every link would lie on
 * the line. They stand in a circle.
 * @returns switches that belong into its middle; not empty as soon as there is a circle
 */
function bend(places: Places, { nodes, links }: Drawn): readonly number[] {
	const count = nodes.length;
	if (count < circleNodesMin || count > circleNodesMax || places.size < count) return [];
	const [first] = places.values();
	const isLine = (axis: Axis): boolean => [...places.values()].every((place) => place[axis] === first?.[axis]);
	if (!isLine("x") && !isLine("y")) return [];
	const reached = new Map<number, Set<number>>();
	let crossings = 0;
	for (const { a, b } of links) {
		if (a < count && b < count && Math.abs(a - b) > 1 && Math.abs(a - b) < count - 1) crossings++;
		for (const [hub, node] of [
			[a, b],
			[b, a],
		] as const)
			if (hub >= count && node < count) reached.set(hub, (reached.get(hub) ?? new Set()).add(node));
	}
	const hubs = [...reached].flatMap(([hub, members]) => (members.size === count ? [hub] : []));
	if (crossings === 0 && hubs.length === 0) return [];
	placeInCircle(places, count);
	return hubs.length > 0 ? hubs : [-1];
}

function placeInCircle(places: Places, count: number): void {
	const radius = radiusOf(count);
	for (let node = 0; node < count; node++) {
		const { x, y } = circlePoint(node / count);
		places.set(node, { x: radius * circleRatio * x, y: radius * y });
	}
}

/**
 * Very many around one, and no other links: a layout would heap them up. They stand in a line, which is folded into a block,
 * with the one beside them.
 * @returns the switch that belongs into their middle, if it is one
 */
function placeStar(places: Places, { nodes, links }: Drawn): readonly number[] {
	if (nodes.length <= circleNodesMax || nodes.some(({ region }) => region !== nodes[0]?.region)) return [];
	const [first, second] = links;
	const hub = [first?.a, first?.b].find((end) => end === second?.a || end === second?.b) ?? -1;
	const members = new Set(links.flatMap(({ a, b }) => (a === hub ? [b] : b === hub ? [a] : [-1])));
	const others = nodes.map((_, node) => node).filter((node) => node !== hub);
	if (members.has(-1) || others.some((node) => !members.has(node))) return [];
	others.forEach((node, i) => void places.set(node, { x: field.x * 0.85, y: (field.y * i) / (others.length - 1) }));
	if (hub >= nodes.length) return [hub];
	places.set(hub, { x: field.x * 0.1, y: field.y / 2 });
	return [];
}

/** A link between any two, and nothing else: no layout would find an order in it that is not there. */
function isWholeMesh({ nodes, switches, links }: Drawn): boolean {
	const count = nodes.length;
	if (count < meshNodesMin || count > circleNodesMax || switches.length > 0 || nodes.some(({ region }) => region !== nodes[0]?.region)) return false;
	return new Set(links.map(({ a, b }) => Math.min(a, b) * count + Math.max(a, b))).size === (count * (count - 1)) / 2;
}

const meshNodesMin = 3;
/** What a bent line keeps between itself and everything else. */
const meshGap = nodeRadius * 3;
const bowDepthMin = nodeRadius * 4;
/** More nodes would need a bow that is deeper than the stage. */
const bowNodesMax = 5;
/** How far a node lies from the link between its neighbours, at least. */
const bowClearance = nodeRadius * 1.8;

/**
 * Some of the nodes in one line, with links between those that are no neighbours: such a link would lie on
 * the line and could be neither told apart nor pointed at. They stand in a bow, which has no three of them in one line
 * and leaves who speaks to them a clear view of each; many of them in a circle, where there is room for one.
 */
function bendMeshes(places: Places, { nodes, links }: Drawn): void {
	const bentAlready = new Set<number>();
	for (const [along, across] of [
		["y", "x"],
		["x", "y"],
	] as const) {
		for (const line of linesOf(places, across)) {
			const sorted = [...line].sort((a, b) => (places.get(a)?.[along] ?? 0) - (places.get(b)?.[along] ?? 0) || a - b);
			const rank = new Map(sorted.map((vertex, i) => [vertex, i]));
			const isMesh = links.some(({ a, b }) => Math.abs((rank.get(a) ?? 0) - (rank.get(b) ?? 0)) > 1 && rank.has(a) && rank.has(b));
			if (!isMesh || sorted.length < meshNodesMin || sorted.length > circleNodesMax || sorted.length === nodes.length) continue;
			if (sorted.some((vertex) => bentAlready.has(vertex))) continue;
			const others = [...places].flatMap(([vertex, place]) => (rank.has(vertex) ? [] : [place]));
			const circle = sorted.length > bowNodesMax ? circleIn(places, sorted, others) : undefined;
			const bent = circle ?? bow(places, sorted, others, along, across);
			for (const [i, vertex] of sorted.entries()) {
				places.set(vertex, { ...(bent[i] as Point) });
				bentAlready.add(vertex);
			}
		}
	}
}

/** @returns nothing where it would not keep clear of the others */
function circleIn(places: Places, line: readonly number[], others: readonly Point[]): readonly Point[] | undefined {
	const middle = middleOf(line.map((vertex) => places.get(vertex) as Point));
	if (middle === undefined) return undefined;
	const radius = radiusOf(line.length);
	const size = { x: radius * circleRatio + meshGap, y: radius + meshGap };
	if (others.some(({ x, y }) => Math.abs(x - middle.x) < size.x && Math.abs(y - middle.y) < size.y)) return undefined;
	return line.map((_, i) => {
		const { x, y } = circlePoint(i / line.length);
		return { x: middle.x + radius * circleRatio * x, y: middle.y + radius * y };
	});
}

/** Bent away from the others, most in its middle. */
function bow(places: Places, line: readonly number[], others: readonly Point[], along: Axis, across: Axis): readonly Point[] {
	const at = (place: Point, axis: Axis): number => place[axis];
	const own = places.get(line[0] ?? -1) as Point;
	const centre = others.reduce((sum, other) => sum + at(other, across), 0) / Math.max(1, others.length);
	const direction = others.length === 0 || at(own, across) >= centre ? 1 : -1;
	const steps = (Math.min(line.length, bowNodesMax) - 1) / 2;
	const depth = Math.max(bowDepthMin, bowClearance * steps * steps);
	return line.map((vertex, i) => {
		const from = places.get(vertex) as Point;
		const share = (2 * i) / (line.length - 1) - 1;
		const place = { x: from.x, y: from.y };
		place[across] = at(from, across) + direction * depth * (1 - share * share);
		place[along] = at(from, along);
		return place;
	});
}

const radiusOf = (count: number): number => Math.max(140, (count * nodeRadius * 3.1) / 6.283);

/** Points of a circle by a parabola a quarter, made round: from the top, clockwise. Exact arithmetic alone. @param turn 0..1 */
function circlePoint(turn: number): Point {
	const quarter = Math.floor(turn * 4) % 4;
	const t = turn * 4 - Math.floor(turn * 4);
	// Bhaskara's formula: within two thousandths of the sine of a quarter turn.
	const half = (part: number): number => {
		const d = part * 90 * (180 - part * 90);
		return (4 * d) / (40_500 - d);
	};
	const [sine, cosine] = [half(t), half(1 - t)];
	const turned: readonly Point[] = [
		{ x: sine, y: -cosine },
		{ x: cosine, y: sine },
		{ x: -sine, y: cosine },
		{ x: -cosine, y: -sine },
	];
	return turned[quarter] ?? { x: 0, y: -1 };
}

function middleOf(spots: readonly Point[]): Point | undefined {
	if (spots.length === 0) return undefined;
	const middle = (of: (place: Point) => number): number => (Math.min(...spots.map(of)) + Math.max(...spots.map(of))) / 2;
	return { x: middle(({ x }) => x), y: middle(({ y }) => y) };
}

/** Fifty servers in one line would be seen from very far only: they stand in a block, on the side that leads away from the others. */
function fold(places: Places): void {
	const folded = new Set<number>();
	for (const [along, across] of [
		["y", "x"],
		["x", "y"],
	] as const) {
		for (const line of linesOf(places, across)) {
			// The rows of a block are no lines of the lab's.
			if (line.length <= lineNodesMax || line.some((vertex) => folded.has(vertex))) continue;
			foldLine(places, line, along, across);
			for (const vertex of line) folded.add(vertex);
		}
	}
}

function linesOf(places: Places, across: Axis): readonly (readonly number[])[] {
	const lines = new Map<number, number[]>();
	for (const [vertex, place] of places) {
		const at = Math.round(place[across]);
		const line = lines.get(at);
		if (line === undefined) lines.set(at, [vertex]);
		else line.push(vertex);
	}
	return [...lines.values()];
}

function foldLine(places: Places, line: readonly number[], along: Axis, across: Axis): void {
	const of = (vertex: number, axis: Axis): number => places.get(vertex)?.[axis] ?? 0;
	const others = [...places].filter(([vertex]) => !line.includes(vertex)).map(([, place]) => place[across]);
	const at = of(line[0] ?? -1, across);
	const centre = others.reduce((sum, other) => sum + other, 0) / Math.max(1, others.length);
	const direction = others.length === 0 || at >= centre ? 1 : -1;
	const reach = others.reduce((most, other) => Math.max(most, Math.abs(other - at)), 0);
	const columns = columnsOf(line.length, across, reach);
	const rows = Math.ceil(line.length / columns);
	const middle = line.reduce((sum, vertex) => sum + of(vertex, along), 0) / line.length;
	const sorted = [...line].sort((a, b) => of(a, along) - of(b, along) || a - b);
	sorted.forEach((vertex, i) => {
		const [row, column] = [Math.floor(i / columns), i % columns];
		const place = { x: 0, y: 0 };
		place[across] = at + direction * column * blockStep[across];
		place[along] = middle + (row - (rows - 1) / 2) * blockStep[along];
		places.set(vertex, place);
	});
}

/** So many across that the whole, with what lies beside the block, is seen from as near as can be. */
function columnsOf(count: number, across: Axis, reach: number): number {
	const along = across === "x" ? "y" : "x";
	const sizeOf = (columns: number): number => {
		const wide = reach + (columns - 1) * blockStep[across];
		const high = (Math.ceil(count / columns) - 1) * blockStep[along];
		return across === "x" ? Math.max(wide / blockRatio, high) : Math.max(wide, high / blockRatio);
	};
	let best = 1;
	for (let columns = 2; columns <= count; columns++) if (sizeOf(columns) < sizeOf(best)) best = columns;
	return best;
}

/** Many servers in one column or row would lie on each other: the whole is drawn larger. */
function spread(places: Places): void {
	const points = [...places.values()];
	const nearest = (distance: (a: Point, b: Point) => number): number =>
		points.reduce((least, a, i) => points.slice(i + 1).reduce((found, b) => Math.min(found, distance(a, b)), least), Number.POSITIVE_INFINITY);
	const wanted = nodeRadius * 3.3;
	// Names are wider than they are high: neighbours side by side count as nearer.
	const near = nearest((a, b) => Math.max(Math.abs(a.x - b.x) / 1.25, Math.abs(a.y - b.y)));
	if (!(near < wanted) || near < 1) return;
	const wider = Math.min(6, Math.sqrt(wanted / near));
	for (const place of points) {
		(place as { x: number; y: number }).x *= wider;
		(place as { x: number; y: number }).y *= wanted / near;
	}
	const left = points.reduce(
		(least, a, i) => points.slice(i + 1).reduce((found, b) => Math.min(found, Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))), least),
		Number.POSITIVE_INFINITY,
	);
	if (left < wanted * 0.8) for (const place of points) (place as { x: number; y: number }).x *= Math.min(3, (wanted * 0.8) / left);
}
