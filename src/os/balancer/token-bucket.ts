/**
 * A token bucket whose tokens are microseconds of CPU time. It fills at `rate` up to `capacityUs`;
 * admitting work takes tokens out. What was taken too much comes back and what was taken too
 * little is taken later, so the level may fall below zero: a debt that is paid before anything else.
 *
 * Over any span of T microseconds no more than `rate * T + capacityUs` is taken, give or take the
 * errors of the estimates still open (see cpu-budget.ts).
 *
 * @source Turner, New Directions in Communications (IEEE Communications Magazine 24:10, 1986)
 */
import type { SlowStart } from "./slow-start.ts";

export class TokenBucket {
	/** Microseconds of CPU time a microsecond. */
	#rate = 0;
	#capacityUs = 0;
	#levelUs = 0;
	#filledUs = 0;
	readonly #slowStart: SlowStart;

	constructor(slowStart: SlowStart) {
		this.#slowStart = slowStart;
	}

	/** Changes how it fills from now on; what is in it stays, up to the new capacity. */
	resize(nowUs: number, { rate, capacityUs }: { readonly rate: number; readonly capacityUs: number }): void {
		this.#fill(nowUs);
		this.#rate = rate;
		this.#capacityUs = capacityUs;
		this.#levelUs = Math.min(this.#levelUs, capacityUs);
	}

	get rate(): number {
		return this.#rate;
	}

	get capacityUs(): number {
		return this.#capacityUs;
	}

	/** Looking changes nothing, not even the rounding: who inspects a run must not bend it. */
	levelUs(nowUs: number): number {
		if (nowUs <= this.#filledUs || this.#levelUs >= this.#capacityUs) return this.#levelUs;
		return Math.min(this.#capacityUs, this.#levelUs + this.#rate * this.#slowStart.areaUs(this.#filledUs, nowUs));
	}

	/** Takes tokens, into debt if need be; a negative amount puts them back. The debt is bounded by `debtMaxUs`. */
	take(nowUs: number, amountUs: number, debtMaxUs: number): void {
		this.#fill(nowUs);
		this.#levelUs = Math.max(-debtMaxUs, Math.min(this.#capacityUs, this.#levelUs - amountUs));
	}

	/** Time until the level is at `neededUs` if nothing else happens; an upper bound during slow start. */
	waitUs(nowUs: number, neededUs: number): number {
		const missingUs = neededUs - this.levelUs(nowUs);
		return missingUs <= 0 ? 0 : Math.ceil(missingUs / (this.#rate * this.#slowStart.ratioAt(nowUs)));
	}

	#fill(nowUs: number): void {
		this.#levelUs = this.levelUs(nowUs);
		if (nowUs > this.#filledUs) this.#filledUs = nowUs;
	}
}
