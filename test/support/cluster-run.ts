/** Several services on a few nodes on the real kernel, inline: what broke, what was stated, what failed. */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { InvariantWatch, invariantsOf } from "../../src/core/invariants.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import type { PlainValue, ServiceDefinition } from "../../src/core/node-api.ts";
import { EventList, type ListedEvent } from "./event-list.ts";
import { registryOf, type TinyPlan, tinyPlan } from "./tiny-plan.ts";

export type Config = { readonly [key: string]: PlainValue };
export type Story = readonly (readonly [atUs: number, line: string])[];

export interface ClusterRun {
	readonly list: EventList;
	/** Broken invariants, each as "name: sentence". */
	readonly broken: readonly string[];
	/** Crashes by exceptions. */
	readonly exceptions: readonly string[];
	facts(name: string, node?: string): ListedEvent[];
	/** What a service on a node shows of itself at the end. */
	inspect(node: string, service: string): { readonly [field: string]: PlainValue };
}

export function runCluster(definitions: readonly ServiceDefinition[], tiny: TinyPlan, seed: number, observers: readonly EventObserver[] = []): ClusterRun {
	const registry = registryOf(...definitions);
	const plan = tinyPlan(tiny, registry);
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const watch = new InvariantWatch(plan, invariantsOf(plan, registry));
	const list = new EventList(plan);
	kernel.log.observe(watch);
	kernel.log.observe(list);
	for (const observer of observers) kernel.log.observe(observer);
	kernel.advance({ untilUs: plan.untilUs });
	return {
		list,
		broken: watch.verdicts().flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`])),
		exceptions: list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" ? [String(body)] : [])),
		facts: (name, node) => list.of("factStated", node).filter(({ fields }) => fields.name === name),
		inspect: (node, service) =>
			(kernel.inspect(plan.nodes.findIndex(({ name }) => name === node))?.[service] ?? {}) as { readonly [field: string]: PlainValue },
	};
}
