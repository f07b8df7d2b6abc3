/**
 * Where the units of a stripe go. At random, every stripe gets drives of its own choice, and soon almost any
 * few drives that die together hold all of some stripe. With copysets, drives are dealt into sets once and a
 * stripe lives in one set: only whole sets lose data, rarely, and then much of it. Pure.
 *
 * @source Cidon, Rumble, Stutsman, Katti, Ousterhout, Rosenblum: Copysets: Reducing the Frequency of Data Loss in
 * Cloud Storage (USENIX ATC 2013), section 4
 */
import type { Chooser, Fleet } from "./fleet.ts";

export interface Placement {
	/** The drives of a new stripe, in the order of its units; null when there is no room. */
	place(): readonly number[] | null;
	/** A drive for a unit of a stripe that is still on `others`; -1 when there is none. */
	replace(others: readonly number[]): number;
	/** Sets that drives were dealt into; 0: every stripe chooses for itself. */
	readonly sets: number;
}

export function randomPlacement(fleet: Fleet, units: number, chooser: Chooser): Placement {
	return {
		sets: 0,
		place() {
			const drives: number[] = [];
			while (drives.length < units) {
				const drive = fleet.choose(drives, chooser);
				if (drive < 0) return null;
				drives.push(drive);
			}
			return drives;
		},
		replace: (others) => fleet.choose(others, chooser),
	};
}

/** Replacements that are remembered: as many as there are sets, in any lab. */
const replacementsMax = 100_000;

export function copysetPlacement(fleet: Fleet, units: number, permutations: number, chooser: Chooser): Placement {
	const sets = Array.from({ length: permutations }, () => deal(fleet, units, chooser)).flat();
	/** By the drives that are left of a set: its stripes stay together, so that no new set comes to be. */
	const replacements = new Map<string, number>();
	let next = 0;
	return {
		sets: sets.length,
		place() {
			for (let tries = 0; tries < sets.length; tries++) {
				const set = sets[next++ % sets.length] as readonly number[];
				if (set.every((drive) => fleet.hasRoom(drive))) return set;
			}
			return null;
		},
		replace(others) {
			const key = [...others].sort((a, b) => a - b).join();
			const known = replacements.get(key);
			if (known !== undefined && fleet.hasRoom(known) && !fleet.isSilent(fleet.memberOf(known))) return known;
			const drive = fleet.choose(others, chooser);
			if (replacements.size >= replacementsMax) replacements.delete(replacements.keys().next().value as string);
			replacements.set(key, drive);
			return drive;
		},
	};
}

/**
 * One permutation: every drive in one set, but for those that are left over. The last sets find few machines to
 * choose from; one that is less spread than the first, which had them all, is no set.
 */
function deal(fleet: Fleet, units: number, chooser: Chooser): number[][] {
	const left = fleet.members.map(({ drives }, member) =>
		shuffled(
			Array.from({ length: drives }, (_, drive) => fleet.driveAt(member, drive)).filter((drive) => fleet.hasRoom(drive)),
			chooser,
		),
	);
	let count = fleet.bayCount;
	const sets: number[][] = [];
	while (count >= units) {
		const set: number[] = [];
		while (set.length < units) {
			const candidates = fleet.farthest(set, (member) => (left[member] as number[]).length > 0);
			// From where most are left, or the last sets would find them all in one place.
			const most = Math.max(...candidates.map((member) => (left[member] as number[]).length));
			const fullest = candidates.filter((member) => (left[member] as number[]).length === most);
			const member = fullest[chooser.below(fullest.length)] as number;
			set.push((left[member] as number[]).pop() as number);
		}
		count -= units;
		if (sets.length === 0 || fleet.crowding(set) === fleet.crowding(sets[0] as number[])) sets.push(set);
	}
	return shuffled(sets, chooser);
}

function shuffled<Item>(items: Item[], chooser: Chooser): Item[] {
	for (let i = items.length - 1; i > 0; i--) {
		const j = chooser.below(i + 1);
		[items[i], items[j]] = [items[j] as Item, items[i] as Item];
	}
	return items;
}
