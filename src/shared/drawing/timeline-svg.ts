/**
 * The space-time diagram as SVG, with its title, what it shows in words, and a legend. The diagram itself is the
 * window's own (`timeline-drawing.ts`). Pure.
 */
import { type BandStrip, stripByOrder, stripHeightPx, stripOf } from "./band-strip.ts";
import { layOutLanes } from "./lanes.ts";
import { headingOf, headingPx, picture } from "./svg.ts";
import { SvgSurface } from "./svg-surface.ts";
import { cutSentence } from "./timeline-cut.ts";
import { drawTimeline } from "./timeline-drawing.ts";
import { drawTimelineLegend, legendPx } from "./timeline-legend.ts";
import type { TimelinePicture } from "./timeline-picture.ts";
import { TimelinePlaces } from "./timeline-places.ts";
import { axisPx, isByOrder, namesPx, type TimelineScene } from "./timeline-scene.ts";
import { drawingWords as words } from "./words.ts";

const laneHeightPx = 52;
const lanesHeightPxMin = 240;
const widthPxMin = 640;
/** Room at the right edge. */
const rightPx = 24;
/** More faults of the network at once are drawn as how many. */
const stripRowsMax = 8;

function stripFor({ timeBase, bands }: TimelinePicture): BandStrip {
	return isByOrder(timeBase) ? stripByOrder(bands) : stripOf(bands, stripRowsMax);
}

function sceneOf(given: TimelinePicture): TimelineScene {
	const { nodes, fromUs, toUs, divergesAt = null, pins = [], selected = null, cone = null } = given;
	const widthPx = Math.max(widthPxMin, given.widthPx ?? 1_280);
	const strip = stripFor(given);
	const topPx = headingPx + axisPx + stripHeightPx(strip);
	const lanes = layOutLanes({ order: nodes, hidden: new Set() }, { heightPx: topPx + Math.max(lanesHeightPxMin, nodes.length * laneHeightPx), topPx });
	return {
		...given,
		scale: { fromUs, toUs: Math.max(toUs, fromUs + 1), widthPx: widthPx - namesPx - rightPx },
		lanes,
		strip,
		pins,
		selected,
		selectedNode: null,
		cone,
		matched: null,
		divergence: divergesAt === null ? null : { index: divergesAt },
		topPx: headingPx,
		widthPx,
		bottomPx: lanes.heightPx + 6,
	};
}

function description({ heading, events, arrows, density, plan, nodes }: TimelinePicture, cut: string): string {
	const lost = arrows.filter(({ fate }) => fate === "lost").length;
	const what = density === null ? `${events.length} events, ${arrows.length} messages, ${lost} ${words.lost}` : words.density;
	const told = `${heading.facts.join(", ")}. ${nodes.map((node) => plan.nodes[node]?.name ?? `#${node}`).join(", ")}. ${what}.`;
	return cut === "" ? told : `${told} ${cut}`;
}

/** @returns a document, or with `isInline` an element for a page */
export function timelineSvg(given: TimelinePicture): string {
	const { palette, heading, isInline, id = "timeline" } = given;
	const scene = sceneOf(given);
	const places = new TimelinePlaces(scene);
	const surface = new SvgSurface(id);
	drawTimeline(surface, scene, places);
	drawTimelineLegend(surface, scene, places);
	const heightPx = scene.bottomPx + 2 + legendPx;
	return picture(
		{ widthPx: scene.widthPx, heightPx, title: heading.title, description: description(given, cutSentence(scene, places)), background: palette.surface, id },
		`${headingOf(heading, palette, scene.widthPx)}\n${surface.take()}`,
		isInline,
	);
}
