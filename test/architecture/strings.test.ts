/** What the window says is written in one place: no component has words of its own, and no word is kept for nobody. */
import { describe, expect, test } from "vitest";
import { strings } from "../../src/renderer/strings.ts";
import { isTestFile, readTree, rootDirectory } from "./files.ts";

const wordsFolder = "src/renderer/strings";
const sources = [...readTree(rootDirectory, ["src/renderer"], [".ts", ".tsx"])].filter(([path]) => !isTestFile(path) && !path.startsWith(wordsFolder));

/** Comments may say what they want. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^(\s*|.*[;{,)]\s+)\/\/.*$/gm, "$1");

/** Ways in which a component may have words of its own. */
const ownWords: readonly (readonly [what: string, pattern: RegExp])[] = [
	[
		"an attribute that is read out or shown",
		/\b(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|text)="[^"]*[A-Za-z]{2,}[^"]*"/g,
	],
	["text between tags", />[^<>{}=();]*[A-Za-z]{2,}[^<>{}=();]*<\//g],
	["a line of text", /^\s*[A-Z][a-z]+(?: [a-z,’-]+)+[.?!…]?$/gm],
	["a sentence", /(["'`])[A-Z][a-z’']+(?: [A-Za-z0-9,’-]+){2,}[^"'`\n]*\1/g],
];

/** An error that says a promise of the program is broken is for who writes it. */
const isForWriters = (line: string): boolean => /throw new Error\(/.test(line);

/** The line, and what of it was found. */
function foundIn(text: string): readonly string[] {
	const bare = withoutComments(text);
	return ownWords.flatMap(([what, pattern]) =>
		[...bare.matchAll(pattern)].flatMap(({ 0: found, index }) => {
			const line = bare.slice(bare.lastIndexOf("\n", index) + 1, bare.indexOf("\n", index + found.length));
			return isForWriters(line) ? [] : [`${what}: ${found.trim().slice(0, 80)}`];
		}),
	);
}

describe("words of the window", () => {
	test("are under strings/: no component has its own", () => {
		expect(sources.length).toBeGreaterThan(100);
		expect(sources.flatMap(([path, text]) => foundIn(text).map((found) => `${path} has ${found}`))).toEqual([]);
	});

	test.each([
		'<button type="button" aria-label="Close this">',
		'<input placeholder="crash web-3" />',
		"<p>No session yet</p>",
		"<p>\n\tPick one to run\n</p>",
		'app.tell("note", "The run has ended here");',
	])("would be found in %j", (text) => {
		expect(foundIn(text)).not.toEqual([]);
	});

	test.each([
		'<div className="row wide open" aria-label={says.close}>',
		'context.font = "650 11px system-ui, sans-serif";',
		"<kbd>u</kbd>",
		"/** The run has ended here */",
		'throw new Error("The store has no place");',
		'const line = "set link a b lossRatio 0.1";',
	])("are not taken for found in %j", (text) => {
		expect(foundIn(text)).toEqual([]);
	});

	test("are all said somewhere", () => {
		// Tables of the contract name some of them: formats, topics, verdicts.
		const shared = readTree(rootDirectory, ["src/shared"], [".ts"]).values();
		const everything = [...sources.map(([, text]) => text), ...shared].map(withoutComments).join("\n");
		const names = (value: object): readonly string[] =>
			Object.entries(value).flatMap(([name, inner]) => [name, ...(typeof inner === "object" && inner !== null ? names(inner) : [])]);
		const unsaid = [...new Set(names(strings))].filter((name) => !new RegExp(`(?:\\.|["'\`]|\\b)${name.replaceAll(/[^\w-]/g, ".")}\\b`).test(everything));
		expect(unsaid).toEqual([]);
	});
});
