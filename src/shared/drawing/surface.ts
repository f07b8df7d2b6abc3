/**
 * What the space-time diagram is drawn on: the window's canvas, or the text of an SVG. The diagram says once what
 * stands where, and both show it. Types, and marks that are made of others. Pure.
 */

export interface Look {
	readonly fill?: string;
	/** 0..1, as all opacities. */
	readonly fillOpacity?: number;
	readonly stroke?: string;
	readonly strokeOpacity?: number;
	readonly widthPx?: number;
	readonly dash?: readonly number[];
}

export interface Area {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	/** Of its corners. */
	readonly roundPx?: number;
}

/** x and y of one point after the other. */
export type Stroke = readonly number[];

export interface TextLook {
	readonly x: number;
	readonly y: number;
	readonly sizePx: number;
	readonly fill: string;
	readonly weight?: number;
	readonly anchor?: "start" | "middle" | "end";
	readonly isMono?: boolean;
}

export interface Surface {
	rect(area: Area, look: Look): void;
	/** Many rectangles of one look, as one mark: x, y, width and height of one after the other. */
	bars(areas: Stroke, look: Look): void;
	circle(x: number, y: number, radiusPx: number, look: Look): void;
	lines(strokes: readonly Stroke[], look: Look, isClosed?: boolean): void;
	text(text: string, look: TextLook): void;
	widthOf(text: string, look: Pick<TextLook, "sizePx" | "weight" | "isMono">): number;
	clipped(area: Area, draw: () => void): void;
	/** What is drawn within bears these words where a surface can say them. */
	named(words: string, draw: () => void): void;
}

export function triangle(surface: Surface, x: number, y: number, look: Look, direction: 1 | -1): void {
	surface.lines([[x, y - 7 * direction, x + 7, y + 6 * direction, x - 7, y + 6 * direction]], look, true);
}

export function diamond(surface: Surface, x: number, y: number, reachPx: number, look: Look): void {
	surface.lines([[x, y - reachPx, x + reachPx, y, x, y + reachPx, x - reachPx, y]], look, true);
}

export function crossStrokes(x: number, y: number, reachPx: number): readonly Stroke[] {
	return [
		[x - reachPx, y - reachPx, x + reachPx, y + reachPx],
		[x - reachPx, y + reachPx, x + reachPx, y - reachPx],
	];
}

const headPx = 8.5;
const headSide = 0.45;

/** Two strokes back from the tip, each a little off the line; none on a line too short for them. */
export function headStroke(fromX: number, fromY: number, toX: number, toY: number): Stroke | undefined {
	const length = Math.sqrt((toX - fromX) * (toX - fromX) + (toY - fromY) * (toY - fromY));
	if (length < 6) return undefined;
	const [alongX, alongY] = [((toX - fromX) / length) * headPx, ((toY - fromY) / length) * headPx];
	return [toX - alongX - alongY * headSide, toY - alongY + alongX * headSide, toX, toY, toX - alongX + alongY * headSide, toY - alongY - alongX * headSide];
}

/** Words on a plate, so that lines behind them do not cross them out. */
export function plate(surface: Surface, text: string, look: TextLook, ground: string, opacity = 1): void {
	const width = surface.widthOf(text, look);
	const left = look.x - (look.anchor === "middle" ? width / 2 : look.anchor === "end" ? width : 0);
	surface.rect({ x: left - 2, y: look.y - look.sizePx * 0.88, width: width + 4, height: look.sizePx * 1.14 }, { fill: ground, fillOpacity: opacity });
	surface.text(text, look);
}

/** As much of the words as fits. */
export function fitText(surface: Surface, text: string, look: Pick<TextLook, "sizePx" | "weight" | "isMono">, widthPx: number): string {
	const width = surface.widthOf(text, look);
	if (width <= widthPx) return text;
	const letters = [...text];
	const count = Math.max(1, Math.floor((letters.length * widthPx) / width) - 1);
	return `${letters.slice(0, count).join("").trimEnd()}…`;
}

const hatchPx = 8;

/** Slanting lines over an area, cut off at its edges; they stand still while the area moves. */
export function hatchStrokes({ x, y, width, height }: Area): readonly Stroke[] {
	const strokes: Stroke[] = [];
	const right = x + width;
	for (let at = Math.floor(x / hatchPx) * hatchPx - Math.ceil(height / hatchPx) * hatchPx; at < right; at += hatchPx) {
		const from = Math.max(0, x - at);
		const to = Math.min(height, right - at);
		if (to > from) strokes.push([at + from, y + height - from, at + to, y + height - to]);
	}
	return strokes;
}
