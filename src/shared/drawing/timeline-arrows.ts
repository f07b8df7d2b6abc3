/**
 * Messages of the space-time diagram: arrows that go forward in time, told apart by what became of them, and what
 * lanes that are hidden passed on. Pure.
 */
import { indirectLinks } from "./indirect-links.ts";
import { crossStrokes, headStroke, type Look, plate, type Surface } from "./surface.ts";
import { type Lit, litOfArrow, pastDash } from "./timeline-lit.ts";
import type { PictureArrow } from "./timeline-picture.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import type { TimelineScene } from "./timeline-scene.ts";

const headsMax = 900;
const namesMax = 80;
const namesGapPx = 90;
const nameRoomPx = 30;

interface Ends {
	readonly fromX: number;
	readonly fromY: number;
	readonly toX: number;
	readonly toY: number;
}

/** What has become of a message that is under way may not be in the file yet; without events, lines would look like something. */
function isTold({ events }: TimelineScene, { fate }: PictureArrow): boolean {
	return fate !== "underWay" || events.length > 0;
}

export function drawArrows(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { arrows } = scene;
	const hasHeads = arrows.length <= headsMax;
	const named: { readonly arrow: PictureArrow; readonly ends: Ends }[] = [];
	let namedX = Number.NEGATIVE_INFINITY;
	const lit: { readonly arrow: PictureArrow; readonly ends: Ends; readonly lit: Lit }[] = [];
	for (const arrow of arrows) {
		const ends = isTold(scene, arrow) ? endsOf(scene, places, arrow) : undefined;
		if (ends === undefined) continue;
		const side = litOfArrow(scene, arrow);
		// What is lit lies over what is not.
		if (side === "past" || side === "future") lit.push({ arrow, ends, lit: side });
		else drawArrow(surface, scene, { arrow, ends, lit: side, hasHeads });
		if (arrows.length > namesMax || side === "dim" || ends.fromX - namedX <= namesGapPx || ends.toX - ends.fromX <= nameRoomPx) continue;
		namedX = ends.fromX;
		named.push({ arrow, ends });
	}
	for (const one of lit) drawArrow(surface, scene, { ...one, hasHeads: true });
	for (const { arrow, ends } of named) drawName(surface, scene, arrow, ends);
}

function endsOf({ lanes, headUs, events }: TimelineScene, places: TimelinePlaces, arrow: PictureArrow): Ends | undefined {
	const [fromY, toY] = [lanes.yOf(arrow.from), lanes.yOf(arrow.to)];
	if (fromY === undefined || toY === undefined) return undefined;
	// A lost message is drawn as far as it may have come; of one under way nobody knows how far it is.
	const reach = arrow.fate === "lost" ? 0.6 : arrow.fate === "underWay" ? 0.5 : 1;
	const y = { fromY, toY: fromY + (toY - fromY) * reach };
	const isDelivered = arrow.fate === "delivered";
	if (!places.isByOrder) {
		// The file of a run that goes on is a little behind it.
		const endUs = arrow.endUs < 0 ? Math.max(arrow.sentUs, Math.min(headUs, events.at(-1)?.atUs ?? headUs)) : arrow.endUs;
		return { ...y, fromX: places.xAt(arrow.from, arrow.sentUs), toX: places.xAt(isDelivered ? arrow.to : arrow.from, endUs) };
	}
	// A loss is the network's event and has no stamp of its own: it is drawn behind its sending.
	const [sent, ended] = [places.rankOf(arrow.sentIndex), places.rankOf(arrow.endIndex)];
	if (sent === undefined || (isDelivered && ended === undefined)) return undefined;
	return { ...y, fromX: places.xOfRank(sent), toX: places.xOfRank(arrow.fate === "lost" ? sent + 1 : (ended ?? Number.MAX_SAFE_INTEGER)) };
}

interface Drawing {
	readonly arrow: PictureArrow;
	readonly ends: Ends;
	readonly lit: Lit;
	readonly hasHeads: boolean;
}

function lookOf({ palette }: TimelineScene, { arrow: { fate }, lit, hasHeads }: Drawing): Look {
	const isLost = fate === "lost";
	const plain = isLost ? palette.bad : palette.message;
	const dash = isLost ? [5, 4] : fate === "underWay" ? [2, 3] : undefined;
	switch (lit) {
		case "past":
			return { stroke: palette.past, widthPx: 3, dash: pastDash };
		case "future":
			return { stroke: palette.future, widthPx: 3, ...(dash === undefined ? {} : { dash }) };
		default:
			return {
				stroke: plain,
				strokeOpacity: lit === "dim" ? 0.14 : hasHeads ? 0.78 : 0.4,
				widthPx: 1.5,
				...(dash === undefined ? {} : { dash }),
			};
	}
}

function drawArrow(surface: Surface, scene: TimelineScene, drawing: Drawing): void {
	const { fromX, fromY, toX, toY } = drawing.ends;
	const look = lookOf(scene, drawing);
	const { fate } = drawing.arrow;
	const { dash, ...solid } = look;
	const head = fate === "delivered" && drawing.hasHeads ? headStroke(fromX, fromY, toX, toY) : undefined;
	const line = [fromX, fromY, toX, toY];
	// A dashed line has a head that is whole.
	if (head === undefined || dash !== undefined) surface.lines([line], look);
	else surface.lines([line, head], look);
	if (head !== undefined && dash !== undefined) surface.lines([head], solid);
	if (fate === "lost") surface.lines(crossStrokes(toX, toY, drawing.lit === "dim" ? 2.5 : 5), { ...solid, widthPx: drawing.lit === "dim" ? 1.4 : 2.3 });
}

function drawName(surface: Surface, { plan, palette }: TimelineScene, { name }: PictureArrow, { fromX, fromY, toX, toY }: Ends): void {
	const text = plan.names[name] ?? "";
	plate(
		surface,
		text,
		{ x: (fromX + toX) / 2, y: (fromY + toY) / 2 + 3, sizePx: 11, weight: 550, anchor: "middle", fill: palette.soft },
		palette.surface,
		0.88,
	);
}

/** What hidden lanes passed on. */
export function drawIndirect(surface: Surface, { arrows, lanes, plan, palette }: TimelineScene, places: TimelinePlaces): void {
	if (lanes.nodes.length === plan.nodes.length) return;
	const look: Look = { stroke: palette.quiet, strokeOpacity: 0.85, widthPx: 1.4 };
	for (const { first, last } of indirectLinks(arrows, (node) => lanes.yOf(node) !== undefined)) {
		const [fromY, toY] = [lanes.yOf(first.from), lanes.yOf(last.to)];
		const isPlaced = places.hasPlace({ index: first.sentIndex }) && places.hasPlace({ index: last.endIndex });
		if (fromY === undefined || toY === undefined || !isPlaced) continue;
		const fromX = places.xOfEvent({ node: first.from, atUs: first.sentUs, index: first.sentIndex });
		const toX = places.xOfEvent({ node: last.to, atUs: last.endUs, index: last.endIndex });
		surface.lines([[fromX, fromY, toX, toY]], { ...look, dash: [7, 5] });
		const head = headStroke(fromX, fromY, toX, toY);
		if (head !== undefined) surface.lines([head], look);
	}
}
