/** Pages of events: picked by place, kind, node and words, forwards or backwards, in bounded work. */
import type { CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import { decodeRecord, recordLengthWord } from "../../../shared/event-record.ts";
import { eventSchema } from "../../../shared/event-schema.ts";
import type { Plan } from "../../../shared/plan.ts";
import { eventText } from "../../../shared/projection/event-text.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, kindOf, nodeOf } from "./place.ts";
import { type Sliced, walk } from "./walk.ts";

export type EventPage = CallReply<"log.events">;
export type PageRequest = Omit<CallRequest<"log.events">, "run">;

/** Looked at for one page; a search that finds little goes on from `nextIndex`. */
const scanEventsMax = 200_000;
const pageWordsMax = 1_048_576;

/** Collects records until the page is full. */
class PageBuilder {
	readonly indexes: number[] = [];
	readonly #records: Int32Array[] = [];
	#words = 0;

	get isFull(): boolean {
		return this.#words >= pageWordsMax;
	}

	add({ index, words, start }: StoredEvent): void {
		const length = words[start + recordLengthWord] as number;
		this.indexes.push(index);
		this.#records.push(words.slice(start, start + length));
		this.#words += length;
	}

	page({
		backwards: isBackwards,
		nextIndex,
		eventCount,
	}: {
		readonly backwards: boolean;
		readonly nextIndex: number | null;
		readonly eventCount: number;
	}): EventPage {
		if (isBackwards) {
			this.indexes.reverse();
			this.#records.reverse();
		}
		const words = new Int32Array(this.#words);
		let at = 0;
		for (const record of this.#records) {
			words.set(record, at);
			at += record.length;
		}
		return { indexes: this.indexes, words: new Uint8Array(words.buffer), nextIndex, eventCount };
	}
}

/** The page of one event, or of none. */
export function pageOfOne(event: StoredEvent | undefined, eventCount: number): EventPage {
	const builder = new PageBuilder();
	if (event !== undefined) builder.add(event);
	return builder.page({ backwards: false, nextIndex: null, eventCount });
}

export function textOf({ words, start }: StoredEvent, plan: Plan): string {
	const event = decodeRecord(words, start);
	return typeof event === "string" ? event : eventText(event, plan);
}

function matcher({ kinds, nodes, text, fromUs, toUs }: PageRequest, plan: Plan): (event: StoredEvent) => boolean {
	const kindIds = kinds === null ? null : new Set(kinds.map((kind) => eventSchema[kind].id));
	const wantedNodes = nodes === null ? null : new Set(nodes);
	const wanted = text === null || text === "" ? null : text.toLowerCase();
	return (event) => {
		if (kindIds !== null && !kindIds.has(kindOf(event) as never)) return false;
		if (wantedNodes !== null && !wantedNodes.has(nodeOf(event))) return false;
		if (fromUs !== null && atUsOf(event) < fromUs) return false;
		if (toUs !== null && atUsOf(event) > toUs) return false;
		return wanted === null || textOf(event, plan).toLowerCase().includes(wanted);
	};
}

/** Reading an event as a person does costs as much as looking at so many. */
const textCostEvents = 8;

export async function eventPage(sliced: Sliced, request: PageRequest): Promise<EventPage> {
	const { session, eventCount } = sliced.log();
	const { backwards, limit, fromUs, toUs } = request;
	const matches = matcher(request, session.plan);
	const builder = new PageBuilder();
	let scanned = 0;
	let nextIndex: number | null = null;
	const take = (event: StoredEvent): boolean => {
		// Backwards, what lies before the first instant ends the search.
		if (backwards && fromUs !== null && atUsOf(event) < fromUs) return true;
		if (builder.indexes.length >= limit || builder.isFull || ++scanned > scanEventsMax) {
			nextIndex = event.index;
			return true;
		}
		if (matches(event)) builder.add(event);
		return false;
	};
	const range = { fromIndex: request.fromIndex ?? 0, toIndex: request.toIndex ?? eventCount - 1, isBackwards: backwards };
	const inTime = backwards ? {} : { fromUs: fromUs ?? 0, toUs: toUs ?? Number.MAX_SAFE_INTEGER };
	const sliceEvents = request.text === null ? sliced.sliceEvents : Math.max(1, Math.floor(sliced.sliceEvents / textCostEvents));
	await walk({ ...sliced, sliceEvents }, { ...range, ...inTime }, take);
	return builder.page({ backwards, nextIndex, eventCount });
}
