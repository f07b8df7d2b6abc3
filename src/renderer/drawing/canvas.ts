/** A canvas that is as large as it is shown, sharp on any screen; and how wide words are on it. */

/** @returns its context, empty and in the page's own pixels; null where the browser has none */
export function prepare(canvas: HTMLCanvasElement, size: { readonly width: number; readonly height: number }): CanvasRenderingContext2D | null {
	const ratio = window.devicePixelRatio;
	const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
	if (canvas.width !== width || canvas.height !== height) {
		canvas.width = width;
		canvas.height = height;
	}
	const context = canvas.getContext("2d");
	context?.setTransform(ratio, 0, 0, ratio, 0, 0);
	context?.clearRect(0, 0, size.width, size.height);
	return context;
}

export { monoFont, sansFont } from "./fonts.ts";

const widths = new Map<string, number>();
const widthsMax = 4_000;
let ruler: CanvasRenderingContext2D | null = null;

/** Measuring is dear, and the same words come again and again. */
export function widthOf(text: string, font: string): number {
	const key = `${font}|${text}`;
	const known = widths.get(key);
	if (known !== undefined) return known;
	ruler ??= document.createElement("canvas").getContext("2d");
	if (ruler === null) return text.length * 8;
	if (widths.size > widthsMax) widths.clear();
	ruler.font = font;
	const { width } = ruler.measureText(text);
	widths.set(key, width);
	return width;
}
