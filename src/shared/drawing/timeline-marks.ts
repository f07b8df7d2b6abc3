/**
 * Events of a space-time diagram: a mark each, runs of local ones as one circle with their number, with vectors
 * beside them where places are by vectors; with too many of them, how many there were where. Pure.
 */
import { eventSchema } from "../event-schema.ts";
import { stripHeightPx } from "./band-strip.ts";
import { collapseRuns } from "./local-runs.ts";
import { faded } from "./palette.ts";
import { crossStrokes, diamond, plate, type Surface, triangle } from "./surface.ts";
import { litOf, litOfAll, ring, toneOf } from "./timeline-lit.ts";
import type { PictureEvent } from "./timeline-picture.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import { axisPx, isInSight, type Spot, type TimelineScene } from "./timeline-scene.ts";
import { clockText, weightOf } from "./vector-order.ts";

const runGapPx = 9;
/** Half of a message's mark. */
const markPx = 4;
/** Local events stand so far above the marks that they would hide, in lanes that have the height. */
const localRaisePx = 13;
const raiseLanePxMin = 40;
/** Clocks are written beside events while they are no more than these. */
const clocksMax = 160;
const clockNodesMax = 8;
const clockGapPx = 8;
/** Nearer than this, faults that no events are drawn for are one. */
const faultGapPx = 6;

const repairs = /Booted|Restarting|Healed|Resumed/;

/** Each event, or how many of them are in one place. */
export function drawEvents(surface: Surface, scene: TimelineScene, places: TimelinePlaces): readonly Spot[] {
	const spots: Spot[] = [];
	for (const [node, events] of byLane(scene, places)) {
		const y = scene.lanes.yOf(node);
		if (y === undefined || !isInSight(scene, y)) continue;
		const locals: PictureEvent[] = [];
		const takenXs: number[] = [];
		for (const event of events) {
			if (!event.kind.startsWith("message") && eventSchema[event.kind].class !== "control") {
				locals.push(event);
				continue;
			}
			const x = places.xOfEvent(event);
			takenXs.push(x);
			drawEvent(surface, scene, event, { x, y }, spots);
		}
		for (const part of partsAt(scene, places, locals)) drawLocals(surface, scene, places, { events: part, y, takenXs }, spots);
	}
	if (places.vectors.size > 0) drawVectors(surface, scene, places, spots);
	return spots;
}

/** By order no circle stands for events on both sides of the cut of the instant. */
function partsAt({ shownUs }: TimelineScene, places: TimelinePlaces, events: readonly PictureEvent[]): readonly (readonly PictureEvent[])[] {
	if (shownUs === null || !places.isByOrder) return [events];
	return [events.filter(({ atUs }) => atUs <= shownUs), events.filter(({ atUs }) => atUs > shownUs)];
}

function byLane({ events }: TimelineScene, places: TimelinePlaces): ReadonlyMap<number, readonly PictureEvent[]> {
	const lanes = new Map<number, PictureEvent[]>();
	for (const event of events) {
		if (!places.hasPlace(event)) continue;
		const lane = lanes.get(event.node);
		if (lane === undefined) lanes.set(event.node, [event]);
		else lane.push(event);
	}
	return lanes;
}

interface At {
	readonly x: number;
	readonly y: number;
}

function drawEvent(surface: Surface, scene: TimelineScene, { kind, index }: PictureEvent, { x, y }: At, spots: Spot[]): void {
	const { palette, divergence } = scene;
	const lit = litOf(scene, index);
	spots.push({ x, y, index, count: 1 });
	if (eventSchema[kind].class === "control") {
		// Upwards for what breaks, downwards for what mends: told apart by form as well.
		const isRepair = repairs.test(kind);
		const { colour, opacity } = toneOf(lit, isRepair ? palette.good : palette.bad, palette);
		triangle(surface, x, y, { fill: colour, fillOpacity: opacity }, isRepair ? -1 : 1);
	} else if (kind !== "messageDropped") {
		const { colour, opacity } = toneOf(lit, palette.message, palette);
		const isArrival = kind === "messageDelivered";
		const look = isArrival ? { fill: palette.surface, stroke: colour, strokeOpacity: opacity, widthPx: 2 } : { fill: colour, fillOpacity: opacity };
		const radiusPx = lit === "self" ? 5 : 4;
		// From where another run parts from this one, events have another shape.
		if (divergence !== null && index >= divergence.index) diamond(surface, x, y, radiusPx * 1.45, look);
		else surface.circle(x, y, radiusPx, look);
	}
	ring(surface, x, y, lit, palette);
}

interface LocalsOfLane {
	readonly events: readonly PictureEvent[];
	readonly y: number;
	/** Where other marks of the lane are. */
	readonly takenXs: readonly number[];
}

function drawLocals(surface: Surface, scene: TimelineScene, places: TimelinePlaces, { events, y: laneY, takenXs }: LocalsOfLane, spots: Spot[]): void {
	const { palette } = scene;
	const raisePx = scene.lanes.laneHeightPx >= raiseLanePxMin ? localRaisePx : 0;
	let taken = 0;
	const xs = events.map((event) => places.xOfEvent(event));
	for (const { from, to, xPx, count } of collapseRuns(xs, runGapPx)) {
		const first = events[from] as PictureEvent;
		const indices = count === 1 ? [first.index] : events.slice(from, to + 1).map(({ index }) => index);
		const lit = litOfAll(scene, indices);
		const { colour, opacity } = toneOf(lit, palette.soft, palette);
		const radiusPx = count === 1 ? 3 : count < 10 ? 6.5 : count < 100 ? 8 : 10;
		// What a node did when a message came would hide the message's own mark: it stands above it.
		while (taken < takenXs.length && (takenXs[taken] as number) < xPx - radiusPx - markPx) taken++;
		const y = (takenXs[taken] ?? Number.POSITIVE_INFINITY) < xPx + radiusPx + markPx ? laneY - raisePx : laneY;
		surface.circle(xPx, y, radiusPx, {
			fill: count === 1 ? colour : palette.surface,
			...(count === 1 ? { fillOpacity: opacity } : {}),
			stroke: colour,
			strokeOpacity: opacity,
			widthPx: 1.5,
		});
		// The one of them that is selected is what a click on it means.
		const index = indices.find((candidate) => candidate === scene.selected) ?? first.index;
		if (count > 1)
			surface.text(count > 99 ? "99+" : String(count), {
				x: xPx,
				y: y + 3.3,
				sizePx: 9.5,
				weight: 650,
				anchor: "middle",
				fill: opacity < 1 ? faded(colour, opacity * 2) : colour,
			});
		ring(surface, xPx, y, lit, palette, radiusPx);
		spots.push({ x: xPx, y, index, count });
	}
}

/** Beside the selected event its clock; beside the others where there is room. */
function drawVectors(surface: Surface, { lanes, palette, selected }: TimelineScene, { vectors }: TimelinePlaces, spots: readonly Spot[]): void {
	const isCrowded = spots.length > clocksMax;
	const isShort = lanes.nodes.length > clockNodesMax;
	const freeFrom = new Map<number, number>();
	for (const { x, y, index } of [...spots].sort((a, b) => a.x - b.x)) {
		const clock = vectors.get(index);
		const isSelected = index === selected;
		if (clock === undefined || (!isSelected && (isCrowded || x < (freeFrom.get(y) ?? 0)))) continue;
		const text = isShort ? `Σ${weightOf(clock)}` : clockText(clock, lanes.nodes);
		const look = { x: x + 2, y: y + 18, sizePx: 10.5, weight: isSelected ? 700 : 550, isMono: true, fill: isSelected ? palette.ink : palette.soft };
		freeFrom.set(y, x + surface.widthOf(text, look) + clockGapPx);
		plate(surface, text, look, palette.surface, 0.85);
	}
}

/** 0..1: a single event is always seen, and a hundred times as many are not a hundred times as high. */
export function shadeRatio(count: number, countMax: number): number {
	return count <= 0 ? 0 : 0.18 + 0.82 * Math.sqrt(count / Math.max(count, countMax, 1));
}

export function drawDensity(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { density, lanes, palette, topPx, strip } = scene;
	if (density === null) return;
	const { nodes, counts, lost, buckets, bucketUs, fromUs } = density;
	const heightPx = lanes.laneHeightPx * 0.7;
	let most = 1;
	for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i] as number);
	nodes.forEach((node, lane) => {
		const y = lanes.yOf(node);
		if (y === undefined || !isInSight(scene, y)) return;
		const bars: number[] = [];
		for (let bucket = 0; bucket < buckets; bucket++) {
			const count = counts[lane * buckets + bucket] as number;
			if (!(count > 0)) continue;
			const from = places.xAt(node, fromUs + bucket * bucketUs);
			const width = Math.max(0.8, places.xAt(node, fromUs + (bucket + 1) * bucketUs) - from - 0.4);
			const size = heightPx * shadeRatio(count, most);
			bars.push(from, y - size / 2, width, size);
		}
		surface.bars(bars, { fill: palette.message, fillOpacity: 0.7 });
	});
	const crosses = [];
	const y = topPx + axisPx + stripHeightPx(strip) + 5;
	for (let bucket = 0; bucket < buckets; bucket++) {
		if ((lost[bucket] as number) > 0) crosses.push(...crossStrokes(places.xAt(-1, fromUs + (bucket + 0.5) * bucketUs), y, 3));
	}
	surface.lines(crosses, { stroke: palette.bad, widthPx: 1.6 });
	drawFaults(surface, scene, places);
}

/** Faults at nodes, where no events are drawn: what was done is seen however far away one is. */
function drawFaults(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { faults, lanes, palette } = scene;
	const last = new Map<number, number>();
	for (const { kind, node, atUs } of faults) {
		const y = node < 0 || kind.startsWith("command") ? undefined : lanes.yOf(node);
		if (y === undefined || !isInSight(scene, y)) continue;
		const x = places.xAt(node, atUs);
		const isRepair = repairs.test(kind);
		const row = node * 2 + (isRepair ? 1 : 0);
		if (x - (last.get(row) ?? Number.NEGATIVE_INFINITY) < faultGapPx) continue;
		last.set(row, x);
		triangle(surface, x, y, { fill: isRepair ? palette.good : palette.bad, stroke: palette.surface, widthPx: 1 }, isRepair ? -1 : 1);
	}
}
