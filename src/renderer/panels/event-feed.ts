/**
 * The events of a list, loaded page by page around an instant and in both directions, for one search.
 * Keeps a bounded number of rows. Knows the contract and no view.
 */
import { type PagedEvent, readEventPage } from "../../shared/contract/event-page.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { matches, type SearchQuery } from "../../shared/search-query.ts";
import type { RunController } from "../state/run-controller.ts";
import { Store } from "../state/store.ts";

export interface EventRow {
	readonly event: PagedEvent;
	readonly text: string;
}

interface FeedState {
	readonly rows: readonly EventRow[];
	readonly isLoading: boolean;
	/** Nothing earlier, or later, fits. */
	readonly isFirst: boolean;
	readonly isLast: boolean;
}

const pageEvents = 400;
const rowsMax = 20_000;
/** Pages that held nothing that fits are passed over, so many at a time. */
const emptyPagesMax = 25;

export function rowOf(event: PagedEvent, plan: Plan): EventRow {
	return { event, text: eventText(event, plan) };
}

export function peerOf({ fields }: PagedEvent): number {
	return Number(fields.to ?? fields.from ?? -1);
}

export class EventFeed {
	readonly store = new Store<FeedState>({ rows: [], isLoading: false, isFirst: false, isLast: false });
	readonly #run: RunController;
	readonly #plan: Plan;
	readonly #query: SearchQuery;
	#earlier: number | null = null;
	#later: number | null = 0;
	#isOver = false;

	constructor(run: RunController, query: SearchQuery) {
		this.#run = run;
		this.#plan = run.plan;
		this.#query = query;
	}

	end(): void {
		this.#isOver = true;
	}

	/** Begins with what happened last before the instant. */
	async begin(atUs: number): Promise<void> {
		await this.#load({ backwards: true, fromIndex: null, toIndex: null, toUs: Math.max(0, Math.floor(atUs)) });
		const last = this.store.get().rows.at(-1);
		this.#later = last === undefined ? 0 : last.event.index + 1;
		await this.later();
	}

	async earlier(): Promise<void> {
		if (this.store.get().isFirst || this.#earlier === null) return;
		await this.#load({ backwards: true, fromIndex: null, toIndex: this.#earlier, toUs: null });
	}

	async later(): Promise<void> {
		await this.#load({ backwards: false, fromIndex: this.#later, toIndex: null, toUs: null });
	}

	async #load(place: {
		readonly backwards: boolean;
		readonly fromIndex: number | null;
		readonly toIndex: number | null;
		readonly toUs: number | null;
	}): Promise<void> {
		if (this.store.get().isLoading || this.#isOver) return;
		this.store.set({ isLoading: true });
		const { backwards } = place;
		let { fromIndex, toIndex } = place;
		try {
			for (let pages = 0; pages < emptyPagesMax && !this.#isOver; pages++) {
				const { nodes, kinds, fromUs, toUs } = this.#query;
				const page = await this.#run.look("log.events", {
					fromIndex,
					toIndex,
					fromUs: fromUs ?? null,
					toUs: toUs === undefined ? place.toUs : Math.min(toUs, place.toUs ?? toUs),
					kinds: kinds.length > 0 ? kinds : null,
					// A message is looked for at both its ends, of which the lab's filter knows one.
					nodes: nodes.length > 0 && this.#query.kinds.length === 0 && this.#query.texts.length === 0 ? nodes : null,
					text: this.#query.words[0]?.slice(0, 200) ?? null,
					limit: pageEvents,
					backwards,
				});
				if (page === undefined) break;
				const found = [...readEventPage(page)].sort((a, b) => a.index - b.index);
				const rows = found.map((event) => rowOf(event, this.#plan)).filter(({ event, text }) => matches(this.#query, { ...event, peer: peerOf(event), text }));
				this.#take(rows, found, page.nextIndex, backwards);
				if (rows.length > 0 || page.nextIndex === null) break;
				if (backwards) toIndex = page.nextIndex;
				else fromIndex = page.nextIndex;
			}
		} catch {
			// The lab said why already; the list stays as it is.
		}
		this.store.set({ isLoading: false });
	}

	#take(rows: readonly EventRow[], found: readonly PagedEvent[], nextIndex: number | null, backwards: boolean): void {
		const known = this.store.get().rows;
		if (backwards) {
			this.#earlier = nextIndex;
			this.store.set({ rows: [...rows, ...known].slice(0, rowsMax), isFirst: nextIndex === null });
			return;
		}
		const last = found.at(-1);
		this.#later = nextIndex ?? (last === undefined ? this.#later : last.index + 1);
		const lastKnown = known.at(-1)?.event.index ?? -1;
		const fresh = rows.filter(({ event }) => event.index > lastKnown);
		this.store.set({ isLast: nextIndex === null, ...(fresh.length > 0 ? { rows: [...known, ...fresh].slice(-rowsMax) } : {}) });
	}
}
