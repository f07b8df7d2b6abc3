/**
 * What a page's canvases say: words, lines, fills and stamps of the latest painting of each, as the browser was told
 * to paint them. Pixels differ from computer to computer; what was painted does not.
 */
import type { Page } from "playwright-core";

interface PaintedWord {
	readonly text: string;
	/** In the canvas's own measure; the left end, the middle or the right end, as they were aligned. */
	readonly x: number;
	readonly y: number;
}

/** A line around something. */
export interface PaintedOutline {
	/** What it was drawn by, a letter a step: `A` arc, `E` part of an ellipse, `L` line, `M` move, `R` rectangle with round corners, `Z` closed. */
	readonly form: string;
	/** What it lies within, in the canvas's own measure. */
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface Painting {
	readonly words: readonly PaintedWord[];
	/** Of each line and outline its colour and its dashes: `#b8360a 9,6`; without dashes the colour alone. */
	readonly lines: readonly string[];
	/** Of each of these that was drawn step by step what it looks like. */
	readonly outlines: readonly PaintedOutline[];
	readonly fills: readonly string[];
	/** Outlines that were given as the text of a path: icons. */
	readonly icons: readonly string[];
	/** Of each picture that was stamped on it the colours. */
	readonly stamps: readonly (readonly string[])[];
}

/** Runs in the page before its own scripts. A painting begins where all is wiped away. */
const listening = `(() => {
	const paintings = new WeakMap();
	const blank = () => ({ words: [], lines: [], outlines: [], fills: [], icons: [], stamps: [] });
	const paintingOf = (canvas) => {
		if (!paintings.has(canvas)) paintings.set(canvas, blank());
		return paintings.get(canvas);
	};
	const texts = new WeakMap();
	const Path = window.Path2D;
	window.Path2D = class Path2D extends Path {
		constructor(...given) {
			super(...given);
			if (typeof given[0] === "string") texts.set(this, given[0]);
		}
	};
	const listen = (name, note) => {
		const own = CanvasRenderingContext2D.prototype[name];
		CanvasRenderingContext2D.prototype[name] = function (...given) {
			note(this, paintingOf(this.canvas), given);
			return own.apply(this, given);
		};
	};
	const lineOf = ({ strokeStyle }, dashes) => (strokeStyle + " " + dashes.join()).trim();
	listen("clearRect", (context) => paintings.set(context.canvas, blank()));
	listen("fillText", (context, { words }, [text, x, y]) => {
		const at = context.getTransform().transformPoint({ x, y });
		words.push({ text, x: at.x / devicePixelRatio, y: at.y / devicePixelRatio });
	});
	listen("stroke", (context, { lines, icons }, [path]) => {
		lines.push(lineOf(context, context.getLineDash()));
		if (texts.has(path)) icons.push(texts.get(path));
	});
	const pens = new WeakMap();
	const draw = (name, letter, reachOf) =>
		listen(name, (context, _, given) => {
			const pen = pens.get(context);
			if (pen === undefined) return;
			pen.form += letter;
			for (const [x, y] of reachOf(given)) {
				const at = context.getTransform().transformPoint({ x, y });
				pen.xs.push(at.x / devicePixelRatio);
				pen.ys.push(at.y / devicePixelRatio);
			}
		});
	listen("beginPath", (context) => pens.set(context, { form: "", xs: [], ys: [] }));
	draw("moveTo", "M", ([x, y]) => [[x, y]]);
	draw("lineTo", "L", ([x, y]) => [[x, y]]);
	draw("arc", "A", ([x, y, r]) => [[x - r, y - r], [x + r, y + r]]);
	draw("ellipse", "E", ([x, y, rx, ry]) => [[x - rx, y - ry], [x + rx, y + ry]]);
	draw("roundRect", "R", ([x, y, width, height]) => [[x, y], [x + width, y + height]]);
	draw("closePath", "Z", () => []);
	listen("stroke", (context, { outlines }, [path]) => {
		const pen = pens.get(context);
		if (path !== undefined || pen === undefined || pen.xs.length === 0) return;
		const [xs, ys] = [pen.xs, pen.ys];
		outlines.push({ form: pen.form, left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) });
	});
	listen("strokeRect", (context, { lines }) => lines.push(lineOf(context, context.getLineDash())));
	listen("fill", (context, { fills }) => fills.push(context.fillStyle));
	listen("fillRect", (context, { fills }) => fills.push(context.fillStyle));
	listen("drawImage", (_, { stamps }, [image]) => {
		const { lines, fills } = paintingOf(image);
		stamps.push([...new Set([...lines, ...fills].map((line) => line.split(" ")[0]))]);
	});
	window.paintedOn = paintingOf;
})()`;

/** From the next loading of the page on. */
export async function listenToPaintings(page: Page): Promise<void> {
	await page.addInitScript(listening);
}

/** The latest painting of a canvas. @param place of those that the selector finds, from 0 */
export function paintingOf(page: Page, selector: string, place = 0): Promise<Painting> {
	return page.evaluate(
		({ wanted, at }) => {
			interface Browser {
				readonly document: { querySelectorAll(selector: string): ArrayLike<unknown> };
				paintedOn(canvas: unknown): Painting;
			}
			const { document, paintedOn } = globalThis as unknown as Browser;
			return paintedOn(document.querySelectorAll(wanted)[at]);
		},
		{ wanted: selector, at: place },
	);
}
