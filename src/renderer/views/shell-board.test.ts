import { expect, test } from "vitest";
import type { Plan } from "../../shared/plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { shellOf, wordsThatFit } from "./shell-board.ts";

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
		entry("shell.words", "", { words: [{ word: "ls" }, { word: "open" }] }, 1),
	]);
	expect(others).toEqual([]);
	expect(laptop?.name).toBe("laptop");
	expect(laptop?.words).toEqual(["ls", "open"]);
	expect(laptop?.lines).toEqual([
		{ key: "2", line: "opne", answer: "no command", ok: false, span: 0, atUs: 5 },
		{ key: "10", line: "ls", answer: null, ok: true, span: 4, atUs: 9 },
	]);
});

test("what a strange file holds under these names is shown as nothing, and breaks nothing", () => {
	expect(shell([entry("shell.line", "1", 7), entry("shell.words", "", { words: [3, null] })])[0]).toMatchObject({
		lines: [{ line: "", answer: null, span: 0 }],
		words: ["", ""],
	});
});

test("a word is completed from its beginning, and from there on nothing is", () => {
	const words = ["save", "stop", "open"];
	expect(wordsThatFit(words, "s")).toEqual(["save", "stop"]);
	expect(wordsThatFit(words, "op")).toEqual(["open"]);
	expect(wordsThatFit(words, "save b")).toEqual([]);
	expect(wordsThatFit(words, "")).toEqual([]);
});
