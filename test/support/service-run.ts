/**
 * One service on a number of nodes on the real kernel, inline: runs it and answers the questions that claims
 * are made of. Every pair of nodes has a link unless told otherwise.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { Inspection, PlainValue, ServiceDefinition } from "../../src/core/node-api.ts";
import { EventList, type ListedEvent } from "./event-list.ts";
import { registryOf, type TinyNode, type TinyPlan, tinyPlan } from "./tiny-plan.ts";

export interface ServiceRunOptions extends Omit<TinyPlan, "nodes"> {
	readonly definition: ServiceDefinition;
	/** n1, n2, ... */
	readonly count: number;
	readonly config?: { readonly [key: string]: PlainValue };
	/** Of single nodes, by name, laid over the others' configuration. */
	readonly configs?: { readonly [node: string]: { readonly [key: string]: PlainValue } };
	/** Of single nodes, by name. */
	readonly nodes?: { readonly [node: string]: Partial<TinyNode> };
	readonly seed?: number;
}

export class ServiceRun {
	readonly kernel: Kernel;
	readonly list: EventList;
	readonly #definition: ServiceDefinition;

	constructor({ definition, count, config = {}, configs = {}, nodes: own = {}, seed = 1, ...tiny }: ServiceRunOptions) {
		this.#definition = definition;
		const registry = registryOf(definition);
		const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
		const nodes = Object.fromEntries(
			names.map((name): [string, TinyNode] => [name, { services: [{ service: definition.name, config: { ...config, ...configs[name] } }], ...own[name] }]),
		);
		const plan = tinyPlan({ ...tiny, nodes }, registry);
		this.kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
		this.list = new EventList(plan);
		this.kernel.log.observe(this.list);
		this.kernel.advance({ untilUs: plan.untilUs });
	}

	/** Messages of this name that were sent. */
	sent(name: string, node?: string): ListedEvent[] {
		return this.list.of("messageSent", node).filter(({ fields }) => fields.name === name);
	}

	facts(name: string, node?: string): ListedEvent[] {
		return this.list.of("factStated", node).filter(({ fields }) => fields.name === name);
	}

	measured(name: string, node?: string): number[] {
		return this.list
			.of("measured", node)
			.filter(({ fields }) => fields.name === name)
			.map(({ fields }) => fields.value as number);
	}

	inspect(node: string): Inspection {
		const index = this.kernel.plan.nodes.findIndex(({ name }) => name === node);
		return (this.kernel.inspect(index)?.[this.#definition.name] ?? {}) as Inspection;
	}

	/** Reasons of crashes: none, if the programs are right. */
	get exceptions(): PlainValue[] {
		return this.list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" ? [body] : []));
	}

	/** What the named invariant says against the run, or null if it holds. */
	broken(invariantName: string): string | null {
		const invariant = this.#definition.invariants?.find(({ name }) => name === invariantName);
		if (invariant === undefined) throw new Error(`${this.#definition.name} has no invariant ${invariantName}`);
		const fold = invariant.start();
		for (const { node, atUs, fields, body } of this.list.of("factStated")) {
			if (!invariant.facts.includes(String(fields.name))) continue;
			const complaint = fold.onFact({ node, name: String(fields.name), value: body, atUs });
			if (complaint !== null) return complaint;
		}
		return fold.end?.() ?? null;
	}
}

export function runService(options: ServiceRunOptions): ServiceRun {
	return new ServiceRun(options);
}
