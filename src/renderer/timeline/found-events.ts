/** Which events in sight a search finds; found anew only when they or the search are others. Knows no canvas. */
import type { PagedEvent } from "../../shared/contract/event-page.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { isMistake, matches, parseSearch } from "../maths/search-query.ts";
import { peerOf } from "../panels/event-feed.ts";

export class FoundEvents {
	readonly #plan: Plan;
	#last: { readonly events: unknown; readonly search: string; readonly found: ReadonlySet<number> | null } | null = null;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	/** By index; null where nothing is searched. */
	among(events: readonly PagedEvent[] | undefined, search: string): ReadonlySet<number> | null {
		if (this.#last?.events === events && this.#last?.search === search) return this.#last.found;
		const query = parseSearch(search, this.#plan);
		const found =
			isMistake(query) || query.isEmpty || events === undefined
				? null
				: new Set(events.flatMap((event) => (matches(query, { ...event, peer: peerOf(event), text: eventText(event, this.#plan) }) ? [event.index] : [])));
		this.#last = { events, search, found };
		return found;
	}
}
