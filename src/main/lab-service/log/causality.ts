/**
 * What led to an event and what came of it: the events of a node in order, and messages from sending to
 * delivery. One walk each way, however far the cone reaches.
 * @source Lamport: Time, Clocks, and the Ordering of Events in a Distributed System (CACM 1978)
 */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { offsetOf } from "../../../shared/event-record.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { textOf } from "./pages.ts";
import { atUsOf, backwards, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";

const sentSequence = offsetOf("messageSent", "sequence");
const sentReply = offsetOf("messageSent", "inReplyTo");
const sentTo = offsetOf("messageSent", "to");
const deliveredFrom = offsetOf("messageDelivered", "from");
const deliveredSequence = offsetOf("messageDelivered", "sequence");
const droppedSequence = offsetOf("messageDropped", "sequence");

const scanEventsMax = 400_000;
const word = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;
const messageKey = (from: number, sequence: number): string => `${from}:${sequence}`;
const sentKey = (event: StoredEvent): string => messageKey(nodeOf(event), word(event, sentSequence));
const deliveredKey = (event: StoredEvent): string => messageKey(word(event, deliveredFrom), word(event, deliveredSequence));

interface Cone {
	readonly indexes: readonly number[];
	readonly truncated: boolean;
}

export function eventAt({ session, branch }: OpenLog, index: number): StoredEvent | undefined {
	for (const event of session.events({ branch, fromIndex: index, toIndex: index })) return event;
	return undefined;
}

function pastOf(log: OpenLog, origin: StoredEvent, limit: number): Cone {
	const nodes = new Set([nodeOf(origin)]);
	const wanted = new Set<string>();
	if (kindOf(origin) === idOf.messageDelivered) wanted.add(deliveredKey(origin));
	const indexes: number[] = [];
	let scanned = 0;
	for (const event of backwards(log, origin.index - 1)) {
		if (indexes.length >= limit || ++scanned > scanEventsMax) return { indexes, truncated: true };
		const isSending = kindOf(event) === idOf.messageSent && wanted.has(sentKey(event));
		if (!isSending && !nodes.has(nodeOf(event))) continue;
		nodes.add(nodeOf(event));
		if (kindOf(event) === idOf.messageDelivered) wanted.add(deliveredKey(event));
		indexes.push(event.index);
	}
	return { indexes, truncated: false };
}

function futureOf({ session, branch, eventCount }: OpenLog, origin: StoredEvent, limit: number): Cone {
	const nodes = new Set([nodeOf(origin)]);
	const messages = new Set<string>();
	if (kindOf(origin) === idOf.messageSent) messages.add(sentKey(origin));
	const indexes: number[] = [];
	let scanned = 0;
	for (const event of session.events({ branch, fromIndex: origin.index + 1, toIndex: eventCount - 1 })) {
		if (indexes.length >= limit || ++scanned > scanEventsMax) return { indexes, truncated: true };
		const isDelivery = kindOf(event) === idOf.messageDelivered && messages.has(deliveredKey(event));
		if (!isDelivery && !nodes.has(nodeOf(event))) continue;
		nodes.add(nodeOf(event));
		if (kindOf(event) === idOf.messageSent) messages.add(sentKey(event));
		indexes.push(event.index);
	}
	return { indexes, truncated: false };
}

/** An event of the whole cluster (a partition, a heal) is next to nobody in particular. */
export function causalityOf(log: OpenLog, index: number, limit: number): CallReply<"log.causality"> {
	const origin = eventAt(log, index);
	if (origin === undefined || nodeOf(origin) < 0) return { past: [], future: [], truncated: false };
	const past = pastOf(log, origin, limit);
	const future = futureOf(log, origin, limit);
	return { past: past.indexes, future: future.indexes, truncated: past.truncated || future.truncated };
}

type Neighbour = CallReply<"log.event">["neighbours"][number];
const neighbourScanMax = 50_000;
const neighboursMax = 64;

export function neighboursOf(log: OpenLog, origin: StoredEvent): readonly Neighbour[] {
	const { plan } = log.session;
	const found: Neighbour[] = [];
	const add = (event: StoredEvent, relation: Neighbour["relation"]): void => {
		if (found.length < neighboursMax) found.push({ index: event.index, atUs: atUsOf(event), relation, text: textOf(event, plan).slice(0, 1_000) });
	};
	lookBack(log, origin, add);
	lookAhead(log, origin, add);
	return found.sort((a, b) => a.index - b.index);
}

type Add = (event: StoredEvent, relation: Neighbour["relation"]) => void;

function lookBack(log: OpenLog, origin: StoredEvent, add: Add): void {
	const node = nodeOf(origin);
	const sending = kindOf(origin) === idOf.messageDelivered ? deliveredKey(origin) : null;
	const request = kindOf(origin) === idOf.messageSent && word(origin, sentReply) !== 0 ? messageKey(word(origin, sentTo), word(origin, sentReply)) : null;
	let missing = 1 + (sending === null ? 0 : 1) + (request === null ? 0 : 1);
	let hasBefore = false;
	let scanned = 0;
	for (const event of backwards(log, origin.index - 1)) {
		if (missing === 0 || ++scanned > neighbourScanMax) return;
		const kind = kindOf(event);
		if (kind === idOf.messageSent && sentKey(event) === sending) {
			add(event, "sending");
			missing--;
		} else if (kind === idOf.messageDelivered && request !== null && deliveredKey(event) === request) {
			add(event, "request");
			missing--;
		} else if (!hasBefore && nodeOf(event) === node) {
			add(event, kind === idOf.commandApplied ? "command" : "before");
			hasBefore = true;
			missing--;
		}
	}
}

function lookAhead({ session, branch, eventCount }: OpenLog, origin: StoredEvent, add: Add): void {
	const node = nodeOf(origin);
	const own = kindOf(origin) === idOf.messageSent ? sentKey(origin) : null;
	const asked = kindOf(origin) === idOf.messageDelivered ? deliveredKey(origin) : null;
	let hasAfter = false;
	let scanned = 0;
	for (const event of session.events({ branch, fromIndex: origin.index + 1, toIndex: eventCount - 1 })) {
		if (++scanned > neighbourScanMax || (hasAfter && own === null && asked === null)) return;
		const kind = kindOf(event);
		if (kind === idOf.messageDelivered && own !== null && deliveredKey(event) === own) add(event, "delivery");
		else if (kind === idOf.messageDropped && own !== null && messageKey(nodeOf(event), word(event, droppedSequence)) === own) add(event, "loss");
		else if (kind === idOf.messageSent && nodeOf(event) === node && asked !== null && messageKey(word(event, sentTo), word(event, sentReply)) === asked) {
			add(event, "reply");
			return;
		} else if (!hasAfter && nodeOf(event) === node) {
			add(event, "after");
			hasAfter = true;
		}
	}
}
