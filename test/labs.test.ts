/** The labs that come with the program do what they say: every check holds, and each variant breaks the one it names. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { registry } from "../src/os/registry.ts";
import { RecordBuffer, recordLengthWord } from "../src/shared/event-record.ts";
import { compileLab, describeLab, type LabOverrides } from "../src/shared/lab/compile.ts";

function read(lab: string): { readonly text: string; readonly fileName: string } {
	const fileName = `resources/labs/${lab}/lab.yaml`;
	return { text: readFileSync(new URL(`../${fileName}`, import.meta.url), "utf8"), fileName };
}

/** Ids of the checks that failed. */
function failures(lab: string, seed: number, overrides: LabOverrides = {}): readonly string[] {
	const { plan } = compileLab({ ...read(lab), services: registry.values(), overrides });
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const board = new CheckBoard(plan);
	kernel.log.observe(board);
	kernel.advance({ untilUs: plan.untilUs });
	return board.verdicts(plan.untilUs).flatMap(({ id, ok }) => (ok ? [] : [id]));
}

describe.each(["ping", "front-door"])("%s", (lab) => {
	test.each([1, 2, 3])("every check holds, seed %i", (seed) => {
		expect(failures(lab, seed)).toEqual([]);
	});

	test.each(describeLab(read(lab).text).variants.map(({ id, breaks }) => [id, breaks] as const))("variant %s breaks %s", (variant, breaks) => {
		for (const seed of [1, 2]) expect(failures(lab, seed, { variant }), `seed ${seed}`).toContain(breaks);
	});
});

describe("front-door", () => {
	test.each(["weighted", "least-connections", "power-of-two", "consistent-hash"])("every check holds with %s", (algorithm) => {
		expect(failures("front-door", 4, { parameters: { algorithm } })).toEqual([]);
	});

	test("a rush is turned away rather than let in: users notice, servers do not", () => {
		expect(failures("front-door", 1, { parameters: { ratePerSecond: "1000" } })).toEqual(["users-unaffected"]);
	});
});

test("a stored log gives the verdicts that the live one gave", () => {
	const { plan } = compileLab({ ...read("front-door"), services: registry.values(), overrides: { variant: "no-admission", untilUs: 8_000_000 } });
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const live = new CheckBoard(plan);
	const stored = new RecordBuffer();
	kernel.log.observe(live);
	kernel.log.observe({ onEvent: (words, start) => void stored.append(words, start, words[start + recordLengthWord] as number) });
	kernel.advance({ untilUs: plan.untilUs });
	const again = new CheckBoard(plan);
	for (let start = 0, index = 0; start < stored.length; start += stored.words[start + recordLengthWord] as number, index++)
		again.onEvent(stored.words, start, index);
	expect(again.verdicts(plan.untilUs)).toEqual(live.verdicts(plan.untilUs));
	expect(live.verdicts(plan.untilUs).some(({ ok }) => !ok)).toBe(true);
});
