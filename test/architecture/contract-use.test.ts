/** The contract has nothing that nobody uses: what may be asked the window asks, what may be told the lab tells and the window hears. */
import { describe, expect, test } from "vitest";
import { callNames } from "../../src/shared/contract/calls.ts";
import { menuActions, pushes } from "../../src/shared/contract/pushes.ts";
import { isTestFile, readTree, rootDirectory } from "./files.ts";

const textOf = (room: string): string =>
	[...readTree(rootDirectory, [room], [".ts", ".tsx"])]
		.filter(([path]) => !isTestFile(path))
		.map(([, text]) => text)
		.join("\n");

const [window, lab] = [textOf("src/renderer"), textOf("src/main")];

/** A name as it is said in so many ways; a type that is made of it uses nothing. */
const says = (text: string, ways: readonly string[], name: string): boolean => ways.some((way) => new RegExp(`${way}"${name.replace(".", "\\.")}"`).test(text));

describe("the contract", () => {
	test("has no call that the window never asks", () => {
		expect(callNames.length).toBeGreaterThan(50);
		expect(callNames.filter((name) => !says(window, ["\\b(?:call|look)\\(\\s*"], name))).toEqual([]);
	});

	test("has no word that the lab never says, and none that the window does not hear", () => {
		const names = Object.keys(pushes);
		expect(
			names.filter((name) => !says(lab, ["\\b(?:push|tell|tellAll)\\(\\s*", "\\btellWatching\\(\\s*[\\w.]+,\\s*", "\\btell\\(\\s*\\w+,\\s*"], name)),
		).toEqual([]);
		expect(names.filter((name) => !says(window, ["\\bclient\\.on\\(\\s*"], name))).toEqual([]);
	});

	test("has no act of the menu that the menu does not have, and none that the window does not do", () => {
		expect(menuActions.filter((action) => !says(lab, ["\\bitem\\([^)\\n]*, "], action))).toEqual([]);
		expect(menuActions.filter((action) => !says(window, ["case "], action))).toEqual([]);
	});
});
