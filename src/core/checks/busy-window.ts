/**
 * The busiest window of one node's CPU, found while the log goes by. Time is cut into steps of a
 * hundredth of the window; a window covers a hundred whole steps, so it moves by a hundredth of itself.
 *
 * Pieces of work are known when they finish. On one core they finish in order, so every step before
 * the last finish is settled; on several, a step is settled nine windows later, and a piece of work
 * longer than that counts for its last nine windows.
 */

/** Steps in a window. */
export const windowSteps = 100;
const lateStepsMax = 9 * windowSteps;
/** A power of two with room for a window and all late steps. */
const ringSteps = 1_024;
const ringMask = ringSteps - 1;

export interface WindowSink {
	/**
	 * A whole window in which there was work.
	 * @param lastStep its last step, for `lastIndexIn`
	 * @param busyUs CPU time spent in it, of all cores
	 */
	onWindow(lastStep: number, busyUs: number): void;
}

export class BusyWindow {
	readonly #stepUs: number;
	readonly #lateSteps: number;
	readonly #busyUs = new Float64Array(ringSteps);
	readonly #indexes = new Float64Array(ringSteps).fill(-1);
	/** The first step that is not settled. */
	#next = 0;
	/** The newest step with work in it. */
	#newest = -1;
	/** CPU time of the window that ends before `#next`. */
	#sumUs = 0;

	constructor(stepUs: number, cores: number) {
		this.#stepUs = stepUs;
		this.#lateSteps = cores === 1 ? 0 : lateStepsMax;
	}

	clone(): BusyWindow {
		const twin = new BusyWindow(this.#stepUs, this.#lateSteps === 0 ? 1 : 2);
		twin.#busyUs.set(this.#busyUs);
		twin.#indexes.set(this.#indexes);
		twin.#next = this.#next;
		twin.#newest = this.#newest;
		twin.#sumUs = this.#sumUs;
		return twin;
	}

	/** A piece of work occupied a core from `startedUs` to `atUs`. Call in order of `atUs`. */
	add(startedUs: number, atUs: number, index: number, sink: WindowSink): void {
		if (atUs <= startedUs) return;
		const stepUs = this.#stepUs;
		const last = Math.floor((atUs - 1) / stepUs);
		const first = Math.max(Math.floor(startedUs / stepUs), last - lateStepsMax);
		const settled = last - this.#lateSteps;
		// First what this work does not touch, so that the ring has room for it; then what it completes.
		this.#settle(Math.min(first, settled), sink);
		for (let step = Math.max(first, this.#next); step <= last; step++) {
			const slot = step & ringMask;
			const fromUs = Math.max(startedUs, step * stepUs);
			const toUs = Math.min(atUs, (step + 1) * stepUs);
			this.#busyUs[slot] = (this.#busyUs[slot] as number) + toUs - fromUs;
		}
		this.#indexes[last & ringMask] = index;
		if (last > this.#newest) this.#newest = last;
		this.#settle(settled, sink);
	}

	/** Settles every step before `until`. */
	#settle(until: number, sink: WindowSink): void {
		// Beyond a window after the newest work all is idle.
		const busyUntil = Math.min(until, this.#newest + 1 + windowSteps);
		while (this.#next < busyUntil) {
			const step = this.#next;
			this.#sumUs = this.#slide(step, this.#sumUs, sink);
			const leaving = (step - windowSteps + 1) & ringMask;
			// The step that leaves the window makes room for one that is a ring ahead.
			if (step + 1 >= windowSteps) {
				this.#sumUs -= this.#busyUs[leaving] as number;
				this.#busyUs[leaving] = 0;
				this.#indexes[leaving] = -1;
			}
			this.#next++;
		}
		if (this.#next < until) this.#next = until;
	}

	/** Takes a step into the sum; tells the window that ends with it. @returns the sum */
	#slide(step: number, sumUs: number, sink: WindowSink): number {
		// Beyond the newest work the ring still holds steps of a round ago.
		const sum = step > this.#newest ? sumUs : sumUs + (this.#busyUs[step & ringMask] as number);
		if (step + 1 >= windowSteps && sum > 0) sink.onWindow(step, sum);
		return sum;
	}

	/** Position in the log of the last piece of work that finished in the window ending with this step, or -1. Ask while told of it. */
	lastIndexIn(lastStep: number): number {
		for (let at = Math.min(lastStep, this.#newest); at > lastStep - windowSteps && at >= 0; at--) {
			const index = this.#indexes[at & ringMask] as number;
			if (index >= 0) return index;
		}
		return -1;
	}

	/** Tells the windows that end by `endUs` and are not settled yet; changes nothing. */
	peek(endUs: number, sink: WindowSink): void {
		const until = Math.min(Math.floor(endUs / this.#stepUs), this.#newest + 1 + windowSteps);
		let sumUs = this.#sumUs;
		for (let step = this.#next; step < until; step++) {
			sumUs = this.#slide(step, sumUs, sink);
			if (step + 1 >= windowSteps) sumUs -= this.#busyUs[(step - windowSteps + 1) & ringMask] as number;
		}
	}
}
