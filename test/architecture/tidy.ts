/**
 * House-keeping that no linter does for us: sizes, names, headers, things left lying about.
 */
import { posix } from "node:path";
import { type FileTree, isTestFile } from "./files.ts";

const linesMax = 600;

/** Longer files that stay in one piece, each with the reason. */
export const longFiles: Readonly<Record<string, string>> = {};

const codeExtension = /\.(ts|tsx|mjs)$/;

type Rule = (path: string, text: string) => string | undefined;

const staysShort: Rule = (path, text) => {
	const lines = text.split("\n").length - 1;
	if (!codeExtension.test(path) || path in longFiles || lines <= linesMax) return undefined;
	return `has ${lines} lines; past ${linesMax} it needs a second file, or a reason in longFiles`;
};

const hasNoTrailingSpace: Rule = (path, text) => {
	// Two spaces at the end of a line mean a line break in Markdown.
	const index = text.split("\n").findIndex((line) => /[ \t\r]$/.test(path.endsWith(".md") ? line.replace(/ {2}$/, "") : line));
	return index < 0 ? undefined : `has white space at the end of line ${index + 1}`;
};

const endsWithOneNewline: Rule = (_path, text) => (text === "" || /[^\n]\n$/.test(text) ? undefined : "does not end with exactly one newline");

const leftovers: readonly (readonly [found: RegExp, said: string])[] = [
	[/\b(test|it|describe|suite)(\.\w+)*\.only\b/, "runs only some tests"],
	[/\b(test|it|describe|suite)(\.\w+)*\.(skip|todo|fails)\b/, "leaves a test out"],
	[/@ts-(ignore|nocheck)/, "silences the compiler"],
	[/\b(TO[D]O|FIX[M]E|X{3}|HA[C]K)\b/, "leaves work for later; write an issue instead"],
	[/^\s*debugger;/m, "stops in the debugger"],
];

const hasNoLeftovers: Rule = (path, text) => (codeExtension.test(path) ? leftovers.find(([found]) => found.test(text))?.[1] : undefined);

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const pascalCase = /^[A-Z][A-Za-z0-9]*$/;

/** Modules kebab-case, React components PascalCase (the page's entry is no component). */
const isNamedWell: Rule = (path) => {
	const [stem = ""] = posix.basename(path).split(".");
	if (!codeExtension.test(path) || !path.includes("/")) return undefined;
	// A service's view bears the name of its service.
	if (path.endsWith(".view.tsx")) return kebabCase.test(stem) ? undefined : "is a service's view: its name is kebab-case";
	if (path.endsWith(".tsx") && stem !== "main") return pascalCase.test(stem) ? undefined : "holds a React component: its name is PascalCase";
	return kebabCase.test(stem) ? undefined : "has a name that is not kebab-case";
};

/** Purpose, what it must not know, thread: the first thing in the file. Tests speak by their claims. */
const beginsWithHeader: Rule = (path, text) =>
	codeExtension.test(path) && !isTestFile(path) && !/^\/\*\*(\n \*)? [^\s*]/.test(text) ? "does not begin with a header comment" : undefined;

const rules: readonly Rule[] = [staysShort, hasNoTrailingSpace, endsWithOneNewline, hasNoLeftovers, isNamedWell, beginsWithHeader];

/** Every untidiness as `path what`, in the order of the files. */
export function untidinessIn(tree: FileTree): readonly string[] {
	return [...tree].flatMap(([path, text]) =>
		rules.flatMap((rule) => {
			const found = rule(path, text);
			return found === undefined ? [] : [`${path} ${found}`];
		}),
	);
}
