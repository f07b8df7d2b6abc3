/**
 * Draws one node: outline by role, state by colour and icon, load as a filling bar with the line at 80 %,
 * how many messages wait in a corner; and the words beside it. Less of it the smaller it gets. Draws on a
 * canvas; knows no graph.
 */
import type { Box } from "../../shared/drawing/boxes.ts";
import type { PlacedLabel } from "../../shared/drawing/label-places.ts";
import { barRadiusPx, loadBar } from "../../shared/drawing/load-bar.ts";
import { nodeIcons } from "../../shared/drawing/node-icons.ts";
import { type LabelLevel, type LabelType, type NodeSaying, nodeLines, runGapRatio, skewText, type WordLine } from "../../shared/drawing/node-words.ts";
import { type SkewTag, skewTagCorners, skewTipPx } from "../../shared/drawing/skew-tags.ts";
import type { InsideNumber } from "../../shared/drawing/topology-layout.ts";
import type { ConeSide } from "../../shared/projection/causal-cone.ts";
import { monoFont, sansFont, widthOf } from "../drawing/canvas.ts";
import { loadLimitRatio, loadTone, type NodeShape, type NodeState, nodeTones } from "../maths/node-state.ts";
import { faded, type Palette } from "../state/theme.ts";

export interface NodeFace extends NodeSaying {
	readonly x: number;
	readonly y: number;
	/** Half of its size on the screen. */
	readonly radiusPx: number;
	readonly shape: NodeShape;
	readonly utilisationRatio: number;
	readonly isSelected: boolean;
	/** Its words are written even where there is no room for them. */
	readonly isNamed: boolean;
	readonly isPicked: boolean;
	readonly isSuspected: boolean;
	readonly isInRegion: boolean;
	/** Part of the causal past or future of what is selected, or of neither; null: nothing is. */
	readonly lit: ConeSide | "dim" | null;
}

const paths = new Map<NodeState, Path2D>();

function iconOf(state: NodeState): Path2D {
	const known = paths.get(state);
	if (known !== undefined) return known;
	const path = new Path2D(nodeIcons[state]);
	paths.set(state, path);
	return path;
}

function outline(
	context: CanvasRenderingContext2D,
	shape: NodeShape,
	{ x, y, radiusPx: r }: { readonly x: number; readonly y: number; readonly radiusPx: number },
): void {
	context.beginPath();
	switch (shape) {
		case "circle":
			context.arc(x, y, r, 0, Math.PI * 2);
			break;
		case "diamond":
			context.moveTo(x, y - r * 1.18);
			context.lineTo(x + r * 1.18, y);
			context.lineTo(x, y + r * 1.18);
			context.lineTo(x - r * 1.18, y);
			context.closePath();
			break;
		case "hexagon":
		case "octagon": {
			const sides = shape === "hexagon" ? 6 : 8;
			for (let i = 0; i < sides; i++) {
				const angle = ((i + 0.5) / sides) * Math.PI * 2;
				context.lineTo(x + Math.cos(angle) * r * 1.1, y + Math.sin(angle) * r * 1.1);
			}
			context.closePath();
			break;
		}
		case "cylinder":
			context.ellipse(x, y - r * 0.75, r, r * 0.3, 0, Math.PI, 0);
			context.lineTo(x + r, y + r * 0.75);
			context.ellipse(x, y + r * 0.75, r, r * 0.3, 0, 0, Math.PI);
			context.closePath();
			break;
		case "square":
			context.roundRect(x - r, y - r, r * 2, r * 2, r * 0.24);
	}
}

const barSteps = 40;
const dimRatio = 0.42;

/** Everything that would make it look different: faces that are alike need no new painting. */
export function faceKey(face: NodeFace, level: LabelLevel): string {
	const { state, queue, suspectedBy, clockText, skewUs, utilisationRatio, isSelected, isNamed, isPicked, lit } = face;
	const bar = face.radiusPx < barRadiusPx ? loadTone(utilisationRatio) : Math.round(Math.min(1, utilisationRatio) * barSteps);
	const clock = level >= 3 || isNamed ? clockText : "";
	const skew = skewText(skewUs);
	return [state, queue, suspectedBy, clock, skew, bar, level, isSelected, isNamed, isPicked, lit].join("|");
}

/** @param inside stands where the icon of a node that is up would */
export function paintNode(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette, inside?: InsideNumber): void {
	const { x, y, radiusPx: r, state } = face;
	const colour = palette[nodeTones[state]];
	const isGone = state === "down" || state === "booting";
	context.globalAlpha = face.lit === "dim" && !face.isSelected ? dimRatio : 1;
	if (face.isSelected || face.isPicked) halo(context, face, palette);
	if (face.lit !== null && face.lit !== "dim") coneHalo(context, face, face.lit, palette);
	outline(context, face.shape, face);
	context.fillStyle = palette.raised;
	context.fill();
	context.fillStyle = faded(colour, state === "up" ? 0.1 : isGone ? 0.06 : 0.2);
	context.fill();
	context.strokeStyle = colour;
	context.lineWidth = Math.max(1.6, r * 0.085);
	context.setLineDash(isGone ? [r * 0.28, r * 0.2] : []);
	context.stroke();
	context.setLineDash([]);
	const hasBar = r >= barRadiusPx && !isGone;
	const middle = hasBar ? y - r * 0.2 : y;
	if (inside !== undefined && state === "up") {
		context.font = `700 ${inside.sizePx}px ${sansFont}`;
		context.textAlign = "center";
		context.fillStyle = palette.ink;
		context.fillText(inside.text, x, middle + inside.sizePx * 0.36);
	} else paintIcon(context, { state, colour, x, y: middle, sizePx: r * (hasBar ? 0.92 : 1.15) });
	if (hasBar) paintBar(context, face, palette);
	else if (!isGone && face.utilisationRatio > loadLimitRatio) paintOverload(context, face, palette);
	if (face.queue > 0 && r >= 8) paintQueue(context, face, palette);
	context.globalAlpha = 1;
}

function halo(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	outline(context, face.shape, { ...face, radiusPx: face.radiusPx + 5 });
	context.strokeStyle = palette.select;
	context.lineWidth = 4;
	context.setLineDash(face.isPicked && !face.isSelected ? [6, 5] : []);
	context.stroke();
	context.setLineDash([]);
}

/** Rings of small nodes keep off their neighbours. */
function coneRings(radiusPx: number): { readonly gap: number; readonly width: number } {
	return { gap: Math.max(3, Math.min(5, radiusPx * 0.24)), width: Math.max(2, Math.min(3, radiusPx * 0.15)) };
}

/** What led here is dashed, what came of it is whole: the past is open to many, the future follows. */
function coneHalo(context: CanvasRenderingContext2D, face: NodeFace, side: ConeSide, palette: Palette): void {
	const lit = coneRings(face.radiusPx);
	const ring = (gapPx: number, colour: string, dash: readonly number[]): void => {
		outline(context, face.shape, { ...face, radiusPx: face.radiusPx + gapPx });
		context.strokeStyle = colour;
		context.lineWidth = lit.width;
		context.setLineDash([...dash]);
		context.stroke();
		context.setLineDash([]);
	};
	const inner = lit.gap + (face.isSelected || face.isPicked ? 5 : 0);
	if (side !== "future") ring(inner, palette.past, [lit.width * 1.3, lit.width * 1.3]);
	if (side !== "past") ring(side === "both" ? inner + lit.gap : inner, palette.future, []);
}

function paintIcon(
	context: CanvasRenderingContext2D,
	icon: { readonly state: NodeState; readonly colour: string; readonly x: number; readonly y: number; readonly sizePx: number },
): void {
	const scale = icon.sizePx / 24;
	context.save();
	context.translate(icon.x - icon.sizePx / 2, icon.y - icon.sizePx / 2);
	context.scale(scale, scale);
	context.strokeStyle = icon.colour;
	context.lineWidth = 2.9;
	context.lineCap = "round";
	context.lineJoin = "round";
	context.stroke(iconOf(icon.state));
	context.restore();
}

function paintBar(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	const { frame, filled, over, line } = loadBar(face, face.radiusPx, face.utilisationRatio);
	const fill = ({ left, top, right, bottom }: Box, colour: string): void => {
		context.fillStyle = colour;
		context.fillRect(left, top, right - left, bottom - top);
	};
	fill(frame, palette.surface);
	fill(filled, palette[loadTone(face.utilisationRatio)]);
	context.strokeStyle = over === undefined ? palette.soft : palette.bad;
	context.lineWidth = over === undefined ? 1 : 1.8;
	context.strokeRect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
	if (over !== undefined) fill(over, palette.bad);
	// The line has a ground of its own: it is seen on whatever fills the bar.
	for (const [colour, width] of [
		[palette.raised, 4.6],
		[palette.ink, 2.4],
	] as const) {
		context.strokeStyle = colour;
		context.lineWidth = width;
		context.beginPath();
		context.moveTo(line.x, line.top);
		context.lineTo(line.x, line.bottom);
		context.stroke();
	}
}

/** Too small for a bar: who is over the line is full to its middle, with the line upon it. */
function paintOverload(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	const { x, y, radiusPx: r } = face;
	context.save();
	outline(context, face.shape, face);
	context.clip();
	context.fillStyle = palette.bad;
	context.fillRect(x - r * 1.2, y + r * 0.4, r * 2.4, r);
	context.fillStyle = palette.ink;
	context.fillRect(x - r * 1.2, y + r * 0.4 - 1.5, r * 2.4, 1.5);
	context.restore();
}

/** How far its clock is off, where no words beside it say so. */
export function paintSkewTag(context: CanvasRenderingContext2D, tag: SkewTag, palette: Palette, isDim: boolean): void {
	const { left, right, top, bottom } = tag.box;
	context.globalAlpha = isDim ? dimRatio + 0.2 : 1;
	context.beginPath();
	for (const { x, y } of skewTagCorners(tag)) context.lineTo(x, y);
	context.closePath();
	context.fillStyle = palette.raised;
	context.fill();
	context.strokeStyle = palette.warning;
	context.lineWidth = 1.5;
	context.lineJoin = "round";
	context.stroke();
	context.font = `700 ${tag.sizePx}px ${sansFont}`;
	context.textAlign = "center";
	context.fillStyle = palette.warning;
	context.fillText(tag.text, (left + right) / 2 + (tag.isAhead ? -1 : 1) * (skewTipPx / 2), (top + bottom) / 2 + tag.sizePx * 0.36);
	context.globalAlpha = 1;
}

/** How many wait, at a corner: it is seen from afar where words are too small. */
function paintQueue(context: CanvasRenderingContext2D, { x, y, radiusPx: r, queue }: NodeFace, palette: Palette): void {
	const sizePx = Math.max(10, Math.min(13, r * 0.44));
	const font = `700 ${sizePx}px ${sansFont}`;
	const text = queue > 999 ? "999+" : String(queue);
	const width = Math.max(sizePx * 1.35, widthOf(text, font) + sizePx * 0.7);
	const [right, middle] = [x + r + sizePx * 0.6, y - r];
	context.fillStyle = palette.warning;
	context.strokeStyle = palette.paper;
	context.lineWidth = 1.5;
	context.beginPath();
	context.roundRect(right - width, middle - sizePx * 0.68, width, sizePx * 1.36, sizePx * 0.68);
	context.fill();
	context.stroke();
	context.font = font;
	context.textAlign = "center";
	context.fillStyle = palette.paper;
	context.fillText(text, right - width / 2, middle + sizePx * 0.36);
}

/** How far halos reach out of a node: its words give way to them. */
function haloPx({ isSelected, isPicked, lit, radiusPx }: NodeFace): number {
	const own = isSelected || isPicked ? 6 : 0;
	const { gap } = coneRings(radiusPx);
	return own + (lit === null || lit === "dim" ? 0 : lit === "both" ? gap * 2 + 1 : gap + 1);
}

function fontOf({ face }: WordLine, type: LabelType): string {
	if (face === "name") return `650 ${type.name}px ${sansFont}`;
	return face === "word" ? `650 ${type.word}px ${sansFont}` : `500 ${type.digits}px ${monoFont}`;
}

/** The words beside a node; where lines run through them, on a ground of their own. */
export function paintNodeWords(
	context: CanvasRenderingContext2D,
	face: NodeFace,
	{ side, box, clash, crossed }: PlacedLabel,
	{ type, level, hasSpare }: { readonly type: LabelType; readonly level: LabelLevel; readonly hasSpare: boolean },
	palette: Palette,
): void {
	const lines = nodeLines(face, face.isNamed ? 3 : level, face.isNamed || hasSpare).map((line) => {
		const font = fontOf(line, type);
		const gap = type[line.face] * runGapRatio;
		const widths = line.runs.map(({ text }) => widthOf(text, font));
		return { ...line, font, gap, widths, width: widths.reduce((sum, width) => sum + width, 0) + gap * (line.runs.length - 1) };
	});
	const width = Math.max(...lines.map((line) => line.width));
	const height = lines.length * type.lineHeight;
	const centre = (box.left + box.right) / 2;
	const aside = haloPx(face);
	const left = side === "right" ? box.left + aside : side === "left" ? box.right - width - aside : centre - width / 2;
	const top = side === "below" ? box.top + aside : side === "above" ? box.bottom - height - aside : (box.top + box.bottom - height) / 2;
	context.globalAlpha = face.lit === "dim" && !face.isSelected ? dimRatio + 0.2 : 1;
	if (crossed > 0 || clash > 0) {
		context.fillStyle = faded(face.isInRegion ? palette.surface : palette.paper, 0.85);
		context.beginPath();
		context.roundRect(left - 4, top - 1, width + 8, height + 2, 5);
		context.fill();
	}
	context.textAlign = "left";
	lines.forEach(({ runs, font, gap, widths, width: lineWidth }, row) => {
		let x = side === "right" ? left : side === "left" ? left + width - lineWidth : centre - lineWidth / 2;
		context.font = font;
		runs.forEach(({ text, tone }, i) => {
			context.fillStyle = palette[tone];
			context.fillText(text, x, top + type.lineHeight * (row + 0.78));
			x += (widths[i] ?? 0) + gap;
		});
	});
	context.globalAlpha = 1;
}
