/**
 * What the stage shows at the moment, for exports of it: the diagram and the drawing offer a look while
 * they are there. Knows neither of them.
 */
import type { TimeScale } from "../../shared/drawing/time-scale.ts";
import type { Place } from "../state/run-state.ts";
import type { InSight } from "../timeline/timeline-model.ts";

export interface ShownTimeline {
	readonly scale: TimeScale;
	readonly inSight: InSight | null;
}

type Withdraw = () => void;

/** One thing that is on the stage, or is not. */
class Offer<Thing> {
	readonly #looks = new Map<string, () => Thing>();

	/** @param run the run's id */
	offer(run: string, look: () => Thing): Withdraw {
		this.#looks.set(run, look);
		return () => {
			if (this.#looks.get(run) === look) this.#looks.delete(run);
		};
	}

	/** Null while it is not on the stage. */
	look(run: string): Thing | null {
		return this.#looks.get(run)?.() ?? null;
	}
}

export const shownTimeline = new Offer<ShownTimeline>();
/** Every vertex's place in the graph's own measure. */
export const shownPlaces = new Offer<ReadonlyMap<number, Place>>();
