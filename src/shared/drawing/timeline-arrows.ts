/**
 * Messages of the space-time diagram: arrows that go forward in time, told apart by what became of them, and what
 * lanes that are hidden passed on. Pure.
 */
import { twinPx } from "./copy-sign.ts";
import { isCopy } from "./flights.ts";
import { indirectLinks } from "./indirect-links.ts";
import { crossStrokes, headStroke, type Look, plate, type Stroke, type Surface } from "./surface.ts";
import { type Lit, litOfArrow, pastDash } from "./timeline-lit.ts";
import type { PictureArrow } from "./timeline-picture.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import { namesPx, type TimelineScene } from "./timeline-scene.ts";

const headsMax = 900;
const namesMax = 80;
const nameRoomPx = 24;
const nameHeightPx = 17;
/** Of the mark of an arrival. */
const markPx = 5;
/** How far a message is drawn of which it is only known that it set out. */
const stubPx = 36;
const lostRatio = 0.6;
const beyondPx = 12;

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
	const nameable: Drawing[] = [];
	const lit: Drawing[] = [];
	for (const arrow of arrows) {
		const ends = isTold(scene, arrow) ? endsOf(scene, places, arrow) : undefined;
		if (ends === undefined || !isSeen(scene, ends)) continue;
		const drawing = { arrow, ends, lit: litOfArrow(scene, arrow), hasHeads };
		// What is lit lies over what is not.
		if (drawing.lit === "past" || drawing.lit === "future") lit.push(drawing);
		else drawArrow(surface, scene, drawing);
		if (arrows.length <= namesMax && drawing.lit !== "dim" && arrow.fate !== "underWay") nameable.push(drawing);
	}
	for (const drawing of lit) drawArrow(surface, scene, { ...drawing, hasHeads: true });
	drawNames(surface, scene, nameable);
}

/** Some part of it may be in sight. */
function isSeen({ widthPx }: TimelineScene, { fromX, toX }: Ends): boolean {
	return Math.max(fromX, toX) >= namesPx - beyondPx && Math.min(fromX, toX) <= widthPx + beyondPx;
}

function endsOf({ lanes, headUs, events }: TimelineScene, places: TimelinePlaces, arrow: PictureArrow): Ends | undefined {
	const { from, to, fate, sentIndex, sentUs, endIndex, endUs } = arrow;
	const [fromY, toY] = [lanes.yOf(from), lanes.yOf(to)];
	if (fromY === undefined || toY === undefined || !places.hasPlace({ index: sentIndex })) return undefined;
	const fromX = places.isByOrder ? places.xOfEvent({ index: sentIndex, node: from, atUs: sentUs }) : places.xAt(from, sentUs);
	if (fate === "delivered") {
		if (!places.hasPlace({ index: endIndex })) return undefined;
		const toX = places.xOfEvent({ index: endIndex, node: to, atUs: endUs });
		return { fromX, fromY, ...beforeTip({ fromX, fromY, toX, toY }) };
	}
	if (fate === "lost") {
		// A loss is the network's event and has no stamp of its own: it is drawn behind its sending, as far as it may have come.
		const toX = places.isByOrder ? places.xOfRank((places.rankOf(sentIndex) ?? 0) + 1) : places.xAt(from, Math.max(sentUs, endUs));
		return { fromX, fromY, toX, toY: fromY + (toY - fromY) * lostRatio };
	}
	// Of one under way nobody knows how far it is: it has set out. The file of a run that goes on is a little behind it.
	const nowX = places.isByOrder ? Number.POSITIVE_INFINITY : places.xAt(from, Math.max(sentUs, Math.min(headUs, events.at(-1)?.atUs ?? headUs)));
	const awayPx = Math.min(Math.abs(toY - fromY) / 2, stubPx);
	return { fromX, fromY, toX: Math.max(fromX, Math.min(fromX + stubPx, nowX)), toY: fromY + (toY < fromY ? -awayPx : awayPx) };
}

/** The tip lies at the edge of the mark of the arrival, not under it. */
function beforeTip({ fromX, fromY, toX, toY }: Ends): Pick<Ends, "toX" | "toY"> {
	const [alongX, alongY] = [toX - fromX, toY - fromY];
	const length = Math.sqrt(alongX * alongX + alongY * alongY);
	const ratio = length < 4 * markPx ? 1 : 1 - markPx / length;
	return { toX: fromX + alongX * ratio, toY: fromY + alongY * ratio };
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
	const lines = isCopy(drawing.arrow) ? twins(drawing.ends) : [[fromX, fromY, toX, toY]];
	// A dashed line has a head that is whole.
	if (head === undefined || dash !== undefined) surface.lines(lines, look);
	else surface.lines([...lines, head], look);
	if (head !== undefined && dash !== undefined) surface.lines([head], solid);
	if (fate === "lost") surface.lines(crossStrokes(toX, toY, drawing.lit === "dim" ? 2.5 : 5), { ...solid, widthPx: drawing.lit === "dim" ? 1.4 : 2.3 });
}

/** The way of a copy is drawn twice, side by side up to its tip. */
function twins({ fromX, fromY, toX, toY }: Ends): readonly Stroke[] {
	const [alongX, alongY] = [toX - fromX, toY - fromY];
	const length = Math.max(1, Math.sqrt(alongX * alongX + alongY * alongY));
	const [asideX, asideY] = [(-alongY / length) * twinPx, (alongX / length) * twinPx];
	return [1, -1].map((side) => [fromX + side * asideX, fromY + side * asideY, toX + side * asideX, toY + side * asideY]);
}

/** About the middle of an arrow, and not on a lane, where events are. */
function nameRatio({ fromY, toY }: Ends, laneHeightPx: number): number {
	const lanes = Math.round(Math.abs(toY - fromY) / laneHeightPx);
	return lanes > 0 && lanes % 2 === 0 ? 0.5 + 0.5 / lanes : 0.5;
}

/** A name in the middle of its arrow, where none is yet. */
function drawNames(surface: Surface, { plan, palette, widthPx, lanes: { laneHeightPx } }: TimelineScene, drawings: readonly Drawing[]): void {
	// Between lanes that are near each other no name has room.
	if (laneHeightPx < 2 * nameHeightPx) return;
	const taken: { readonly x: number; readonly y: number; readonly half: number }[] = [];
	for (const { arrow, ends } of drawings) {
		const ratio = nameRatio(ends, laneHeightPx);
		const [x, y] = [ends.fromX + (ends.toX - ends.fromX) * ratio, ends.fromY + (ends.toY - ends.fromY) * ratio];
		const look = { x, y: y + 3, sizePx: 11, weight: 550, anchor: "middle" as const, fill: palette.soft };
		const text = plan.names[arrow.name] ?? "";
		const half = surface.widthOf(text, look) / 2 + 4;
		if (Math.abs(ends.toX - ends.fromX) < nameRoomPx || x - half < namesPx || x + half > widthPx) continue;
		if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < nameHeightPx)) continue;
		taken.push({ x, y, half });
		plate(surface, text, look, palette.surface, 0.88);
	}
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
