/**
 * Guides and answer keys are held to their word: every lab that has a key has a guide with the same
 * questions, every command line in a guide can be typed, and every run that a key tells of comes out so.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { registry } from "../src/os/registry.ts";
import { decodeRecord } from "../src/shared/event-record.ts";
import { compileLab, describeLab } from "../src/shared/lab/compile.ts";
import { type KeyRun, labKey } from "../src/shared/lab/key.ts";
import { readRunFlags } from "../src/shared/lab/run-flags.ts";
import { eventText } from "../src/shared/projection/event-text.ts";
import { parseDurationUs } from "../src/shared/units.ts";
import { labIds, labPlan, labText, runPlan } from "./support/lab-run.ts";

const fileOf = (lab: string, name: string): URL => new URL(`../resources/labs/${lab}/${name}`, import.meta.url);
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
const guideOf = (lab: string): string => readFileSync(fileOf(lab, "guide.md"), "utf8");
const keyOf = (lab: string) => labKey.parse(parse(readFileSync(fileOf(lab, "key.yaml"), "utf8")));
const keyed = labIds.filter((lab) => existsSync(fileOf(lab, "key.yaml")));
const guided = labIds.filter((lab) => existsSync(fileOf(lab, "guide.md")));

/** The numbered questions at a guide's end. */
function questionsOf(guide: string): readonly string[] {
	const section = guide.split(/^## Questions$/m)[1] ?? "";
	return section
		.split(/^\d+\. /m)
		.slice(1)
		.map(oneLine);
}

describe.each(guided)("the guide of %s", (lab) => {
	test("has only command lines that can be typed", () => {
		const lines = [...guideOf(lab).matchAll(/`(--[^`]+)`/g)].map(([, flags]) => flags ?? "");
		const whole = [...guideOf(lab).matchAll(/quorate -- run (\S+)(.*)$/gm)].map(([, id, flags]) => {
			expect(id).toBe(lab);
			return flags ?? "";
		});
		const { text, fileName } = { text: labText(lab), fileName: `${lab}/lab.yaml` };
		for (const flags of [...lines, ...whole].filter((line) => !/^--(speed|save|json)/.test(line))) {
			const wishes = readRunFlags(flags);
			expect(wishes, `${flags} can be set up in the window`).not.toBeNull();
			expect(() => compileLab({ text, fileName, services: registry.values(), overrides: wishes ?? {} }), flags).not.toThrow();
		}
	});
});

/** Rows of a guide that say which check a variant breaks: `| variant | breaks | ... |`. */
const breaksRow = /^\| `([a-z0-9-]+)` \| `([a-z0-9-]+)` \|/gm;

test.each(guided.filter((lab) => [...guideOf(lab).matchAll(breaksRow)].length > 0))(
	"the guide of %s says of every variant what it breaks, as the lab does",
	(lab) => {
		const told = [...guideOf(lab).matchAll(breaksRow)].map(([, id, breaks]) => ({ id, breaks }));
		expect(told).toEqual(describeLab(labText(lab)).variants.map(({ id, breaks }) => ({ id, breaks })));
	},
);

/** Its programs hang and take all the memory: what a key claims of it must need neither. */
const tame = ({ variant }: KeyRun): boolean => variant !== "loops" && variant !== "allocates";

describe.each(keyed)("the guide with the key of %s", (lab) => {
	test("names every variant, and none that is not there", () => {
		const variants = describeLab(labText(lab)).variants.map(({ id }) => id);
		const named = [...guideOf(lab).matchAll(/--variant ([a-z0-9-]+)/g)].map(([, variant]) => variant);
		expect(variants.filter((variant) => !guideOf(lab).includes(`\`${variant}\``) && !named.includes(variant))).toEqual([]);
		expect(named.filter((variant) => !variants.includes(variant ?? ""))).toEqual([]);
	});
});

describe.each(keyed)("the key of %s", (lab) => {
	test("answers the guide's questions, each of them and in their order", () => {
		const key = keyOf(lab);
		expect(key.lab).toBe(lab);
		expect(key.answers.map(({ question }) => oneLine(question))).toEqual(questionsOf(guideOf(lab)));
		expect(key.answers.length).toBeGreaterThanOrEqual(5);
	});

	/** Answers that point to the same run share it. */
	const outcomes = new Map<string, readonly string[]>();
	const runs = keyOf(lab).answers.flatMap(({ runs: list = [] }) => list.map((run) => [JSON.stringify(run), run] as const));
	test.each(runs)("is right about %s", (_, run) => {
		expect(tame(run)).toBe(true);
		const { variant, seed = 1, until, set = {}, at = [], holds = [], fails = [], says = [], never = [] } = run;
		const overrides = {
			...(variant === undefined ? {} : { variant }),
			...(until === undefined ? {} : { untilUs: parseDurationUs(until) }),
			parameters: set,
			story: at,
		};
		const plan = labPlan(lab, overrides);
		const ids = plan.checks.map(({ id }) => id);
		expect([...holds, ...fails].filter((id) => !ids.includes(id))).toEqual([]);
		const missing = new Set(says);
		const wrong = new Set<string>();
		const onEvent = (words: Int32Array, start: number): void => {
			const event = decodeRecord(words, start);
			const text = typeof event === "string" ? event : eventText(event, plan);
			for (const part of missing) if (text.includes(part)) missing.delete(part);
			for (const part of never) if (text.includes(part)) wrong.add(part);
		};
		const isRead = says.length + never.length > 0;
		const known = isRead ? undefined : outcomes.get(JSON.stringify([overrides, seed]));
		const failures = known ?? runPlan(plan, seed, { observers: isRead ? [{ onEvent }] : [] }).failures;
		outcomes.set(JSON.stringify([overrides, seed]), failures);
		expect({ fails: fails.filter((id) => !failures.includes(id)), holds: holds.filter((id) => failures.includes(id)) }).toEqual({ fails: [], holds: [] });
		expect({ notSaid: [...missing], said: [...wrong] }).toEqual({ notSaid: [], said: [] });
	});
});

test("every lab has a guide and a key", () => {
	expect(labIds.filter((lab) => !keyed.includes(lab) || !guided.includes(lab))).toEqual([]);
});
