/** Several services on a few nodes on the real kernel, inline: what broke, what was stated, what failed. */
import type { EventObserver } from "../../src/core/log-sink.ts";
import type { PlainValue, ServiceDefinition } from "../../src/core/node-api.ts";
import { EventList, type ListedEvent } from "./event-list.ts";
import { judgedRun } from "./judged-run.ts";
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
	const list = new EventList(plan);
	const { kernel, watch } = judgedRun({ plan, registry, seed }, list, ...observers);
	return {
		list,
		broken: watch.verdicts().flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`])),
		exceptions: list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" ? [String(body)] : [])),
		facts: (name, node) => list.of("factStated", node).filter(({ fields }) => fields.name === name),
		inspect: (node, service) =>
			(kernel.inspect(plan.nodes.findIndex(({ name }) => name === node))?.[service] ?? {}) as { readonly [field: string]: PlainValue },
	};
}
