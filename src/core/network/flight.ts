/**
 * A message on its way: one copy of it, on one link at a time.
 *
 * The kernel makes one for each messageSent record, the network moves it, and at the end the very
 * same object is the receiver's Delivery: one allocation a message. It must not know of links'
 * physics. Runs on the kernel's thread.
 */
import { type ByteRange, emptyRange } from "../../shared/byte-range.ts";
import type { Delivery } from "../executor.ts";

/** Why a flight ends where its link ends; `none` lives on. */
export type FlightFate = "none" | "corruption" | "nodeDown";

export class Flight implements Delivery {
	// --- filled by the sender (the kernel) before Network.send
	from = 0;
	to = 0;
	/** Sender's number of the message, from 1. */
	sequence = 0;
	/** Index into the plan's names. */
	name = 0;
	expectsReply = false;
	inReplyTo = 0;
	sentUs = 0;
	lamport = 0;
	traceNode = -1;
	traceSequence = 0;
	spanNode = -1;
	spanSequence = 0;
	body: ByteRange = emptyRange;

	// --- owned by the network
	/** Arrival at the end of the current link; Infinity while a clogged link holds it. */
	atUs = 0;
	tie = 0;
	/** 0: the original. A copy made on hop `h` of copy `c` is `c + 2^h`, so no two copies share a number. */
	copy = 0;
	/** Link direction it is on (link * 2, + 1 when backward). */
	direction = -1;
	/** Vertex at the end of that direction. */
	vertex = -1;
	/** Links crossed before this one. */
	hops = 0;
	enteredUs = 0;
	fate: FlightFate = "none";
	/** While held: what was left of its way when the link clogged, or -1 when it has yet to start. */
	remainingUs = -1;
	/** Delay by hand that a held message will suffer once it moves. */
	extraUs = 0;
}

/** The event key at one instant: (vertex, tie, from, sequence, copy). @returns negative when `a` comes first */
export function compareAtSameInstant(a: Flight, b: Flight): number {
	if (a.vertex !== b.vertex) return a.vertex - b.vertex;
	if (a.tie !== b.tie) return a.tie - b.tie;
	if (a.from !== b.from) return a.from - b.from;
	if (a.sequence !== b.sequence) return a.sequence - b.sequence;
	return a.copy - b.copy;
}

/** The event key: (atUs, vertex, tie, from, sequence, copy), a total order over all copies in flight. */
export function compareFlights(a: Flight, b: Flight): number {
	if (a.atUs !== b.atUs) return a.atUs < b.atUs ? -1 : 1;
	return compareAtSameInstant(a, b);
}

/** A second copy with the same content. */
export function copyFlight(original: Flight, copy: number): Flight {
	const twin = new Flight();
	twin.from = original.from;
	twin.to = original.to;
	twin.sequence = original.sequence;
	twin.name = original.name;
	twin.expectsReply = original.expectsReply;
	twin.inReplyTo = original.inReplyTo;
	twin.sentUs = original.sentUs;
	twin.lamport = original.lamport;
	twin.traceNode = original.traceNode;
	twin.traceSequence = original.traceSequence;
	twin.spanNode = original.spanNode;
	twin.spanSequence = original.spanSequence;
	twin.body = original.body;
	twin.copy = copy;
	twin.hops = original.hops;
	return twin;
}
