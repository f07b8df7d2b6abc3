/**
 * The text of a lab file as plain data, with the place of every value. A lab may come from anybody:
 * size, depth and number of values are bounded, and aliases, tags and `__proto__` are refused, so
 * that what comes out is a tree of plain values and nothing else. Knows nothing of labs. Pure.
 */
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import type { PlainValue } from "../codec.ts";
import { type Path, Problems } from "./problems.ts";

const labCharsMax = 1_048_576;
const depthMax = 32;
const valuesMax = 50_000;
/** Brackets, commas, line ends and all: the parser is slow on nonsense of many tokens. */
const tokensMax = 200_000;

type Fields = { [key: string]: PlainValue };

export interface LabSource {
	readonly data: PlainValue;
	readonly problems: Problems;
	/** Adds a problem at a value; at its nearest parent if the value is missing. */
	report(path: Path, message: string): void;
	/** Adds a problem at the key of a map entry. */
	reportKey(path: Path, key: string, message: string): void;
	/** Adds a problem some characters into a text, if the text stands in the file as it is. */
	reportWithin(path: Path, text: string, position: number, message: string): void;
}

/** What the lexer puts before a plain or quoted text. */
const scalarMark = "\u001f";

/** Finds text so deep or so long that composing it would take the parser long or overflow its stack. */
function excessIn(text: string): { readonly at: number; readonly message: string } | undefined {
	let depth = 0;
	let inLine = 0;
	let scalars = 0;
	let tokens = 0;
	let at = 0;
	for (const token of new Lexer().lex(text)) {
		tokens++;
		if (token === "[" || token === "{") depth++;
		else if (token === "]" || token === "}") depth--;
		else if (token === "-" || token === "?") inLine++;
		else if (token === "\n") inLine = 0;
		else if (token === scalarMark) scalars++;
		if (depth > depthMax || inLine > depthMax) return { at, message: `values are nested deeper than ${depthMax} levels` };
		if (tokens > tokensMax) return { at, message: `the file has more than ${tokensMax} signs and words` };
		if (scalars > valuesMax) return { at, message: `the file holds more than ${valuesMax} values` };
		if (token !== scalarMark) at += token.length;
	}
	return undefined;
}

/** `{ name: web-{n} }` is what teachers stumble over. */
function braceHint(text: string, at: number): string {
	const isInWord = text[at] === "{" && at > 0 && !/\s/.test(text[at - 1] as string);
	return isInWord ? " (within { } or [ ], put quotes around a text that has braces in it)" : "";
}

class Reader {
	readonly #problems: Problems;
	#values = 0;

	constructor(problems: Problems) {
		this.#problems = problems;
	}

	read(node: Node | null, at: number, depth: number): PlainValue {
		if (node === null) return null;
		const offset = node.range?.[0] ?? at;
		if (++this.#values > valuesMax) return this.#refuse(offset, this.#values === valuesMax + 1 ? `the file holds more than ${valuesMax} values` : undefined);
		if (depth > depthMax) return this.#refuse(offset, `values are nested deeper than ${depthMax} levels`);
		if (isAlias(node)) return this.#refuse(offset, "aliases (*) are not understood; write the value out, or make it a parameter");
		if ("anchor" in node && node.anchor !== undefined)
			return this.#refuse(offset, "anchors (&) are not understood; write the value out, or make it a parameter");
		if (node.tag !== undefined) return this.#refuse(offset, `tags (${node.tag}) are not understood`);
		if (isScalar(node)) return this.#scalar(node.value, offset);
		if (isSeq(node)) return node.items.map((item) => this.read(item as Node | null, offset, depth + 1));
		if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], offset, depth);
		return this.#refuse(offset, "expected a value, a list or a map");
	}

	#scalar(value: unknown, offset: number): PlainValue {
		if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
		if (typeof value === "number" && Number.isFinite(value)) return value;
		return this.#refuse(offset, "expected a text, a finite number, true or false");
	}

	#map(pairs: readonly Pair<Node, Node | null>[], at: number, depth: number): PlainValue {
		const fields: Fields = {};
		for (const { key, value } of pairs) {
			const offset = key?.range?.[0] ?? at;
			if (!isScalar(key) || typeof key.value !== "string" || key.tag !== undefined || key.anchor !== undefined) this.#refuse(offset, "expected a word as key");
			else if (key.value === "__proto__") this.#refuse(offset, "__proto__ cannot be a key");
			else if (Object.hasOwn(fields, key.value)) this.#refuse(offset, `"${key.value}" is written twice`);
			else fields[key.value] = this.read(value, offset, depth + 1);
		}
		return fields;
	}

	#refuse(offset: number, message: string | undefined): null {
		if (message !== undefined) this.#problems.add(offset, message);
		return null;
	}
}

function pairOf(node: unknown, key: string): Pair<Node, Node | null> | undefined {
	if (!isMap(node)) return undefined;
	return (node.items as Pair<Node, Node | null>[]).find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Where the value at this path starts; where its nearest parent starts if it is missing. */
function offsetAt(root: Node | null, path: Path): { readonly offset: number; readonly node: Node | null } {
	let node = root;
	let offset = root?.range?.[0] ?? 0;
	for (const step of path) {
		const pair = typeof step === "string" ? pairOf(node, step) : undefined;
		const child = pair !== undefined ? pair.value : isSeq(node) && typeof step === "number" ? ((node.items[step] ?? undefined) as Node | undefined) : undefined;
		if (child === undefined && pair === undefined) return { offset, node: null };
		offset = child?.range?.[0] ?? pair?.key.range?.[0] ?? offset;
		node = child ?? null;
	}
	return { offset, node };
}

/**
 * Reads the text; what it could not read is null in the data and a problem in the list.
 * @param fileName for messages only
 */
export function readSource(text: string, fileName: string): LabSource {
	const lines = new LineCounter();
	const problems = new Problems(fileName, (offset) => {
		const { line, col } = lines.linePos(offset);
		return { line: Math.max(1, line), column: Math.max(1, col) };
	});
	const refuse = (offset: number, message: string): LabSource => {
		problems.add(offset, message);
		return { data: null, problems, report: () => {}, reportKey: () => {}, reportWithin: () => {} };
	};
	if (text.length > labCharsMax) return refuse(0, `the file is longer than ${labCharsMax} characters`);
	const excess = excessIn(text);
	if (excess !== undefined) {
		for (let at = text.indexOf("\n"); at >= 0 && at < excess.at; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);
		return refuse(excess.at, excess.message);
	}
	// Duplicate keys are found by the reader: the parser compares every key with every other.
	const options = {
		lineCounter: lines,
		prettyErrors: false,
		uniqueKeys: false,
		version: "1.2",
		schema: "core",
		merge: false,
		resolveKnownTags: false,
	} as const;
	const document = parseDocument(text, options);
	// What follows the first error is mostly its echo.
	const [broken] = [...document.errors, ...document.warnings];
	if (broken !== undefined) problems.add(broken.pos[0], `the YAML cannot be read: ${broken.message}${braceHint(text, broken.pos[0])}`);
	const root = document.contents as Node | null;
	return {
		data: document.errors.length > 0 ? null : new Reader(problems).read(root, 0, 0),
		problems,
		report: (path, message) => problems.add(offsetAt(root, path).offset, message),
		reportKey(path, key, message) {
			const parent = offsetAt(root, path);
			problems.add(pairOf(parent.node, key)?.key.range?.[0] ?? parent.offset, message);
		},
		reportWithin(path, within, position, message) {
			const { offset, node } = offsetAt(root, path);
			const quoted = isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") ? 1 : 0;
			const stands = text.startsWith(within, offset + quoted);
			problems.add(stands ? offset + quoted + position : offset, message);
		},
	};
}
