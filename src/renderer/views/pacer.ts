/**
 * Does a thing no oftener than every so many milliseconds, however often it is poked, and never leaves the last
 * poke out. What turns out to take long is done more seldom, so that it takes a fifth of the time at most and the
 * rest of the page stays smooth. Knows nothing of what it paces.
 */
const timesItsCost = 5;

export interface PacerParts {
	act(): void;
	readonly everyMs: number;
	/** Calls back when all that acting brought about is over, drawing included. */
	whenOver?(over: () => void): void;
}

export class Pacer {
	readonly #parts: PacerParts;
	#actedMs = Number.NEGATIVE_INFINITY;
	#costMs = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(parts: PacerParts) {
		this.#parts = parts;
	}

	poke(): void {
		if (this.#timer !== undefined) return;
		const waitMs = this.#actedMs + Math.max(this.#parts.everyMs, this.#costMs * timesItsCost) - performance.now();
		if (waitMs <= 0) this.#now();
		else this.#timer = setTimeout(() => this.#now(), waitMs);
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	#now(): void {
		const { act, whenOver } = this.#parts;
		const actedMs = performance.now();
		this.#timer = undefined;
		this.#actedMs = actedMs;
		act();
		whenOver?.(() => {
			this.#costMs = performance.now() - actedMs;
		});
	}
}
