/** Draws the scrubber: what is behind, what was recorded, faults by form, and the instant. Canvas only. */
import { ticksOf, xOf } from "../maths/time-scale.ts";
import type { FaultMark } from "../state/run-state.ts";
import { faded, readPalette } from "../state/theme.ts";

export interface ScrubberView {
	readonly us: number;
	readonly untilUs: number;
	readonly headUs: number;
	readonly forkUs: number;
	/** Where the run beside this one parts from it; -1: nowhere. */
	readonly differsUs: number;
	readonly marks: readonly FaultMark[];
}

const trackY = 15;

export function paintScrubber(canvas: HTMLCanvasElement, { us, untilUs, headUs, marks, forkUs, differsUs }: ScrubberView): void {
	const ratio = window.devicePixelRatio;
	const [width, height] = [canvas.clientWidth, canvas.clientHeight];
	canvas.width = Math.round(width * ratio);
	canvas.height = Math.round(height * ratio);
	const context = canvas.getContext("2d");
	if (context === null) return;
	context.scale(ratio, ratio);
	const palette = readPalette();
	const margin = 8;
	const scale = { fromUs: 0, toUs: Math.max(1, untilUs), widthPx: width - margin * 2 };
	const at = (instant: number): number => margin + xOf(scale, instant);
	const line = (fromUs: number, toUs: number, colour: string, thickness: number): void => {
		context.strokeStyle = colour;
		context.lineWidth = thickness;
		context.lineCap = "round";
		context.beginPath();
		context.moveTo(at(fromUs), trackY);
		context.lineTo(at(toUs), trackY);
		context.stroke();
	};
	line(0, untilUs, palette.line, 7);
	line(0, headUs, palette.faint, 7);
	line(0, us, palette.ink, 7);
	context.font = "11px ui-monospace, monospace";
	context.fillStyle = palette.soft;
	context.textAlign = "center";
	for (const tick of ticksOf(scale, 110)) context.fillText(tick.label, Math.min(width - 16, Math.max(12, margin + tick.xPx)), height - 1);
	if (forkUs > 0) paintFork(context, at(forkUs), palette.accent);
	if (differsUs >= 0) paintDivergence(context, at(differsUs), palette.bad);
	for (const mark of marks) paintMark(context, at(mark.atUs), mark.kind, palette.bad, palette.good);
	context.fillStyle = palette.select;
	context.strokeStyle = palette.ink;
	context.lineWidth = 2.5;
	context.beginPath();
	context.arc(at(us), trackY, 8, 0, Math.PI * 2);
	context.fill();
	context.stroke();
	context.fillStyle = faded(palette.ink, 0);
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

const repairs = /Booted|Restarting|Healed|Resumed/;

/** A fault points down and is filled, a repair points up and is hollow. */
function paintMark(context: CanvasRenderingContext2D, x: number, kind: string, bad: string, good: string): void {
	const isRepair = repairs.test(kind);
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
