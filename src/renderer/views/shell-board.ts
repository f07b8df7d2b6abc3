/** What laptops' shells have stated, as a terminal shows it. Pure. */
import type { PlainValue } from "../../shared/codec.ts";
import { fieldOf, listIn, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export interface TypedLine {
	readonly key: string;
	readonly line: string;
	/** Null: the user still waits. */
	readonly answer: string | null;
	readonly ok: boolean;
	/** Number of the line's first span at the laptop; 0: it made no sense, and nothing was done for it. */
	readonly span: number;
	/** Of the latest statement. */
	readonly atUs: number;
	readonly index: number;
}

export interface Laptop {
	readonly node: number;
	readonly name: string;
	/** Oldest first. */
	readonly lines: readonly TypedLine[];
	/** What a line may begin with. */
	readonly words: readonly ShellWord[];
	/** Event that stated those words; -1: none. */
	readonly wordsIndex: number;
}

const linesMax = 200;

export function shellOf({ plan, board, nameOf }: Pick<ViewProps, "plan" | "board" | "nameOf">): readonly Laptop[] {
	return plan.nodes.flatMap(({ name, services }, node) => {
		if (!services.some(({ service }) => service === "shell")) return [];
		const own = board.filter((entry) => entry.node === node);
		const lines = own
			.filter((entry) => nameOf(entry) === "shell.line")
			.map(({ key, value, atUs, index }): TypedLine => {
				const answer = fieldOf(value, "answer");
				return {
					key,
					line: textIn(value, "line"),
					answer: typeof answer === "string" ? answer : null,
					ok: fieldOf(value, "ok") !== false,
					span: numberIn(value, "span"),
					atUs,
					index,
				};
			})
			.sort((a, b) => Number(a.key) - Number(b.key));
		const words = own.findLast((entry) => nameOf(entry) === "shell.words");
		return [{ node, name, lines: lines.slice(-linesMax), words: listIn(words?.value, "words").map(wordOf), wordsIndex: words?.index ?? -1 }];
	});
}

/** A word that a line may begin with, and what may stand after it. */
export interface ShellWord {
	readonly word: string;
	readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
}

function wordOf(stated: PlainValue): ShellWord {
	const options = listIn(stated, "options").map((option) => ({
		name: textIn(option, "name"),
		values: listIn(option, "values").filter((value) => typeof value === "string"),
	}));
	return { word: textIn(stated, "word"), options };
}

/** Names of files that were typed before; they alone have a dot. */
function namesIn(past: readonly string[]): readonly string[] {
	const found = past.flatMap((line) => line.split(/\s+/).slice(1)).filter((part) => /^[^-].*\../.test(part));
	return [...new Set(found)].reverse();
}

/** What the last part of a line that begins with this word may become. */
function partsThatFit({ options }: ShellWord, given: readonly string[], past: readonly string[]): readonly string[] {
	const option = options.find(({ name }) => given.at(-2) === `--${name}`);
	if (option !== undefined) return option.values;
	return [...namesIn(past), ...options.map(({ name }) => `--${name}`).filter((name) => !given.slice(0, -1).includes(name))];
}

/**
 * Lines that what was typed so far may become: by words, then by a word's options and their values, and by names
 * of files that were typed before.
 */
export function linesThatFit({ words, past }: { readonly words: readonly ShellWord[]; readonly past: readonly string[] }, typed: string): readonly string[] {
	if (typed.trim() === "") return [];
	const [first = "", ...given] = typed.trimStart().split(/\s+/);
	if (given.length === 0) return words.map(({ word }) => word).filter((word) => word.startsWith(first));
	const word = words.find((candidate) => candidate.word === first);
	if (word === undefined) return [];
	const last = given.at(-1) ?? "";
	const before = typed.slice(0, typed.length - last.length);
	return partsThatFit(word, given, past)
		.filter((part) => part.startsWith(last))
		.map((part) => before + part);
}

/** What all of them begin with. */
export function sharedBeginning(lines: readonly string[]): string {
	const [first = "", ...others] = lines;
	let length = first.length;
	for (const line of others) while (!line.startsWith(first.slice(0, length))) length--;
	return first.slice(0, length);
}
