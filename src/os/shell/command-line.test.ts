import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { helpOf, helpText, parseLine } from "./command-line.ts";
import { layoutOptions, parseLayout } from "./layout.ts";
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

describe("an option", () => {
	const save: Word = { ...word("save", 2), options: layoutOptions };
	const parsed = (line: string): unknown => {
		const result = parseLine(line, [save]);
		return result.ok ? [...result.given, ...result.options] : result.why;
	};

	test("stands in any place, with a blank or an equals sign", () => {
		for (const line of ["save --copies 3 a 4KB", "save a --copies=3 4KB", "save a 4KB --copies 3"]) expect(parsed(line)).toEqual(["a", "4KB", ["copies", "3"]]);
	});

	test("is a name when it stands in quotes", () => {
		expect(parsed('save "--copies"')).toEqual(["--copies"]);
	});

	test("that is none, has no value or is there twice is told so", () => {
		expect(parsed("save a --copis 3")).toBe("save has no option --copis; did you mean --copies?");
		expect(parsed("save a --")).toBe("save has no option --; there is --copies, --layout");
		expect(parsed("save a --copies")).toBe("--copies needs a value: --copies N");
		expect(parsed("save a --copies=")).toBe("--copies needs a value: --copies N");
		expect(parsed("save a --copies 2 --copies 3")).toBe("--copies is there twice");
	});

	test("is told by help", () => {
		expect(helpText([save])).toBe("save FILE [--copies N] [--layout LAYOUT]   does save");
		expect(
			helpOf(save)
				.split("\n")
				.slice(1)
				.map((line) => line.trim().split(":")[0]),
		).toEqual(["--copies N", "--layout LAYOUT"]);
	});

	test("says how a file is to be kept", () => {
		const layout = (...options: readonly (readonly [string, string])[]): unknown => {
			const result = parseLayout(new Map(options));
			return result.ok ? result.layout : result.why;
		};
		expect(layout()).toEqual({});
		expect(layout(["copies", "3"])).toEqual({ replication: 3 });
		expect(layout(["layout", "copies-3"])).toEqual({ replication: 3 });
		expect(layout(["layout", "rs-6-3"])).toEqual({ code: true });
		expect(layout(["copies", "0"])).toBe("--copies is a whole number from 1 to 9, such as --copies 3");
		expect(layout(["layout", "raid"])).toBe("a layout is copies-1 to copies-9, or rs-6-3");
		expect(layout(["layout", "rs-6-3"], ["copies", "3"])).toBe("say --copies or --layout, not both");
	});
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
