/**
 * The part of a machine's line that repairs may use: what is to go through waits for what came before it. Pure.
 */
export class Lane {
	/** What one unit takes. */
	readonly unitUs: number;
	#busyUntilUs = 0;

	constructor(lane: { readonly megabytesPerSecond: number; readonly unitGigabytes: number }) {
		this.unitUs = Math.ceil((lane.unitGigabytes * 1_000 * 1_000_000) / lane.megabytesPerSecond);
	}

	/** @returns how long it takes from now until so many units are through */
	take(units: number, nowUs: number): number {
		this.#busyUntilUs = Math.max(this.#busyUntilUs, nowUs) + units * this.unitUs;
		return this.#busyUntilUs - nowUs;
	}
}
