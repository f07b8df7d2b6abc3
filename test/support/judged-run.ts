/** A plan's whole run on the real kernel, all on this thread, held to the invariants of its services. */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { InvariantWatch, invariantsOf } from "../../src/core/invariants.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import type { ServiceRegistry } from "../../src/core/node-api.ts";
import type { Plan } from "../../src/shared/plan.ts";

export interface JudgedRun {
	/** At the run's end. */
	readonly kernel: Kernel;
	readonly watch: InvariantWatch;
}

export interface RunToJudge {
	readonly plan: Plan;
	readonly registry: ServiceRegistry;
	readonly seed: number;
}

export function judgedRun({ plan, registry, seed }: RunToJudge, ...observers: readonly EventObserver[]): JudgedRun {
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const watch = new InvariantWatch(plan, invariantsOf(plan, registry));
	for (const observer of [watch, ...observers]) kernel.log.observe(observer);
	kernel.advance({ untilUs: plan.untilUs });
	return { kernel, watch };
}
