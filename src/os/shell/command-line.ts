/** A line that a user typed, taken apart: words, quotes, and what is said of nonsense. Pure. */
import { hint } from "../../shared/nearest.ts";
import type { Word } from "./word.ts";

export type Parsed = { readonly ok: true; readonly word: Word; readonly given: readonly string[] } | { readonly ok: false; readonly why: string };

export const lineLengthMax = 4_096;
export const nameLengthMax = 255;

function isFine(character: string): boolean {
	const code = character.charCodeAt(0);
	return code >= 0x20 && code !== 0x7f;
}

/** @returns the words of a line, `"two words"` being one; undefined when a quote is left open */
function split(line: string): string[] | undefined {
	if ((line.split('"').length - 1) % 2 === 1) return undefined;
	return [...line.matchAll(/"([^"]*)"|([^\s"]+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** @returns what is wrong with a file's name, or null */
export function whyNotName(name: string, folders: boolean): string | null {
	if (name === "") return "a file needs a name";
	if (name.length > nameLengthMax) return `the name has ${name.length} characters; ${nameLengthMax} are the most`;
	if (!folders && name.includes("/")) return "there are no folders here: a name has no slash";
	return [...name].every(isFine) ? null : "the name has a character that cannot be seen";
}

/** @param words in the order of `help` */
export function parseLine(line: string, words: readonly Word[]): Parsed {
	const refuse = (why: string): Parsed => ({ ok: false, why });
	if (line.length > lineLengthMax) return refuse(`the line is too long: ${lineLengthMax} characters are the most`);
	const parts = split(line);
	if (parts === undefined) return refuse("a quote is left open");
	const [first, ...given] = parts;
	if (first === undefined) return refuse("type help to see what can be done");
	const word = words.find((candidate) => candidate.word === first);
	const shown = first.slice(0, 40);
	if (word === undefined) {
		return refuse(
			`no command is called "${shown}"${hint(
				shown,
				words.map((known) => known.word),
			)}`,
		);
	}
	if (given.length > word.argumentsMax) return refuse(`too many words after ${first}; a name with spaces goes in quotes`);
	return { ok: true, word, given };
}

export function helpText(words: readonly Word[]): string {
	const lines = words.map(({ word, usage, means }) => [`${word} ${usage}`.trimEnd(), means] as const);
	const width = Math.max(...lines.map(([left]) => left.length));
	return lines.map(([left, means]) => `${left.padEnd(width + 3)}${means}`).join("\n");
}
