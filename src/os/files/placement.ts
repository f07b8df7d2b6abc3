/**
 * On which machines the copies (or shards) of a block go: as many regions as there are, within them as many
 * racks, on machines with room; the first near the writer. Pure: chance comes from outside.
 *
 * @source Shvachko et al., The Hadoop Distributed File System (2010), 5.1, with regions in the place of its remote rack
 */
import type { MachineRecord, Spread } from "./records.ts";

export interface Candidate extends MachineRecord {
	readonly name: string;
}

/** Where another copy of the block is, or goes. */
export type Taken = Pick<Candidate, "name" | "region" | "rack">;

export interface PlacementRequest {
	readonly machines: readonly Candidate[];
	readonly count: number;
	/** Room that each one takes. */
	readonly bytes: number;
	readonly spread: Spread;
	readonly taken: readonly Taken[];
	/** Machines that are not to be asked (again). */
	readonly excluded: ReadonlySet<string>;
	/** Smaller is nearer to whoever writes. */
	nearness(machine: Candidate): number;
	/** Uniform, 0 <= result < below. */
	below(below: number): number;
}

/** Besides the bytes: directory entries, sums, the description. */
export const overheadBytes = 1_024;

function roomOn({ drives }: Pick<MachineRecord, "drives">): number {
	return drives.reduce((most, { free }) => Math.max(most, free), 0);
}

export function hasRoom(machine: Pick<MachineRecord, "drives">, bytes: number): boolean {
	return roomOn(machine) >= bytes + overheadBytes;
}

function countOf(taken: readonly Taken[], matches: (place: Taken) => boolean): number {
	return taken.reduce((count, place) => count + (matches(place) ? 1 : 0), 0);
}

/** Sorted by each number in turn. */
function compare(a: readonly number[], b: readonly number[]): number {
	for (const [index, value] of a.entries()) {
		const difference = value - (b[index] as number);
		if (difference !== 0) return difference;
	}
	return 0;
}

function nextPlace(request: PlacementRequest, taken: readonly Taken[]): Candidate | undefined {
	const { machines, bytes, excluded, spread, nearness, below } = request;
	const isTaken = new Set(taken.map(({ name }) => name));
	const ranked = machines
		.filter((machine) => machine.state === "live" && !excluded.has(machine.name) && !isTaken.has(machine.name) && hasRoom(machine, bytes))
		.map((machine) => {
			const near = nearness(machine);
			const inRegion = countOf(taken, ({ region }) => region === machine.region);
			const inRack = countOf(taken, ({ region, rack }) => region === machine.region && rack === machine.rack);
			return { machine, rank: spread === "regions" ? [inRegion, inRack, near] : [near] };
		})
		.sort((a, b) => compare(a.rank, b.rank));
	const [first] = ranked;
	if (first === undefined) return undefined;
	const equals = ranked.filter(({ rank }) => compare(rank, first.rank) === 0).map(({ machine }) => machine);
	// Of two drawn, the one with more room: even in the long run, and no herd on the emptiest.
	const [one, other] = [equals[below(equals.length)] as Candidate, equals[below(equals.length)] as Candidate];
	return roomOn(other) > roomOn(one) ? other : one;
}

/** @returns as many as can be had, up to `count`, each another machine, in the order of their ranks */
export function choosePlaces(request: PlacementRequest): readonly Candidate[] {
	const chosen: Candidate[] = [];
	while (chosen.length < request.count) {
		const next = nextPlace(request, [...request.taken, ...chosen]);
		if (next === undefined) break;
		chosen.push(next);
	}
	return chosen;
}

/** How many copies of one block a region may have before another region is owed some. */
export function regionShare(copies: number, regions: number): number {
	return Math.ceil(copies / Math.max(1, regions));
}
