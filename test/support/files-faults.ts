/** Stories of faults for the file system, from a seed; at `healUs` everything that can be mended is. */
import { belowOf, Philox } from "../../src/core/random.ts";

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 98;

const placeKinds = ["crash", "keeperCrash", "pause", "partition", "isolate", "clock", "drift", "slow", "loss"] as const;
const diskKinds = ["wipe", "rot", "scrap", "failDrive"] as const;
const filesFaultKinds = [...placeKinds, ...diskKinds] as const;
export type FilesFaultKind = (typeof filesFaultKinds)[number];

export interface FilesFaultMix {
	readonly machines: number;
	readonly faults: number;
	readonly fromUs: number;
	readonly healUs: number;
	readonly kinds?: readonly FilesFaultKind[];
}

interface Draw {
	below(count: number): number;
	pick<T>(items: readonly T[]): T;
}

type Line = [atUs: number, line: string];

function drawOf(seed: number): Draw {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (count: number): number => {
		philox.draw(storyPurpose, ++draws, 0, 0);
		return belowOf(philox.w0, count);
	};
	return { below, pick: (items) => items[below(items.length)] as never };
}

export function filesFaultStory(seed: number, mix: FilesFaultMix): Line[] {
	const draw = drawOf(seed);
	const machines = Array.from({ length: mix.machines }, (_, index) => `m${index + 1}`);
	const keepers = ["k1", "k2", "k3"];
	const story: Line[] = [];
	for (let i = 0; i < mix.faults; i++) {
		const atUs = mix.fromUs + draw.below(mix.healUs - mix.fromUs - 1_000);
		const endUs = Math.min(mix.healUs, atUs + 1_000 + draw.below(900_000));
		story.push(...fault(draw.pick(mix.kinds ?? filesFaultKinds), atUs, endUs, machines, keepers, draw));
	}
	const all = [...machines, ...keepers, "user"];
	const heal: Line[] = [[mix.healUs, "heal all"]];
	for (const name of all) heal.push([mix.healUs, `resume ${name}`], [mix.healUs, `slow ${name} 1x`], [mix.healUs, `drift ${name} 0ppm`]);
	for (const [index, a] of all.entries()) for (const b of all.slice(index + 1)) heal.push([mix.healUs, `set link ${a} ${b} lossRatio 0`]);
	return [...story.sort(([a], [b]) => a - b), ...heal];
}

function fault(kind: FilesFaultKind, atUs: number, endUs: number, machines: readonly string[], keepers: readonly string[], { below, pick }: Draw): Line[] {
	const machine = pick(machines);
	const any = pick([...machines, ...keepers]);
	const during = (begin: string, end: string): Line[] => [
		[atUs, begin],
		[endUs, end],
	];
	switch (kind) {
		case "crash":
			return during(`crash ${machine}`, `restart ${machine}`);
		case "keeperCrash": {
			const keeper = pick(keepers);
			return during(`crash ${keeper}`, `restart ${keeper}`);
		}
		case "pause":
			return during(`pause ${any}`, `resume ${any}`);
		case "partition": {
			const nodes = [...machines, ...keepers, "user"];
			const isFirst = nodes.map(() => below(2) === 0);
			const sides = [nodes.filter((_, index) => isFirst[index]), nodes.filter((_, index) => !isFirst[index])];
			return sides.some((side) => side.length === 0) ? [] : during(`partition {${sides[0]?.join(" ")}} {${sides[1]?.join(" ")}}`, "heal all");
		}
		case "isolate":
			return during(`partition {${any}} {${[...machines, ...keepers, "user"].filter((node) => node !== any).join(" ")}}`, "heal all");
		case "clock":
			return [[atUs, `clock ${any} ${below(2) === 0 ? "+" : "-"}${1 + below(5)}s`]];
		case "drift":
			return [[atUs, `drift ${any} ${below(200_000) - 100_000}ppm`]];
		case "slow":
			return during(`slow ${any} ${2 + below(20)}x`, `slow ${any} 1x`);
		case "loss": {
			const other = pick([...machines, ...keepers, "user"].filter((node) => node !== any));
			return during(`set link ${any} ${other} lossRatio 0.${below(9)}`, `set link ${any} ${other} lossRatio 0`);
		}
		case "wipe":
			// Burnt and built anew, or emptied while it runs.
			return below(3) === 0
				? [[atUs, `wipe ${machine}`]]
				: [
						[atUs, `crash ${machine}`],
						[atUs, `wipe ${machine}`],
						[endUs, `restart ${machine}`],
					];
		case "rot":
			return [[atUs, `ask ${machine} "rot ${1 + below(3)}"`]];
		case "scrap":
			return [[atUs, `ask ${machine} "scrap ${below(2)}"`]];
		case "failDrive":
			// The other one lives: machines are not short of room for ever.
			return [[atUs, `fail drive ${machine} 0`]];
	}
}
