/**
 * Stripes that want a unit made, those nearest to their loss first, and among these in the order in which
 * they were found. A stripe that comes nearer while it waits is waited for in both places, and taken once. Pure.
 */
import { Fifo } from "../fifo.ts";

export class RepairQueue {
	readonly #levels: readonly Fifo<number>[];
	/** The most urgent level at which each stripe waits, plus one; 0: it does not. */
	readonly #waiting: Uint8Array;

	/** @param levels units a stripe can lose and be read */
	constructor(stripes: number, levels: number) {
		this.#levels = Array.from({ length: levels }, () => new Fifo<number>());
		this.#waiting = new Uint8Array(stripes);
	}

	/** @param spare units it may still lose: 0 is most urgent */
	add(stripe: number, spare: number): void {
		const waits = this.#waiting[stripe] as number;
		if (waits !== 0 && waits <= spare + 1) return;
		this.#waiting[stripe] = spare + 1;
		this.#levels[spare]?.push(stripe);
	}

	/** @returns undefined when nothing waits */
	take(): number | undefined {
		for (const [level, stripes] of this.#levels.entries()) {
			for (let stripe = stripes.shift(); stripe !== undefined; stripe = stripes.shift()) {
				if (this.#waiting[stripe] !== level + 1) continue;
				this.#waiting[stripe] = 0;
				return stripe;
			}
		}
		return undefined;
	}
}
