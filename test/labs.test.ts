/** What single labs promise beyond their checks, which test/all-labs.test.ts holds them to. */
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { RecordBuffer, recordLengthWord } from "../src/shared/event-record.ts";
import { EventList } from "./support/event-list.ts";
import { failuresOf, labPlan, labText, runPlan, smaller } from "./support/lab-run.ts";

test("front-door: a rush is turned away rather than let in: users notice, servers do not", () => {
	expect(failuresOf("front-door", 1, { parameters: { ratePerSecond: "1000" } })).toEqual(["users-unaffected"]);
});

test("a stored log gives the verdicts that the live one gave", () => {
	const plan = labPlan("front-door", { variant: "no-admission", untilUs: 8_000_000 });
	const live = new CheckBoard(plan);
	const stored = new RecordBuffer();
	const store = { onEvent: (words: Int32Array, start: number) => void stored.append(words, start, words[start + recordLengthWord] as number) };
	runPlan(plan, 1, { observers: [live, store] });
	const again = new CheckBoard(plan);
	for (let start = 0, index = 0; start < stored.length; start += stored.words[start + recordLengthWord] as number, index++)
		again.onEvent(stored.words, start, index);
	expect(again.verdicts(plan.untilUs)).toEqual(live.verdicts(plan.untilUs));
	expect(live.verdicts(plan.untilUs).some(({ ok }) => !ok)).toBe(true);
});

/** What a variant breaks is due to the rule it takes away and not to its story. */
test.each([
	["stale-reads", "reads: unchecked", "reads: index", "no-write-lost"],
	["lease-and-drift", "reads: lease", "reads: index", "no-write-lost"],
	["no-sync", 'sync: "off"', 'sync: "on"', "no-write-lost"],
	["older-term", 'commitOldTerms: "yes"', 'commitOldTerms: "no"', "same-history"],
	["no-quorum", "quorum: 1", "quorum: 3", "same-history"],
	["no-pre-vote", 'preVote: "off" } }\n  #', 'preVote: "on" } }\n  #', "calm"],
])("leader-election: the story of %s breaks nothing with the rule in place", (variant, without, within, check) => {
	const text = labText("leader-election");
	expect(text).toContain(without);
	const plan = labPlan("leader-election", { variant }, text.replace(without, within));
	expect(runPlan(plan, 1).failures).not.toContain(check);
});

describe("budget-pdf", () => {
	test.each(["texas-1", "ireland-1", "tokyo-1"])("the user gets the same file back when %s dies", (victim) => {
		const plan = labPlan("budget-pdf", { parameters: { victim } });
		const list = new EventList(plan);
		expect(runPlan(plan, 4, { observers: [list] }).failures).toEqual([]);
		const answers = list.of("answered", "laptop").map(({ body }) => String(body));
		const [saved, , opened, savedAgain, openedAgain, openedLast] = answers.map((answer) => /checksum (\w+)/.exec(answer)?.[1]);
		expect([opened, openedAgain, openedLast]).toEqual([saved, savedAgain, savedAgain]);
		expect(saved).not.toBe(savedAgain);
	});
});

/** The drive year with another code and other sets: as safe, or the lab would praise the wrong thing. */
test.each([{ copies: "6+3" }, { placement: "copysets" }, { copies: "6+3", placement: "copysets" }])(
	"ten-thousand-drives loses nothing with %o",
	(parameters) => {
		const lab = "ten-thousand-drives";
		for (const seed of [1, 2]) expect(failuresOf(lab, seed, { parameters: { ...smaller[lab], ...parameters } })).not.toContain("no-data-lost");
	},
);
