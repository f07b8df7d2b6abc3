/**
 * Which drive holds which unit, as far as the coordinator has been told. What no drive holds is missing; a
 * stripe with fewer units than are needed is lost. Pure; a few bytes a unit, for there are hundreds of thousands.
 */
import type { Code } from "./code.ts";

const nowhere = -1;

export class UnitMap {
	readonly code: Code;
	readonly stripes: number;
	readonly #holder: Int32Array;
	readonly #present: Uint8Array;
	#missingStripes: number;
	#lostStripes: number;

	/** Nothing is anywhere yet. */
	constructor(code: Code, stripes: number) {
		this.code = code;
		this.stripes = stripes;
		this.#holder = new Int32Array(stripes * code.units).fill(nowhere);
		this.#present = new Uint8Array(stripes);
		this.#missingStripes = stripes;
		this.#lostStripes = stripes;
	}

	/** Stripes without one unit or more. */
	get missingStripes(): number {
		return this.#missingStripes;
	}

	get lostStripes(): number {
		return this.#lostStripes;
	}

	get units(): number {
		return this.#holder.length;
	}

	stripeOf(unit: number): number {
		return Math.floor(unit / this.code.units);
	}

	/** The drive that holds it, or -1. */
	holderOf(unit: number): number {
		return this.#holder[unit] as number;
	}

	present(stripe: number): number {
		return this.#present[stripe] as number;
	}

	/** Units that may still go before the stripe is lost; negative: it is. */
	spare(stripe: number): number {
		return this.present(stripe) - this.code.needed;
	}

	isWhole(stripe: number): boolean {
		return this.present(stripe) === this.code.units;
	}

	isLost(stripe: number): boolean {
		return this.present(stripe) < this.code.needed;
	}

	set(unit: number, drive: number): void {
		this.#move(unit, drive, 1);
	}

	clear(unit: number): void {
		this.#move(unit, nowhere, -1);
	}

	/** Units that these drives hold, ascending. */
	unitsOn(isIt: (drive: number) => boolean): number[] {
		const units: number[] = [];
		for (let unit = 0; unit < this.#holder.length; unit++) {
			const drive = this.#holder[unit] as number;
			if (drive !== nowhere && isIt(drive)) units.push(unit);
		}
		return units;
	}

	/** The stripe's units that are somewhere. */
	unitsOf(stripe: number): number[] {
		const first = stripe * this.code.units;
		return this.#range(first).filter((unit) => this.#holder[unit] !== nowhere);
	}

	/** Its first unit that is nowhere, or -1. */
	missingUnit(stripe: number): number {
		return this.#range(stripe * this.code.units).find((unit) => this.#holder[unit] === nowhere) ?? -1;
	}

	#range(first: number): number[] {
		return Array.from({ length: this.code.units }, (_, index) => first + index);
	}

	#move(unit: number, drive: number, by: 1 | -1): void {
		const stripe = this.stripeOf(unit);
		const [wasWhole, wasLost] = [this.isWhole(stripe), this.isLost(stripe)];
		this.#holder[unit] = drive;
		(this.#present[stripe] as number) += by;
		this.#missingStripes += Number(wasWhole) - Number(this.isWhole(stripe));
		this.#lostStripes += Number(this.isLost(stripe)) - Number(wasLost);
	}
}
