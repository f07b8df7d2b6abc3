import { describe, expect, test } from "vitest";
import type { Plan } from "../../shared/plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { linesThatFit, sharedBeginning, shellOf } from "./shell-board.ts";

const names = ["shell.line", "shell.words"];
const plan = {
	names,
	nodes: [
		{ name: "server", services: [{ service: "store" }] },
		{ name: "laptop", services: [{ service: "shell" }] },
	],
} as unknown as Plan;
const entry = (name: string, key: string, value: BoardEntry["value"], index = 0): BoardEntry => ({
	node: 1,
	name: names.indexOf(name),
	key,
	index,
	atUs: index,
	value,
});
const shell = (board: readonly BoardEntry[]) => shellOf({ plan, board, nameOf: ({ name }) => names[name] ?? "" });

test("a terminal shows its lines in the order they were typed, with their answers, and nothing of other machines", () => {
	const [laptop, ...others] = shell([
		entry("shell.line", "10", { key: "10", line: "ls", answer: null, ok: true, span: 4 }, 9),
		entry("shell.line", "2", { key: "2", line: "opne", answer: "no command", ok: false, span: 0 }, 5),
		entry("shell.words", "", { words: [{ word: "ls" }, { word: "open", options: [{ name: "from", values: ["a", 3] }] }] }, 1),
	]);
	expect(others).toEqual([]);
	expect(laptop?.name).toBe("laptop");
	expect(laptop?.words).toEqual([
		{ word: "ls", options: [] },
		{ word: "open", options: [{ name: "from", values: ["a"] }] },
	]);
	expect(laptop?.lines).toEqual([
		{ key: "2", line: "opne", answer: "no command", ok: false, span: 0, atUs: 5, index: 5 },
		{ key: "10", line: "ls", answer: null, ok: true, span: 4, atUs: 9, index: 9 },
	]);
});

test("what a strange file holds under these names is shown as nothing, and breaks nothing", () => {
	expect(shell([entry("shell.line", "1", 7), entry("shell.words", "", { words: [3, null] })])[0]).toMatchObject({
		lines: [{ line: "", answer: null, span: 0 }],
		words: [{ word: "" }, { word: "" }],
	});
});

describe("completion", () => {
	const words = [
		{
			word: "save",
			options: [
				{ name: "copies", values: ["1", "2"] },
				{ name: "layout", values: ["copies-2", "rs-6-3"] },
			],
		},
		{ word: "stop", options: [] },
	];
	const fitting = (typed: string) => linesThatFit({ words, past: ["save a.pdf 3MB", "ls", "save b.jpg", "open a.pdf"] }, typed);

	test("goes from words to names that were typed before and to options, and from those to their values", () => {
		expect(fitting("s")).toEqual(["save", "stop"]);
		expect(fitting("save ")).toEqual(["save b.jpg", "save a.pdf", "save --copies", "save --layout"]);
		expect(fitting("save b")).toEqual(["save b.jpg"]);
		expect(fitting("save b.jpg --co")).toEqual(["save b.jpg --copies"]);
		expect(fitting("save b.jpg --layout ")).toEqual(["save b.jpg --layout copies-2", "save b.jpg --layout rs-6-3"]);
		expect(fitting("save --copies 2 --")).toEqual(["save --copies 2 --layout"]);
	});

	test("has nothing to say of an empty line, and of words that there are not", () => {
		for (const typed of ["", "  ", "fly ", "stop z"]) expect(fitting(typed), typed).toEqual([]);
	});

	test("goes as far as all that fits agrees", () => {
		expect(sharedBeginning(["save --copies", "save --colour"])).toBe("save --co");
		expect(sharedBeginning(["save"])).toBe("save");
		expect(sharedBeginning([])).toBe("");
	});
});
