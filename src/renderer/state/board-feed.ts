/**
 * What programs stated last, for the view of a service: asked of the lab whenever another instant is
 * shown, one question at a time and no oftener than states of a run are told. Draws nothing.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import { statusEveryMs } from "../../shared/contract/pushes.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";

const everyMs = statusEveryMs * 2;
/** What a page takes to read an answer and draw it, roughly; it shall have several times that for everything else. */
const restMsPerEntry = 0.1;

export interface BoardWish {
	/** Null: the present of a live run. */
	readonly atUs: number | null;
	/** Another present, another number: what was answered before is out of date. */
	readonly version: number;
}

export interface BoardParts {
	readonly client: LabClient;
	readonly run: string;
	/** Indexes into the plan's names. */
	readonly names: readonly number[];
	/** @param wish what it answers */
	onBoard(entries: readonly BoardEntry[], wish: BoardWish): void;
}

export class BoardFeed {
	readonly #parts: BoardParts;
	#wish: BoardWish | null = null;
	#answered: BoardWish | null = null;
	#isBusy = false;
	#isClosed = false;
	#askedMs = Number.NEGATIVE_INFINITY;
	/** The longer the last answer, the later the next question. */
	#restMs = everyMs;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(parts: BoardParts) {
		this.#parts = parts;
	}

	want(wish: BoardWish): void {
		this.#wish = wish;
		this.#ask();
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
	}

	#ask(): void {
		const wish = this.#wish;
		const { client, run, names, onBoard } = this.#parts;
		if (this.#isClosed || this.#isBusy || wish === null || names.length === 0 || (this.#answered !== null && isSameWish(wish, this.#answered))) return;
		const waitMs = this.#askedMs + this.#restMs - performance.now();
		clearTimeout(this.#timer);
		if (waitMs > 0) {
			this.#timer = setTimeout(() => this.#ask(), waitMs);
			return;
		}
		this.#isBusy = true;
		this.#askedMs = performance.now();
		client
			.call("log.board", { run, atUs: wish.atUs === null ? null : Math.round(wish.atUs), names: [...names] })
			.then(({ entries }) => {
				this.#answered = wish;
				this.#restMs = everyMs + entries.length * restMsPerEntry;
				if (!this.#isClosed) onBoard(entries, wish);
			})
			.catch(() => {}) // nothing is committed yet; asked again with the next state
			.finally(() => {
				this.#isBusy = false;
				this.#timer = setTimeout(() => this.#ask(), this.#restMs);
			});
	}
}

export function isSameWish(wish: BoardWish, other: BoardWish): boolean {
	return wish.atUs === other.atUs && wish.version === other.version;
}
