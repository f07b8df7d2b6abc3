/**
 * Does a thing no oftener than every so many milliseconds, however often it is poked, and never leaves the last
 * poke out. Knows nothing of what it paces.
 */
export class Pacer {
	readonly #act: () => void;
	readonly #everyMs: number;
	#actedMs = Number.NEGATIVE_INFINITY;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(act: () => void, everyMs: number) {
		this.#act = act;
		this.#everyMs = everyMs;
	}

	poke(): void {
		if (this.#timer !== undefined) return;
		const waitMs = this.#actedMs + this.#everyMs - performance.now();
		if (waitMs <= 0) this.#now();
		else this.#timer = setTimeout(() => this.#now(), waitMs);
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	#now(): void {
		this.#timer = undefined;
		this.#actedMs = performance.now();
		this.#act();
	}
}
