/**
 * The drives of the cluster as the coordinator knows them: which machine, rack and region each is in, which are dead or
 * still on the shelf, how full they are; and the choice of one that is as far as possible from some others. Pure.
 */
import { assert } from "../../shared/errors.ts";
import type { Spread } from "./config.ts";

export type Member = {
	readonly name: string;
	readonly rack: string;
	readonly region: string;
	readonly drives: number;
	/** The last so many of its drives are on the shelf until they are fitted. */
	readonly spares: number;
};

export interface Chooser {
	/** Uniform whole number, 0 <= result < below. */
	below(below: number): number;
}

/** Draws at one machine before its drives are looked through one by one. */
const drawsMax = 8;

export class Fleet {
	readonly members: readonly Member[];
	/** Drives are numbered through: a machine's follow each other. */
	readonly count: number;
	readonly spread: Spread;
	readonly #roomUnits: number;
	readonly #first: readonly number[];
	readonly #memberOf: Int32Array;
	readonly #isDead: Uint8Array;
	readonly #isShelved: Uint8Array;
	readonly #load: Int32Array;
	readonly #isSilent: boolean[];
	/** Racks and regions by number, a member each. */
	readonly #rackOf: readonly number[];
	readonly #regionOf: readonly number[];
	#deadCount = 0;
	#fittedCount = 0;

	constructor(members: readonly Member[], { spread, roomUnits }: { readonly spread: Spread; readonly roomUnits: number }) {
		this.members = members;
		this.spread = spread;
		this.#roomUnits = roomUnits;
		const first: number[] = [];
		let count = 0;
		for (const { drives } of members) {
			first.push(count);
			count += drives;
		}
		this.#first = first;
		this.count = count;
		this.#memberOf = new Int32Array(count);
		for (const [member, { drives }] of members.entries()) this.#memberOf.fill(member, first[member], (first[member] as number) + drives);
		this.#isDead = new Uint8Array(count);
		this.#isShelved = new Uint8Array(count);
		for (const [member, { drives, spares }] of members.entries()) {
			const end = (first[member] as number) + drives;
			this.#isShelved.fill(1, end - Math.min(spares, drives), end);
		}
		this.#load = new Int32Array(count);
		this.#isSilent = members.map(() => false);
		this.#regionOf = numbered(members.map(({ region }) => region));
		// A machine without a rack is one of its own.
		this.#rackOf = numbered(members.map(({ region, rack, name }) => (rack === "" ? `node ${name}` : `${region} ${rack}`)));
	}

	/** Places for drives: what the spares are spare for. */
	get bayCount(): number {
		return this.members.reduce((sum, { drives, spares }) => sum + drives - Math.min(spares, drives), 0);
	}

	/** Drives that died in service. */
	get deadCount(): number {
		return this.#deadCount;
	}

	/** Spares that have been put in service. */
	get fittedCount(): number {
		return this.#fittedCount;
	}

	get silentCount(): number {
		return this.#isSilent.filter((isSilent) => isSilent).length;
	}

	driveAt(member: number, drive: number): number {
		const { drives } = this.members[member] as Member;
		assert(drive >= 0 && drive < drives, `machine ${member} has a drive ${drive}`);
		return (this.#first[member] as number) + drive;
	}

	memberOf(drive: number): number {
		return this.#memberOf[drive] as number;
	}

	/** The number that its own machine gives it. */
	numberOf(drive: number): number {
		return drive - (this.#first[this.memberOf(drive)] as number);
	}

	/** `texas-a-1/17` */
	nameOf(drive: number): string {
		return `${(this.members[this.memberOf(drive)] as Member).name}/${this.numberOf(drive)}`;
	}

	isDead(drive: number): boolean {
		return this.#isDead[drive] === 1;
	}

	/** A drive that dies on the shelf has served nobody, and is not counted. */
	kill(drive: number): void {
		if (this.isDead(drive)) return;
		this.#isDead[drive] = 1;
		if (this.#isShelved[drive] === 0) this.#deadCount++;
	}

	/** A spare takes a dead drive's place. */
	fit(drive: number): void {
		if (this.#isShelved[drive] === 0) return;
		this.#isShelved[drive] = 0;
		this.#fittedCount++;
	}

	isSilent(member: number): boolean {
		return this.#isSilent[member] as boolean;
	}

	setSilent(member: number, isSilent: boolean): void {
		this.#isSilent[member] = isSilent;
	}

	loaded(drive: number, units: number): void {
		(this.#load[drive] as number) += units;
	}

	hasRoom(drive: number): boolean {
		return this.#isDead[drive] === 0 && this.#isShelved[drive] === 0 && (this.#load[drive] as number) < this.#roomUnits;
	}

	/**
	 * A live drive with room, as far from the others as the spread asks: in a region that holds the fewest of them,
	 * there in a rack that does, there on a machine that does; among these by chance.
	 * @returns -1 if there is none
	 */
	choose(others: readonly number[], chooser: Chooser): number {
		const candidates = this.farthest(others, (member) => !this.isSilent(member));
		while (candidates.length > 0) {
			const at = chooser.below(candidates.length);
			const drive = this.#driveOf(candidates[at] as number, others, chooser);
			if (drive >= 0) return drive;
			candidates.splice(at, 1);
		}
		return -1;
	}

	/** Machines that hold the fewest of `others`, by region, then by rack, then themselves, as far as the spread looks. */
	farthest(others: readonly number[], isAllowed: (member: number) => boolean): number[] {
		let least = Number.POSITIVE_INFINITY;
		let best: number[] = [];
		for (let member = 0; member < this.members.length; member++) {
			if (!isAllowed(member)) continue;
			const crowd = this.#crowdAt(member, others);
			if (crowd > least) continue;
			if (crowd < least) {
				least = crowd;
				best = [];
			}
			best.push(member);
		}
		return best;
	}

	/** How much the drives of a stripe crowd each other, in all: the less the better. */
	crowding(drives: readonly number[]): number {
		return drives.reduce((sum, drive, index) => sum + this.#crowdAt(this.memberOf(drive), drives.slice(0, index)), 0);
	}

	/** One number for (in its region, in its rack, on itself), the first counting most. Stripes have few units. */
	#crowdAt(member: number, others: readonly number[]): number {
		let region = 0;
		let rack = 0;
		let own = 0;
		for (const drive of others) {
			const other = this.#memberOf[drive] as number;
			if (this.#regionOf[other] === this.#regionOf[member]) region++;
			if (this.#rackOf[other] === this.#rackOf[member]) rack++;
			if (other === member) own++;
		}
		const inRack = this.spread === "node" ? 0 : rack;
		const inRegion = this.spread === "region" ? region : 0;
		return (inRegion * 64 + inRack) * 64 + own;
	}

	#driveOf(member: number, others: readonly number[], chooser: Chooser): number {
		const { drives } = this.members[member] as Member;
		const first = this.#first[member] as number;
		const isFit = (drive: number): boolean => this.hasRoom(drive) && !others.includes(drive);
		for (let draw = 0; draw < drawsMax && drives > 0; draw++) {
			const drive = first + chooser.below(drives);
			if (isFit(drive)) return drive;
		}
		for (let drive = first; drive < first + drives; drive++) if (isFit(drive)) return drive;
		return -1;
	}
}

function numbered(names: readonly string[]): readonly number[] {
	const numbers = new Map<string, number>();
	return names.map((name) => {
		const known = numbers.get(name) ?? numbers.size;
		numbers.set(name, known);
		return known;
	});
}
