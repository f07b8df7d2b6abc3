/** A line that a user typed, taken apart: words, quotes, options, and what is said of nonsense. Pure. */
import { hint } from "../../shared/nearest.ts";
import type { Option, Options, Word } from "./word.ts";

export type Parsed =
	| { readonly ok: true; readonly word: Word; readonly given: readonly string[]; readonly options: Options }
	| { readonly ok: false; readonly why: string };

const lineLengthMax = 4_096;
export const nameLengthMax = 255;
const shownMax = 40;

interface Token {
	readonly text: string;
	/** In quotes: a name, whatever it looks like. */
	readonly isQuoted: boolean;
}

function isFine(character: string): boolean {
	const code = character.charCodeAt(0);
	return code >= 0x20 && code !== 0x7f;
}

/** @returns the words of a line, `"two words"` being one; undefined when a quote is left open */
function split(line: string): Token[] | undefined {
	if ((line.split('"').length - 1) % 2 === 1) return undefined;
	return [...line.matchAll(/"([^"]*)"|([^\s"]+)/g)].map(([, quoted, plain]) => ({ text: quoted ?? plain ?? "", isQuoted: quoted !== undefined }));
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
	const tokens = split(line);
	if (tokens === undefined) return refuse("a quote is left open");
	const [first, ...rest] = tokens;
	if (first === undefined) return refuse("type help to see what can be done");
	const word = words.find((candidate) => candidate.word === first.text);
	if (word === undefined) {
		const shown = first.text.slice(0, shownMax);
		const known = words.map((candidate) => candidate.word);
		return refuse(`no command is called "${shown}"${hint(shown, known)}`);
	}
	const taken = takeOptions(rest, word);
	if (typeof taken === "string") return refuse(taken);
	if (taken.given.length > word.argumentsMax) return refuse(`too many words after ${word.word}; a name with spaces goes in quotes`);
	return { ok: true, word, ...taken };
}

/** Parts `--copies 3` and `--copies=3` from what else follows a word. @returns a sentence when it cannot be */
function takeOptions(tokens: readonly Token[], { word, options = [] }: Word): { readonly given: string[]; readonly options: Options } | string {
	const given: string[] = [];
	const found = new Map<string, string>();
	for (let at = 0; at < tokens.length; at++) {
		const { text, isQuoted } = tokens[at] as Token;
		if (isQuoted || !text.startsWith("--")) {
			given.push(text);
			continue;
		}
		const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/.exec(text) ?? [];
		const option = options.find((candidate) => candidate.name === name);
		if (option === undefined) return whyNoOption(word, name, options);
		const follows = value ?? tokens[++at]?.text;
		if (follows === undefined || follows === "") return `--${name} needs a value: --${name} ${option.value}`;
		if (found.has(name)) return `--${name} is there twice`;
		found.set(name, follows);
	}
	return { given, options: found };
}

function whyNoOption(word: string, name: string, options: readonly Option[]): string {
	const shown = `--${name.slice(0, shownMax)}`;
	if (options.length === 0) return `${word} has no options; a name that begins with -- goes in quotes`;
	return `${word} has no option ${shown}${hint(
		shown,
		options.map((option) => `--${option.name}`),
	)}`;
}

/** `save FILE [SIZE] [--copies N] [--layout LAYOUT]` */
function usageOf({ word, usage, options = [] }: Word): string {
	return [word, usage, ...options.map(({ name, value }) => `[--${name} ${value}]`)].filter((part) => part !== "").join(" ");
}

export function helpText(words: readonly Word[]): string {
	const lines = words.map((word) => [usageOf(word), word.means] as const);
	const width = Math.max(...lines.map(([left]) => left.length));
	return lines.map(([left, means]) => `${left.padEnd(width + 3)}${means}`).join("\n");
}

/** One word, with all its options. */
export function helpOf(word: Word): string {
	return [`${usageOf(word)}: ${word.means}`, ...(word.options ?? []).map(({ name, value, means }) => `  --${name} ${value}: ${means}`)].join("\n");
}
