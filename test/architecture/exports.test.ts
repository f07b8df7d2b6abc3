import { describe, expect, test } from "vitest";
import { needlessExports } from "./exports.ts";
import { readTree, rootDirectory } from "./files.ts";

/** The window finds views by the names of their files, the test runner its setup, and a program under test its Electron. */
const isFound = (path: string, name: string): boolean =>
	(path.endsWith(".view.tsx") && name === "view") || path.startsWith("test/setup/") || path === "test/support/electron-double/electron.ts";

test("whatever a module offers is taken by another", () => {
	const tree = readTree(rootDirectory, ["."], [".ts", ".tsx", ".mjs"]);
	expect(needlessExports(tree, isFound)).toEqual([]);
});

describe("looking for what nobody takes, in a tree made for it,", () => {
	const inTree = (files: { readonly [path: string]: string }): readonly string[] => needlessExports(new Map(Object.entries(files)), isFound);
	const offers = "export const one = 1;\nexport function two() { return one; }\nexport interface Three { readonly four: Four }\nexport type Four = 4;\n";

	test("finds each value that only its own file uses, and each type that nobody mentions", () => {
		expect(inTree({ "src/a.ts": offers })).toEqual(["src/a.ts one", "src/a.ts two", "src/a.ts Three"]);
	});

	test.each([
		["by name", 'import { one, two as three } from "./a.ts"; import type { Three } from "./a.ts";', []],
		["as a whole", 'import * as all from "./a.ts";', []],
		["when it is wanted", 'const { one } = await import("./a.ts");', []],
		["as a type", 'type All = typeof import("./a.ts");', []],
		["to pass it on", 'export { one } from "./a.ts";', ["src/a.ts two", "src/a.ts Three", "src/b.ts one"]],
	])("lets pass what is taken %s", (_way, text, left) => {
		expect(inTree({ "src/a.ts": offers, "src/b.ts": text })).toEqual(left);
	});

	test("tells modules of one name apart", () => {
		expect(inTree({ "src/a.ts": "export const one = 1;", "src/x/a.ts": "export const one = 1;", "src/b.ts": 'import { one } from "./x/a.ts";' })).toEqual([
			"src/a.ts one",
		]);
	});

	test("finds each name of what is taken apart", () => {
		expect(inTree({ "src/a.ts": "export const { one, two: [three, , four] } = all;" })).toEqual(["src/a.ts one", "src/a.ts three", "src/a.ts four"]);
	});

	test("lets pass what is found by the name of its file", () => {
		expect(inTree({ "src/raft.view.tsx": "export const view = 1;\nexport const other = 2;" })).toEqual(["src/raft.view.tsx other"]);
	});
});
