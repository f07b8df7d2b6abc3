/**
 * What the world does to drives, besides killing them: bits flip, and somebody puts an empty drive in the place of a
 * full one. It states for the record what it did, and tells nobody; no program may act on it.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { facts, state } from "../facts.ts";
import type { Holdings } from "./holdings.ts";
import type { HeldCopy } from "./shelf.ts";

export const rotTimer = "files.rot";

export class World {
	readonly #ctx: NodeContext;
	readonly #holdings: Holdings;

	constructor(ctx: NodeContext, holdings: Holdings) {
		this.#ctx = ctx;
		this.#holdings = holdings;
	}

	/** A bit every now and then. */
	*rotAway(meanUs: number): Task {
		for (;;) {
			yield* this.#ctx.sleep(1 + this.#ctx.random.exponential(meanUs), rotTimer);
			yield* this.rot(1);
		}
	}

	/** @param only parts whose names begin so: all of them. @returns how many copies have another bit now */
	*rot(count: number, only = ""): Task<number> {
		const candidates = this.#holdings.copies.filter(({ part }) => part.startsWith(only)).sort((a, b) => (a.part < b.part ? -1 : 1));
		const victims = only === "" ? this.#ctx.random.shuffle(candidates).slice(0, count) : candidates;
		let harmed = 0;
		for (const copy of victims) {
			this.#harm(copy);
			if (yield* this.#holdings.shelfOf(copy).flipBit(copy, (below) => this.#ctx.random.below(below))) harmed++;
		}
		return harmed;
	}

	/** @returns false when there is no such drive */
	*scrap(drive: number): Task<boolean> {
		const shelf = this.#holdings.shelves[drive];
		if (shelf === undefined) return false;
		// Said before it is done: a crash in the middle leaves what nobody can tell from the system's own doing.
		for (const copy of this.#holdings.copies) if (copy.drive === drive) this.#harm(copy);
		yield* shelf.empty();
		return true;
	}

	#harm({ part, copy }: HeldCopy): void {
		state(this.#ctx, facts.harmed, { key: part, copy });
	}
}
