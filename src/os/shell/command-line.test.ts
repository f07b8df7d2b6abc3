import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { helpText, parseLine } from "./command-line.ts";
import { good, type Word } from "./word.ts";

const word = (name: string, argumentsMax: number): Word => ({
	word: name,
	usage: "FILE",
	means: `does ${name}`,
	argumentsMax,
	run: (given) => good(given.join("|")),
});
const words = [word("save", 2), word("open", 1), word("ls", 1), word("put", 2), word("date", 0)];

test.each([
	["save budget.pdf", "save", ["budget.pdf"]],
	["save budget.pdf 40KB", "save", ["budget.pdf", "40KB"]],
	['  open   "my plan.txt" ', "open", ["my plan.txt"]],
	['open ""', "open", [""]],
	["ls", "ls", []],
	['put motto "one system"', "put", ["motto", "one system"]],
])("%s is understood", (line, name, given) => {
	expect(parseLine(line, words)).toMatchObject({ ok: true, word: { word: name }, given });
});

test("help lists the words there are, in columns", () => {
	expect(helpText(words.slice(0, 2))).toBe("save FILE   does save\nopen FILE   does open");
});

describe("a line that makes no sense gets a clear answer", () => {
	test.each([
		["", "type help to see what can be done"],
		["sva budget.pdf", 'no command is called "sva"; there is save, open, ls, put, date'],
		["opne x", 'no command is called "opne"; did you mean open?'],
		["save my budget.pdf now", "too many words after save; a name with spaces goes in quotes"],
		["date today", "too many words after date; a name with spaces goes in quotes"],
		['open "budget', "a quote is left open"],
		["x".repeat(10_000_000), "the line is too long: 4096 characters are the most"],
	])("%#", (line, why) => {
		expect(parseLine(line, words)).toEqual({ ok: false, why });
	});

	test("whatever it is", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 60, unit: "binary" }), (line) => {
				const parsed = parseLine(line, words);
				if (!parsed.ok) expect(parsed.why.length).toBeGreaterThan(0);
			}),
			{ seed: 79 },
		);
	});
});
