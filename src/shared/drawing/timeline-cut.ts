/**
 * The instant that is looked at, on a space-time diagram: a line by true time; by each node's own clock a mark at
 * each one's reading; by order the consistent cut that it makes through the lanes. On the drawing and in words. Pure.
 */
import { palettes } from "./palette.ts";
import type { Surface } from "./surface.ts";
import { clockText, shortDuration } from "./time-scale.ts";
import { rankText } from "./timeline-frame.ts";
import type { LaneCut, TimelinePlaces } from "./timeline-places.ts";
import { axisPx, namesPx, type TimelineScene } from "./timeline-scene.ts";
import { drawingWords as words } from "./words.ts";

const lanesTold = 12;
const lineLook = { widthPx: 2.5 } as const;

/** What the instant is called at the axis, and where. */
export interface CutLabel {
	readonly text: string;
	readonly x: number;
	readonly from: number;
	readonly to: number;
}

function cutsOf({ lanes, shownUs }: TimelineScene, places: TimelinePlaces): readonly LaneCut[] {
	return shownUs === null ? [] : places.cutOf(lanes.nodes, shownUs);
}

/** Where its label is: over the line, or over the mark of the first lane. Null: it is not in sight. */
export function cutLabel(surface: Surface, scene: TimelineScene, places: TimelinePlaces): CutLabel | null {
	const { shownUs, timeBase, widthPx } = scene;
	if (shownUs === null) return null;
	const x = timeBase === "true" ? places.xAt(-1, shownUs) : cutsOf(scene, places)[0]?.x;
	if (x === undefined || x < namesPx || x > widthPx) return null;
	const { main } = clockText(shownUs);
	const text = timeBase === "true" ? main : words.trueInstant(main);
	const width = surface.widthOf(text, { sizePx: 11.5, weight: 700, isMono: true }) + 12;
	const from = Math.min(Math.max(x - width / 2, namesPx - 8), widthPx - width - 2);
	return { text, x, from, to: from + width };
}

export function drawCutLabel(surface: Surface, { palette, topPx }: TimelineScene, { text, x, from, to }: CutLabel): void {
	const edge = topPx + axisPx;
	surface.rect({ x: from, y: topPx + 2, width: to - from, height: axisPx - 7, roundPx: 5 }, { fill: palette.select });
	surface.lines([[x - 5, edge - 5, x + 5, edge - 5, x, edge + 1]], { fill: palette.select }, true);
	// The instant is shown in the same yellow in both themes: letters on it are dark.
	surface.text(text, { x: (from + to) / 2, y: topPx + 15.5, sizePx: 11.5, weight: 700, anchor: "middle", isMono: true, fill: palettes.light.ink });
}

export function drawCut(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { shownUs, timeBase, palette, lanes, topPx, bottomPx } = scene;
	if (shownUs === null) return;
	const look = { stroke: palette.select, ...lineLook };
	if (timeBase === "true") {
		const x = places.xAt(-1, shownUs);
		surface.lines([[x, topPx + axisPx - 8, x, bottomPx]], look);
		return;
	}
	const cuts = cutsOf(scene, places);
	if (cuts.length === 0) return;
	const reach = lanes.laneHeightPx * 0.36;
	const ticks = cuts.map(({ node, x }) => [x, (lanes.yOf(node) ?? 0) - reach, x, (lanes.yOf(node) ?? 0) + reach]);
	const joined = [[ticks[0]?.[0] ?? 0, topPx + axisPx - 4, ...ticks.flat()]];
	surface.named(cutSentence(scene, places), () => {
		surface.lines(joined, { stroke: palette.surface, strokeOpacity: 0.8, widthPx: 5 });
		// Readings are apart, and no line through the time of any of them.
		surface.lines(joined, places.isByOrder ? look : { ...look, widthPx: 1.4, dash: [3, 4] });
		if (!places.isByOrder) surface.lines(ticks, { ...look, widthPx: 3.5 });
	});
}

/** The same for those who do not see it; empty where it is not in sight, or by true time, where the clock says it. */
export function cutSentence(scene: TimelineScene, places: TimelinePlaces): string {
	const { shownUs, timeBase, plan, clocks } = scene;
	if (shownUs === null || timeBase === "true") return "";
	const cuts = cutsOf(scene, places);
	if (cuts.length === 0) return "";
	const told = cuts.slice(0, lanesTold).map(({ node, lastRank }) => {
		const name = plan.nodes[node]?.name ?? `#${node}`;
		if (timeBase === "local") return words.cutReading(name, shortDuration(clocks?.localUs(node, shownUs) ?? shownUs));
		return lastRank === undefined ? words.cutBefore(name) : words.cutAfter(name, rankText(scene, lastRank));
	});
	if (cuts.length > lanesTold) told.push(words.cutMore(cuts.length - lanesTold));
	const { main } = clockText(shownUs);
	return timeBase === "local" ? words.cutByClocks(main, told.join(", ")) : words.cutByOrder(main, told.join(", "));
}
