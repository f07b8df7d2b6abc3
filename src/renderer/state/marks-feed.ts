/** Marks of faults for the scrubber: asked anew while a run goes on, twice a second at most, one question at a time. Draws nothing. */
import type { LabClient } from "../../shared/contract/client.ts";
import type { RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

const everyMs = 500;

export class MarksFeed {
	readonly #client: LabClient;
	readonly #store: Store<RunState>;
	/** Nobody looks at the run any more. */
	readonly #left: AbortSignal;
	#askedMs = 0;
	#isBusy = false;
	/** What the answer that is waited for tells may be out of date. */
	#isWanted = false;

	constructor(client: LabClient, store: Store<RunState>, left: AbortSignal) {
		this.#client = client;
		this.#store = store;
		this.#left = left;
	}

	/** @param atOnce it matters: a run that has ended tells no more */
	refresh(atOnce = false): void {
		if (this.#left.aborted || (!atOnce && performance.now() - this.#askedMs < everyMs)) return;
		if (this.#isBusy) this.#isWanted ||= atOnce;
		else void this.#ask();
	}

	async #ask(): Promise<void> {
		const { run } = this.#store.get();
		this.#askedMs = performance.now();
		this.#isBusy = true;
		const range = { fromUs: 0, toUs: run.untilUs, buckets: 1, nodes: [0] };
		const density = await this.#client.call("log.density", { run: run.run, ...range }, { signal: this.#left }).catch(() => undefined);
		this.#isBusy = false;
		if (density !== undefined) this.#store.set({ marks: density.faults, marksOmitted: density.faultsOmitted });
		if (!this.#isWanted) return;
		this.#isWanted = false;
		this.refresh(true);
	}
}
