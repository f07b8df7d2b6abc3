/**
 * Checks plain data against a shape and words what is wrong: what was expected, what was found,
 * where. Pure.
 */
import type { z } from "zod";
import type { Path } from "./problems.ts";
import type { LabSource } from "./source.ts";

const shownCharsMax = 40;

/** A value as a reader of the file would recognise it. */
export function show(value: unknown): string {
	if (value === undefined) return "nothing";
	if (value === null) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a map";
	const text = typeof value === "string" ? JSON.stringify(value) : String(value);
	return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}...` : text;
}

function valueAt(data: unknown, path: Path): unknown {
	let value = data;
	for (const step of path) {
		if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
		value = (value as { readonly [key: string]: unknown })[step];
	}
	return value;
}

/** For what no schema has its own words for; the word after "expected". */
const typeWords: { readonly [type: string]: string } = {
	string: "a text",
	number: "a number",
	int: "a whole number",
	boolean: "true or false",
	array: "a list",
	object: "a map",
	record: "a map",
	tuple: "a list",
};

/** zod's own words are for programmers; these are for the person who wrote the file. */
function plainWords(issue: z.core.$ZodRawIssue): string {
	switch (issue.code) {
		case "invalid_type":
			return `expected ${typeWords[issue.expected] ?? issue.expected}`;
		case "invalid_value":
			return `expected ${issue.values.map(String).join(", ")}`;
		case "too_small":
			return `expected at least ${issue.minimum}`;
		case "too_big":
			return `expected at most ${issue.maximum}`;
		default:
			return "expected something else here";
	}
}

/**
 * Reads `data`, which stands at `path` in the file.
 * @returns the value, or undefined after reporting every problem
 */
export function readShape<Schema extends z.ZodType>(source: LabSource, schema: Schema, data: unknown, path: Path): z.output<Schema> | undefined {
	const result = schema.safeParse(data, { error: plainWords });
	if (result.success) return result.data;
	for (const issue of result.error.issues) {
		const within = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
		const full = [...path, ...within];
		const value = valueAt(data, within);
		if (issue.code === "unrecognized_keys") for (const key of issue.keys.slice(0, 1)) source.reportKey(full, key, issue.message);
		else if (value === undefined && within.length > 0) source.report(full, `"${within.at(-1)}" is missing; ${issue.message}`);
		else source.report(full, `${issue.message}; found ${show(value)}`);
	}
	return undefined;
}

/** One entry of a list and where it stands. */
export interface Entry<Value> {
	readonly value: Value;
	readonly path: Path;
}

export interface Entries<Value> {
	readonly entries: readonly Entry<Value>[];
	/** False when some entries were left out because their shape was wrong. */
	readonly complete: boolean;
}

/** Reads a list entry by entry, so that one bad entry does not hide what is wrong with the others. */
export function readEntries<Schema extends z.ZodType>(
	source: LabSource,
	schema: Schema,
	list: unknown,
	path: Path,
	entriesMax: number,
): Entries<z.output<Schema>> {
	if (list === undefined) return { entries: [], complete: true };
	if (!Array.isArray(list)) {
		source.report(path, `expected a list; found ${show(list)}`);
		return { entries: [], complete: false };
	}
	if (list.length > entriesMax) source.report([...path, entriesMax], `expected at most ${entriesMax} entries; found ${list.length}`);
	const entries: Entry<z.output<Schema>>[] = [];
	for (const [index, item] of list.slice(0, entriesMax).entries()) {
		const value = readShape(source, schema, item, [...path, index]);
		if (value !== undefined) entries.push({ value, path: [...path, index] });
	}
	return { entries, complete: entries.length === list.length };
}
