/**
 * The marks of drawings on the window's canvas. The same calls as for SVG; letters are measured, not guessed. Knows of
 * a canvas what it draws with, and no page.
 */
import type { Area, Look, Stroke, Surface, TextLook } from "../../shared/drawing/surface.ts";
import { monoFont, sansFont } from "./fonts.ts";

type Letters = Pick<TextLook, "sizePx" | "weight" | "isMono">;

function fontOf({ sizePx, weight = 400, isMono = false }: Letters): string {
	return `${weight} ${sizePx}px ${isMono ? monoFont : sansFont}`;
}

const alignments = { start: "left", middle: "center", end: "right" } as const;
const noDash: readonly number[] = [];

/** What a `CanvasRenderingContext2D` has of it. */
export interface Pen {
	fillStyle: unknown;
	strokeStyle: unknown;
	globalAlpha: number;
	lineWidth: number;
	font: string;
	textAlign: "left" | "center" | "right" | "start" | "end";
	textBaseline: string;
	beginPath(): void;
	closePath(): void;
	moveTo(x: number, y: number): void;
	lineTo(x: number, y: number): void;
	rect(x: number, y: number, width: number, height: number): void;
	roundRect(x: number, y: number, width: number, height: number, radius: number): void;
	arc(x: number, y: number, radius: number, from: number, to: number): void;
	setLineDash(dash: number[]): void;
	fill(): void;
	stroke(): void;
	fillText(text: string, x: number, y: number): void;
	save(): void;
	restore(): void;
	clip(): void;
}

export class CanvasSurface implements Surface {
	readonly #context: Pen;
	readonly #widthOf: (text: string, font: string) => number;

	constructor(context: Pen, widthOf: (text: string, font: string) => number) {
		this.#context = context;
		this.#widthOf = widthOf;
		context.textBaseline = "alphabetic";
	}

	rect({ x, y, width, height, roundPx }: Area, look: Look): void {
		if (width <= 0 || height <= 0) return;
		this.#context.beginPath();
		if (roundPx === undefined) this.#context.rect(x, y, width, height);
		else this.#context.roundRect(x, y, width, height, roundPx);
		this.#show(look);
	}

	bars(areas: Stroke, look: Look): void {
		this.#context.beginPath();
		for (let i = 0; i + 3 < areas.length; i += 4)
			this.#context.rect(areas[i] as number, areas[i + 1] as number, areas[i + 2] as number, areas[i + 3] as number);
		this.#show(look);
	}

	circle(x: number, y: number, radiusPx: number, look: Look): void {
		this.#context.beginPath();
		this.#context.arc(x, y, radiusPx, 0, Math.PI * 2);
		this.#show(look);
	}

	lines(strokes: readonly Stroke[], look: Look, isClosed = false): void {
		const context = this.#context;
		context.beginPath();
		for (const stroke of strokes) {
			context.moveTo(stroke[0] as number, stroke[1] as number);
			for (let i = 2; i + 1 < stroke.length; i += 2) context.lineTo(stroke[i] as number, stroke[i + 1] as number);
			if (isClosed) context.closePath();
		}
		this.#show(look);
	}

	text(text: string, look: TextLook): void {
		const context = this.#context;
		context.font = fontOf(look);
		context.textAlign = alignments[look.anchor ?? "start"];
		context.fillStyle = look.fill;
		context.fillText(text, look.x, look.y);
	}

	widthOf(text: string, look: Letters): number {
		return this.#widthOf(text, fontOf(look));
	}

	clipped({ x, y, width, height }: Area, draw: () => void): void {
		const context = this.#context;
		context.save();
		context.beginPath();
		context.rect(x, y, width, height);
		context.clip();
		draw();
		context.restore();
	}

	/** A canvas says no words: they stand beside it. */
	named(_words: string, draw: () => void): void {
		draw();
	}

	/** Fills and strokes the path there is. */
	#show({ fill, fillOpacity = 1, stroke, strokeOpacity = 1, widthPx = 1, dash = noDash }: Look): void {
		const context = this.#context;
		if (fill !== undefined) {
			context.fillStyle = fill;
			context.globalAlpha = fillOpacity;
			context.fill();
		}
		if (stroke !== undefined) {
			context.strokeStyle = stroke;
			context.globalAlpha = strokeOpacity;
			context.lineWidth = widthPx;
			context.setLineDash(dash as number[]);
			context.stroke();
		}
		context.globalAlpha = 1;
	}
}
