/**
 * How things were put: places of nodes, order of lanes. Kept with the session a moment after the last move.
 * Draws nothing.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import { moveLane, placeLane, toggleLane } from "../../shared/drawing/lanes.ts";
import type { Plan } from "../../shared/plan.ts";
import { readLayout, writeLayout } from "./kept-layout.ts";
import type { Place, RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

const saveMs = 600;

export class Arrangement {
	readonly #client: LabClient;
	readonly #plan: Plan;
	readonly #store: Store<RunState>;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(client: LabClient, plan: Plan, store: Store<RunState>) {
		this.#client = client;
		this.#plan = plan;
		this.#store = store;
	}

	/** As it was left, if that is known. */
	async restore(): Promise<void> {
		const { session } = this.#store.get().run;
		const kept = await this.#client.call("sessions.readLayout", { session }).catch(() => ({ text: null }));
		const layout = kept.text === null ? undefined : readLayout(kept.text, this.#plan);
		if (layout !== undefined) this.#store.set(layout);
	}

	movePlace(node: number, place: Place): void {
		this.resetPlaces(new Map(this.#store.get().places).set(node, place));
	}

	resetPlaces(places: ReadonlyMap<number, Place>): void {
		this.#store.set({ places });
		this.#keep();
	}

	moveLane(node: number, direction: 1 | -1): void {
		this.#store.set({ lanes: moveLane(this.#store.get().lanes, node, direction) });
		this.#keep();
	}

	/** To where another one is. */
	placeLane(node: number, at: number): void {
		this.#store.set({ lanes: placeLane(this.#store.get().lanes, node, at) });
		this.#keep();
	}

	toggleLane(node: number): void {
		this.#store.set({ lanes: toggleLane(this.#store.get().lanes, node) });
		this.#keep();
	}

	showAllLanes(): void {
		this.#store.set({ lanes: { ...this.#store.get().lanes, hidden: new Set() } });
		this.#keep();
	}

	#keep(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			const { run, places, lanes } = this.#store.get();
			const text = writeLayout({ places, lanes }, this.#plan);
			// A layout that cannot be kept is no reason to disturb anybody.
			this.#client.call("sessions.writeLayout", { session: run.session, text }).catch(() => {});
		}, saveMs);
	}
}
