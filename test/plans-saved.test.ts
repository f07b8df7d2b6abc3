/**
 * A plan that was saved and read again is the plan that it was: the beginning of every lab's run is the same, to the
 * byte, whatever order of keys the file has left of what the lab wrote.
 */
import { expect, test } from "vitest";
import { canonicalJson } from "../src/shared/canonical-json.ts";
import type { Plan } from "../src/shared/plan.ts";
import { labIds, labPlan, runPlan, smaller } from "./support/lab-run.ts";

/** Its programs hang and take all the memory. */
const hostile = "misbehaving";
const untilUs = 6_000_000;

test.each(labIds.filter((id) => id !== hostile))("%s runs the same from its file as from its lab", (lab) => {
	const plan = labPlan(lab, { parameters: smaller[lab] ?? {} });
	const saved = JSON.parse(canonicalJson(plan)) as Plan;
	expect(runPlan(saved, 1, { untilUs }).fingerprint).toBe(runPlan(plan, 1, { untilUs }).fingerprint);
});
