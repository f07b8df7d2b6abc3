/**
 * Two runs side by side: the one that is looked at and another, at the same instant, with the first event in
 * which they differ. The other follows; it is never acted on. Draws nothing.
 */
import type { CompareView } from "./contract-types.ts";
import type { RunController } from "./run-controller.ts";
import { shownUs } from "./run-state.ts";
import { Store } from "./store.ts";

const compareEveryMs = 1_500;

export interface BesideState {
	/** Null: not compared yet. */
	readonly found: CompareView | null;
}

export class Beside {
	readonly store = new Store<BesideState>({ found: null });
	readonly here: RunController;
	readonly there: RunController;
	readonly #stop: () => void;
	#atUs = -1;
	#comparedAt = "";
	#isBusy = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isClosed = false;

	constructor(here: RunController, there: RunController) {
		this.here = here;
		this.there = there;
		this.#stop = here.store.subscribe(() => this.#follow());
		this.#follow();
		void this.#compare();
	}

	close(): void {
		this.#isClosed = true;
		this.#stop();
		clearTimeout(this.#timer);
		this.here.setDivergence(null);
		this.there.close();
	}

	/** Shows the first event in which they differ, in both. */
	goToDivergence(): void {
		const { found } = this.store.get();
		const first = found?.here ?? found?.there;
		if (!first) return;
		this.here.seek(first.atUs);
		if (found?.here) void this.here.select({ kind: "event", index: found.here.index });
		if (found?.there) void this.there.select({ kind: "event", index: found.there.index });
	}

	#follow(): void {
		const atUs = Math.floor(shownUs(this.here.state));
		if (atUs === this.#atUs) return;
		this.#atUs = atUs;
		this.there.seek(atUs);
		this.#compareSoon();
	}

	#compareSoon(): void {
		if (this.#isBusy || this.#timer !== undefined || this.#isClosed) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.#compare();
		}, compareEveryMs);
	}

	/** Once they differ they differ for good; until then every event more may be the one. */
	async #compare(): Promise<void> {
		const version = `${this.here.state.run.committedEvents} ${this.there.state.run.committedEvents}`;
		const known = this.store.get().found;
		if (version === this.#comparedAt || (known !== null && known.here !== null && known.there !== null)) return;
		this.#comparedAt = version;
		this.#isBusy = true;
		const found = await this.here.look("log.compare", { other: this.there.id });
		this.#isBusy = false;
		if (found === undefined || this.#isClosed) return;
		this.store.set({ found });
		this.here.setDivergence(found.here);
		this.there.setDivergence(found.there);
	}
}
