/**
 * What lies behind and around the events of a space-time diagram: lanes and their names, the axis of the time that
 * is chosen, where another run parts from this one, and notes. Pure.
 */
import { stripHeightPx } from "./band-strip.ts";
import { diamond, fitText, plate, type Surface } from "./surface.ts";
import { ticksOf } from "./time-scale.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import { axisPx, isInSight, namesPx, type TimelineScene } from "./timeline-scene.ts";
import { drawingWords as words } from "./words.ts";

const tickGapPx = 96;
const stampGapPx = 70;
/** Between the line where two runs part and what it is called. */
const differsGapPx = 8;

export function drawLanes(surface: Surface, scene: TimelineScene): void {
	const { lanes, palette, widthPx, selectedNode } = scene;
	lanes.nodes.forEach((node, row) => {
		const y = lanes.yOf(node) ?? 0;
		if (!isInSight(scene, y)) return;
		const area = { x: 0, y: y - lanes.laneHeightPx / 2, width: widthPx, height: lanes.laneHeightPx };
		if (row % 2 === 1) surface.rect(area, { fill: palette.line, fillOpacity: 0.22 });
		if (node === selectedNode) surface.rect(area, { fill: palette.select, fillOpacity: 0.16 });
		surface.lines([[namesPx, y, widthPx, y]], { stroke: palette.line, widthPx: 1.5 });
	});
}

/** @param takenXs places where something else is written */
export function drawAxis(
	surface: Surface,
	scene: TimelineScene,
	places: TimelinePlaces,
	takenXs: readonly { readonly from: number; readonly to: number }[],
): void {
	const { palette, widthPx, topPx, scale, timeBase } = scene;
	surface.rect({ x: 0, y: topPx, width: widthPx, height: axisPx }, { fill: palette.surface });
	const edge = topPx + axisPx - 0.5;
	surface.lines([[0, edge, widthPx, edge]], { stroke: palette.line, widthPx: 1 });
	surface.text(words.axes[timeBase], { x: namesPx - 12, y: topPx + 15.5, sizePx: 11, weight: 600, anchor: "end", fill: palette.soft });
	const label = (text: string, x: number): void => {
		const look = { x, y: topPx + 15.5, sizePx: 11.5, weight: 500, anchor: "middle" as const, isMono: true, fill: palette.soft };
		const half = surface.widthOf(text, look) / 2;
		const isFree = x - half >= namesPx - 4 && x + half <= widthPx - 2 && !takenXs.some(({ from, to }) => x + half + 4 > from && x - half - 4 < to);
		if (isFree) surface.text(text, look);
	};
	if (places.stamps !== null) {
		const step = Math.max(1, Math.ceil(places.stamps.length / Math.max(1, scale.widthPx / stampGapPx)));
		for (let i = 0; i < places.stamps.length; i += step) {
			const stamp = places.stamps[i] as number;
			label(rankText(scene, stamp), places.xOfRank(stamp));
		}
		return;
	}
	const ticks: number[][] = [];
	for (const { label: text, xPx } of ticksOf(scale, tickGapPx)) {
		const x = namesPx + xPx;
		label(text, x);
		if (x >= namesPx) ticks.push([x + 0.5, edge - 4.5, x + 0.5, edge]);
	}
	surface.lines(ticks, { stroke: palette.soft, widthPx: 1 });
}

/** `L12`, `Σ12`. */
export function rankText({ timeBase }: Pick<TimelineScene, "timeBase">, rank: number): string {
	return `${timeBase === "vector" ? "Σ" : "L"}${rank}`;
}

export function drawNames(surface: Surface, scene: TimelineScene): void {
	const { lanes, plan, palette, selectedNode, strip, topPx, bottomPx } = scene;
	const top = topPx + axisPx + stripHeightPx(strip);
	surface.rect({ x: 0, y: topPx + axisPx, width: namesPx - 2, height: bottomPx - topPx - axisPx }, { fill: palette.surface });
	const sizePx = Math.min(14, Math.max(11, lanes.laneHeightPx * 0.6));
	surface.clipped({ x: 0, y: top, width: namesPx - 2, height: bottomPx - top }, () => {
		for (const node of lanes.nodes) {
			const y = lanes.yOf(node) ?? 0;
			if (!isInSight(scene, y)) continue;
			const look = { x: namesPx - 12, y: y + sizePx * 0.35, sizePx, weight: node === selectedNode ? 750 : 600, anchor: "end" as const, fill: palette.ink };
			surface.text(fitText(surface, plan.nodes[node]?.name ?? `#${node}`, look, namesPx - 18), look);
		}
	});
	if (strip.rowCount === 0) return;
	surface.text(words.network, { x: namesPx - 12, y: topPx + axisPx + 13, sizePx: 11.5, weight: 600, anchor: "end", fill: palette.soft });
}

/** The first event that is not so in the run beside this one. */
export function drawDivergence(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { divergence, palette, topPx, bottomPx, widthPx } = scene;
	if (divergence?.atUs === undefined || places.isByOrder) return;
	const x = places.xAt(-1, divergence.atUs);
	if (x < namesPx || x > widthPx) return;
	surface.lines([[x, topPx + axisPx, x, bottomPx]], { stroke: palette.bad, widthPx: 2, dash: [9, 4, 2, 4] });
	const text = `◆ ${words.differs}`;
	const look = { x: x + differsGapPx, y: bottomPx - 8, sizePx: 11.5, weight: 650, fill: palette.bad };
	const widthOfText = surface.widthOf(text, look) + differsGapPx;
	// Where there is no room behind the line it stands before it, and never beyond an edge.
	const isRoomy = look.x + widthOfText <= widthPx;
	plate(surface, text, isRoomy ? look : { ...look, x: Math.max(x - differsGapPx, namesPx + widthOfText), anchor: "end" }, palette.surface);
}

/** Events with a person's note. */
export function drawPins(surface: Surface, scene: TimelineScene, places: TimelinePlaces): void {
	const { pins, palette, lanes, topPx } = scene;
	if (places.isByOrder) return;
	for (const { atUs, node, label } of pins) {
		const x = places.xAt(node, atUs);
		const y = (lanes.yOf(node) ?? topPx + axisPx + 12) - 13;
		surface.lines([[x, y + 12, x - 5, y + 5, x + 5, y + 5]], { fill: palette.accent }, true);
		surface.circle(x, y, 8, { fill: palette.accent });
		surface.text(label, { x, y: y + 3.6, sizePx: 10, weight: 700, anchor: "middle", fill: palette.raised });
	}
}

/** The sign of what is not so in another run, for legends. */
export function differsSign(surface: Surface, x: number, y: number, fill: string): void {
	diamond(surface, x, y, 5.5, { fill });
}
