/**
 * What a request will cost, judged by those before it: the mean as the best guess, and the largest of
 * late as a measure of how wrong the guess may be. Pure; any thread.
 */

/** Weight of the newest in the mean: a slowed server is noticed within a few dozen requests. */
const newestShare = 1 / 16;
/** The largest is forgotten by this part with every request, so an odd one out counts for about a thousand. */
const forgottenShare = 1 / 1_024;

export class CostEstimate {
	#meanUs: number;
	#largestUs: number;

	constructor(firstGuessUs: number) {
		this.#meanUs = firstGuessUs;
		this.#largestUs = firstGuessUs;
	}

	get meanUs(): number {
		return this.#meanUs;
	}

	/** Never below the mean. */
	get largestUs(): number {
		return this.#largestUs;
	}

	learn(costUs: number): void {
		this.#meanUs += (costUs - this.#meanUs) * newestShare;
		this.#largestUs -= (this.#largestUs - this.#meanUs) * forgottenShare;
		this.#largestUs = Math.max(this.#largestUs, this.#meanUs, costUs);
	}
}
