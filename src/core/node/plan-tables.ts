/** Tables that depend on the plan alone; made once a plan and shared by its nodes on one thread. */
import type { PeerPlan, ProgramPlan } from "../../shared/plan.ts";
import type { PeerInfo } from "../node-api.ts";

export interface PlanTables {
	readonly nodeIndex: ReadonlyMap<string, number>;
	readonly nameIndex: ReadonlyMap<string, number>;
	readonly infos: readonly PeerInfo[];
}

const tablesOf = new WeakMap<ProgramPlan, PlanTables>();

export function planTables(plan: ProgramPlan): PlanTables {
	let tables = tablesOf.get(plan);
	if (tables === undefined) {
		tables = {
			nodeIndex: new Map(plan.nodes.map(({ name }, index) => [name, index])),
			nameIndex: new Map(plan.names.map((name, index) => [name, index])),
			infos: plan.nodes.map((_, index) => peerInfo(plan, index)),
		};
		tablesOf.set(plan, tables);
	}
	return tables;
}

function peerInfo(plan: ProgramPlan, index: number): PeerInfo {
	const node = plan.nodes[index] as PeerPlan;
	return { name: node.name, role: node.role, region: plan.regions[node.region] ?? "", services: node.services.map(({ service }) => service) };
}
