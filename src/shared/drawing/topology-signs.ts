/** The signs of a drawing of the cluster as SVG: outlines of nodes, messages, what is wrong with a link. Pure. */
import { sheetBehind, sheetEdge } from "./copy-sign.ts";
import type { MessageForm, MessageLook } from "./flights.ts";
import type { Point } from "./message-path.ts";
import type { NodeShape } from "./node-state.ts";
import type { DrawingPalette } from "./palette.ts";
import { element, number, pathOf } from "./svg.ts";

/** A twelfth of a turn, and on. */
const twelfths: readonly Point[] = [
	[1, 0],
	[0.866, 0.5],
	[0.5, 0.866],
	[0, 1],
	[-0.5, 0.866],
	[-0.866, 0.5],
	[-1, 0],
	[-0.866, -0.5],
	[-0.5, -0.866],
	[0, -1],
	[0.5, -0.866],
	[0.866, -0.5],
].map(([x = 0, y = 0]) => ({ x, y }));
const sixths: readonly Point[] = twelfths.filter((_, i) => i % 2 === 1);
const eighths: readonly Point[] = [
	[0.924, 0.383],
	[0.383, 0.924],
	[-0.383, 0.924],
	[-0.924, 0.383],
	[-0.924, -0.383],
	[-0.383, -0.924],
	[0.383, -0.924],
	[0.924, -0.383],
].map(([x = 0, y = 0]) => ({ x, y }));

function cornersOf(unit: readonly Point[], { x, y }: Point, radius: number): readonly Point[] {
	return unit.map((corner) => ({ x: x + corner.x * radius, y: y + corner.y * radius }));
}

export function outlineOf(shape: NodeShape, { x, y }: Point, r: number): string {
	switch (shape) {
		case "circle":
			return `M${number(x - r)} ${number(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0Z`;
		case "diamond":
			return pathOf(
				[
					{ x, y: y - r * 1.18 },
					{ x: x + r * 1.18, y },
					{ x, y: y + r * 1.18 },
					{ x: x - r * 1.18, y },
				],
				true,
			);
		case "hexagon":
			return pathOf(cornersOf(sixths, { x, y }, r * 1.1), true);
		case "octagon":
			return pathOf(cornersOf(eighths, { x, y }, r * 1.1), true);
		case "cylinder":
			return `M${number(x - r)} ${number(y - r * 0.75)}a${r} ${number(r * 0.3)} 0 0 1 ${2 * r} 0v${number(r * 1.5)}a${r} ${number(r * 0.3)} 0 0 1 ${-2 * r} 0Z`;
		case "square":
			return `M${number(x - r + 7)} ${number(y - r)}h${2 * r - 14}q7 0 7 7v${2 * r - 14}q0 7 -7 7h${-(2 * r - 14)}q-7 0 -7 -7v${-(2 * r - 14)}q0 -7 7 -7Z`;
	}
}

export function octagon(at: Point, radius: number): string {
	return pathOf(cornersOf(eighths, at, radius), true);
}

export function crossSign({ x, y }: Point, size: number, width: number, stroke: string): string {
	const d = `M${number(x - size)} ${number(y - size)}L${number(x + size)} ${number(y + size)}M${number(x + size)} ${number(y - size)}L${number(x - size)} ${number(y + size)}`;
	return element("path", { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round" });
}

export function barsSign({ x, y }: Point, fill: string): string {
	return element("rect", { x: x - 6, y: y - 6, width: 4.4, height: 12, fill }) + element("rect", { x: x + 1.6, y: y - 6, width: 4.4, height: 12, fill });
}

/** How many wait, in a pill. @param right its right end */
export function queueSign(count: number, right: number, y: number, palette: DrawingPalette): string {
	const text = count > 999 ? "999+" : String(count);
	const width = Math.max(17, text.length * 7.4 + 9);
	return (
		element("rect", { x: right - width, y: y - 8.5, width, height: 17, rx: 8.5, fill: palette.warning, stroke: palette.paper, "stroke-width": 1.5 }) +
		element("text", { x: right - width / 2, y: y + 4.4, "font-size": 12, "font-weight": 700, "text-anchor": "middle", fill: palette.paper }, text)
	);
}

/** Half the width of an envelope. */
const signRadius = 8;

/** What becomes of a message is told by form as well as by colour, and that it is a copy. */
export function messageSign({ form, isCopy }: MessageLook, at: Point, palette: DrawingPalette): string {
	return (isCopy ? sheetSign(at, palette) : "") + formSign(form, at, palette);
}

function sheetSign({ x, y }: Point, palette: DrawingPalette): string {
	const corners = sheetBehind.map((corner) => ({ x: x + corner.x * signRadius, y: y + corner.y * signRadius }));
	const width = Math.max(sheetEdge.px, signRadius * sheetEdge.ratio);
	return element("path", { d: pathOf(corners, false), fill: palette.paper, stroke: palette.warning, "stroke-width": width, "stroke-linejoin": "round" });
}

function formSign(form: MessageForm, at: Point, palette: DrawingPalette): string {
	const { x, y } = at;
	switch (form) {
		case "lost":
			return crossSign(at, 5.5, 3, palette.bad);
		case "held":
			return barsSign(at, palette.warning);
		case "reply":
			return element("circle", { cx: x, cy: y, r: 5.6, fill: palette.raised, stroke: palette.reply, "stroke-width": 2.4 });
		case "message":
			return (
				element("rect", { x: x - 8, y: y - 5.8, width: 16, height: 11.6, rx: 2.4, fill: palette.message, stroke: palette.paper, "stroke-width": 1 }) +
				element("path", {
					d: `M${number(x - 5.6)} ${number(y - 2.8)}L${number(x)} ${number(y + 1.2)}L${number(x + 5.6)} ${number(y - 2.8)}`,
					fill: "none",
					stroke: palette.raised,
					"stroke-width": 2,
				})
			);
	}
}
