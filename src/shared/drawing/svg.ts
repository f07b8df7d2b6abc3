/**
 * SVG as text: elements with escaped attributes and words, numbers to a hundredth. Whatever a run or a
 * file calls its nodes, what comes out is one well-formed document without scripts, styles and links.
 * Pure.
 */

export type Attributes = { readonly [name: string]: string | number | undefined };

/** What XML does not allow at all, even escaped; a lone half of a pair among it. */
const unwritable = /[^\t\n\r\P{Cc}]|[\p{Cs}\ufffe\uffff]/gu;
const escapes: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeXml(text: string): string {
	return text.replace(unwritable, "□").replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

export function number(value: number): string {
	return String(Math.round(value * 100) / 100 + 0);
}

/** @param children escaped already: elements and `escapeXml` */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
	let text = `<${name}`;
	for (const [key, value] of Object.entries(attributes)) {
		if (value !== undefined) text += ` ${key}="${typeof value === "number" ? number(value) : escapeXml(value)}"`;
	}
	return children.length === 0 ? `${text}/>` : `${text}>${children.join("")}</${name}>`;
}

const sans = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
export const mono = "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace";

export interface Lettering {
	readonly x: number;
	readonly y: number;
	readonly size: number;
	readonly fill: string;
	readonly weight?: number;
	readonly anchor?: "start" | "middle" | "end";
	readonly isMono?: boolean;
}

export function lettering(text: string, { x, y, size, fill, weight, anchor, isMono }: Lettering): string {
	const family = isMono === true ? mono : undefined;
	return element("text", { x, y, "font-size": size, fill, "font-weight": weight, "text-anchor": anchor, "font-family": family }, escapeXml(text));
}

/** About as wide as the text will be: nobody can measure letters without a page. */
export function textWidth(text: string, size: number): number {
	return [...text].length * size * 0.58;
}

/** No longer than fits. */
export function clipText(text: string, size: number, widthPx: number): string {
	const letters = [...text];
	const most = Math.max(1, Math.floor(widthPx / (size * 0.58)));
	return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}

/** A line through points, as a path. */
export function pathOf(points: readonly { readonly x: number; readonly y: number }[], isClosed = false): string {
	return `M${points.map(({ x, y }) => `${number(x)} ${number(y)}`).join("L")}${isClosed ? "Z" : ""}`;
}

export interface Picture {
	readonly widthPx: number;
	readonly heightPx: number;
	/** For people who do not see it, and for programs. */
	readonly title: string;
	readonly description: string;
	readonly background: string;
	/** A prefix for ids, where several are in one page. */
	readonly id?: string;
}

/** The whole document; with `isInline`, an element for a page. */
export function picture({ widthPx, heightPx, title, description, background, id = "picture" }: Picture, content: string, isInline = false): string {
	const [titleId, descriptionId] = [`${id}-title`, `${id}-text`];
	const svg = element(
		"svg",
		{
			...(isInline ? {} : { xmlns: "http://www.w3.org/2000/svg" }),
			viewBox: `0 0 ${number(widthPx)} ${number(heightPx)}`,
			width: widthPx,
			height: heightPx,
			role: "img",
			"aria-labelledby": `${titleId} ${descriptionId}`,
			"font-family": sans,
		},
		element("title", { id: titleId }, escapeXml(title)),
		element("desc", { id: descriptionId }, escapeXml(description)),
		element("rect", { width: widthPx, height: heightPx, fill: background }),
		content,
	);
	return isInline ? svg : `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}

/** The document with something for programs behind its description. */
export function withMetadata(svg: string, about: string): string {
	const end = "</desc>"; // of ours: words are escaped
	const at = svg.indexOf(end) + end.length;
	return svg.slice(0, at) + element("metadata", {}, escapeXml(about)) + svg.slice(at);
}

/** Title and facts over a picture. */
export interface Heading {
	readonly title: string;
	/** Lab, seed, instant and so on, in a line. */
	readonly facts: readonly string[];
}

export const headingPx = 58;

export function headingOf({ title, facts }: Heading, colours: { readonly ink: string; readonly soft: string }, widthPx: number): string {
	return (
		lettering(clipText(title, 18, widthPx - 40), { x: 20, y: 28, size: 18, weight: 700, fill: colours.ink }) +
		lettering(clipText(facts.join("  ·  "), 12.5, widthPx - 40), { x: 20, y: 47, size: 12.5, fill: colours.soft })
	);
}
