import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLine } from "./command-line.ts";

test.each([
	["save budget.pdf", { kind: "save", name: "budget.pdf", bytes: undefined }],
	["save budget.pdf 40KB", { kind: "save", name: "budget.pdf", bytes: 40_960 }],
	['  open   "my plan.txt" ', { kind: "open", name: "my plan.txt" }],
	["ls", { kind: "ls", prefix: "" }],
	["ls bud", { kind: "ls", prefix: "bud" }],
	['put motto "one system"', { kind: "put", key: "motto", value: "one system" }],
	["date", { kind: "date" }],
])("%s is understood", (line, command) => {
	expect(parseLine(line)).toEqual({ ok: true, command });
});

describe("a line that makes no sense gets a clear answer", () => {
	test.each([
		["", "type help to see what can be done"],
		["sva budget.pdf", 'no command is called "sva"; there is save, open, ls, rm, put, get, date, history and 1 more'],
		["save", "which file? save FILE"],
		["save a/b", "there are no folders here: a name has no slash"],
		[`save ${"n".repeat(300)}`, "the name has 300 characters; 255 are the most"],
		["save a\u0001b", "the name has a character that cannot be seen"],
		["save a lots", "a size is a number and B, KB or MB, such as 40KB"],
		["save my budget.pdf now", "too many words after save; a name with spaces goes in quotes"],
		['open "budget', "a quote is left open"],
		['open ""', "a file needs a name"],
		["x".repeat(10_000_000), "the line is too long: 4096 characters are the most"],
		["put key", "put KEY VALUE"],
	])("%#", (line, why) => {
		expect(parseLine(line)).toEqual({ ok: false, why });
	});

	test("whatever it is", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 60, unit: "binary" }), (line) => {
				const parsed = parseLine(line);
				if (!parsed.ok) expect(parsed.why.length).toBeGreaterThan(0);
			}),
			{ seed: 79 },
		);
	});
});
