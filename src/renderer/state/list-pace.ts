/**
 * Lets new states of a run through to lists and panels a few times a second: nobody reads numbers faster,
 * and making their rows anew is the dearest thing a page does. The last one always comes. Drawings do not wait for it.
 */
import type { InstantView } from "./contract-types.ts";

export const listedEveryMs = 125;

export class ListPace {
	readonly #list: (view: InstantView) => void;
	readonly #nowMs: () => number;
	#waiting: InstantView | null = null;
	#listedMs = Number.NEGATIVE_INFINITY;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(list: (view: InstantView) => void, nowMs = () => performance.now()) {
		this.#list = list;
		this.#nowMs = nowMs;
	}

	/** @param isHurried it is what somebody asked for, not one of a stream */
	offer(view: InstantView, isHurried: boolean): void {
		const waitMs = this.#listedMs + listedEveryMs - this.#nowMs();
		this.#waiting = view;
		if (isHurried || waitMs <= 0) this.#pass();
		else this.#timer ??= setTimeout(() => this.#pass(), waitMs);
	}

	close(): void {
		clearTimeout(this.#timer);
		this.#waiting = null;
	}

	#pass(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const view = this.#waiting;
		if (view === null) return;
		this.#waiting = null;
		this.#listedMs = this.#nowMs();
		this.#list(view);
	}
}
