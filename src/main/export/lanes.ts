/**
 * Puts things that overlap in time on lanes on which nothing does: viewers draw a lane as a stack,
 * and what merely overlaps on one is drawn wrongly.
 */
export class Lanes {
	/** When each lane is free again; Infinity while something on it has no end yet. */
	readonly #freeFromUs: number[] = [];

	get count(): number {
		return this.#freeFromUs.length;
	}

	/** Takes the lowest lane that is free at `startUs` until `leave` is called. */
	enter(startUs: number): number {
		const lane = this.#lowestFree(startUs);
		this.#freeFromUs[lane] = Number.POSITIVE_INFINITY;
		return lane;
	}

	leave(lane: number, endUs: number): void {
		this.#freeFromUs[lane] = endUs;
	}

	/** Finds a lane for something that is over already: the one that was free for the shortest time. */
	place(startUs: number, endUs: number): number {
		let best = -1;
		this.#freeFromUs.forEach((free, lane) => {
			if (free <= startUs && (best < 0 || free > (this.#freeFromUs[best] as number))) best = lane;
		});
		const lane = best < 0 ? this.count : best;
		this.#freeFromUs[lane] = endUs;
		return lane;
	}

	#lowestFree(startUs: number): number {
		const lane = this.#freeFromUs.findIndex((free) => free <= startUs);
		return lane < 0 ? this.count : lane;
	}
}
