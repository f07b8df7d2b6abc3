/** What the signs of a space-time diagram mean, in a line below it: for pictures that leave the window. Pure. */
import { twinPx } from "./copy-sign.ts";
import { isCopy } from "./flights.ts";
import { crossStrokes, type Look, type Surface, triangle } from "./surface.ts";
import { differsSign } from "./timeline-frame.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import type { TimelineScene } from "./timeline-scene.ts";
import { drawingWords as words } from "./words.ts";

export const legendPx = 40;
const signPx = 32;
const gapPx = 22;
const lettersPx = 12;

type Sign = readonly [text: string, draw: (x: number, y: number) => void];

export function drawTimelineLegend(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { palette, widthPx, bottomPx } = scene;
	const y = bottomPx + 26;
	surface.lines([[20, y - 18, widthPx - 20, y - 18]], { stroke: palette.line, widthPx: 1 });
	let x = 24;
	for (const [text, draw] of signsOf(surface, scene, places)) {
		draw(x, y);
		surface.text(text, { x: x + signPx, y: y + 4, sizePx: lettersPx, fill: palette.soft });
		x += signPx + surface.widthOf(text, { sizePx: lettersPx }) + gapPx;
	}
}

function signsOf(surface: Surface, scene: TimelineScene, places: TimelinePlaces): readonly Sign[] {
	const { palette, density } = scene;
	return [
		...(density !== null ? shadeSigns(surface, scene, places) : eventSigns(surface, scene)),
		[words.fault, (x, y) => triangle(surface, x + 12, y, { fill: palette.bad }, 1)],
		[words.repair, (x, y) => triangle(surface, x + 12, y, { fill: palette.good }, -1)],
		...(scene.shownUs === null
			? []
			: [[words.cut, (x: number, y: number) => surface.lines([[x + 12, y - 9, x + 12, y + 9]], { stroke: palette.select, widthPx: 2.5 })] as const]),
	];
}

function shadeSigns(surface: Surface, { palette }: TimelineScene, places: TimelinePlaces): readonly Sign[] {
	return places.isByOrder ? [] : [[words.density, (x, y) => surface.bars([x, y - 3, 8, 6, x + 9, y - 6, 8, 12], { fill: palette.message })]];
}

function eventSigns(surface: Surface, { palette, lanes, plan, arrows, divergence }: TimelineScene): readonly Sign[] {
	const line = (x: number, y: number, look: Look): void => surface.lines([[x, y, x + 24, y]], { widthPx: 1.8, ...look });
	const head = (x: number, y: number, stroke: string): void => surface.lines([[x + 17, y - 4, x + 24, y, x + 17, y + 4]], { stroke, widthPx: 1.8 });
	const arrow = (x: number, y: number, look: Look & { readonly stroke: string }): void => {
		line(x, y, look);
		head(x, y, look.stroke);
	};
	const signs: Sign[] = [
		[words.delivered, (x, y) => arrow(x, y, { stroke: palette.message })],
		[
			words.lost,
			(x, y) => {
				line(x, y, { stroke: palette.bad, dash: [5, 4] });
				surface.lines(crossStrokes(x + 24, y, 4), { stroke: palette.bad, widthPx: 2 });
			},
		],
		[words.underWay, (x, y) => line(x, y, { stroke: palette.message, dash: [2, 3] })],
		[words.local, (x, y) => surface.circle(x + 12, y, 7, { fill: palette.surface, stroke: palette.soft, widthPx: 1.4 })],
	];
	if (arrows.some(isCopy)) signs.push([words.copy, (x, y) => copySign(surface, x, y, palette.message)]);
	if (lanes.nodes.length < plan.nodes.length) signs.push([words.indirect, (x, y) => arrow(x, y, { stroke: palette.quiet, dash: [7, 5] })]);
	if (divergence !== null) signs.push([words.differs, (x, y) => differsSign(surface, x + 12, y, palette.message)]);
	return signs;
}

function copySign(surface: Surface, x: number, y: number, stroke: string): void {
	for (const side of [twinPx, -twinPx]) surface.lines([[x, y + side, x + 22, y + side]], { stroke, widthPx: 1.5 });
	surface.lines([[x + 17, y - 5, x + 24, y, x + 17, y + 5]], { stroke, widthPx: 1.8 });
}
