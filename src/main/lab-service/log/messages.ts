/** Messages told from the log: from their sending to what became of each copy. Bounded. */
import type { Of } from "../../../shared/contract/schema.ts";
import type { arrowView, flightView } from "../../../shared/contract/views.ts";
import { offsetOf } from "../../../shared/event-record.ts";
import { dropReasons } from "../../../shared/event-schema.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";
import { type Sliced, walk } from "./walk.ts";

export type Arrow = Of<typeof arrowView>;
export type Flight = Of<typeof flightView>;

const sent = {
	sequence: offsetOf("messageSent", "sequence"),
	to: offsetOf("messageSent", "to"),
	name: offsetOf("messageSent", "name"),
	inReplyTo: offsetOf("messageSent", "inReplyTo"),
};
const delivered = {
	from: offsetOf("messageDelivered", "from"),
	sequence: offsetOf("messageDelivered", "sequence"),
	copy: offsetOf("messageDelivered", "copy"),
};
const dropped = {
	sequence: offsetOf("messageDropped", "sequence"),
	copy: offsetOf("messageDropped", "copy"),
	reason: offsetOf("messageDropped", "reason"),
};
const doubled = { sequence: offsetOf("messageDuplicated", "sequence"), copy: offsetOf("messageDuplicated", "copy") };

const word = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;
const keyOf = (from: number, sequence: number, copy: number): string => `${from}:${sequence}:${copy}`;

/** Sequence numbers begin anew with no boot, so sender, number and copy name a message for good. */
export class MessageTracker {
	/** Under way, oldest first. */
	readonly open: Map<string, Arrow>;

	constructor(open: ReadonlyMap<string, Arrow> = new Map()) {
		this.open = new Map(open);
	}

	/** Folds an event in. @returns the message that ended with it, if one did */
	take(event: StoredEvent): Arrow | undefined {
		switch (kindOf(event)) {
			case idOf.messageSent:
				this.#begin(event);
				return undefined;
			case idOf.messageDuplicated:
				this.#double(event);
				return undefined;
			case idOf.messageDelivered:
				return this.#end(event, keyOf(word(event, delivered.from), word(event, delivered.sequence), word(event, delivered.copy)), -1);
			case idOf.messageDropped:
				return this.#end(event, keyOf(nodeOf(event), word(event, dropped.sequence), word(event, dropped.copy)), word(event, dropped.reason));
			default:
				return undefined;
		}
	}

	#begin(event: StoredEvent): void {
		const from = nodeOf(event);
		const sequence = word(event, sent.sequence);
		this.open.set(keyOf(from, sequence, 0), {
			from,
			to: word(event, sent.to),
			sequence,
			copy: 0,
			name: word(event, sent.name),
			isReply: word(event, sent.inReplyTo) !== 0,
			sentIndex: event.index,
			sentUs: atUsOf(event),
			endIndex: -1,
			endUs: -1,
			fate: "underWay",
			reason: null,
		});
	}

	#double(event: StoredEvent): void {
		const from = nodeOf(event);
		const sequence = word(event, doubled.sequence);
		const copy = word(event, doubled.copy);
		const original = this.open.get(keyOf(from, sequence, 0));
		if (original !== undefined) this.open.set(keyOf(from, sequence, copy), { ...original, copy });
	}

	#end(event: StoredEvent, key: string, reason: number): Arrow | undefined {
		const begun = this.open.get(key);
		if (begun === undefined) return undefined;
		this.open.delete(key);
		const ended = { ...begun, endIndex: event.index, endUs: atUsOf(event) };
		return reason < 0 ? { ...ended, fate: "delivered" } : { ...ended, fate: "lost", reason: dropReasons[reason] ?? null };
	}
}

export interface MessageRange {
	readonly fromUs: number;
	readonly toUs: number;
	readonly nodes: readonly number[] | null;
	readonly limit: number;
}

/** Looked through before the range for messages that were under way when it begins. */
const lookBackEvents = 20_000;
/** Looked through after the range for the ends of messages. */
const lookAheadEvents = 50_000;

/** @returns the messages that were under way at any time within the range, by their sending */
export async function messagesWithin(
	sliced: Sliced,
	{ fromUs, toUs, nodes, limit }: MessageRange,
): Promise<{ readonly messages: readonly Arrow[]; readonly truncated: boolean }> {
	const wanted = nodes === null ? null : new Set(nodes);
	const isWanted = (arrow: Arrow): boolean => arrow.endUs >= fromUs && (wanted === null || wanted.has(arrow.from) || wanted.has(arrow.to));
	const tracker = new MessageTracker();
	const found: Arrow[] = [];
	let after = 0;
	let truncated = false;
	await walk(sliced, { fromIndex: Math.max(0, indexAt(sliced.log(), fromUs) - lookBackEvents) }, (event) => {
		const isAfter = atUsOf(event) > toUs;
		if (isAfter && kindOf(event) === idOf.messageSent) return ++after > lookAheadEvents;
		const ended = tracker.take(event);
		if (ended !== undefined && isWanted(ended)) found.push(ended);
		truncated ||= found.length > limit;
		return truncated || (isAfter && (tracker.open.size === 0 || ++after > lookAheadEvents));
	});
	for (const arrow of tracker.open.values()) {
		if (arrow.sentUs > toUs || (wanted !== null && !wanted.has(arrow.from) && !wanted.has(arrow.to))) continue;
		if (found.length >= limit) truncated = true;
		else found.push(arrow);
	}
	return { messages: found.slice(0, limit).sort((a, b) => a.sentIndex - b.sentIndex || a.copy - b.copy), truncated };
}

/** Index of the first event at or after an instant. */
function indexAt({ session, branch, eventCount }: OpenLog, atUs: number): number {
	if (eventCount === 0) return 0;
	for (const { index } of session.events({ branch, fromUs: atUs })) return index;
	return eventCount;
}

/** Messages under way at an instant, with the end that the log tells of them. */
export function flightsAt(log: OpenLog, tracker: MessageTracker, nextIndex: number, limit: number): readonly Flight[] {
	const ends = new Map<string, Arrow>();
	if (tracker.open.size > 0) {
		const ahead = new MessageTracker(tracker.open);
		let looked = 0;
		let left = ahead.open.size;
		for (const event of log.session.events({ branch: log.branch, fromIndex: nextIndex, toIndex: log.eventCount - 1 })) {
			if (left === 0 || ++looked > lookAheadEvents) break;
			if (kindOf(event) === idOf.messageSent) continue;
			const ended = ahead.take(event);
			if (ended === undefined) continue;
			ends.set(keyOf(ended.from, ended.sequence, ended.copy), ended);
			left--;
		}
	}
	const flights: Flight[] = [];
	for (const [key, arrow] of tracker.open) {
		if (flights.length >= limit) break;
		const end = ends.get(key);
		flights.push({
			from: arrow.from,
			to: arrow.to,
			sequence: arrow.sequence,
			copy: arrow.copy,
			name: arrow.name,
			isReply: arrow.isReply,
			link: -1,
			backward: false,
			enteredUs: arrow.sentUs,
			arrivesUs: end?.endUs ?? -1,
			fate: end === undefined ? "unknown" : end.fate === "lost" ? "lost" : "delivered",
			lostUs: null,
		});
	}
	return flights;
}
