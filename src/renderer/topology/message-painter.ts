/**
 * Draws messages on their way, links' states and the boundaries of a partition. Form as well as colour
 * tells what becomes of a message: a filled envelope goes, a ring answers, a cross is lost. Canvas only.
 */
import { hullOf } from "../maths/hull.ts";
import type { Point } from "../maths/message-path.ts";
import { faded, type Palette } from "../state/theme.ts";

export type MessageForm = "message" | "reply" | "lost" | "held";

export function paintMessage(context: CanvasRenderingContext2D, { x, y }: Point, form: MessageForm, sizePx: number, palette: Palette): void {
	const s = sizePx;
	context.lineWidth = Math.max(1.5, s * 0.28);
	context.lineCap = "round";
	switch (form) {
		case "message":
			context.fillStyle = palette.message;
			context.beginPath();
			context.roundRect(x - s, y - s * 0.72, s * 2, s * 1.44, s * 0.3);
			context.fill();
			context.strokeStyle = palette.raised;
			context.beginPath();
			context.moveTo(x - s * 0.7, y - s * 0.35);
			context.lineTo(x, y + s * 0.15);
			context.lineTo(x + s * 0.7, y - s * 0.35);
			context.stroke();
			return;
		case "reply":
			context.fillStyle = palette.raised;
			context.strokeStyle = palette.reply;
			context.beginPath();
			context.arc(x, y, s * 0.82, 0, Math.PI * 2);
			context.fill();
			context.stroke();
			return;
		case "lost":
			context.strokeStyle = palette.bad;
			context.lineWidth = Math.max(2, s * 0.42);
			context.beginPath();
			context.moveTo(x - s * 0.75, y - s * 0.75);
			context.lineTo(x + s * 0.75, y + s * 0.75);
			context.moveTo(x + s * 0.75, y - s * 0.75);
			context.lineTo(x - s * 0.75, y + s * 0.75);
			context.stroke();
			return;
		case "held":
			context.fillStyle = palette.warning;
			context.fillRect(x - s * 0.8, y - s * 0.8, s * 0.6, s * 1.6);
			context.fillRect(x + s * 0.2, y - s * 0.8, s * 0.6, s * 1.6);
	}
}

/** Around the message that is selected. */
export function paintMessageHalo(context: CanvasRenderingContext2D, { x, y }: Point, sizePx: number, palette: Palette): void {
	context.strokeStyle = palette.select;
	context.lineWidth = 3;
	context.beginPath();
	context.arc(x, y, sizePx * 1.8, 0, Math.PI * 2);
	context.stroke();
}

const dashes: readonly (readonly number[])[] = [
	[14, 7],
	[3, 6],
	[14, 6, 3, 6],
	[24, 8],
];

/** A closed band around a group: wide round strokes over its hull make one, whatever its form. */
export function paintBoundary(context: CanvasRenderingContext2D, points: readonly Point[], group: number, marginPx: number, palette: Palette): void {
	const corners = points.flatMap(({ x, y }) =>
		Array.from({ length: 12 }, (_, i) => ({ x: x + Math.cos((i / 6) * Math.PI) * marginPx, y: y + Math.sin((i / 6) * Math.PI) * marginPx })),
	);
	const hull = hullOf(corners);
	const [first] = hull;
	if (first === undefined) return;
	context.beginPath();
	for (const { x, y } of hull) context.lineTo(x, y);
	context.closePath();
	context.fillStyle = faded(group === 0 ? palette.bad : palette.accent, 0.06);
	context.fill();
	context.strokeStyle = palette.bad;
	context.lineWidth = 3;
	context.lineJoin = "round";
	context.setLineDash([...(dashes[group % dashes.length] ?? [])]);
	context.stroke();
	context.setLineDash([]);
	const top = hull.reduce((best, point) => (point.y < best.y ? point : best), first);
	context.font = "700 13px system-ui, sans-serif";
	context.textAlign = "center";
	const text = String.fromCharCode(65 + (group % 26));
	context.fillStyle = palette.bad;
	context.beginPath();
	context.arc(top.x, top.y, 11, 0, Math.PI * 2);
	context.fill();
	context.fillStyle = palette.raised;
	context.textBaseline = "middle";
	context.fillText(text, top.x, top.y + 0.5);
	context.textBaseline = "alphabetic";
}

/** The sign in the middle of a link that is not as it should be. */
export function paintLinkSign(
	context: CanvasRenderingContext2D,
	at: Point,
	sign: { readonly form: "cut" | "clogged"; readonly angle: number },
	palette: Palette,
): void {
	context.save();
	context.translate(at.x, at.y);
	context.fillStyle = palette.paper;
	context.beginPath();
	context.arc(0, 0, 10, 0, Math.PI * 2);
	context.fill();
	if (sign.form === "cut") {
		context.strokeStyle = palette.bad;
		context.lineWidth = 3.2;
		context.lineCap = "round";
		context.beginPath();
		context.moveTo(-6, -6);
		context.lineTo(6, 6);
		context.moveTo(6, -6);
		context.lineTo(-6, 6);
		context.stroke();
	} else {
		context.rotate(sign.angle);
		context.fillStyle = palette.warning;
		context.fillRect(-5, -7, 3.6, 14);
		context.fillRect(1.6, -7, 3.6, 14);
	}
	context.restore();
}
