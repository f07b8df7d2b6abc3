/**
 * Short texts of plain data for people: one line, bounded in length whatever the value holds.
 * Not a format: nobody reads it back. Pure.
 */
import { decode, type PlainValue } from "../codec.ts";

const depthMax = 4;
const shownEntriesMax = 12;

/** One line: control characters become spaces, and what is too long ends in an ellipsis. */
export function oneLine(text: string, charsMax: number): string {
	const flat = text.slice(0, charsMax + 1).replace(/\p{Cc}/gu, " ");
	return flat.length <= charsMax ? flat : `${flat.slice(0, charsMax - 1)}…`;
}

function entriesText(entries: readonly string[], hidden: number, open: string, close: string): string {
	return `${open}${entries.join(", ")}${hidden > 0 ? `, … ${hidden} more` : ""}${close}`;
}

function textOf(value: PlainValue, depth: number, charsMax: number): string {
	if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
	if (typeof value === "string") return JSON.stringify(value.slice(0, charsMax));
	if (value instanceof Uint8Array) return `<${value.length} bytes>`;
	if (depth >= depthMax) return "…";
	if (isList(value)) {
		const shown = value.slice(0, shownEntriesMax).map((item) => textOf(item, depth + 1, charsMax));
		return entriesText(shown, value.length - shown.length, "[", "]");
	}
	const keys = Object.keys(value);
	const shown = keys.slice(0, shownEntriesMax).map((key) => `${oneLine(key, 40)}: ${textOf(value[key] as PlainValue, depth + 1, charsMax)}`);
	return entriesText(shown, keys.length - shown.length, "{ ", " }");
}

function isList(value: PlainValue): value is readonly PlainValue[] {
	return Array.isArray(value);
}

/** @returns at most `charsMax` characters */
export function preview(value: PlainValue, charsMax = 120): string {
	return oneLine(textOf(value, 0, charsMax), charsMax);
}

/** Decodes bytes that may come from anywhere; null for none and for what is no encoding. */
export function decodeOrNull(bytes: Uint8Array): PlainValue {
	if (bytes.length === 0) return null;
	try {
		return decode(bytes);
	} catch {
		return null; // a damaged body still has an event around it, and that is shown
	}
}
