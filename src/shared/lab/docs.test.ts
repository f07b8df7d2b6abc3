/** docs/lab-format.md and the guides hold examples; these are the ones people copy, so they must work. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { frontPlan } from "../../../test/support/plans.ts";
import { parseCheck } from "../check/check-grammar.ts";
import { linkProperties } from "../command.ts";
import { commandVerbs, parseCommand } from "../command-grammar.ts";
import { compileLab } from "./compile.ts";
import { labJsonSchema } from "./json-schema.ts";

const root = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/lab-format.md", root), "utf8");

function fences(language: string): readonly string[] {
	return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((match) => match[1] as string);
}

const linesOf = (language: string): readonly string[] => fences(language).flatMap((text) => text.trim().split("\n"));
const plan = frontPlan({ names: ["http.request", "queue.length", "visit"] });

test("the whole lab of the page compiles", () => {
	const services = ["crowd", "balancer", "web-server"].map((name) => ({ name, names: ["visit"], configure: (config: unknown) => config }));
	const [text] = fences("yaml");
	expect(compileLab({ text: text as string, fileName: "page", services }).plan.nodes).toHaveLength(5);
});

test.each(linesOf("command"))("command %s", (line) => {
	expect(() => parseCommand(line, plan)).not.toThrow();
});

test.each(linesOf("check"))("check %s", (line) => {
	expect(() => parseCheck(line, plan)).not.toThrow();
});

test("every command, every property of a link and every key of the format is on the page", () => {
	const verbs = new Set(linesOf("command").map((line) => line.split(" ")[0]));
	expect(commandVerbs.filter((verb) => !verbs.has(verb))).toEqual([]);
	expect(linkProperties.filter((property) => !page.includes(`\`${property}\``) && !page.includes(property))).toEqual([]);
	const keys = new Set<string>();
	const collect = (value: unknown): void => {
		if (typeof value !== "object" || value === null) return;
		const { properties } = value as { properties?: object };
		for (const key of Object.keys(properties ?? {})) keys.add(key);
		for (const child of Object.values(value)) collect(child);
	};
	collect(labJsonSchema());
	expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
});

describe("guides", () => {
	test.each(["ping", "front-door"])("%s has one, and it names every variant", (id) => {
		const guide = new URL(`resources/labs/${id}/guide.md`, root);
		expect(existsSync(guide)).toBe(true);
		const text = readFileSync(guide, "utf8");
		const lab = readFileSync(new URL(`resources/labs/${id}/lab.yaml`, root), "utf8");
		const variants = [...lab.slice(lab.indexOf("\nvariants:")).matchAll(/^ {2}- id: (\S+)/gm)].map((match) => match[1] as string);
		expect(variants.length).toBeGreaterThan(0);
		expect(variants.filter((variant) => !text.includes(variant))).toEqual([]);
	});
});
