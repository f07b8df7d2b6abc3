/**
 * Asks for what charts draw, as often as makes sense: one question at a time, for each is a walk over the whole log,
 * with a rest in between. Of what is wanted meanwhile the last is asked for. Draws nothing.
 */
import type { SeriesView } from "./contract-types.ts";

export interface SeriesWish {
	readonly toUs: number;
	/** All that happened up to there was in the file when it was wished for. */
	readonly isAllInFile: boolean;
	/** The run goes no further. */
	readonly isOver: boolean;
}

export interface SeriesParts {
	look(toUs: number): Promise<SeriesView | undefined>;
	take(series: SeriesView, wish: SeriesWish): void;
}

export const restMs = 700;

export class SeriesFeed {
	readonly #parts: SeriesParts;
	#wish: SeriesWish | null = null;
	#isBusy = false;
	#isClosed = false;
	#rest: ReturnType<typeof setTimeout> | undefined;

	constructor(parts: SeriesParts) {
		this.#parts = parts;
	}

	want(wish: SeriesWish): void {
		this.#wish = wish;
		if (!this.#isBusy) void this.#ask();
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#rest);
	}

	async #ask(): Promise<void> {
		const wish = this.#wish;
		this.#wish = null;
		this.#isBusy = wish !== null && !this.#isClosed;
		if (wish === null || this.#isClosed) return;
		const series = await this.#parts.look(wish.toUs);
		if (this.#isClosed) return;
		if (series !== undefined) this.#parts.take(series, wish);
		this.#rest = setTimeout(() => void this.#ask(), restMs);
	}
}
