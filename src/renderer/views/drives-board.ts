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
	/** Event that stated it. */
	readonly index: number;
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
	/** Event that stated how they are kept; -1: none. */
	readonly laidOutIndex: number;
	readonly days: readonly DriveDay[];
	readonly losses: readonly DriveLoss[];
	/** Stripes that were taken for lost and came back, as was stated last; null: none did. */
	readonly found: { readonly count: number; readonly index: number } | null;
}

export function driveYear(board: readonly BoardEntry[], nameOf: (entry: BoardEntry) => string): DriveYear | null {
	const named = (name: string): readonly BoardEntry[] => board.filter((entry) => nameOf(entry) === name);
	const samples = [...named(drivesFacts.sample)].sort((a, b) => (a.key < b.key ? -1 : 1));
	const latest = samples.at(-1)?.value;
	if (latest === undefined) return null;
	const laidOut = named(drivesFacts.laidOut).at(-1);
	const found = named(drivesFacts.found).at(-1);
	const losses = named(drivesFacts.lost).map(({ index, value }) => ({ index, why: textIn(value, "why"), count: numberIn(value, "count") }));
	return {
		drives: numberIn(latest, "drives"),
		stripes: numberIn(latest, "stripes"),
		units: numberIn(laidOut?.value, "units"),
		needed: numberIn(laidOut?.value, "needed"),
		sets: numberIn(laidOut?.value, "sets"),
		laidOutIndex: laidOut?.index ?? -1,
		days: samples.map(({ value, index }) => ({
			day: numberIn(value, "day"),
			dead: numberIn(value, "dead"),
			replaced: numberIn(value, "replaced"),
			silent: numberIn(value, "silent"),
			missing: numberIn(value, "missing"),
			lost: numberIn(value, "lost"),
			movedGigabytes: numberIn(value, "movedGigabytes"),
			index,
		})),
		found: found === undefined ? null : { count: numberIn(found.value, "count"), index: found.index },
		losses: losses.sort((a, b) => b.count - a.count),
	};
}
