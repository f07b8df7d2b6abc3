/**
 * What led to an event and what came of it: the events of a node in order, and messages from sending to
 * delivery. One walk each way, however far the cone reaches. What the network does to a message on its way
 * happens to the message and not to its sender, who learns nothing of it.
 * @source Lamport: Time, Clocks, and the Ordering of Events in a Distributed System (CACM 1978)
 */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { offsetOf } from "../../../shared/event-record.ts";
import { type DropReason, dropReasons, eventKinds, eventSchema } from "../../../shared/event-schema.ts";
import { ConeBuilder, type ConeMessageSide, messageKey } from "../../../shared/projection/causal-cone.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { deliveredKey, sentKey, wordOf } from "./message-words.ts";
import { atUsOf, backwards, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";

const sentTo = offsetOf("messageSent", "to");
const sentSequence = offsetOf("messageSent", "sequence");
const deliveredFrom = offsetOf("messageDelivered", "from");
const deliveredCopy = offsetOf("messageDelivered", "copy");
const forwardedVertex = offsetOf("messageForwarded", "vertex");
const forwardedCopy = offsetOf("messageForwarded", "copy");

/** Where the number of the message is, in what the network says of one. */
const sequenceOffsets: ReadonlyMap<number, number> = new Map([
	[idOf.messageDropped, offsetOf("messageDropped", "sequence")],
	[idOf.messageDuplicated, offsetOf("messageDuplicated", "sequence")],
	[idOf.messageHeld, offsetOf("messageHeld", "sequence")],
	[idOf.messageForwarded, offsetOf("messageForwarded", "sequence")],
]);
const controlKinds: ReadonlySet<number> = new Set(eventKinds.filter((kind) => eventSchema[kind].class === "control").map((kind) => idOf[kind]));
const commandKinds: ReadonlySet<number> = new Set([idOf.commandApplied, idOf.commandRefused]);
const linkOffsets: ReadonlyMap<number, number> = new Map([
	[idOf.linkCut, offsetOf("linkCut", "link")],
	[idOf.linkHealed, offsetOf("linkHealed", "link")],
	[idOf.linkClogged, offsetOf("linkClogged", "link")],
	[idOf.linkChanged, offsetOf("linkChanged", "link")],
]);
const droppedReason = offsetOf("messageDropped", "reason");
/** Losses that a command may bring about at its own instant. */
const doneReasons: ReadonlySet<DropReason | undefined> = new Set<DropReason>(["cut", "partition", "command", "nodeDown"]);

const scanEventsMax = 400_000;
/** Looked at beyond the events that are told, for what the cone reaches. */
const beyondEventsMax = 50_000;

export function eventAt({ session, branch }: OpenLog, index: number): StoredEvent | undefined {
	for (const event of session.events({ branch, fromIndex: index, toIndex: index })) return event;
	return undefined;
}

/** The message that a network event is about; null for any other event. */
function travellerOf(event: StoredEvent): string | null {
	const offset = sequenceOffsets.get(kindOf(event));
	return offset === undefined ? null : messageKey(nodeOf(event), wordOf(event, offset));
}

/** A message of which one end is known to lie in the cone. */
interface Traveller {
	/** Past: the copy that was delivered; future: any. */
	readonly copy: number | null;
	readonly to: number;
	/** Where it was passed on, in the order of its way. */
	readonly via: number[];
}

/** One side of the cone as it is walked. */
class Walk {
	readonly indexes: number[] = [];
	truncated = false;
	readonly nodes = new Set<number>();
	readonly messages = new Map<string, Traveller>();
	readonly #cone: ConeBuilder;
	readonly #side: ConeMessageSide;
	readonly #limit: number;
	#scanned = 0;
	#beyond = 0;

	constructor(cone: ConeBuilder, side: ConeMessageSide, limit: number) {
		this.#cone = cone;
		this.#side = side;
		this.#limit = limit;
	}

	/** False once enough was looked at. */
	goesOn(): boolean {
		if (++this.#scanned > scanEventsMax) this.truncated = true;
		else if (this.truncated && (++this.#beyond > beyondEventsMax || this.#cone.isWhole(this.#side))) return false;
		return this.#scanned <= scanEventsMax;
	}

	take(event: StoredEvent): void {
		if (this.indexes.length < this.#limit) this.indexes.push(event.index);
		else this.truncated = true;
	}

	/** An event of this node lies in the cone, and so do all of its on that side. */
	join(node: number): void {
		this.nodes.add(node);
		this.#cone.node(node, this.#side);
	}

	/** A link that a command changed. */
	changed(event: StoredEvent): void {
		const offset = linkOffsets.get(kindOf(event));
		if (offset !== undefined) this.#cone.link(wordOf(event, offset), this.#side);
	}

	crossed(event: StoredEvent, from: number, { to, via }: Traveller): void {
		this.#cone.crossed({ from, to, via }, this.#side);
		if (kindOf(event) === idOf.messageSent) this.carried(event);
	}

	/** A message that was sent lies on this side. */
	carried(event: StoredEvent): void {
		this.#cone.message({ from: nodeOf(event), sequence: wordOf(event, sentSequence), side: this.#side });
	}
}

/** A message that is just passed on has come as far as there. */
function wayBefore(origin: StoredEvent): number[] {
	return kindOf(origin) === idOf.messageForwarded ? [wordOf(origin, forwardedVertex)] : [];
}

function isDoneTo(event: StoredEvent): boolean {
	if (kindOf(event) === idOf.messageDropped) return doneReasons.has(dropReasons[wordOf(event, droppedReason)]);
	return controlKinds.has(kindOf(event)) && !commandKinds.has(kindOf(event));
}

function walkBack(log: OpenLog, origin: StoredEvent, walk: Walk): void {
	/** The instant of a fault whose command comes next. */
	let commandUs = controlKinds.has(kindOf(origin)) && !commandKinds.has(kindOf(origin)) ? atUsOf(origin) : -1;
	const expect = (event: StoredEvent): void => {
		if (kindOf(event) === idOf.messageDelivered) walk.messages.set(deliveredKey(event), { copy: wordOf(event, deliveredCopy), to: nodeOf(event), via: [] });
	};
	const traveller = travellerOf(origin);
	if (traveller !== null) walk.messages.set(traveller, { copy: null, to: -1, via: wayBefore(origin) });
	else if (nodeOf(origin) >= 0) walk.nodes.add(nodeOf(origin));
	expect(origin);
	for (const event of backwards(log, origin.index - 1)) {
		if (!walk.goesOn()) return;
		const kind = kindOf(event);
		const passing = travellerOf(event);
		if (passing !== null) {
			const way = walk.messages.get(passing);
			if (way === undefined || kind === idOf.messageDropped) continue;
			if (kind === idOf.messageForwarded && (way.copy === null || way.copy === wordOf(event, forwardedCopy))) way.via.unshift(wordOf(event, forwardedVertex));
			walk.take(event);
			continue;
		}
		if (commandKinds.has(kind)) {
			if (atUsOf(event) === commandUs && kind === idOf.commandApplied) walk.take(event);
			commandUs = -1;
			continue;
		}
		const way = kind === idOf.messageSent ? walk.messages.get(sentKey(event)) : undefined;
		if (way === undefined && !walk.nodes.has(nodeOf(event))) continue;
		if (way !== undefined) walk.crossed(event, nodeOf(event), way);
		walk.join(nodeOf(event));
		expect(event);
		if (controlKinds.has(kind)) commandUs = atUsOf(event);
		walk.take(event);
	}
}

function walkOn({ session, branch, eventCount }: OpenLog, origin: StoredEvent, walk: Walk): void {
	/** While what follows is what the command did. */
	let doneUs = kindOf(origin) === idOf.commandApplied ? atUsOf(origin) : -1;
	const expect = (event: StoredEvent): void => {
		if (kindOf(event) !== idOf.messageSent) return;
		walk.messages.set(sentKey(event), { copy: null, to: wordOf(event, sentTo), via: [] });
		walk.carried(event);
	};
	const traveller = travellerOf(origin);
	if (traveller === null && nodeOf(origin) >= 0) walk.nodes.add(nodeOf(origin));
	else if (traveller !== null && kindOf(origin) !== idOf.messageDropped) walk.messages.set(traveller, { copy: null, to: -1, via: wayBefore(origin) });
	expect(origin);
	for (const event of session.events({ branch, fromIndex: origin.index + 1, toIndex: eventCount - 1 })) {
		if (!walk.goesOn()) return;
		const kind = kindOf(event);
		if (doneUs >= 0 && (atUsOf(event) !== doneUs || !isDoneTo(event))) doneUs = -1;
		const passing = travellerOf(event);
		if (passing !== null) {
			const way = walk.messages.get(passing);
			if (doneUs >= 0) walk.take(event);
			if (way === undefined || doneUs >= 0) continue;
			if (kind === idOf.messageForwarded) way.via.push(wordOf(event, forwardedVertex));
			walk.take(event);
			continue;
		}
		if (doneUs >= 0) walk.changed(event);
		const way = kind === idOf.messageDelivered ? walk.messages.get(deliveredKey(event)) : undefined;
		if (way === undefined && doneUs < 0 && (nodeOf(event) < 0 || !walk.nodes.has(nodeOf(event)))) continue;
		if (way !== undefined) walk.crossed(event, wordOf(event, deliveredFrom), { ...way, to: nodeOf(event) });
		if (nodeOf(event) >= 0) walk.join(nodeOf(event));
		expect(event);
		walk.take(event);
	}
}

/** @param limit events to tell on either side; nodes and links are looked for a little further */
export function causalityOf(log: OpenLog, index: number, limit: number): CallReply<"log.causality"> {
	const cone = new ConeBuilder(log.session.plan, { messagesMax: limit });
	const past = new Walk(cone, "past", limit);
	const future = new Walk(cone, "future", limit);
	const origin = eventAt(log, index);
	if (origin !== undefined) {
		if (travellerOf(origin) === null) cone.node(nodeOf(origin), "both");
		const link = linkOffsets.get(kindOf(origin));
		if (link !== undefined) cone.link(wordOf(origin, link), "both");
		walkBack(log, origin, past);
		walkOn(log, origin, future);
	}
	return { past: past.indexes, future: future.indexes, truncated: past.truncated || future.truncated, ...cone.told() };
}
