/**
 * Draws the scrubber: what is behind, what was recorded, faults by form, and the instant. Looks at the run in every
 * frame, and paints when that has moved something by half a pixel.
 */

import { type RunMark, runMarkOf } from "../../shared/drawing/run-marks.ts";
import { ticksOf, xOf } from "../../shared/drawing/time-scale.ts";
import { monoFont, prepare } from "../drawing/canvas.ts";
import type { Drawing } from "../drawing/frame-turns.ts";
import { type RunState, shownUs } from "../state/run-state.ts";
import type { Store } from "../state/store.ts";
import { readPalette } from "../state/theme.ts";

const trackY = 15;
const marginPx = 8;
const tickFont = `11px ${monoFont}`;

export class ScrubberPainter implements Drawing {
	readonly #store: Store<RunState>;
	readonly #canvas: HTMLCanvasElement;
	/** Read once and when it changes: asking the page in every frame would have it laid out in every frame. */
	#size = { width: 0, height: 0 };
	#painted: readonly unknown[] = [];

	constructor(store: Store<RunState>, canvas: HTMLCanvasElement) {
		this.#store = store;
		this.#canvas = canvas;
		this.resize();
	}

	resize(): void {
		this.#size = { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
	}

	move(): boolean {
		return false;
	}

	due(): "now" | false {
		const state = this.#store.get();
		const halfPx = ([shownUs(state), state.run.virtualUs] as const).map((us) => Math.round(this.#at(us) * 2));
		const look = [...halfPx, state.run.untilUs, state.run.forkUs, state.marks, state.divergence, this.#size, readPalette()];
		if (look.every((part, i) => Object.is(part, this.#painted[i]))) return false;
		this.#painted = look;
		return "now";
	}

	#at(us: number): number {
		return marginPx + xOf(this.#scale, us);
	}

	get #scale(): { readonly fromUs: number; readonly toUs: number; readonly widthPx: number } {
		return { fromUs: 0, toUs: Math.max(1, this.#store.get().run.untilUs), widthPx: this.#size.width - marginPx * 2 };
	}

	paint(): void {
		const context = prepare(this.#canvas, this.#size);
		if (context === null) return;
		const state = this.#store.get();
		const { untilUs, virtualUs, forkUs } = state.run;
		const { width, height } = this.#size;
		const palette = readPalette();
		const line = (toUs: number, colour: string): void => {
			context.strokeStyle = colour;
			context.lineWidth = 7;
			context.lineCap = "round";
			context.beginPath();
			context.moveTo(this.#at(0), trackY);
			context.lineTo(this.#at(toUs), trackY);
			context.stroke();
		};
		line(untilUs, palette.line);
		line(virtualUs, palette.faint);
		line(shownUs(state), palette.ink);
		context.font = tickFont;
		context.fillStyle = palette.soft;
		context.textAlign = "center";
		for (const tick of ticksOf(this.#scale, 110)) context.fillText(tick.label, Math.min(width - 16, Math.max(12, marginPx + tick.xPx)), height - 1);
		if (forkUs > 0) paintFork(context, this.#at(forkUs), palette.accent);
		if (state.divergence !== null) paintDivergence(context, this.#at(state.divergence.atUs), palette.bad);
		for (const { atUs, kind } of state.marks) {
			const mark = runMarkOf(kind);
			if (mark !== null) paintMark(context, this.#at(atUs), mark, palette.bad, palette.good);
		}
		context.fillStyle = palette.select;
		context.strokeStyle = palette.ink;
		context.lineWidth = 2.5;
		context.beginPath();
		context.arc(this.#at(shownUs(state)), trackY, 8, 0, Math.PI * 2);
		context.fill();
		context.stroke();
	}
}

function paintFork(context: CanvasRenderingContext2D, x: number, colour: string): void {
	context.strokeStyle = colour;
	context.lineWidth = 2.5;
	context.setLineDash([3, 3]);
	context.beginPath();
	context.moveTo(x, 2);
	context.lineTo(x, trackY + 8);
	context.stroke();
	context.setLineDash([]);
}

function paintDivergence(context: CanvasRenderingContext2D, x: number, colour: string): void {
	context.fillStyle = colour;
	context.beginPath();
	context.moveTo(x, trackY - 9);
	context.lineTo(x + 7, trackY);
	context.lineTo(x, trackY + 9);
	context.lineTo(x - 7, trackY);
	context.fill();
}

/** A fault points down and is filled, a repair points up and is hollow. */
function paintMark(context: CanvasRenderingContext2D, x: number, mark: RunMark, bad: string, good: string): void {
	const isRepair = mark === "repair";
	context.fillStyle = bad;
	context.strokeStyle = good;
	context.lineWidth = 2;
	context.beginPath();
	if (isRepair) {
		context.moveTo(x - 4.5, 9);
		context.lineTo(x, 2);
		context.lineTo(x + 4.5, 9);
	} else {
		context.moveTo(x - 5, 1);
		context.lineTo(x + 5, 1);
		context.lineTo(x, 10);
	}
	context.closePath();
	if (isRepair) context.stroke();
	else context.fill();
}
