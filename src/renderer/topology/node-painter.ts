/**
 * Draws one node: outline by role, state by colour, icon and word, load as a filling bar with the line
 * at 80 %, queue, skew. Less of it the smaller it gets. Draws on a canvas; knows no graph.
 */
import { nodeIcons } from "../../shared/drawing/node-icons.ts";
import { loadLimitRatio, loadTone, type NodeShape, type NodeState, nodeTones } from "../maths/node-state.ts";
import { faded, type Palette } from "../state/theme.ts";
import { strings } from "../strings.ts";

export interface NodeFace {
	readonly x: number;
	readonly y: number;
	/** Half of its size on the screen. */
	readonly radiusPx: number;
	readonly name: string;
	readonly shape: NodeShape;
	readonly state: NodeState;
	readonly utilisationRatio: number;
	readonly queue: number;
	/** How many others hold it suspect or dead. */
	readonly suspectedBy: number;
	readonly clockText: string;
	readonly skewText: string;
	readonly isSelected: boolean;
	/** Its name is written even where there is no room for names. */
	readonly isNamed: boolean;
	readonly isPicked: boolean;
	/** Part of the causal past or future of what is selected. */
	readonly lit: "past" | "future" | null;
}

const paths = new Map<NodeState, Path2D>();

function iconOf(state: NodeState): Path2D {
	const known = paths.get(state);
	if (known !== undefined) return known;
	const path = new Path2D(nodeIcons[state]);
	paths.set(state, path);
	return path;
}

export function outline(
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

const nearPx = 17;
const closePx = 24;

export function paintNode(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	const { x, y, radiusPx: r, state } = face;
	const colour = palette[nodeTones[state]];
	const isGone = state === "down" || state === "booting";
	if (face.isSelected || face.isPicked) halo(context, face, palette);
	else if (face.lit !== null) litRing(context, face, palette);
	outline(context, face.shape, face);
	context.fillStyle = palette.raised;
	context.fill();
	context.fillStyle = faded(colour, state === "up" ? 0.1 : isGone ? 0.05 : 0.2);
	context.fill();
	context.strokeStyle = colour;
	context.lineWidth = Math.max(1.6, r * 0.09);
	context.setLineDash(isGone ? [r * 0.28, r * 0.2] : []);
	context.stroke();
	context.setLineDash([]);
	const hasBar = r >= nearPx && !isGone;
	paintIcon(context, { state, colour, x, y: hasBar ? y - r * 0.22 : y, sizePx: r * (hasBar ? 0.95 : 1.15) });
	if (hasBar) paintBar(context, face, palette);
	if (r >= 9 || face.isNamed) paintTexts(context, face, palette, colour);
}

function halo(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	outline(context, face.shape, { ...face, radiusPx: face.radiusPx + 5 });
	context.strokeStyle = palette.select;
	context.lineWidth = 4;
	context.setLineDash(face.isPicked && !face.isSelected ? [6, 5] : []);
	context.stroke();
	context.setLineDash([]);
}

function litRing(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette): void {
	outline(context, face.shape, { ...face, radiusPx: face.radiusPx + 5 });
	context.strokeStyle = face.lit === "past" ? palette.past : palette.future;
	context.lineWidth = 2.5;
	context.setLineDash(face.lit === "past" ? [2, 4] : [8, 4]);
	context.stroke();
	context.setLineDash([]);
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

function paintBar(context: CanvasRenderingContext2D, { x, y, radiusPx: r, utilisationRatio }: NodeFace, palette: Palette): void {
	const width = r * 1.24;
	const height = Math.max(4, r * 0.24);
	const [left, top] = [x - width / 2, y + r * 0.42];
	const tone = loadTone(utilisationRatio);
	context.fillStyle = palette.surface;
	context.fillRect(left, top, width, height);
	context.fillStyle = palette[tone];
	context.fillRect(left, top, width * Math.min(1, utilisationRatio), height);
	context.strokeStyle = palette.soft;
	context.lineWidth = 1;
	context.strokeRect(left, top, width, height);
	context.beginPath();
	context.moveTo(left + width * loadLimitRatio, top - 3);
	context.lineTo(left + width * loadLimitRatio, top + height + 3);
	context.strokeStyle = palette.ink;
	context.lineWidth = 1.8;
	context.stroke();
}

const widths = new Map<string, number>();
const widthsMax = 2_000;

/** Measuring is dear, and the same words come again and again. */
function widthOf(context: CanvasRenderingContext2D, text: string, font: string): number {
	const key = `${font} ${text}`;
	const known = widths.get(key);
	if (known !== undefined) return known;
	if (widths.size > widthsMax) widths.clear();
	const { width } = context.measureText(text);
	widths.set(key, width);
	return width;
}

/** Its name below it; what else there is to say beside it, where the next node's name is not. */
function paintTexts(context: CanvasRenderingContext2D, face: NodeFace, palette: Palette, colour: string): void {
	const { x, y, radiusPx: r } = face;
	const sizePx = Math.max(11.5, Math.min(17, r * 0.52));
	const edge = face.shape === "diamond" ? 1.18 : 1.05;
	const write = (text: string, at: { readonly x: number; readonly y: number; readonly align: "center" | "left" }, font: string, fill: string): void => {
		context.font = font;
		context.textAlign = at.align;
		const width = widthOf(context, text, font);
		context.fillStyle = faded(palette.paper, 0.86);
		context.fillRect((at.align === "center" ? at.x - width / 2 : at.x) - 3, at.y - sizePx * 0.78, width + 6, sizePx * 1.08);
		context.fillStyle = fill;
		context.fillText(text, at.x, at.y);
	};
	context.textBaseline = "alphabetic";
	write(face.name, { x, y: y + r * edge + sizePx * 0.95, align: "center" }, `650 ${sizePx}px system-ui, sans-serif`, palette.ink);
	if (r < nearPx) return;
	const word = `680 ${Math.max(12, sizePx * 0.86)}px system-ui, sans-serif`;
	const digits = `500 ${Math.max(11, sizePx * 0.76)}px ui-monospace, monospace`;
	const facts: (readonly [text: string, font: string, fill: string])[] = [];
	if (face.state !== "up" && face.state !== "suspected") facts.push([strings.nodeStates[face.state], word, colour]);
	if (face.suspectedBy > 0) facts.push([strings.topology.suspectedBy(face.suspectedBy), word, palette.warning]);
	if (face.queue > 0) facts.push([strings.topology.queue(face.queue), word, palette.warning]);
	if (r >= closePx && face.clockText !== "") facts.push([face.clockText, digits, palette.soft]);
	if (face.skewText !== "") facts.push([face.skewText, digits, palette.warning]);
	const lineHeight = sizePx * 1.05;
	facts.forEach(([text, font, fill], line) => {
		const lineY = y + (line - (facts.length - 1) / 2) * lineHeight + sizePx * 0.35;
		write(text, { x: x + r * edge + 9, y: lineY, align: "left" }, font, fill);
	});
}
