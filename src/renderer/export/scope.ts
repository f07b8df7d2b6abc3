/** What of a run goes out: everything, or what is shown of it. Knows no page. */
import type { Plan } from "../../shared/plan.ts";
import { isMistake, parseSearch } from "../../shared/search-query.ts";
import type { RunState } from "../state/run-state.ts";
import { shownTimeline } from "./shown.ts";

/** As much of a run as decides on it. */
export interface ScopedRun {
	readonly id: string;
	readonly plan: Plan;
	readonly state: Pick<RunState, "lanes" | "search">;
}

export interface Scope {
	/** Null: from the beginning, to the end. */
	readonly fromUs: number | null;
	readonly toUs: number | null;
	/** Null: all of them. */
	readonly nodes: readonly number[] | null;
	/** Null: nothing is searched for. */
	readonly search: string | null;
}

export const everything: Scope = { fromUs: null, toUs: null, nodes: null, search: null };

/** What the timeline has in sight; without one on the stage, the whole time. */
export function shownScope(run: ScopedRun): Scope {
	const { lanes, search } = run.state;
	const scale = shownTimeline.look(run.id)?.scale;
	const query = search.trim() === "" ? null : parseSearch(search, run.plan);
	return {
		fromUs: scale === undefined ? null : Math.max(0, Math.floor(scale.fromUs)),
		toUs: scale === undefined ? null : Math.max(0, Math.ceil(scale.toUs)),
		nodes: lanes.hidden.size === 0 ? null : lanes.order.filter((node) => !lanes.hidden.has(node)).sort((a, b) => a - b),
		// A line that cannot be read finds nothing on the screen either: it hides nothing there.
		search: query === null || isMistake(query) ? null : search.trim(),
	};
}
