/**
 * The tables of rules in docs/os: a rule stands there with the section of the paper that it comes from, the file that
 * keeps it and cites the section, and under the very name of the test that holds it. So a rule that is claimed has a
 * test, a test that is renamed or gone is missed, and a section that the source cites cannot be left out.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const files = (pattern: string): readonly string[] => globSync(pattern, { cwd: root.pathname }).sort();

const tests = [...files("src/os/**/*.test.ts"), ...files("test/*.test.ts")].map(read).join("\n");

/** The words by which the sources of a service cite its papers, and what stands before the section in the table. */
const papers: readonly { readonly service: string; readonly cites: { readonly [word: string]: string } }[] = [
	{ service: "raft", cites: { thesis: "" } },
	{ service: "membership", cites: { SWIM: "SWIM ", "Accrual Failure Detector": "phi " } },
	{ service: "quorum-store", cites: { Dynamo: "Dynamo " } },
	{ service: "pair", cites: { thesis: "thesis ", Leases: "Leases ", "Chubby Lock Service": "Chubby ", Burrows: "Chubby " } },
];

interface Rule {
	readonly sections: readonly string[];
	readonly name: string;
	readonly where: readonly string[];
}

function rulesOf(service: string): readonly Rule[] {
	const [, table = ""] = read(`docs/os/${service}.md`).split("## Rules and their tests\n");
	const rows = table.split("\n").filter((line) => line.startsWith("| "));
	return rows.slice(2).map((row) => {
		const [sections = "", name = "", where = ""] = row.slice(2, -2).split(" | ");
		return { sections: sections.split(", "), name, where: [...where.matchAll(/`([^`]+)`/g)].map(([, file]) => file as string) };
	});
}

/** `thesis 3.4 (elections), 3.6.1, figure 3.7` gives `3.4`, `3.6.1` and `figure 3.7`; `SWIM (DSN 2002), section 4.2` gives `4.2`. */
function citedIn(text: string, word: string): Set<string> {
	const sections = new Set<string>();
	const flat = text.replace(/\n\s*(\*|\/\/)?\s*/g, " ");
	for (const { index } of flat.matchAll(new RegExp(`\\b${word}\\b`, "gi"))) {
		const section = /(?: \([^)]*\)| \d{4})?,?(?: sections?)? ((?:figure )?\d{1,2}(?:\.\d+)*)\b(?: \([^)]*\))?(?:,| and)?/y;
		section.lastIndex = index + word.length;
		for (let found = section.exec(flat); found !== null; found = section.exec(flat)) sections.add(found[1] as string);
	}
	return sections;
}

describe.each(papers.map(({ service, cites }) => [service, cites] as const))("the page on %s", (service, cites) => {
	const rules = rulesOf(service);
	const sources = new Map(
		files(`src/os/${service}/*.ts`)
			.filter((path) => !path.endsWith(".test.ts"))
			.map((path) => [path.split("/").at(-1) as string, read(path)]),
	);
	const cited = (text: string): readonly string[] =>
		Object.entries(cites).flatMap(([word, before]) => [...citedIn(text, word)].map((section) => `${before}${section}`));

	test("every rule has one test of its name", () => {
		expect(rules.length).toBeGreaterThan(5);
		const untested = rules.filter(({ name }) => {
			const script = /^`(.*\.txt)`$/.exec(name)?.[1];
			if (script !== undefined) return !existsSync(new URL(`test/scenarios/${service}/${script}`, root));
			return tests.split(`"${name}"`).length + tests.split(`"${name}: `).length !== 3;
		});
		expect(untested.map(({ name }) => name)).toEqual([]);
	});

	test("every rule is kept where the table says, by a file that cites the section", () => {
		const wrong = rules.flatMap(({ sections, where, name }) =>
			where.filter((file) => !sections.some((section) => cited(sources.get(file) ?? "").includes(section))).map((file) => `${name}: ${file}`),
		);
		expect(wrong).toEqual([]);
	});

	test("every section that the source cites has a rule", () => {
		const listed = new Set(rules.flatMap(({ sections }) => sections));
		const missing = [...sources].flatMap(([file, text]) =>
			cited(text)
				.filter((section) => !listed.has(section))
				.map((section) => `${file} cites ${section}`),
		);
		expect(missing).toEqual([]);
	});
});
