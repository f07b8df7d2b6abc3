/**
 * Retries help when few requests fail and ruin everything when all do: then each retry is more load on
 * servers that fail for want of less. So over any ten seconds retries may be a set part of the
 * requests, plus a few for quiet times.
 *
 * @source Google, Site Reliability Engineering (2016), ch. 21, "Deciding to retry"; Finagle RetryBudget
 */
import { usPerSecond } from "../../shared/units.ts";

const slots = 10;

export class RetryBudget {
	readonly #ratio: number;
	readonly #floor: number;
	readonly #requests: number[] = new Array<number>(slots).fill(0);
	readonly #retries: number[] = new Array<number>(slots).fill(0);
	/** Second that the newest slot stands for. */
	#second = 0;
	#requestSum = 0;
	#retrySum = 0;

	/** @param options `ratio` retries a request; `floor` retries in ten seconds however few requests there are */
	constructor(options: { readonly ratio: number; readonly floor: number }) {
		this.#ratio = options.ratio;
		this.#floor = options.floor;
	}

	countRequest(nowUs: number): void {
		const slot = this.#turnTo(nowUs);
		this.#requests[slot] = (this.#requests[slot] as number) + 1;
		this.#requestSum++;
	}

	/** Takes one retry, if there is one left. */
	tryRetry(nowUs: number): boolean {
		const slot = this.#turnTo(nowUs);
		if (this.#retrySum >= this.#floor + this.#ratio * this.#requestSum) return false;
		this.#retries[slot] = (this.#retries[slot] as number) + 1;
		this.#retrySum++;
		return true;
	}

	get retriesOfLate(): number {
		return this.#retrySum;
	}

	/** Forgets what is more than ten seconds old. @returns the present second's slot */
	#turnTo(nowUs: number): number {
		const second = Math.floor(nowUs / usPerSecond);
		const passed = Math.min(slots, second - this.#second);
		for (let step = 1; step <= passed; step++) {
			const slot = (this.#second + step) % slots;
			this.#requestSum -= this.#requests[slot] as number;
			this.#retrySum -= this.#retries[slot] as number;
			this.#requests[slot] = 0;
			this.#retries[slot] = 0;
		}
		this.#second = second;
		return second % slots;
	}
}
