/**
 * The events of a list for one search: a stretch of the log around what is looked at, longer by a page in either
 * direction when asked, and another stretch when what is looked at is elsewhere. Without gaps, and of a bounded
 * number of rows. Knows the contract and no view.
 */
import type { CallRequest } from "../../shared/contract/calls.ts";
import { type EventPage, type PagedEvent, readEventPage } from "../../shared/contract/event-page.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { matches, type SearchQuery } from "../../shared/search-query.ts";
import { Store } from "../state/store.ts";

export interface EventRow {
	readonly event: PagedEvent;
	readonly text: string;
}

/** What is looked at: an instant, or one event. */
export type FeedPlace = { readonly atUs: number } | { readonly index: number };

interface FeedState {
	readonly rows: readonly EventRow[];
	readonly isLoading: boolean;
	/** Nothing earlier, or later, fits. */
	readonly isFirst: boolean;
	readonly isLast: boolean;
	/** Events of the whole log, whether they fit or not. */
	readonly total: number;
}

/** What a list needs of a run. */
export interface FeedRun {
	readonly plan: Plan;
	look(name: "log.events", request: Omit<CallRequest<"log.events">, "run">): Promise<EventPage | undefined>;
}

interface Asked {
	readonly backwards: boolean;
	readonly fromIndex: number | null;
	readonly toIndex: number | null;
}

interface Found {
	readonly rows: readonly EventRow[];
	/** Where to go on; null: nothing more fits. */
	readonly next: number | null;
	/** The last event that was read, whether it fits or not; -1: none. */
	readonly lastIndex: number;
	readonly total: number;
}

const pageEvents = 400;
const rowsMax = 20_000;
/** Pages that held nothing that fits are passed over, so many at a time. */
const emptyPagesMax = 25;

function rowOf(event: PagedEvent, plan: Plan): EventRow {
	return { event, text: eventText(event, plan) };
}

export function peerOf({ fields }: PagedEvent): number {
	return Number(fields.to ?? fields.from ?? -1);
}

/** The row of the last event at an instant or before it; -1: all are later. */
export function lastAtOrBefore(rows: readonly EventRow[], atUs: number): number {
	return lastWhere(rows, ({ event }) => event.atUs <= atUs);
}

/** The row of an event, or of the last before it that fits; -1: all are later. */
export function lastUpTo(rows: readonly EventRow[], index: number): number {
	return lastWhere(rows, ({ event }) => event.index <= index);
}

function lastWhere(rows: readonly EventRow[], isBefore: (row: EventRow) => boolean): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (isBefore(rows[middle] as EventRow)) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

export class EventFeed {
	readonly store = new Store<FeedState>({ rows: [], isLoading: false, isFirst: false, isLast: false, total: 0 });
	readonly isWhole: boolean;
	readonly #run: FeedRun;
	readonly #query: SearchQuery;
	#earlier: number | null = null;
	/** -1: nothing was read yet. */
	#later = -1;
	#wanted: FeedPlace | null = null;
	#isShowing = false;
	/** One question at a time; the last of them. */
	#asking: Promise<void> = Promise.resolve();
	#isOver = false;

	constructor(run: FeedRun, query: SearchQuery) {
		this.#run = run;
		this.#query = query;
		this.isWhole = query.isEmpty;
	}

	end(): void {
		this.#isOver = true;
	}

	/** Has what is around a place; of places that are wanted meanwhile, the last. */
	async show(place: FeedPlace): Promise<void> {
		this.#wanted = place;
		if (this.#isShowing) return;
		this.#isShowing = true;
		while (this.#wanted !== null && !this.#isOver) {
			const wanted: FeedPlace = this.#wanted;
			this.#wanted = null;
			await this.#ask(() => this.#cover(wanted));
		}
		this.#isShowing = false;
	}

	async earlier(): Promise<void> {
		if (this.store.get().isLoading) return;
		await this.#ask(() => this.#addEarlier());
	}

	async later(): Promise<void> {
		if (this.store.get().isLoading) return;
		await this.#ask(() => this.#addLater());
	}

	#ask(question: () => Promise<void>): Promise<void> {
		this.#asking = this.#asking.then(async () => {
			if (this.#isOver) return;
			this.store.set({ isLoading: true });
			// The lab said already why it refused; the list stays as it is.
			await question().catch(() => {});
			this.store.set({ isLoading: false });
		});
		return this.#asking;
	}

	async #cover(place: FeedPlace): Promise<void> {
		if (this.#later < 0) return this.#begin(place);
		// What is a little farther on is reached by going on; and a log that grows may have more by now.
		if (this.#isAfter(place)) await this.#addLater();
		if (!this.#covers(place)) await this.#begin(place);
	}

	#covers(place: FeedPlace): boolean {
		const { rows, isFirst, isLast } = this.store.get();
		const [first, last] = [rows[0], rows.at(-1)];
		if (first === undefined || last === undefined) return isFirst && isLast;
		if ("index" in place) return (isFirst || first.event.index <= place.index) && (isLast || place.index <= last.event.index);
		return (isFirst || first.event.atUs <= place.atUs) && (isLast || place.atUs < last.event.atUs);
	}

	#isAfter(place: FeedPlace): boolean {
		const last = this.store.get().rows.at(-1);
		return last === undefined || ("index" in place ? place.index > last.event.index : place.atUs >= last.event.atUs);
	}

	/** Begins anew with what happened last up to a place. */
	async #begin(place: FeedPlace): Promise<void> {
		const toIndex = "index" in place ? place.index : await this.#lastIndexAt(place.atUs);
		const before = await this.#find({ backwards: true, fromIndex: null, toIndex });
		if (before === undefined) return;
		const from = toIndex === null ? before.lastIndex + 1 : toIndex + 1;
		const after = await this.#find({ backwards: false, fromIndex: Math.max(0, from), toIndex: null });
		if (after === undefined || this.#isOver) return;
		this.#earlier = before.next;
		this.#later = after.next ?? Math.max(from, after.lastIndex + 1);
		this.store.set({ rows: [...before.rows, ...after.rows], isFirst: before.next === null, isLast: after.next === null, total: after.total });
	}

	/** Null: there is nothing later, so that the whole log lies before it. */
	async #lastIndexAt(atUs: number): Promise<number | null> {
		const all = { fromIndex: null, toIndex: null, toUs: null, kinds: null, nodes: null, text: null };
		const page = await this.#run.look("log.events", { ...all, fromUs: Math.max(0, Math.floor(atUs)) + 1, limit: 1, backwards: false });
		const next = page?.indexes[0];
		return next === undefined ? null : Math.max(0, next - 1);
	}

	async #addEarlier(): Promise<void> {
		if (this.store.get().isFirst || this.#earlier === null) return;
		const found = await this.#find({ backwards: true, fromIndex: null, toIndex: this.#earlier });
		if (found === undefined) return;
		this.#earlier = found.next;
		const rows = [...found.rows, ...this.store.get().rows];
		const kept = rows.slice(0, rowsMax);
		// What is cut off is read again when it is wanted again.
		if (kept.length < rows.length) {
			this.#later = (kept.at(-1)?.event.index ?? -1) + 1;
			this.store.set({ isLast: false });
		}
		this.store.set({ rows: kept, isFirst: found.next === null, total: found.total });
	}

	async #addLater(): Promise<void> {
		const found = await this.#find({ backwards: false, fromIndex: Math.max(0, this.#later), toIndex: null });
		if (found === undefined) return;
		this.#later = found.next ?? Math.max(this.#later, found.lastIndex + 1);
		const rows = found.rows.length === 0 ? this.store.get().rows : [...this.store.get().rows, ...found.rows];
		const kept = rows.length > rowsMax ? rows.slice(-rowsMax) : rows;
		if (kept.length < rows.length) {
			this.#earlier = (kept[0]?.event.index ?? 0) - 1;
			this.store.set({ isFirst: false });
		}
		this.store.set({ rows: kept, isLast: found.next === null, total: found.total });
	}

	/** The next page in a direction that holds anything that fits. */
	async #find({ backwards, ...range }: Asked): Promise<Found | undefined> {
		let { fromIndex, toIndex } = range;
		let lastIndex = -1;
		let next: number | null = null;
		let total = this.store.get().total;
		for (let pages = 0; pages < emptyPagesMax && !this.#isOver; pages++) {
			const page = await this.#pageOf({ backwards, fromIndex, toIndex });
			if (page === undefined) return undefined;
			const found = [...readEventPage(page)].sort((a, b) => a.index - b.index);
			const rows = found
				.map((event) => rowOf(event, this.#run.plan))
				.filter(({ event, text }) => matches(this.#query, { ...event, peer: peerOf(event), text }));
			lastIndex = Math.max(lastIndex, found.at(-1)?.index ?? -1);
			({ nextIndex: next, eventCount: total } = page);
			if (rows.length > 0 || next === null) return { rows, next, lastIndex, total };
			if (backwards) toIndex = next;
			else fromIndex = next;
		}
		return { rows: [], next, lastIndex, total };
	}

	#pageOf({ backwards, fromIndex, toIndex }: Asked): Promise<EventPage | undefined> {
		const { nodes, kinds, texts, words, fromUs, toUs } = this.#query;
		return this.#run.look("log.events", {
			fromIndex,
			toIndex,
			fromUs: fromUs ?? null,
			toUs: toUs ?? null,
			kinds: kinds.length > 0 ? kinds : null,
			// A message is looked for at both its ends, of which the lab's filter knows one.
			nodes: nodes.length > 0 && kinds.length === 0 && texts.length === 0 ? nodes : null,
			text: words[0]?.slice(0, 200) ?? null,
			limit: pageEvents,
			backwards,
		});
	}
}
