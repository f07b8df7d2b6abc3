import { describe, expect, test } from "vitest";
import { readTree, rootDirectory } from "./files.ts";
import { longFiles, untidinessIn } from "./tidy.ts";

const header = "/**\n * What it is for.\n */\n";

describe("the house", () => {
	const tree = readTree(rootDirectory, ["."], [".ts", ".tsx", ".mjs", ".md", ".css", ".html", ".json", ".yaml", ".yml"]);

	test("is tidy", () => {
		expect(untidinessIn(tree)).toEqual([]);
	});

	test("lists no exception that is not needed", () => {
		const needless = Object.keys(longFiles).filter((path) => (tree.get(path)?.split("\n").length ?? 0) <= 600);
		expect(needless).toEqual([]);
	});
});

describe("tidying, on files made for it,", () => {
	const complaints = (path: string, text: string): readonly string[] => untidinessIn(new Map([[path, text]]));

	test("finds nothing in a proper file", () => {
		expect(complaints("src/core/event-log.ts", `${header}export const x = 1;\n`)).toEqual([]);
		expect(complaints("src/renderer/App.tsx", `${header}export const x = 1;\n`)).toEqual([]);
		expect(complaints("src/core/event-log.test.ts", "export const x = 1;\n")).toEqual([]);
		expect(complaints("docs/notes.md", "a line break  \nhere\n")).toEqual([]);
	});

	test.each([
		["a long file", "src/core/a.ts", `${header}${"x;\n".repeat(600)}`, /603 lines/],
		["a space at the end", "src/core/a.ts", `${header}x; \n`, /end of line 4/],
		["a carriage return", "docs/a.md", "x\r\n", /end of line 1/],
		["a missing newline", "docs/a.md", "x", /newline/],
		["two newlines", "docs/a.md", "x\n\n", /newline/],
		["a focused test", "src/core/a.test.ts", `${"test"}.only("x");\n`, /only some/],
		["a focused table", "src/core/a.test.ts", `${"describe"}.concurrent.only("x");\n`, /only some/],
		["a skipped test", "src/core/a.test.ts", `${"it"}.skip("x");\n`, /leaves a test out/],
		["a silenced compiler", "src/core/a.ts", `${header}// @ts-${"ignore"}\n`, /silences/],
		["work left for later", "src/core/a.ts", `${header}// TO${"DO"}: it\n`, /for later/],
		["a stop for the debugger", "src/core/a.ts", `${header}debugger;\n`, /debugger/],
		["a name in camel case", "src/core/eventLog.ts", `${header}x;\n`, /kebab-case/],
		["a component in kebab case", "src/renderer/app-bar.tsx", `${header}x;\n`, /PascalCase/],
		["a file without a header", "src/core/a.ts", "export const x = 1;\n", /header/],
		["a header that says nothing", "scripts/a.mjs", "/** */\n", /header/],
	])("finds %s", (_what, path, text, said) => {
		const found = complaints(path, text);
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(said);
	});
});
