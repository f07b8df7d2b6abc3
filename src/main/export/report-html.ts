/** Pieces of the report's page. Whatever a file says is escaped where it comes in. */
import { escapeXml } from "../../shared/drawing/svg.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { closeDirections } from "./well-formed.ts";

/** Rows of a table, and of anything that is listed. */
export const rowsMax = 500;

export function elementOf(name: string, content: string, className = ""): string {
	return `<${name}${className === "" ? "" : ` class="${className}"`}>${content}</${name}>`;
}

/** Escaped, and with an end to every direction of writing that it begins: what stands behind it keeps its own. */
export const text = (value: string): string => escapeXml(closeDirections(value));
export const instant = (us: number): string => `<td class="instant mono">${formatInstant(us)}</td>`;

export function section(title: string, ...content: readonly string[]): string {
	return `<section>\n<h2>${text(title)}</h2>\n${content.join("\n")}\n</section>`;
}

export function table(head: readonly { readonly name: string; readonly isNumber?: boolean }[], rows: readonly string[], empty: string): string {
	if (rows.length === 0) return elementOf("p", text(empty), "shows");
	const cells = head.map(({ name, isNumber }) => `<th scope="col"${isNumber === true ? ' class="number"' : ""}>${text(name)}</th>`).join("");
	const more = rows.length > rowsMax ? elementOf("p", `${rows.length - rowsMax} more are in the session.`, "shows") : "";
	return `<div class="wide"><table><thead><tr>${cells}</tr></thead><tbody>\n${rows.slice(0, rowsMax).join("\n")}\n</tbody></table></div>${more}`;
}

export function figure(svg: string, caption: string, className = ""): string {
	return captioned(svg, text(caption), className);
}

/** @param caption escaped already */
export function captioned(svg: string, caption: string, className = ""): string {
	return elementOf("figure", `${svg}<figcaption>${caption}</figcaption>`, className);
}
