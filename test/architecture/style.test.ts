/** Style sheets say nothing for nobody: their classes are given by components, and their properties are defined and used. */
import { describe, expect, test } from "vitest";
import { isTestFile, readTree, rootDirectory } from "./files.ts";

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");

function classesOf(style: string): ReadonlySet<string> {
	const selectors = [...withoutComments(style).matchAll(/([^{};]+)\{/g)].map(([, selector = ""]) => selector);
	return new Set(selectors.flatMap((selector) => [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name)));
}

/** Given by its whole name, or by a beginning that something is put behind: `tone-${tone}`. */
function isGiven(name: string, code: string): boolean {
	const beginnings = [...name.matchAll(/-/g)].map(({ index }) => `${name.slice(0, index + 1)}\${`);
	return new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code) || beginnings.some((beginning) => code.includes(beginning));
}

function classesForNobody(style: string, code: string): readonly string[] {
	const bare = withoutComments(code);
	return [...classesOf(style)].filter((name) => !isGiven(name, bare));
}

const defined = (text: string): ReadonlySet<string> => new Set([...withoutComments(text).matchAll(/(--[\w-]+)["']?\]?\s*:/g)].map(([, name = ""]) => name));
const used = (text: string): ReadonlySet<string> => new Set([...withoutComments(text).matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name = ""]) => name));

/** Measured by the library of menus, for whoever lays one out. */
const isOfMenus = (name: string): boolean => name.startsWith("--radix-");

describe("the window's style sheets", () => {
	const sheets = readTree(rootDirectory, ["src/renderer"], [".css"]);
	const style = [...sheets.values()].join("\n");
	const code = [...readTree(rootDirectory, ["src/renderer", "src/shared"], [".ts", ".tsx", ".html"])]
		.flatMap(([path, text]) => (isTestFile(path) ? [] : [text]))
		.join("\n");

	test("have no class that no component gives", () => {
		const forNobody = [...sheets].flatMap(([path, text]) => classesForNobody(text, code).map((name) => `${path} .${name}`));
		expect(forNobody).toEqual([]);
	});

	test("use no custom property that nobody defines", () => {
		const known = new Set([...defined(style), ...defined(code), ...[...withoutComments(code).matchAll(/["'](--[\w-]+)["']/g)].map(([, name = ""]) => name)]);
		expect([...used(`${style}\n${code}`)].filter((name) => !known.has(name) && !isOfMenus(name))).toEqual([]);
	});

	test("define no custom property that nobody uses", () => {
		// Drawings ask for colours by their names, without the two strokes.
		const isUsed = (name: string): boolean =>
			used(style).has(name) || new RegExp(`${name}(?![\\w-])|["']${name.slice(2)}["']|--${name.slice(2).replace(/\d+$/, "")}\\$\\{`).test(code);
		expect([...defined(style)].filter((name) => !isUsed(name))).toEqual([]);
	});
});

describe("looking for classes that nobody gives, in a sheet made for it,", () => {
	test.each([
		["a class that is given", ".row { }", '<p className="a row" />', []],
		["one that nobody gives", ".row > .old:hover { }", '<p className="row" />', ["old"]],
		["one that is only spoken of", ".old { }", "// an old one\n/* old */", ["old"]],
		["a part of another's name", ".old { }", '<p className="older is-old" />', ["old"]],
		["one that is put together", ".tone-bad, .tone-good { }", `<p className={\`tone-\${tone}\`} />`, []],
		["one in a rule within a rule", "@media (width < 9rem) { .old { } }", "", ["old"]],
		["numbers, which are no classes", ".row { margin: .5rem 1.5em }", "row", []],
	])("finds or leaves %s", (_what, style, code, found) => {
		expect(classesForNobody(style, code)).toEqual(found);
	});
});
