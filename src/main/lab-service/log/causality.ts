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
import { atUsOf, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";
import { type Sliced, walk } from "./walk.ts";

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
class Side {
	readonly indexes: number[] = [];
	truncated = false;
	readonly nodes = new Set<number>();
	readonly messages = new Map<string, Traveller>();
	readonly #cone: ConeBuilder;
	readonly #name: ConeMessageSide;
	readonly #limit: number;
	#scanned = 0;
	#beyond = 0;

	constructor(cone: ConeBuilder, name: ConeMessageSide, limit: number) {
		this.#cone = cone;
		this.#name = name;
		this.#limit = limit;
	}

	/** False once enough was looked at. */
	goesOn(): boolean {
		if (++this.#scanned > scanEventsMax) this.truncated = true;
		else if (this.truncated && (++this.#beyond > beyondEventsMax || this.#cone.isWhole(this.#name))) return false;
		return this.#scanned <= scanEventsMax;
	}

	take(event: StoredEvent): void {
		if (this.indexes.length < this.#limit) this.indexes.push(event.index);
		else this.truncated = true;
	}

	/** An event of this node lies in the cone, and so do all of its on that side. */
	join(node: number): void {
		this.nodes.add(node);
		this.#cone.node(node, this.#name);
	}

	/** A link that a command changed. */
	changed(event: StoredEvent): void {
		const offset = linkOffsets.get(kindOf(event));
		if (offset !== undefined) this.#cone.link(wordOf(event, offset), this.#name);
	}

	crossed(event: StoredEvent, from: number, { to, via }: Traveller): void {
		this.#cone.crossed({ from, to, via }, this.#name);
		if (kindOf(event) === idOf.messageSent) this.carried(event);
	}

	/** A message that was sent lies on this side. */
	carried(event: StoredEvent): void {
		this.#cone.message({ from: nodeOf(event), sequence: wordOf(event, sentSequence), side: this.#name });
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

async function walkBack(sliced: Sliced, origin: StoredEvent, side: Side): Promise<void> {
	/** The instant of a fault whose command comes next. */
	let commandUs = controlKinds.has(kindOf(origin)) && !commandKinds.has(kindOf(origin)) ? atUsOf(origin) : -1;
	const expect = (event: StoredEvent): void => {
		if (kindOf(event) === idOf.messageDelivered) side.messages.set(deliveredKey(event), { copy: wordOf(event, deliveredCopy), to: nodeOf(event), via: [] });
	};
	const traveller = travellerOf(origin);
	if (traveller !== null) side.messages.set(traveller, { copy: null, to: -1, via: wayBefore(origin) });
	else if (nodeOf(origin) >= 0) side.nodes.add(nodeOf(origin));
	expect(origin);
	const take = (event: StoredEvent): boolean => {
		if (!side.goesOn()) return true;
		const kind = kindOf(event);
		const passing = travellerOf(event);
		if (passing !== null) {
			const way = side.messages.get(passing);
			if (way === undefined || kind === idOf.messageDropped) return false;
			if (kind === idOf.messageForwarded && (way.copy === null || way.copy === wordOf(event, forwardedCopy))) way.via.unshift(wordOf(event, forwardedVertex));
			side.take(event);
			return false;
		}
		if (commandKinds.has(kind)) {
			if (atUsOf(event) === commandUs && kind === idOf.commandApplied) side.take(event);
			commandUs = -1;
			return false;
		}
		const way = kind === idOf.messageSent ? side.messages.get(sentKey(event)) : undefined;
		if (way === undefined && !side.nodes.has(nodeOf(event))) return false;
		if (way !== undefined) side.crossed(event, nodeOf(event), way);
		side.join(nodeOf(event));
		expect(event);
		if (controlKinds.has(kind)) commandUs = atUsOf(event);
		side.take(event);
		return false;
	};
	await walk(sliced, { toIndex: origin.index - 1, isBackwards: true }, take);
}

async function walkOn(sliced: Sliced, origin: StoredEvent, side: Side): Promise<void> {
	/** While what follows is what the command did. */
	let doneUs = kindOf(origin) === idOf.commandApplied ? atUsOf(origin) : -1;
	const expect = (event: StoredEvent): void => {
		if (kindOf(event) !== idOf.messageSent) return;
		side.messages.set(sentKey(event), { copy: null, to: wordOf(event, sentTo), via: [] });
		side.carried(event);
	};
	const traveller = travellerOf(origin);
	if (traveller === null && nodeOf(origin) >= 0) side.nodes.add(nodeOf(origin));
	else if (traveller !== null && kindOf(origin) !== idOf.messageDropped) side.messages.set(traveller, { copy: null, to: -1, via: wayBefore(origin) });
	expect(origin);
	const take = (event: StoredEvent): boolean => {
		if (!side.goesOn()) return true;
		const kind = kindOf(event);
		if (doneUs >= 0 && (atUsOf(event) !== doneUs || !isDoneTo(event))) doneUs = -1;
		const passing = travellerOf(event);
		if (passing !== null) {
			const way = side.messages.get(passing);
			if (doneUs >= 0) side.take(event);
			if (way === undefined || doneUs >= 0) return false;
			if (kind === idOf.messageForwarded) way.via.push(wordOf(event, forwardedVertex));
			side.take(event);
			return false;
		}
		if (doneUs >= 0) side.changed(event);
		const way = kind === idOf.messageDelivered ? side.messages.get(deliveredKey(event)) : undefined;
		if (way === undefined && doneUs < 0 && (nodeOf(event) < 0 || !side.nodes.has(nodeOf(event)))) return false;
		if (way !== undefined) side.crossed(event, wordOf(event, deliveredFrom), { ...way, to: nodeOf(event) });
		if (nodeOf(event) >= 0) side.join(nodeOf(event));
		expect(event);
		side.take(event);
		return false;
	};
	await walk(sliced, { fromIndex: origin.index + 1 }, take);
}

/** @param limit events to tell on either side; nodes and links are looked for a little further */
export async function causalityOf(sliced: Sliced, index: number, limit: number): Promise<CallReply<"log.causality">> {
	const log = sliced.log();
	const cone = new ConeBuilder(log.session.plan, { messagesMax: limit });
	const past = new Side(cone, "past", limit);
	const future = new Side(cone, "future", limit);
	const origin = eventAt(log, index);
	if (origin !== undefined) {
		if (travellerOf(origin) === null) cone.node(nodeOf(origin), "both");
		const link = linkOffsets.get(kindOf(origin));
		if (link !== undefined) cone.link(wordOf(origin, link), "both");
		await walkBack(sliced, origin, past);
		await walkOn(sliced, origin, future);
	}
	return { past: past.indexes, future: future.indexes, truncated: past.truncated || future.truncated, ...cone.told() };
}
