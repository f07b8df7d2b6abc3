/**
 * Plain data as rows of names and values, as short as it can be read: what fits a line is on one, and what is not as
 * it was is marked, down to where it changed. Pure; what it is given comes from programs and may be anything.
 */

export interface DataRow {
	readonly name: string;
	/** Null: it is told by the rows below it. */
	readonly text: string | null;
	readonly rows: readonly DataRow[];
	/** Of `rows`, those that are not told. */
	readonly hidden: number;
	readonly change: "changed" | "gone" | null;
	/** Its name is only its place in a list. */
	readonly isPlace: boolean;
}

export interface Told {
	readonly rows: readonly DataRow[];
	readonly hidden: number;
}

const depthMax = 6;
const shownMax = 60;
/** Of a value that is told on one line; the panel is about so wide. */
const lineCharsMax = 38;
/** Of a list of plain values, which may go over a few lines. */
const listCharsMax = 120;

export function isBranch(value: unknown): value is object {
	return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

export function leafText(value: unknown): string {
	if (value instanceof Uint8Array) return `${value.length.toLocaleString("en")} bytes`;
	return typeof value === "string" ? value : String(JSON.stringify(value));
}

/** On one line; null: it is too long for one. */
function lineOf(value: unknown, depth = 0): string | null {
	if (!isBranch(value)) return leafText(value);
	const entries = Object.entries(value);
	if (entries.length === 0) return Array.isArray(value) ? "[]" : "{}";
	if (depth > 1) return null;
	const charsMax = Array.isArray(value) && !value.some(isBranch) ? listCharsMax : lineCharsMax;
	const parts: string[] = [];
	let length = 0;
	for (const [name, item] of entries) {
		const text = lineOf(item, depth + 1);
		if (text === null) return null;
		const inner = isBranch(item) ? `[${text}]` : text;
		parts.push(Array.isArray(value) ? inner : `${name} ${inner}`);
		length += inner.length + 2 + (Array.isArray(value) ? 0 : name.length + 1);
		if (length - 2 > charsMax) return null;
	}
	return parts.join(Array.isArray(value) ? ", " : " · ");
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** @param before what it was when it was looked at last; undefined: nothing is compared */
export function dataRows(value: object, before?: unknown, depth = 0): Told {
	const isCompared = before !== undefined;
	const old = isBranch(before) ? (before as { readonly [name: string]: unknown }) : {};
	const entries = Object.entries(value);
	const rows = entries.slice(0, shownMax).map(([name, item]) => rowOf(name, item, { was: old[name], isCompared, isPlace: Array.isArray(value), depth }));
	const gone = isCompared ? Object.keys(old).filter((name) => !Object.hasOwn(value, name)) : [];
	const left = gone.map((name): DataRow => ({ name, text: lineOf(old[name]) ?? "…", rows: [], hidden: 0, change: "gone", isPlace: Array.isArray(value) }));
	return { rows: [...rows, ...left.slice(0, shownMax)], hidden: Math.max(0, entries.length - shownMax) };
}

interface Place {
	readonly was: unknown;
	readonly isCompared: boolean;
	readonly isPlace: boolean;
	readonly depth: number;
}

function rowOf(name: string, item: unknown, { was, isCompared, isPlace, depth }: Place): DataRow {
	const line = lineOf(item);
	const change = isCompared && !isSame(item, was) ? "changed" : null;
	if (line !== null || !isBranch(item)) return { name, text: line, rows: [], hidden: 0, change, isPlace };
	if (depth >= depthMax) return { name, text: "…", rows: [], hidden: 0, change, isPlace };
	const { rows, hidden } = dataRows(item, isCompared ? (was ?? {}) : undefined, depth + 1);
	return { name, text: null, rows, hidden, change: null, isPlace };
}

/** How much is not as it was. */
export function changesIn(rows: readonly DataRow[]): number {
	return rows.reduce((sum, { change, rows: below }) => sum + (change === null ? 0 : 1) + changesIn(below), 0);
}
