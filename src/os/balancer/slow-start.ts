/**
 * Slow start: a server that comes back gets a small share first and the whole after a while, because
 * caches are cold and whatever broke it may still be there. A straight line from `fromRatio` to 1.
 *
 * Pure arithmetic on instants of the balancer's own clock; any thread.
 */
export class SlowStart {
	readonly #durationUs: number;
	readonly #fromRatio: number;
	/** When the line begins; before anything ever began the server is warm. */
	#startedUs = Number.NEGATIVE_INFINITY;

	constructor(options: { readonly durationUs: number; readonly fromRatio: number }) {
		this.#durationUs = options.durationUs;
		this.#fromRatio = options.fromRatio;
	}

	begin(nowUs: number): void {
		this.#startedUs = nowUs;
	}

	/** Share of its capacity that the server may have at this instant: `fromRatio` to 1. */
	ratioAt(atUs: number): number {
		const ageUs = atUs - this.#startedUs;
		if (ageUs >= this.#durationUs) return 1;
		return this.#fromRatio + ((1 - this.#fromRatio) * ageUs) / this.#durationUs;
	}

	/** The share summed over a span of time, exact: the area under the line. In microseconds of full capacity. */
	areaUs(fromUs: number, toUs: number): number {
		const warmUs = this.#startedUs + this.#durationUs;
		if (fromUs >= warmUs) return toUs - fromUs;
		const bendUs = Math.min(toUs, warmUs);
		const rising = ((this.ratioAt(fromUs) + this.ratioAt(bendUs)) / 2) * (bendUs - fromUs);
		return rising + (toUs - bendUs);
	}
}
