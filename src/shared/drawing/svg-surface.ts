/** The diagram's marks as elements of an SVG. Pure. */
import type { Area, Look, Stroke, Surface, TextLook } from "./surface.ts";
import { type Attributes, element, escapeXml, lettering, number, textWidth } from "./svg.ts";

function attributes({ fill, fillOpacity, stroke, strokeOpacity, widthPx, dash }: Look): Attributes {
	return {
		fill: fill ?? "none",
		"fill-opacity": fill === undefined || fillOpacity === 1 ? undefined : fillOpacity,
		stroke,
		"stroke-opacity": stroke === undefined || strokeOpacity === 1 ? undefined : strokeOpacity,
		"stroke-width": stroke === undefined ? undefined : widthPx,
		"stroke-dasharray": stroke === undefined ? undefined : dash?.join(" "),
	};
}

export class SvgSurface implements Surface {
	#parts: string[] = [];
	#clips = 0;
	readonly #id: string;

	/** @param id a prefix for ids, where several pictures are in one page */
	constructor(id: string) {
		this.#id = id;
	}

	/** What was drawn since it was last taken. */
	take(): string {
		const text = this.#parts.join("");
		this.#parts = [];
		return text;
	}

	rect({ x, y, width, height, roundPx }: Area, look: Look): void {
		if (width > 0 && height > 0) this.#parts.push(element("rect", { x, y, width, height, rx: roundPx, ...attributes(look) }));
	}

	bars(areas: Stroke, look: Look): void {
		let d = "";
		for (let i = 0; i + 3 < areas.length; i += 4) {
			const width = areas[i + 2] as number;
			d += `M${number(areas[i] as number)} ${number(areas[i + 1] as number)}h${number(width)}v${number(areas[i + 3] as number)}h${number(-width)}Z`;
		}
		if (d !== "") this.#parts.push(element("path", { d, ...attributes(look) }));
	}

	circle(x: number, y: number, radiusPx: number, look: Look): void {
		this.#parts.push(element("circle", { cx: x, cy: y, r: radiusPx, ...attributes(look) }));
	}

	lines(strokes: readonly Stroke[], look: Look, isClosed = false): void {
		let d = "";
		for (const stroke of strokes) {
			for (let i = 0; i + 1 < stroke.length; i += 2) d += `${i === 0 ? "M" : "L"}${number(stroke[i] as number)} ${number(stroke[i + 1] as number)}`;
			if (isClosed) d += "Z";
		}
		if (d !== "") this.#parts.push(element("path", { d, ...attributes(look) }));
	}

	text(text: string, { x, y, sizePx, fill, weight, anchor, isMono }: TextLook): void {
		this.#parts.push(
			lettering(text, {
				x,
				y,
				size: sizePx,
				fill,
				...(weight === undefined ? {} : { weight }),
				...(anchor === undefined || anchor === "start" ? {} : { anchor }),
				...(isMono === undefined ? {} : { isMono }),
			}),
		);
	}

	widthOf(text: string, { sizePx }: Pick<TextLook, "sizePx">): number {
		return textWidth(text, sizePx);
	}

	clipped({ x, y, width, height }: Area, draw: () => void): void {
		const id = `${this.#id}-clip-${++this.#clips}`;
		const before = this.#parts;
		this.#parts = [];
		draw();
		const within = this.take();
		this.#parts = before;
		this.#parts.push(
			element("defs", {}, element("clipPath", { id }, element("rect", { x, y, width, height }))),
			element("g", { "clip-path": `url(#${id})` }, within),
		);
	}

	named(words: string, draw: () => void): void {
		const before = this.#parts;
		this.#parts = [];
		draw();
		const within = this.take();
		this.#parts = before;
		if (within !== "") this.#parts.push(element("g", {}, element("title", {}, escapeXml(words)), within));
	}
}
