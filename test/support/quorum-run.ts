/** The quorum store on five nodes with shoppers on two more, on the real kernel, inline. */
import type { EventObserver } from "../../src/core/log-sink.ts";
import { quorumClientDefinition } from "../../src/os/quorum-store/client.ts";
import { quorumStoreDefinition } from "../../src/os/quorum-store/quorum-store.ts";
import type { DiskPlan } from "../../src/shared/plan.ts";
import { type ClusterRun, type Config, runCluster, type Story } from "./cluster-run.ts";
import { plainDisk, type TinyPlan } from "./tiny-plan.ts";

export interface QuorumLab {
	readonly seed?: number;
	readonly store?: Config;
	readonly client?: Config;
	/** Where the shoppers of c2 are unlike those of c1. */
	readonly second?: Config;
	readonly story?: Story;
	readonly untilUs?: number;
	readonly physics?: TinyPlan["physics"];
	readonly disk?: Partial<DiskPlan>;
	readonly observers?: readonly EventObserver[];
}

export interface QuorumRun extends ClusterRun {
	/** Additions that were acknowledged after an instant. */
	added(fromUs?: number): number;
}

export const quorumStores = ["s1", "s2", "s3", "s4", "s5"];

/** Nodes s1 to s5, c1 and c2; everything that clients do is over a second before the end. */
export function runQuorum(lab: QuorumLab): QuorumRun {
	const untilUs = lab.untilUs ?? 5_000_000;
	const store = {
		services: [{ service: "quorum-store", config: { timeout: "30ms", antiEntropy: "150ms", handoff: "100ms", ...lab.store } }],
		disk: { ...plainDisk, ...lab.disk },
	};
	const config: Config = { shoppers: 2, think: "60ms", timeout: "150ms", lasts: `${untilUs - 1_500_000}us`, adds: 1_000, ...lab.client };
	const clientWith = (own: Config = {}) => ({ services: [{ service: "quorum-client", config: { ...config, ...own } }] });
	const nodes = { ...Object.fromEntries(quorumStores.map((name) => [name, store])), c1: clientWith(), c2: clientWith(lab.second) };
	const physics = { jitter: { kind: "uniform", maxUs: 2_000 }, ...lab.physics } as const;
	const run = runCluster([quorumStoreDefinition, quorumClientDefinition], { nodes, physics, story: lab.story ?? [], untilUs }, lab.seed ?? 1, lab.observers);
	return { ...run, added: (fromUs = 0) => run.facts("quorum.added").filter(({ atUs }) => atUs >= fromUs).length };
}
