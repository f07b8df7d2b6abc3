/**
 * Stories of faults from a seed: what happens to which machines and lines, and for how long; at `healUs` all is over:
 * all nodes run, all links carry, all clocks keep time.
 */
import { belowOf, Philox } from "../../src/core/random.ts";

export type StoryLine = [atUs: number, line: string];

export const faultKinds = ["crash", "powerCut", "pause", "partition", "isolate", "cut", "oneWay", "clog", "loss", "clock", "drift", "slow"] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultMix {
	/** Nodes that faults happen to. */
	readonly names: readonly string[];
	/** Nodes that faults may cut them off from; `names` when left out. */
	readonly linked?: readonly string[];
	/** Nodes that no fault happens to; in the end their lines lose nothing either. */
	readonly bystanders?: readonly string[];
	/** Pairs whose line stays whole. */
	readonly wired?: readonly (readonly [a: string, b: string])[];
	/** Kinds to draw from; all when left out. */
	readonly kinds?: readonly FaultKind[];
	readonly faults: number;
	readonly fromUs: number;
	readonly healUs: number;
	readonly lastsUsMax?: number;
	readonly driftPpmMax?: number;
	/** Every node is started anew when all heals, for faults whose victims do not come back by themselves. */
	readonly restartsAll?: boolean;
}

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 99;

interface Draw {
	below(count: number): number;
	pick<T>(items: readonly T[]): T;
}

function drawOf(seed: number): Draw {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (count: number): number => {
		philox.draw(storyPurpose, ++draws, 0, 0);
		return belowOf(philox.w0, count);
	};
	return { below, pick: (items) => items[below(items.length)] as (typeof items)[number] };
}

export function faultStory(seed: number, mix: FaultMix): StoryLine[] {
	const { names, linked = names, kinds = faultKinds, faults, fromUs, healUs, lastsUsMax = 400_000 } = mix;
	const draw = drawOf(seed);
	const isWired = (a: string, b: string): boolean => mix.wired?.some((pair) => pair.includes(a) && pair.includes(b)) ?? false;
	const story: StoryLine[] = [];
	for (let index = 0; index < faults; index++) {
		const atUs = fromUs + draw.below(healUs - fromUs - 1_000);
		const endUs = Math.min(healUs, atUs + 1_000 + draw.below(lastsUsMax));
		const name = draw.pick(names);
		const other = draw.pick(linked.filter((candidate) => candidate !== name && !isWired(name, candidate)));
		story.push(...fault(draw.pick(kinds), { atUs, endUs, name, other, mix, draw }));
	}
	return [...story.sort(([a], [b]) => a - b), ...healing(mix)];
}

function healing({ names, linked = names, bystanders = [], healUs, restartsAll = false }: FaultMix): StoryLine[] {
	const lines: StoryLine[] = [[healUs, "heal all"]];
	for (const [index, name] of names.entries()) {
		const restart = restartsAll ? [`restart ${name}`] : [];
		for (const line of [`resume ${name}`, ...restart, `slow ${name} 1x`, `drift ${name} 0ppm`]) lines.push([healUs, line]);
		for (const other of [...linked, ...bystanders].filter((candidate) => !names.slice(0, index + 1).includes(candidate))) {
			lines.push([healUs, `set link ${name} ${other} lossRatio 0`]);
		}
	}
	return lines;
}

interface FaultOptions {
	readonly atUs: number;
	readonly endUs: number;
	readonly name: string;
	readonly other: string;
	readonly mix: FaultMix;
	readonly draw: Draw;
}

function fault(kind: FaultKind, { atUs, endUs, name, other, mix, draw: { below } }: FaultOptions): StoryLine[] {
	const { names, linked = names, driftPpmMax = 100_000 } = mix;
	const pairOf = (begin: string, end: string, untilUs = endUs): StoryLine[] => [
		[atUs, begin],
		[untilUs, end],
	];
	const partition = (first: readonly string[]): StoryLine[] => {
		const rest = linked.filter((node) => !first.includes(node));
		return first.length === 0 || rest.length === 0 ? [] : pairOf(`partition {${first.join(" ")}} {${rest.join(" ")}}`, "heal all");
	};
	switch (kind) {
		case "crash":
			return pairOf(`crash ${name}`, `restart ${name}`);
		case "powerCut":
			return pairOf(`crash ${names.join(" ")}`, `restart ${names.join(" ")}`, Math.min(endUs, atUs + 20_000));
		case "pause":
			return pairOf(`pause ${name}`, `resume ${name}`);
		case "partition":
			return partition(linked.filter(() => below(2) === 0));
		case "isolate":
			return partition([name]);
		case "cut":
			return pairOf(`cut ${name} ${other}`, `heal ${name} ${other}`);
		case "oneWay":
			return pairOf(`cut ${name} -> ${other}`, `heal ${name} ${other}`);
		case "clog":
			return pairOf(`clog ${name} -> ${other}`, `heal ${name} ${other}`);
		case "loss":
			return pairOf(`set link ${name} ${other} lossRatio 0.${1 + below(8)}`, `set link ${name} ${other} lossRatio 0`);
		case "clock":
			return [[atUs, `clock ${name} ${below(2) === 0 ? "+" : "-"}${1 + below(5)}s`]];
		case "drift":
			return pairOf(`drift ${name} ${1 + below(2 * driftPpmMax) - driftPpmMax}ppm`, `drift ${name} 0ppm`);
		case "slow":
			return pairOf(`slow ${name} ${2 + below(20)}x`, `slow ${name} 1x`);
	}
}
