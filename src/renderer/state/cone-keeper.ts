/**
 * Keeps what is lit true while a run goes on: what comes of the selected event grows, and its past does not. Asks
 * again when more of the run is in its file, one question at a time, and while it plays no oftener than is needed to
 * follow it with the eye. Once its future is as long as is ever told, nothing more is asked.
 */
import { causalityMax } from "./event-detail.ts";
import type { RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

export type LookedAtEvent = Pick<RunState, "detail" | "causality">;

const everyMs = 1_000;

export interface ConeKeeperParts {
	readonly store: Store<RunState>;
	/** Undefined: it could not be told. */
	look(index: number): Promise<LookedAtEvent | undefined>;
	nowMs?(): number;
}

export class ConeKeeper {
	readonly #parts: ConeKeeperParts;
	/** Events of the run when its last answer was asked for. */
	#seenEvents = -1;
	#askedMs = Number.NEGATIVE_INFINITY;
	#isBusy = false;

	constructor(parts: ConeKeeperParts) {
		this.#parts = parts;
	}

	/** An event was looked at anew. */
	onSelected(): void {
		this.#seenEvents = this.#parts.store.get().run.committedEvents;
		this.#askedMs = this.#now();
	}

	/** The run was told of. */
	async onRun(): Promise<void> {
		const { store, look } = this.#parts;
		const { selection, causality, run } = store.get();
		if (this.#isBusy || selection?.kind !== "event" || causality?.index !== selection.index || causality.future.size >= causalityMax) return;
		if (run.committedEvents <= this.#seenEvents || (run.mode === "running" && this.#now() < this.#askedMs + everyMs)) return;
		this.#isBusy = true;
		this.onSelected();
		const found = await look(selection.index);
		this.#isBusy = false;
		const now = store.get();
		if (found?.causality == null || now.selection?.kind !== "event" || now.selection.index !== selection.index) return;
		// What is open in the inspector stays as it is while there is nothing new of it.
		const isNews = found.detail?.neighbours.length !== now.detail?.neighbours.length;
		store.set({ causality: found.causality, ...(isNews ? { detail: found.detail } : {}) });
		await this.onRun();
	}

	#now(): number {
		return this.#parts.nowMs?.() ?? performance.now();
	}
}
