/** Labs of resources/labs as tests run them: compiled, run to an instant, judged. A new lab's folder is found by itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { CheckBoard } from "../../src/core/checks/create-check-folds.ts";
import type { Executor } from "../../src/core/executor.ts";
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import { registry } from "../../src/os/registry.ts";
import { compileLab, describeLab, type LabOverrides } from "../../src/shared/lab/compile.ts";
import type { Plan } from "../../src/shared/plan.ts";

const folder = new URL("../../resources/labs/", import.meta.url);

export const labIds: readonly string[] = readdirSync(folder)
	.filter((id) => existsSync(new URL(`${id}/lab.yaml`, folder)))
	.sort();

export function labText(lab: string): string {
	return readFileSync(new URL(`${lab}/lab.yaml`, folder), "utf8");
}

export function variantsOf(lab: string): readonly { readonly id: string; readonly breaks: string }[] {
	return describeLab(labText(lab)).variants;
}

export function labPlan(lab: string, overrides: LabOverrides = {}, text = labText(lab)): Plan {
	return compileLab({ text, fileName: `resources/labs/${lab}/lab.yaml`, services: registry.values(), overrides }).plan;
}

export interface LabOutcome {
	/** Ids of the checks that failed. */
	readonly failures: readonly string[];
	readonly events: number;
	/** Number of events and digest. */
	readonly fingerprint: string;
}

export interface LabRunOptions {
	readonly executor?: Executor;
	/** Short of the lab's end: what the checks then say is not asked. */
	readonly untilUs?: number;
	readonly observers?: readonly EventObserver[];
}

export function runPlan(
	plan: Plan,
	seed: number,
	{ executor = new InlineExecutor(registry), untilUs = plan.untilUs, observers = [] }: LabRunOptions = {},
): LabOutcome {
	const kernel = new Kernel({ plan, seed, executor });
	const board = new CheckBoard(plan, registry);
	kernel.log.observe(board);
	for (const observer of observers) kernel.log.observe(observer);
	kernel.advance({ untilUs });
	const failures = untilUs < plan.untilUs ? [] : board.verdicts(untilUs).flatMap(({ id, ok }) => (ok ? [] : [id]));
	const { eventCount } = kernel.log;
	const fingerprint = `${eventCount} events ${kernel.log.digest()}`;
	kernel.close();
	return { failures, events: eventCount, fingerprint };
}

/**
 * Labs whose runs are very long, on a cluster of less than a third: the same racks, regions and story, and fewer machines
 * with fewer drives. What is lost there is lost in the large one all the more.
 */
export const smaller: { readonly [lab: string]: NonNullable<LabOverrides["parameters"]> } = {
	"ten-thousand-drives": { machinesEach: "3", drivesEach: "110", sparesEach: "10" },
};

export function failuresOf(lab: string, seed: number, overrides: LabOverrides = {}): readonly string[] {
	return runPlan(labPlan(lab, overrides), seed).failures;
}
