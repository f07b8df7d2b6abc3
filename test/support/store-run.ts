/**
 * Runs of the store on a few servers with clients, on the real kernel, and what its invariants say of
 * them. Faults come from the seed: crashes of one and of all at once, pauses, partitions, cut and clogged lines,
 * clocks, slow processors, lossy links; the disks tear what is not synced and fail to read. Then everything heals.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { type InvariantVerdict, InvariantWatch, invariantsOf } from "../../src/core/invariants.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import { belowOf, Philox } from "../../src/core/random.ts";
import { storeLoadDefinition } from "../../src/os/store/load.ts";
import { storeDefinition } from "../../src/os/store/store.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { registryOf, tinyPlan } from "./tiny-plan.ts";

export const storeRegistry = registryOf(storeDefinition, storeLoadDefinition);

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
		...Array.from({ length: servers }, (_, i) => [`s${i + 1}`, { services: [{ service: "store", config: lab.store ?? {} }], disk, bootDelayUs: 20_000 }]),
		...Array.from({ length: loads }, (_, i) => [`c${i + 1}`, { services: [{ service: "store-load", config: lab.load ?? {} }] }]),
	]);
	const physics = {
		floorUs: 1_000,
		jitter: { kind: "uniform", maxUs: 1_000 },
		lossRatio,
		duplicateRatio: lossRatio / 2,
		reorderRatio: lossRatio,
		reorderUs: 5_000,
	} as const;
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
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(storeRegistry) });
	const watch = new InvariantWatch(plan, invariantsOf(plan, storeRegistry));
	kernel.log.observe(watch);
	for (const observer of observers) kernel.log.observe(observer);
	kernel.advance({ untilUs: plan.untilUs });
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

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 99;

export interface FaultMix {
	/** Faults of the story. */
	readonly faults: number;
	readonly fromUs: number;
	readonly healUs: number;
	/** Names of the kinds to draw from; all when left out. */
	readonly kinds?: readonly FaultKind[];
}
export const faultKinds = ["crash", "powerCut", "pause", "partition", "isolate", "cut", "oneWay", "clog", "loss", "clock", "drift", "slow"] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A story of faults that is over at `healUs`: all servers run, all links carry, all clocks keep time. */
export function faultStory(servers: number, seed: number, mix: FaultMix): [number, string][] {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (count: number): number => {
		philox.draw(storyPurpose, ++draws, 0, 0);
		return belowOf(philox.w0, count);
	};
	const names = Array.from({ length: servers }, (_, i) => `s${i + 1}`);
	const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
	const story: [number, string][] = [];
	for (let i = 0; i < mix.faults; i++) {
		const atUs = mix.fromUs + below(mix.healUs - mix.fromUs - 1_000);
		const endUs = Math.min(mix.healUs, atUs + 1_000 + below(400_000));
		story.push(...fault(pick(mix.kinds ?? faultKinds), atUs, endUs, names, { below, pick }));
	}
	const heal: [number, string][] = [[mix.healUs, "heal all"]];
	for (const name of names) {
		heal.push([mix.healUs, `resume ${name}`], [mix.healUs, `slow ${name} 1x`], [mix.healUs, `drift ${name} 0ppm`]);
	}
	const linked = [...names, "c1"];
	for (const [index, a] of linked.entries()) for (const b of linked.slice(index + 1)) heal.push([mix.healUs, `set link ${a} ${b} lossRatio 0`]);
	return [...story.sort(([a], [b]) => a - b), ...heal.sort(([a], [b]) => a - b)];
}

function fault(
	kind: FaultKind,
	atUs: number,
	endUs: number,
	names: readonly string[],
	{ below, pick }: { readonly below: (count: number) => number; readonly pick: <T>(items: readonly T[]) => T },
): [number, string][] {
	const name = pick(names);
	const other = pick(names.filter((candidate) => candidate !== name));
	switch (kind) {
		case "crash":
			return [
				[atUs, `crash ${name}`],
				[endUs, `restart ${name}`],
			];
		case "powerCut":
			return [
				[atUs, `crash ${names.join(" ")}`],
				[Math.min(endUs, atUs + 20_000), `restart ${names.join(" ")}`],
			];
		case "pause":
			return [
				[atUs, `pause ${name}`],
				[endUs, `resume ${name}`],
			];
		case "partition": {
			const inFirst = names.map(() => below(2) === 0);
			const sides = [names.filter((_, i) => inFirst[i]), names.filter((_, i) => !inFirst[i])];
			if (sides.some((side) => side.length === 0)) return [];
			return [
				[atUs, `partition {${sides[0]?.join(" ")}} {${sides[1]?.join(" ")}}`],
				[endUs, "heal all"],
			];
		}
		case "isolate":
			return [
				[atUs, `partition {${name}} {${names.filter((candidate) => candidate !== name).join(" ")}}`],
				[endUs, "heal all"],
			];
		case "clock":
			return [[atUs, `clock ${name} ${below(2) === 0 ? "+" : "-"}${1 + below(5)}s`]];
		case "drift":
			return [[atUs, `drift ${name} ${below(200_000) - 100_000}ppm`]];
		case "slow":
			return [
				[atUs, `slow ${name} ${2 + below(20)}x`],
				[endUs, `slow ${name} 1x`],
			];
		case "loss":
			return [
				[atUs, `set link ${name} ${other} lossRatio 0.${below(9)}`],
				[endUs, `set link ${name} ${other} lossRatio 0`],
			];
		case "cut":
			return [
				[atUs, `cut ${name} ${other}`],
				[endUs, `heal ${name} ${other}`],
			];
		case "oneWay":
			return [
				[atUs, `cut ${name} -> ${other}`],
				[endUs, `heal ${name} ${other}`],
			];
		case "clog":
			return [
				[atUs, `clog ${name} -> ${other}`],
				[endUs, `heal ${name} ${other}`],
			];
	}
}
