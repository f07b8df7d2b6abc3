/**
 * The labs of consensus and of the shell: every check holds, every variant breaks the check it names,
 * and what a variant breaks is due to the rule it takes away and not to its story.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { registry } from "../src/os/registry.ts";
import { compileLab, describeLab, type LabOverrides } from "../src/shared/lab/compile.ts";
import { EventList } from "./support/event-list.ts";

function textOf(lab: string): string {
	return readFileSync(new URL(`../resources/labs/${lab}/lab.yaml`, import.meta.url), "utf8");
}

function run(lab: string, seed: number, overrides: LabOverrides = {}, text = textOf(lab)) {
	const { plan } = compileLab({ text, fileName: `${lab}/lab.yaml`, services: registry.values(), overrides });
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const board = new CheckBoard(plan, registry);
	const list = new EventList(plan);
	const answers: string[] = [];
	kernel.log.observe(board);
	if (lab === "budget-pdf") kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	for (const { body } of list.of("answered", "laptop")) answers.push(String(body));
	const failures = board.verdicts(plan.untilUs).flatMap(({ id, ok }) => (ok ? [] : [id]));
	return { failures, answers };
}

describe.each(["leader-election", "budget-pdf"])("%s", (lab) => {
	test.each([1, 2, 3])("every check holds, seed %i", (seed) => {
		expect(run(lab, seed).failures).toEqual([]);
	});

	test.each(describeLab(textOf(lab)).variants.map(({ id, breaks }) => [id, breaks] as const))("variant %s breaks %s", (variant, breaks) => {
		for (const seed of [1, 2, 3]) expect(run(lab, seed, { variant }).failures, `seed ${seed}`).toContain(breaks);
	});
});

describe("leader-election", () => {
	test.each(["50ms", "400ms"])("holds with elections after %s", (electionTimeout) => {
		expect(run("leader-election", 1, { parameters: { electionTimeout, heartbeat: "20ms" } }).failures).toEqual([]);
	});

	test.each([
		["stale-reads", "reads: unchecked", "reads: index", "no-write-lost"],
		["lease-and-drift", "reads: lease", "reads: index", "no-write-lost"],
		["no-sync", 'sync: "off"', 'sync: "on"', "no-write-lost"],
		["older-term", 'commitOldTerms: "yes"', 'commitOldTerms: "no"', "same-history"],
		["no-quorum", "quorum: 1", "quorum: 3", "same-history"],
		["no-pre-vote", 'preVote: "off" } }\n  #', 'preVote: "on" } }\n  #', "calm"],
	])("the story of %s breaks nothing with the rule in place", (variant, without, within, check) => {
		const text = textOf("leader-election");
		expect(text).toContain(without);
		expect(run("leader-election", 1, { variant }, text.replace(without, within)).failures).not.toContain(check);
	});
});

describe("budget-pdf", () => {
	test.each(["texas-1", "ireland-1", "tokyo-1"])("the user gets the same file back when %s dies", (victim) => {
		const { answers, failures } = run("budget-pdf", 4, { parameters: { victim } });
		expect(failures).toEqual([]);
		const [saved, , opened, savedAgain, openedAgain, openedLast] = answers.map((answer) => /checksum (\w+)/.exec(answer)?.[1]);
		expect([opened, openedAgain, openedLast]).toEqual([saved, savedAgain, savedAgain]);
		expect(saved).not.toBe(savedAgain);
	});
});
