/** Small plans for tests: two or three nodes, direct links, nothing that the test does not say. */

import type { ServiceDefinition, ServiceRegistry } from "../../src/core/node-api.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import type { DiskPlan, LinkPhysics, NodePlan, Plan } from "../../src/shared/plan.ts";
import { physics } from "./plans.ts";

const plainLink: LinkPhysics = { ...physics, fifo: false };

export const plainDisk: DiskPlan = {
	drives: 1,
	capacityBytes: 1_000_000,
	writeUs: 100,
	readUs: 100,
	syncUs: 2_000,
	bytesPerSecond: 0,
	readErrorRatio: 0,
	tornRatio: 0,
};

export interface TinyNode extends Partial<Omit<NodePlan, "services">> {
	readonly services: readonly (string | { readonly service: string; readonly config: PlainValue })[];
}

export interface TinyPlan extends Partial<Omit<Plan, "nodes" | "links" | "story">> {
	readonly nodes: { readonly [name: string]: TinyNode };
	/** Node names; every pair when left out. */
	readonly links?: readonly { readonly a: string; readonly b: string; readonly physics?: Partial<LinkPhysics> }[];
	readonly physics?: Partial<LinkPhysics>;
	readonly story?: readonly (readonly [atUs: number, line: string])[];
}

export function tinyPlan(tiny: TinyPlan, registry: ServiceRegistry): Plan {
	const nodeNames = Object.keys(tiny.nodes);
	const nodes = nodeNames.map((name): NodePlan => {
		const { services, ...rest } = tiny.nodes[name] as TinyNode;
		return {
			name,
			role: "node",
			region: -1,
			cores: 1,
			clock: { kind: "perfect", offsetUs: 0 },
			disk: plainDisk,
			bootDelayUs: 10_000,
			...rest,
			services: services.map((service) => (typeof service === "string" ? { service, config: null } : service)),
		};
	});
	const pairs = tiny.links ?? nodeNames.flatMap((a, i) => nodeNames.slice(i + 1).map((b) => ({ a, b })));
	const links = pairs.map(({ a, b, ...own }) => {
		const physics = { ...plainLink, ...tiny.physics, ...("physics" in own ? own.physics : {}) };
		return { name: `${a}-${b}`, a: nodeNames.indexOf(a), b: nodeNames.indexOf(b), forward: physics, backward: physics };
	});
	const names = new Set(nodes.flatMap(({ services }) => services.flatMap(({ service }) => registry.get(service)?.names ?? [])));
	return {
		labId: "tiny",
		labVersion: 1,
		title: "tiny",
		variant: "",
		parameters: {},
		untilUs: 1_000_000,
		exploreRaces: false,
		regions: [],
		switches: [],
		checks: [],
		...tiny,
		nodes,
		links,
		story: (tiny.story ?? []).map(([atUs, line]) => ({ atUs, line })),
		names: [...names].sort(),
	};
}

export function registryOf(...definitions: readonly ServiceDefinition[]): ServiceRegistry {
	return new Map(definitions.map((definition) => [definition.name, definition]));
}

/** A service definition without configuration. */
export function service(name: string, names: readonly string[], start: ServiceDefinition["start"]): ServiceDefinition {
	return { name, summary: name, names, configure: (config) => config, start };
}
