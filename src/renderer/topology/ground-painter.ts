/**
 * Draws what nodes stand on: frames of regions, boundaries of a partition, links with their state and what
 * is written on them. A link's state is told by its strokes and a sign as well as by colour. Canvas only.
 */
import type { Line } from "../../shared/drawing/label-places.ts";
import type { HeadingPlace } from "../../shared/drawing/name-series.ts";
import type { PartShape } from "../../shared/drawing/partition-shapes.ts";
import type { RegionBox } from "../../shared/drawing/region-boxes.ts";
import { linkSignAt } from "../../shared/drawing/topology-layout.ts";
import type { ConeSide } from "../../shared/projection/causal-cone.ts";
import type { LinkView } from "../../shared/projection/snapshot.ts";
import { sansFont, widthOf } from "../drawing/canvas.ts";
import type { Point } from "../maths/message-path.ts";
import { type LinkState, linkTones } from "../maths/node-state.ts";
import { faded, type Palette } from "../state/theme.ts";

export function paintRegion(context: CanvasRenderingContext2D, { left, top, right, bottom, name }: RegionBox, sizePx: number, palette: Palette): void {
	context.beginPath();
	context.roundRect(left, top, right - left, bottom - top, 12);
	context.fillStyle = faded(palette.surface, 0.72);
	context.fill();
	context.strokeStyle = palette.line;
	context.lineWidth = 1.5;
	context.stroke();
	context.font = `700 ${sizePx}px ${sansFont}`;
	context.textAlign = "left";
	context.fillStyle = palette.soft;
	context.fillText(name, left + 11, top + sizePx + 5);
}

/** What numbers in or beside nodes are numbers of. */
export function paintHeading(context: CanvasRenderingContext2D, { text, sizePx, box }: HeadingPlace, palette: Palette): void {
	context.fillStyle = faded(palette.paper, 0.9);
	context.beginPath();
	context.roundRect(box.left, box.top, box.right - box.left, box.bottom - box.top, 5);
	context.fill();
	context.font = `700 ${sizePx}px ${sansFont}`;
	context.textAlign = "center";
	context.fillStyle = palette.soft;
	context.fillText(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2 + sizePx * 0.36);
}

export interface LinkFace {
	readonly line: Line;
	readonly view: LinkView | undefined;
	readonly state: LinkState;
	readonly isSelected: boolean;
	/** Null: nothing is lit. */
	readonly lit: ConeSide | "dim" | null;
	/** Many links are drawn finer. */
	readonly isFine: boolean;
}

const dashes: { readonly [state in LinkState]: readonly number[] } = { up: [], changed: [12, 4, 3, 4], oneWay: [9, 6], clogged: [2, 5], cut: [9, 6] };

function strokeLine(context: CanvasRenderingContext2D, { from, to }: Line, colour: string, width: number, dash: readonly number[] = []): void {
	context.strokeStyle = colour;
	context.lineWidth = width;
	context.setLineDash([...dash]);
	context.beginPath();
	context.moveTo(from.x, from.y);
	context.lineTo(to.x, to.y);
	context.stroke();
	context.setLineDash([]);
}

export function paintLink(context: CanvasRenderingContext2D, { line, state, isSelected, lit, isFine }: LinkFace, palette: Palette): void {
	if (isSelected) strokeLine(context, line, faded(palette.select, 0.6), 12);
	const isPlain = state === "up";
	const colour = isPlain ? (isFine ? faded(palette.faint, 0.55) : palette.faint) : palette[linkTones[state]];
	if (lit === "future" || lit === "both") strokeLine(context, line, palette.future, 5);
	if (lit === "past") strokeLine(context, line, palette.past, 5, [3, 5]);
	if (lit === "both") strokeLine(context, line, palette.past, 5, [3, 9]);
	context.globalAlpha = lit === "dim" ? 0.35 : 1;
	strokeLine(context, line, colour, isPlain ? (isFine ? 1.2 : 2) : 3.2, dashes[state]);
	context.globalAlpha = 1;
}

/** Where a link bears the sign of its state, if it bears one. */
export function signOf({ line, view, state }: LinkFace): Point | undefined {
	return linkSignAt(line, state, view?.forward === "cut");
}

/** The sign on a link that is not as it should be. */
export function paintLinkSign(context: CanvasRenderingContext2D, face: LinkFace, palette: Palette): void {
	const at = signOf(face);
	if (at === undefined) return;
	const {
		line: { from, to },
		state,
	} = face;
	context.save();
	context.translate(at.x, at.y);
	context.fillStyle = palette.paper;
	context.beginPath();
	context.arc(0, 0, 10.5, 0, Math.PI * 2);
	context.fill();
	if (state === "clogged") {
		context.rotate(Math.atan2(to.y - from.y, to.x - from.x));
		context.fillStyle = palette.warning;
		context.fillRect(-5, -7, 3.6, 14);
		context.fillRect(1.6, -7, 3.6, 14);
	} else {
		context.strokeStyle = palette.bad;
		context.lineWidth = 3.2;
		context.lineCap = "round";
		context.beginPath();
		context.moveTo(-6, -6);
		context.lineTo(6, 6);
		context.moveTo(6, -6);
		context.lineTo(-6, 6);
		context.stroke();
	}
	context.restore();
}

/** What a link takes and loses, level, so that nobody turns their head. */
export function paintLinkWords(
	context: CanvasRenderingContext2D,
	{ x, y }: Point,
	{ text, sizePx, colour }: { readonly text: string; readonly sizePx: number; readonly colour: string },
	palette: Palette,
): void {
	context.font = `600 ${sizePx}px ${sansFont}`;
	const width = widthOf(text, context.font) + 8;
	context.fillStyle = faded(palette.paper, 0.92);
	context.beginPath();
	context.roundRect(x - width / 2, y - sizePx * 0.75, width, sizePx * 1.5, 4);
	context.fill();
	context.textAlign = "center";
	context.fillStyle = colour;
	context.fillText(text, x, y + sizePx * 0.36);
}

const boundaryDashes: readonly (readonly number[])[] = [
	[14, 7],
	[3, 6],
	[14, 6, 3, 6],
	[24, 8],
];

/** A closed band around a part, with its letter: the network ends at it. */
export function paintBoundary(context: CanvasRenderingContext2D, { corners: hull, part: group, letter }: PartShape, palette: Palette): void {
	context.beginPath();
	for (const { x, y } of hull) context.lineTo(x, y);
	context.closePath();
	context.fillStyle = faded(group === 0 ? palette.bad : palette.accent, 0.07);
	context.fill();
	context.strokeStyle = palette.bad;
	context.lineWidth = 3;
	context.lineJoin = "round";
	context.setLineDash([...(boundaryDashes[group % boundaryDashes.length] ?? [])]);
	context.stroke();
	context.setLineDash([]);
	context.fillStyle = palette.bad;
	context.beginPath();
	context.arc(letter.x, Math.max(13, letter.y), 12, 0, Math.PI * 2);
	context.fill();
	context.font = `700 14px ${sansFont}`;
	context.textAlign = "center";
	context.fillStyle = palette.raised;
	context.fillText(String.fromCharCode(65 + (group % 26)), letter.x, Math.max(13, letter.y) + 5);
}
