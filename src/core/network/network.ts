/**
 * The network: every message between its sending and its arrival. Routes it over the graph, crosses
 * it one link at a time, loses, delays, doubles, reorders and corrupts it by draws that are keyed by
 * the message's own identity, and obeys faults. It knows nothing of programs, and orders nothing by
 * call order except what is the log's order anyway: a FIFO direction and a bandwidth queue serve
 * messages as they enter, and they enter in log order. Runs on the kernel's thread.
 *
 * Two heaps: deliveries (arrivals at a receiver) and network events (arrivals at a switch, failed
 * checksums, arrivals at a node that is down). Only the latter write to the log, one by one, at
 * their own instant, through `advanceHops`; so the log stays in time order although deliveries are
 * handed out a window in advance.
 */
import type { Command, LinkDirection as CommandDirection } from "../../shared/command.ts";
import { assert, unreachable } from "../../shared/errors.ts";
import type { DropReason } from "../../shared/event-schema.ts";
import { messageBytesMax, type Plan } from "../../shared/plan.ts";
import type { Delivery } from "../executor.ts";
import { Philox, purposes } from "../random.ts";
import { compareFlights, copyFlight, Flight } from "./flight.ts";
import { FlightHeap } from "./flight-heap.ts";
import { headerBytes, LinkDirection } from "./link-direction.ts";
import { isNetworkCommand, type NetworkCommand, setProperty, whyLinkRefuses } from "./network-command.ts";
import type { NetworkLog } from "./network-log.ts";
import { Partition } from "./partition.ts";
import { Routing } from "./routing.ts";

/** Copies made on later hops get no number of their own; no sane path is this long. */
const duplicatingHopsMax = 30;

/** A message on a link, for views. */
export interface InFlight {
	readonly from: number;
	readonly to: number;
	readonly link: number;
	readonly direction: "forward" | "backward";
	readonly enteredUs: number;
	/** Instant at which it reaches the end of this link; Infinity while a clog holds it. */
	readonly arrivesUs: number;
	readonly sequence: number;
	readonly copy: number;
	readonly name: number;
}

/** Takes a message; false: the receiver is down. */
export type DeliverySink = (node: number, delivery: Delivery) => boolean;

export class Network {
	readonly #plan: Plan;
	readonly #philox: Philox;
	readonly #exploreRaces: boolean;
	readonly #log: NetworkLog;
	readonly #directions: readonly LinkDirection[];
	readonly #routing: Routing;
	readonly #partition: Partition;
	readonly #deliveries = new FlightHeap();
	readonly #events = new FlightHeap();
	#lookaheadUs: number;

	constructor(plan: Plan, seed: number, exploreRaces: boolean, log: NetworkLog) {
		this.#plan = plan;
		this.#philox = new Philox(seed);
		this.#exploreRaces = exploreRaces;
		this.#log = log;
		this.#directions = plan.links.flatMap((link, index) => [
			new LinkDirection({ index: 2 * index, link: index, from: link.a, to: link.b }, link.forward),
			new LinkDirection({ index: 2 * index + 1, link: index, from: link.b, to: link.a }, link.backward),
		]);
		this.#routing = new Routing(this.#directions, plan.nodes.length, plan.nodes.length + plan.switches.length);
		this.#partition = new Partition(plan.nodes.length);
		this.#lookaheadUs = this.#smallestFloor();
	}

	/** Smallest delay floor of any link direction that is not cut: nothing sent now arrives sooner. Infinity: none. */
	lookaheadUs(): number {
		return this.#lookaheadUs;
	}

	/** Instant of the next delivery, or Infinity. */
	nextDeliveryUs(): number {
		return this.#deliveries.nextUs;
	}

	/** Instant of the next thing that happens inside the network (an arrival at a switch, a failed checksum), or Infinity. */
	nextHopUs(): number {
		return this.#events.nextUs;
	}

	/** Copies on their way, held ones included. */
	get flightCount(): number {
		let held = 0;
		for (const direction of this.#directions) held += direction.held.length;
		return this.#deliveries.size + this.#events.size + held;
	}

	/**
	 * Takes a message from its program at `flight.sentUs`. Call in log order, after the messageSent
	 * event and after `advanceHops(flight.sentUs)`.
	 */
	send(flight: Flight): void {
		const atUs = flight.sentUs;
		if (this.#exploreRaces) flight.tie = this.#tieOf(flight);
		if (flight.body.length > messageBytesMax) this.#log.messageDropped(atUs, flight, -1, "tooLarge");
		else if (this.#partition.separates(flight.from, flight.to)) this.#log.messageDropped(atUs, flight, -1, "partition");
		else {
			const next = this.#routing.next(flight.from, flight.to);
			if (next < 0) this.#log.messageDropped(atUs, flight, -1, "noRoute");
			else this.#enter(flight, this.#directions[next] as LinkDirection, atUs);
		}
	}

	/** Runs what happens inside the network strictly before `beforeUs`, in key order. */
	advanceHops(beforeUs: number): void {
		while (this.#events.nextUs < beforeUs) {
			const flight = this.#events.pop();
			const direction = this.#directions[flight.direction] as LinkDirection;
			if (flight.fate === "corruption") this.#log.messageDropped(flight.atUs, flight, direction.link, "corruption");
			else if (flight.fate === "nodeDown") this.#log.messageDropped(flight.atUs, flight, -1, "nodeDown");
			else this.#forward(flight);
		}
	}

	/**
	 * Hands out every delivery strictly before `endUs`, in key order. One that the sink refuses is
	 * logged as nodeDown when `advanceHops` comes to its instant.
	 */
	takeDeliveries(endUs: number, sink: DeliverySink): void {
		while (this.#deliveries.nextUs < endUs) {
			const flight = this.#deliveries.pop();
			if (!sink(flight.to, flight)) this.#bounce(flight);
		}
	}

	/**
	 * Gives back a delivery that was taken in this window and that its node, which stopped inside the
	 * window, never handled: it is logged as nodeDown in its turn.
	 */
	returnDelivery(delivery: Delivery): void {
		assert(delivery instanceof Flight, "a returned delivery that the network never made");
		this.#bounce(delivery);
	}

	/** Every copy on its way, in key order; held ones last. */
	inFlight(): InFlight[] {
		const flights = this.#allFlights().sort(compareFlights);
		return flights.map((flight) => ({
			from: flight.from,
			to: flight.to,
			link: flight.direction >> 1,
			direction: (flight.direction & 1) === 0 ? "forward" : "backward",
			enteredUs: flight.enteredUs,
			arrivesUs: flight.atUs,
			sequence: flight.sequence,
			copy: flight.copy,
			name: flight.name,
		}));
	}

	/** @returns why the command would make no sense now, or null; changes nothing */
	whyRefused(command: Command): string | null {
		if (!isNetworkCommand(command)) return null;
		switch (command.kind) {
			case "setLink":
				return whyLinkRefuses(this.#plan, command);
			case "partition":
				return this.#partition.whyRefused(command.groups, this.#plan.nodes);
			case "drop":
			case "delay":
				return this.#whyNoFlight(command);
			default:
				return null;
		}
	}

	/**
	 * Applies a command at a window's edge: everything before `atUs` has happened, nothing at `atUs`
	 * has. What it drops or holds is logged during the call, in key order.
	 * @returns why it made no sense and changed nothing, or null
	 */
	apply(command: Command, atUs: number): string | null {
		if (!isNetworkCommand(command)) return null;
		const refusal = this.whyRefused(command);
		if (refusal !== null) return refusal;
		assert(this.#deliveries.nextUs >= atUs && this.#events.nextUs >= atUs, "a command at an instant that the network has not reached");
		this.#carryOut(command, atUs);
		if (command.kind !== "drop" && command.kind !== "delay") this.#graphChanged();
		return null;
	}

	// --- crossing links

	#enter(flight: Flight, direction: LinkDirection, atUs: number): void {
		flight.direction = direction.index;
		flight.vertex = direction.to;
		flight.enteredUs = atUs;
		if (direction.state === "clogged") this.#hold(flight, direction, atUs);
		else this.#cross(flight, direction, atUs, 0);
	}

	/**
	 * Decides all that the link does to the message. One block of draws a message, copy and direction,
	 * a second one only when something rare happens; both are keyed by the message's identity.
	 * @param notBeforeUs earliest arrival allowed (messages let go by a heal keep their order)
	 * @returns the arrival, or -1 when the message was lost
	 */
	#cross(flight: Flight, direction: LinkDirection, atUs: number, notBeforeUs: number): number {
		const departsUs = direction.serialise(flight.body.length + headerBytes, atUs);
		if (departsUs < 0) return this.#lose(flight, direction, atUs, "queueFull");
		const philox = this.#philox;
		let jitterUs = 0;
		let duplicated = false;
		let reordered = false;
		if (direction.needsDraws) {
			philox.draw(purposes.link | (direction.index << 8), flight.from, flight.sequence, flight.copy);
			if (philox.w0 < direction.lossLimit) return this.#lose(flight, direction, atUs, "loss");
			duplicated = philox.w1 < direction.duplicateLimit && flight.hops < duplicatingHopsMax;
			jitterUs = direction.sampleJitterUs(philox.w2);
			reordered = philox.w3 < direction.reorderLimit;
		} else jitterUs = direction.sampleJitterUs(0);
		let twinJitterUs = 0;
		let twinCorrupt = false;
		if (duplicated || reordered || direction.corruptLimit > 0) {
			philox.draw(purposes.jitter | (direction.index << 8), flight.from, flight.sequence, flight.copy);
			if (philox.w0 < direction.corruptLimit) flight.fate = "corruption";
			twinCorrupt = philox.w3 < direction.corruptLimit;
			if (duplicated) twinJitterUs = direction.sampleJitterUs(philox.w1);
			if (reordered) jitterUs += 1 + Math.floor((philox.w2 / 4_294_967_296) * direction.reorderSpanUs);
		}
		const arrivesUs = departsUs + direction.floorUs + jitterUs + flight.extraUs;
		flight.atUs = direction.inOrder(arrivesUs > notBeforeUs ? arrivesUs : notBeforeUs);
		flight.extraUs = 0;
		this.#launch(flight);
		if (duplicated) this.#duplicate(flight, direction, atUs, departsUs + direction.floorUs + twinJitterUs, twinCorrupt);
		return flight.atUs;
	}

	#duplicate(original: Flight, direction: LinkDirection, atUs: number, arrivesUs: number, corrupt: boolean): void {
		const twin = copyFlight(original, original.copy + (1 << original.hops));
		twin.direction = direction.index;
		twin.vertex = direction.to;
		twin.enteredUs = original.enteredUs;
		if (this.#exploreRaces) twin.tie = this.#tieOf(twin);
		if (corrupt) twin.fate = "corruption";
		twin.atUs = direction.inOrder(arrivesUs);
		this.#log.messageDuplicated(atUs, twin, direction.link);
		this.#launch(twin);
	}

	#launch(flight: Flight): void {
		if (flight.vertex === flight.to && flight.fate === "none") this.#deliveries.push(flight);
		else this.#events.push(flight);
	}

	/** A message stands at a switch: on over the way that is cheapest now. */
	#forward(flight: Flight): void {
		const atUs = flight.atUs;
		const vertex = flight.vertex;
		const next = this.#routing.next(vertex, flight.to);
		if (next < 0) {
			this.#log.messageDropped(atUs, flight, -1, "noRoute");
			return;
		}
		const direction = this.#directions[next] as LinkDirection;
		this.#log.messageForwarded(atUs, flight, vertex, direction.link);
		flight.hops++;
		this.#enter(flight, direction, atUs);
	}

	#lose(flight: Flight, direction: LinkDirection, atUs: number, reason: DropReason): -1 {
		this.#log.messageDropped(atUs, flight, direction.link, reason);
		return -1;
	}

	#bounce(flight: Flight): void {
		flight.fate = "nodeDown";
		this.#events.push(flight);
	}

	#tieOf(flight: Flight): number {
		this.#philox.draw(purposes.tie, flight.from, flight.sequence, flight.copy);
		return this.#philox.w0;
	}

	// --- commands

	#carryOut(command: NetworkCommand, atUs: number): void {
		switch (command.kind) {
			case "cut":
				for (const direction of this.#directionsOf(command)) this.#cut(direction, atUs);
				break;
			case "clog":
				for (const direction of this.#directionsOf(command)) this.#clog(direction, atUs);
				break;
			case "heal":
				for (const direction of this.#directionsOf(command)) this.#heal(direction, atUs);
				break;
			case "healAll":
				this.#partition.clear();
				for (const direction of this.#directions) this.#heal(direction, atUs);
				break;
			case "partition":
				this.#partition.set(command.groups);
				this.#dropWhere((flight) => this.#partition.separates(flight.from, flight.to), atUs, "partition");
				break;
			case "setLink":
				for (const direction of this.#directionsOf(command)) setProperty(direction, command.property, command.value);
				break;
			case "drop":
				this.#dropWhere((flight) => flight.from === command.from && flight.sequence === command.sequence, atUs, "command");
				break;
			case "delay":
				this.#delay(command);
				break;
			default:
				unreachable(command);
		}
	}

	#graphChanged(): void {
		this.#routing.topologyChanged();
		this.#lookaheadUs = this.#smallestFloor();
	}

	#directionsOf({ link, direction }: { readonly link: number; readonly direction: CommandDirection }): LinkDirection[] {
		const both = [this.#directions[2 * link] as LinkDirection, this.#directions[2 * link + 1] as LinkDirection];
		return direction === "both" ? both : [both[direction === "forward" ? 0 : 1] as LinkDirection];
	}

	#cut(direction: LinkDirection, atUs: number): void {
		if (direction.state === "cut") return;
		this.#dropWhere((flight) => flight.direction === direction.index, atUs, "cut");
		direction.state = "cut";
		direction.forget();
	}

	/** The wire freezes: what was on it keeps what was left of its way. */
	#clog(direction: LinkDirection, atUs: number): void {
		if (direction.state === "clogged") return;
		direction.state = "clogged";
		direction.cloggedSinceUs = atUs;
		for (const flight of this.#extract((candidate) => candidate.direction === direction.index)) {
			flight.remainingUs = flight.atUs - atUs;
			this.#hold(flight, direction, atUs);
		}
	}

	#hold(flight: Flight, direction: LinkDirection, atUs: number): void {
		flight.atUs = Number.POSITIVE_INFINITY;
		direction.held.push(flight);
		this.#log.messageHeld(atUs, flight, direction.link);
	}

	/**
	 * Lets go of what a clog held, in the order it was taken: first what was on the wire, after what
	 * was left of its way (1 us at least), then what came since, as if sent now. None overtakes one
	 * held before it.
	 */
	#heal(direction: LinkDirection, atUs: number): void {
		const clogged = direction.state === "clogged";
		direction.state = "live";
		if (!clogged) return;
		const held = direction.held;
		direction.held = [];
		direction.thaw(atUs - direction.cloggedSinceUs);
		let lastUs = atUs;
		for (const flight of held) {
			if (flight.remainingUs < 0) {
				lastUs = Math.max(lastUs, this.#cross(flight, direction, atUs, lastUs + 1));
				continue;
			}
			lastUs = Math.max(atUs + flight.remainingUs + flight.extraUs, lastUs + 1);
			flight.atUs = lastUs;
			flight.remainingUs = -1;
			flight.extraUs = 0;
			this.#launch(flight);
		}
		direction.noteArrival(lastUs);
	}

	#delay({ from, sequence, byUs }: { readonly from: number; readonly sequence: number; readonly byUs: number }): void {
		const matches = (flight: Flight): boolean => flight.from === from && flight.sequence === sequence;
		for (const direction of this.#directions) for (const flight of direction.held) if (matches(flight)) flight.extraUs += byUs;
		for (const flight of this.#extract(matches)) {
			flight.atUs += byUs;
			this.#launch(flight);
		}
	}

	#dropWhere(matches: (flight: Flight) => boolean, atUs: number, reason: DropReason): void {
		let dropped = this.#extract(matches);
		for (const direction of this.#directions) {
			if (!direction.held.some(matches)) continue;
			dropped = dropped.concat(direction.held.filter(matches));
			direction.held = direction.held.filter((flight) => !matches(flight));
		}
		// Held ones stand last: sorting is stable and they have no instant, so their key decides.
		for (const flight of dropped.sort(compareFlights)) this.#log.messageDropped(atUs, flight, flight.direction >> 1, reason);
	}

	/** Takes the matching moving flights out of both heaps, in key order. */
	#extract(matches: (flight: Flight) => boolean): Flight[] {
		return this.#deliveries.extract(matches).concat(this.#events.extract(matches)).sort(compareFlights);
	}

	#whyNoFlight({ from, sequence }: { readonly from: number; readonly sequence: number }): string | null {
		const found = this.#allFlights().some((flight) => flight.from === from && flight.sequence === sequence);
		return found ? null : `message ${sequence} of ${this.#plan.nodes[from]?.name ?? `node ${from}`} is not on its way`;
	}

	#allFlights(): Flight[] {
		return this.#deliveries.flights().concat(this.#events.flights(), ...this.#directions.map((direction) => direction.held));
	}

	#smallestFloor(): number {
		let smallest = Number.POSITIVE_INFINITY;
		for (const direction of this.#directions) if (direction.carries && direction.floorUs < smallest) smallest = direction.floorUs;
		return smallest;
	}
}
