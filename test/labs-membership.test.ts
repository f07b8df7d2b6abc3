/** The labs of membership, of the pair and of the quorum store do what they say: every check holds, and each variant breaks the one it names. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { registry } from "../src/os/registry.ts";
import { compileLab, describeLab, type LabOverrides } from "../src/shared/lab/compile.ts";

const labs = ["failure-detectors"];
const seeds = [1, 2, 3, 4, 5];

function read(lab: string): { readonly text: string; readonly fileName: string } {
	const fileName = `resources/labs/${lab}/lab.yaml`;
	return { text: readFileSync(new URL(`../${fileName}`, import.meta.url), "utf8"), fileName };
}

/** Ids of the checks that failed. */
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
