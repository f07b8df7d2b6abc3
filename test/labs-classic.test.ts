/** The labs of the classic algorithms and of time do what they say: every check holds, and each variant breaks the one it names. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { registry } from "../src/os/registry.ts";
import { compileLab, describeLab, type LabOverrides } from "../src/shared/lab/compile.ts";

const labs = ["elections", "mutual-exclusion", "bank-snapshot", "deadlock", "two-phase-commit", "gossip", "clock-sync", "which-came-first", "causal-broadcast"];
const seeds = [1, 2, 3, 4, 5];

function read(lab: string): { readonly text: string; readonly fileName: string } {
	const fileName = `resources/labs/${lab}/lab.yaml`;
	return { text: readFileSync(new URL(`../${fileName}`, import.meta.url), "utf8"), fileName };
}

/** Ids of the checks that failed, and what they saw. */
function failures(lab: string, seed: number, overrides: LabOverrides = {}): readonly string[] {
	const { plan } = compileLab({ ...read(lab), services: registry.values(), overrides });
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const board = new CheckBoard(plan, registry);
	kernel.log.observe(board);
	kernel.advance({ untilUs: plan.untilUs });
	return board.verdicts(plan.untilUs).flatMap(({ id, ok }) => (ok ? [] : [id]));
}

describe.each(labs)("%s", (lab) => {
	test("every check holds", () => {
		for (const seed of seeds) expect(failures(lab, seed), `seed ${seed}`).toEqual([]);
	});

	test.each(describeLab(read(lab).text).variants.map(({ id, breaks }) => [id, breaks] as const))("variant %s breaks %s", (variant, breaks) => {
		for (const seed of seeds) expect(failures(lab, seed, { variant }), `seed ${seed}`).toContain(breaks);
	});
});

/** Every choice that is no mistake keeps every check. */
test.each([
	["elections", { algorithm: "ring" }],
	["mutual-exclusion", { algorithm: "central" }],
	["mutual-exclusion", { algorithm: "token-ring" }],
	["mutual-exclusion", { algorithm: "maekawa" }],
	["deadlock", { lockOrder: "ascending", detector: "off" }],
	["two-phase-commit", { protocol: "three-phase" }],
	["gossip", { mode: "push" }],
	["gossip", { mode: "pull" }],
	["clock-sync", { algorithm: "ntp" }],
	["clock-sync", { algorithm: "berkeley" }],
	["which-came-first", { stamp: "lamport" }],
])("%s keeps every check with %o", (lab, parameters) => {
	for (const seed of seeds) expect(failures(lab, seed, { parameters }), `seed ${seed}`).toEqual([]);
});
