/**
 * The coordinator's books: the map of units, the load of drives and the queue of repairs, always of one mind.
 * What it is told changes all three. Pure.
 */
import type { Code } from "./code.ts";
import type { Fleet } from "./fleet.ts";
import { RepairQueue } from "./repair-queue.ts";
import { UnitMap } from "./unit-map.ts";

export class Ledger {
	readonly map: UnitMap;
	readonly #fleet: Fleet;
	readonly #queue: RepairQueue;
	/** Since when a stripe is short of units, by the coordinator's clock; -1: it is whole. */
	readonly #missingSinceUs: Float64Array;
	/** Stripes of which a unit is being made. */
	readonly #isBusy: Uint8Array;
	/** Tried in vain: they get another turn when somebody asks for it. */
	#later: number[] = [];

	constructor(fleet: Fleet, code: Code, stripes: number) {
		this.#fleet = fleet;
		this.map = new UnitMap(code, stripes);
		this.#queue = new RepairQueue(stripes, code.units - code.needed);
		this.#missingSinceUs = new Float64Array(stripes).fill(-1);
		this.#isBusy = new Uint8Array(stripes);
	}

	/** A drive holds a unit that was nowhere. @returns how long its stripe was short, if it is whole now, else -1 */
	place(unit: number, drive: number, nowUs: number): number {
		const stripe = this.map.stripeOf(unit);
		this.map.set(unit, drive);
		this.#fleet.loaded(drive, 1);
		if (!this.map.isWhole(stripe)) {
			this.#want(stripe);
			return -1;
		}
		const sinceUs = this.#missingSinceUs[stripe] as number;
		this.#missingSinceUs[stripe] = -1;
		return sinceUs < 0 ? -1 : nowUs - sinceUs;
	}

	/** These units are gone from where they were. @returns stripes that are lost by it, ascending */
	forget(units: readonly number[], nowUs: number): readonly number[] {
		const lost: number[] = [];
		for (const unit of units) {
			const stripe = this.map.stripeOf(unit);
			const wasLost = this.map.isLost(stripe);
			this.#fleet.loaded(this.map.holderOf(unit), -1);
			this.map.clear(unit);
			if ((this.#missingSinceUs[stripe] as number) < 0) this.#missingSinceUs[stripe] = nowUs;
			if (this.map.isLost(stripe) && !wasLost) lost.push(stripe);
			this.#want(stripe);
		}
		return lost;
	}

	/** Every stripe that is not whole wants its units: after a time in which nothing was known. */
	judgeAll(nowUs: number): void {
		for (let stripe = 0; stripe < this.map.stripes; stripe++) {
			if (this.map.isWhole(stripe)) continue;
			this.#missingSinceUs[stripe] = nowUs;
			this.#want(stripe);
		}
	}

	/** The stripe that wants a unit most, and is marked busy; undefined when there is none. */
	takeUrgent(): number | undefined {
		for (let stripe = this.#queue.take(); stripe !== undefined; stripe = this.#queue.take()) {
			if (this.map.isWhole(stripe) || this.map.isLost(stripe) || this.#isBusy[stripe] === 1) continue;
			this.#isBusy[stripe] = 1;
			return stripe;
		}
		return undefined;
	}

	/** Nobody makes a unit of it any more. @param inVain it waits until `retry` */
	release(stripe: number, inVain: boolean): void {
		this.#isBusy[stripe] = 0;
		if (inVain) this.#later.push(stripe);
		else this.#want(stripe);
	}

	retry(): void {
		const stripes = this.#later;
		this.#later = [];
		for (const stripe of stripes) this.#want(stripe);
	}

	#want(stripe: number): void {
		const spare = this.map.spare(stripe);
		if (spare >= 0 && !this.map.isWhole(stripe) && this.#isBusy[stripe] === 0) this.#queue.add(stripe, spare);
	}
}
