/**
 * Draws messages on their way. Form as well as colour tells what becomes of one: a filled envelope goes, a
 * ring answers, a cross is lost, two bars are held back; behind a copy lies a second sheet. Each form is drawn once and
 * then stamped.
 */
import { sheetBehind, sheetEdge } from "../../shared/drawing/copy-sign.ts";
import type { MessageForm, MessageLook } from "../../shared/drawing/flights.ts";
import type { Point } from "../maths/message-path.ts";
import type { Palette } from "../state/theme.ts";

function drawForm(context: CanvasRenderingContext2D, form: MessageForm, s: number, palette: Palette): void {
	context.lineCap = "round";
	context.lineJoin = "round";
	switch (form) {
		case "message":
			context.fillStyle = palette.message;
			context.strokeStyle = palette.paper;
			context.lineWidth = 1.2;
			context.beginPath();
			context.roundRect(-s, -s * 0.72, s * 2, s * 1.44, s * 0.3);
			context.fill();
			context.stroke();
			context.strokeStyle = palette.raised;
			context.lineWidth = Math.max(1.4, s * 0.26);
			context.beginPath();
			context.moveTo(-s * 0.68, -s * 0.34);
			context.lineTo(0, s * 0.16);
			context.lineTo(s * 0.68, -s * 0.34);
			context.stroke();
			return;
		case "reply":
			context.fillStyle = palette.raised;
			context.strokeStyle = palette.reply;
			context.lineWidth = Math.max(2, s * 0.36);
			context.beginPath();
			context.arc(0, 0, s * 0.8, 0, Math.PI * 2);
			context.fill();
			context.stroke();
			return;
		case "lost":
			for (const [colour, width] of [
				[palette.paper, s * 0.8],
				[palette.bad, Math.max(2, s * 0.42)],
			] as const) {
				context.strokeStyle = colour;
				context.lineWidth = width;
				context.beginPath();
				context.moveTo(-s * 0.75, -s * 0.75);
				context.lineTo(s * 0.75, s * 0.75);
				context.moveTo(s * 0.75, -s * 0.75);
				context.lineTo(-s * 0.75, s * 0.75);
				context.stroke();
			}
			return;
		case "held":
			context.fillStyle = palette.paper;
			context.fillRect(-s, -s, s * 2, s * 2);
			context.fillStyle = palette.warning;
			context.fillRect(-s * 0.8, -s * 0.8, s * 0.6, s * 1.6);
			context.fillRect(s * 0.2, -s * 0.8, s * 0.6, s * 1.6);
	}
}

function drawSheet(context: CanvasRenderingContext2D, s: number, palette: Palette): void {
	context.lineJoin = "round";
	context.fillStyle = palette.paper;
	context.strokeStyle = palette.warning;
	context.lineWidth = Math.max(sheetEdge.px, s * sheetEdge.ratio);
	context.beginPath();
	for (const { x, y } of sheetBehind) context.lineTo(x * s, y * s);
	context.fill();
	context.stroke();
}

/** Stamps of one size in one palette. */
export class MessageStamps {
	readonly #stamps = new Map<string, HTMLCanvasElement>();
	#made: readonly unknown[] = [];

	paint(context: CanvasRenderingContext2D, { x, y }: Point, look: MessageLook, sizePx: number, palette: Palette): void {
		const half = sizePx * 1.6 + 2;
		context.drawImage(this.#stampOf(look, sizePx, half, palette), x - half, y - half, half * 2, half * 2);
	}

	#stampOf({ form, isCopy }: MessageLook, sizePx: number, half: number, palette: Palette): HTMLCanvasElement {
		const ratio = window.devicePixelRatio;
		if (this.#made[0] !== sizePx || this.#made[1] !== palette || this.#made[2] !== ratio) {
			this.#stamps.clear();
			this.#made = [sizePx, palette, ratio];
		}
		const key = `${form} ${isCopy}`;
		const known = this.#stamps.get(key);
		if (known !== undefined) return known;
		const stamp = document.createElement("canvas");
		stamp.width = stamp.height = Math.ceil(half * 2 * ratio);
		const context = stamp.getContext("2d");
		if (context !== null) {
			context.scale(stamp.width / (half * 2), stamp.height / (half * 2));
			context.translate(half, half);
			if (isCopy) drawSheet(context, sizePx, palette);
			drawForm(context, form, form === "lost" ? sizePx * 1.2 : sizePx, palette);
		}
		this.#stamps.set(key, stamp);
		return stamp;
	}
}

/** Around a message that is selected, or that led to what is (dashed), or that came of it. */
export function paintMessageHalo(
	context: CanvasRenderingContext2D,
	{ x, y }: Point,
	sizePx: number,
	{ colour, isDashed }: { readonly colour: string; readonly isDashed: boolean },
): void {
	context.strokeStyle = colour;
	context.lineWidth = 2.6;
	context.setLineDash(isDashed ? [3, 3] : []);
	context.beginPath();
	context.arc(x, y, sizePx * 1.7, 0, Math.PI * 2);
	context.stroke();
	context.setLineDash([]);
}
