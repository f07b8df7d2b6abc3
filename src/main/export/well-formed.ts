/**
 * Texts that a file of any format can hold. A plan comes from JSON, which can write half a character down;
 * no text in UTF-8 has one, and readers of JSON refuse a file for it. Bodies, notes and commands are whole
 * when they are read.
 *
 * @source RFC 8259, 8.2; RFC 7493, 2.1; Unicode Standard Annex 9 (directions)
 */
import type { ExportSource } from "./source.ts";

/** How a half is written in JSON; a backslash of the text itself is two. */
const half = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** The source itself where its plan is well-formed, as all plans are that the lab compiler has made. */
export function wellFormedSource(source: ExportSource): ExportSource {
	if (!half.test(JSON.stringify([source.plan, source.header]))) return source;
	const [plan, header] = [wholeTexts(source.plan), wholeTexts(source.header)];
	return {
		plan,
		header,
		branches: source.branches,
		...(source.path === undefined ? {} : { path: source.path }),
		...(source.labText === undefined ? {} : { labText: source.labText }),
		...(source.damage === undefined ? {} : { damage: source.damage }),
		events: (query) => source.events(query),
		head: (branch) => source.head(branch),
		commands: (branch) => source.commands(branch),
		notes: () => source.notes(),
	};
}

/** Of plain data, as deep as its schema lets it be. */
function wholeTexts<Value>(value: Value): Value {
	if (typeof value === "string") return value.toWellFormed() as Value;
	if (Array.isArray(value)) return value.map(wholeTexts) as Value;
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), wholeTexts(item)])) as Value;
}

const begins = /[\u202a\u202b\u202d\u202e\u2066\u2067\u2068]/;

/** With what ends every direction that the text begins and leaves open. */
export function closeDirections(text: string): string {
	if (!begins.test(text)) return text;
	const open: string[] = [];
	for (const letter of text) {
		if (/[\u2066-\u2068]/.test(letter)) open.push("\u2069");
		else if (begins.test(letter)) open.push("\u202c");
		else if (letter === "\n")
			open.length = 0; // a paragraph ends them all
		else if (letter === "\u202c" && open.at(-1) === letter) open.pop();
		else if (letter === "\u2069" && open.includes(letter)) open.length = open.lastIndexOf(letter);
	}
	return text + open.reverse().join("");
}
