/**
 * What lasts, on the space-time diagram: states of a node on its lane, faults of the network as bars in a strip
 * above the lanes, the network in parts behind them all; and flags for faults that do not last. Pure.
 */
import { heapsOf, stripHeightPx, stripRowPx } from "./band-strip.ts";
import { bandState, bandTitle } from "./band-words.ts";
import { type Band, isOfNode, isPassing, isStopped } from "./bands.ts";
import { type Area, hatchStrokes, plate, type Surface } from "./surface.ts";
import type { Span, TimelinePlaces } from "./timeline-places.ts";
import { axisPx, isInSight, namesPx, type TimelineScene } from "./timeline-scene.ts";
import { drawingWords as words } from "./words.ts";

const laneBandPx = 22;
const tagSizePx = 11.5;
/** A flag says what it is about where there is so much room. */
const flagWordsPx = 190;
/** Nothing is drawn farther out than this. */
const beyondPx = 20;

function colourOf({ palette }: TimelineScene, { kind }: Band): string {
	if (kind === "down" || kind === "partition" || kind === "cut") return palette.bad;
	return kind === "paused" ? palette.quiet : palette.warning;
}

/** What lasts at a node, on its lane; and the network in parts, behind all lanes. */
export function drawLaneBands(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { lanes, headUs, topPx, bottomPx } = scene;
	for (const band of scene.bands) {
		const colour = colourOf(scene, band);
		if (band.kind === "partition" && !places.isByOrder) {
			const area = within(scene, places.spanOn(-1, band, headUs), topPx + axisPx, bottomPx - topPx - axisPx);
			if (area !== undefined) surface.rect(area, { fill: colour, fillOpacity: 0.09 });
		}
		const y = isOfNode(band) ? lanes.yOf(band.node) : undefined;
		if (y === undefined || !isInSight(scene, y)) continue;
		const height = Math.min(laneBandPx, lanes.laneHeightPx * 0.72);
		const span = places.spanOn(band.node, band, headUs);
		const area = within(scene, span, y - height / 2, height);
		if (span === undefined || area === undefined) continue;
		bar(surface, area, colour, isStopped(band));
		// In a lane that is low, letters would lie over the events of its neighbours.
		if (lanes.laneHeightPx >= tagSizePx * 1.3) tag(surface, scene, bandState(band), span, y + 4, colour);
	}
}

/** A bar for each fault of the network, with its name: cuts and partitions hatched, what is only worse than planned in outline. */
export function drawStrip(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { strip, plan, widthPx, headUs, topPx, palette } = scene;
	if (strip.rowCount === 0) return;
	const top = topPx + axisPx;
	surface.rect({ x: namesPx, y: top, width: widthPx - namesPx, height: stripHeightPx(strip) }, { fill: palette.surface });
	if (places.isByOrder) {
		const look = { x: namesPx + 6, y: top + 13, sizePx: tagSizePx, weight: 600, fill: palette.soft };
		const count = strip.heaped.length;
		const isRoomy = surface.widthOf(words.noPlaceByOrder(count), look) < widthPx - namesPx - 12;
		surface.text(isRoomy ? words.noPlaceByOrder(count) : words.noPlaceShort(count), look);
		return;
	}
	const draw = (span: Span | undefined, row: number, [text, short]: readonly [string, string], colour: string, isHatched: boolean): void => {
		const area = within(scene, span, top + 2 + row * stripRowPx, stripRowPx - 3, 3);
		if (span === undefined || area === undefined) return;
		surface.named(text, () => {
			bar(surface, area, colour, isHatched);
			if (!tag(surface, scene, text, span, area.y + 11, colour)) tag(surface, scene, short, span, area.y + 11, colour);
		});
	};
	for (const [band, row] of strip.rows)
		draw(places.spanOn(-1, band, headUs), row, [bandTitle(band, plan), bandState(band)], colourOf(scene, band), isStopped(band));
	for (const heap of heapsOf(strip.heaped))
		draw(places.spanOn(-1, { ...heap, index: -1 }, headUs), strip.rowCount - 1, [words.moreBands(heap.count), String(heap.count)], palette.soft, false);
}

/** Faults that do not last. */
export function drawFlags(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { faults, strip, topPx, bottomPx, palette } = scene;
	const top = topPx + axisPx + stripHeightPx(strip);
	const flags = faults.filter(({ kind }) => isPassing(kind));
	const xs = flags.map(({ atUs }) => places.xAt(-1, atUs));
	flags.forEach(({ text = "" }, i) => {
		const x = xs[i] as number;
		const freeUntil = xs[i + 1] ?? Number.POSITIVE_INFINITY;
		if (x < namesPx - 4 || x > scene.widthPx + 4) return;
		surface.bars([x - 1, top, 2, bottomPx - top, x - 4, top, 8, 6], { fill: palette.warning });
		if (text !== "" && freeUntil - x > flagWordsPx) tag(surface, scene, text, { from: x, to: freeUntil }, top + 14, palette.warning);
	});
}

/** The part of a stretch that is drawn; undefined where there is nothing of it. */
function within({ widthPx }: TimelineScene, span: Span | undefined, y: number, height: number, widthMin = 0): Area | undefined {
	if (span === undefined) return undefined;
	const from = Math.max(span.from, namesPx - beyondPx);
	const to = Math.min(Math.max(span.to, span.from + widthMin), widthPx + beyondPx);
	return to > from ? { x: from, y, width: to - from, height } : undefined;
}

/** Hatched for what is stopped, in outline for what is only worse than planned. */
function bar(surface: Surface, area: Area, colour: string, isHatched: boolean): void {
	surface.rect(area, { fill: colour, fillOpacity: 0.12, stroke: colour, widthPx: 1.3 });
	if (isHatched) surface.lines(hatchStrokes(area), { stroke: colour, strokeOpacity: 0.5, widthPx: 1.3 });
}

/** @returns false where there is no room for it */
function tag(surface: Surface, { palette, widthPx }: TimelineScene, text: string, { from, to }: Span, y: number, fill: string): boolean {
	// Where it begins there may be the mark of the fault.
	const look = { x: from < namesPx ? namesPx + 6 : from + 11, y, sizePx: tagSizePx, weight: 650, fill };
	if (Math.min(to, widthPx) - look.x < surface.widthOf(text, look) + 4) return false;
	plate(surface, text, look, palette.surface);
	return true;
}
