/** The drive year as the coordinator stated it, day by day. Reads facts, draws nothing. Pure. */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { numberIn, textIn } from "./parts/values.ts";

export const drivesFacts = {
	laidOut: "drives.laidOut",
	sample: "drives.sample",
	lost: "drives.lostStripes",
	found: "drives.foundStripes",
} as const;

export interface DriveDay {
	readonly day: number;
	readonly dead: number;
	/** Spares that took a dead one's place, in all. */
	readonly replaced: number;
	readonly silent: number;
	readonly missing: number;
	readonly lost: number;
	readonly movedGigabytes: number;
}

export interface DriveLoss {
	readonly index: number;
	readonly why: string;
	readonly count: number;
}

export interface DriveYear {
	readonly drives: number;
	readonly stripes: number;
	readonly units: number;
	readonly needed: number;
	readonly sets: number;
	readonly days: readonly DriveDay[];
	readonly losses: readonly DriveLoss[];
}

export function driveYear(board: readonly BoardEntry[], nameOf: (entry: BoardEntry) => string): DriveYear | null {
	const named = (name: string): readonly BoardEntry[] => board.filter((entry) => nameOf(entry) === name);
	const samples = [...named(drivesFacts.sample)].sort((a, b) => (a.key < b.key ? -1 : 1));
	const latest = samples.at(-1)?.value;
	if (latest === undefined) return null;
	const laidOut = named(drivesFacts.laidOut).at(-1)?.value;
	const losses = named(drivesFacts.lost).map(({ index, value }) => ({ index, why: textIn(value, "why"), count: numberIn(value, "count") }));
	return {
		drives: numberIn(latest, "drives"),
		stripes: numberIn(latest, "stripes"),
		units: numberIn(laidOut, "units"),
		needed: numberIn(laidOut, "needed"),
		sets: numberIn(laidOut, "sets"),
		days: samples.map(({ value }) => ({
			day: numberIn(value, "day"),
			dead: numberIn(value, "dead"),
			replaced: numberIn(value, "replaced"),
			silent: numberIn(value, "silent"),
			missing: numberIn(value, "missing"),
			lost: numberIn(value, "lost"),
			movedGigabytes: numberIn(value, "movedGigabytes"),
		})),
		losses: losses.sort((a, b) => b.count - a.count),
	};
}
