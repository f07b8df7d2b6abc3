/**
 * What lies next to an event: before and after it on its node, the other end of its message, what it answers
 * and what answers it. Bounded.
 */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { offsetOf } from "../../../shared/event-record.ts";
import { messageKey } from "../../../shared/projection/causal-cone.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { deliveredKey, sentKey, wordOf } from "./message-words.ts";
import { textOf } from "./pages.ts";
import { atUsOf, backwards, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";

const sentReply = offsetOf("messageSent", "inReplyTo");
const sentTo = offsetOf("messageSent", "to");
const droppedSequence = offsetOf("messageDropped", "sequence");

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
	const request = kindOf(origin) === idOf.messageSent && wordOf(origin, sentReply) !== 0 ? messageKey(wordOf(origin, sentTo), wordOf(origin, sentReply)) : null;
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
		else if (kind === idOf.messageDropped && own !== null && messageKey(nodeOf(event), wordOf(event, droppedSequence)) === own) add(event, "loss");
		else if (kind === idOf.messageSent && nodeOf(event) === node && asked !== null && messageKey(wordOf(event, sentTo), wordOf(event, sentReply)) === asked) {
			add(event, "reply");
			return;
		} else if (!hasAfter && nodeOf(event) === node) {
			add(event, "after");
			hasAfter = true;
		}
	}
}
