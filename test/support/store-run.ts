/**
 * Runs of the store on a few servers with clients, on the real kernel, and what its invariants say of
 * them.
 */
import type { InvariantVerdict } from "../../src/core/invariants.ts";
import type { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import { storeLoadDefinition } from "../../src/os/store/load.ts";
import { storeDefinition } from "../../src/os/store/store.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { judgedRun } from "./judged-run.ts";
import { poorLines } from "./poor-lines.ts";
import { registryOf, tinyPlan } from "./tiny-plan.ts";

const storeRegistry = registryOf(storeDefinition, storeLoadDefinition);

export interface StoreLab {
	readonly servers?: number;
	readonly loads?: number;
	readonly store?: { readonly [key: string]: PlainValue };
	readonly load?: { readonly [key: string]: PlainValue };
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly untilUs?: number;
	readonly lossRatio?: number;
	readonly tornRatio?: number;
	readonly readErrorRatio?: number;
	/** What a sync takes. */
	readonly syncUs?: number;
	readonly capacityBytes?: number;
}

export function storePlan(lab: StoreLab): Plan {
	const { servers = 3, loads = 1, lossRatio = 0, tornRatio = 0, readErrorRatio = 0, syncUs = 1_000, capacityBytes = 4_000_000 } = lab;
	const disk = { drives: 1, capacityBytes, writeUs: 20, readUs: 50, syncUs, bytesPerSecond: 0, readErrorRatio, tornRatio };
	const nodes = Object.fromEntries([
		...serverNames(servers).map((name) => [name, { services: [{ service: "store", config: lab.store ?? {} }], disk, bootDelayUs: 20_000 }] as const),
		...Array.from({ length: loads }, (_, i) => [`c${i + 1}`, { services: [{ service: "store-load", config: lab.load ?? {} }] }]),
	]);
	const physics = poorLines(lossRatio);
	return tinyPlan({ nodes, physics, story: lab.story ?? [], untilUs: lab.untilUs ?? 3_000_000 }, storeRegistry);
}

export interface StoreRun {
	readonly kernel: Kernel;
	readonly verdicts: readonly InvariantVerdict[];
	readonly plan: Plan;
	/** What a server's store shows of itself. */
	view(node: string): { readonly [field: string]: PlainValue };
}

export function runStore(lab: StoreLab, seed: number, ...observers: readonly EventObserver[]): StoreRun {
	const plan = storePlan(lab);
	const { kernel, watch } = judgedRun({ plan, registry: storeRegistry, seed }, ...observers);
	return {
		kernel,
		plan,
		verdicts: watch.verdicts(),
		view: (node) => (kernel.inspect(plan.nodes.findIndex(({ name }) => name === node))?.store ?? {}) as { readonly [field: string]: PlainValue },
	};
}

export function broken({ verdicts }: StoreRun): readonly string[] {
	return verdicts.flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`]));
}

export const serverNames = (servers: number): string[] => Array.from({ length: servers }, (_, i) => `s${i + 1}`);
