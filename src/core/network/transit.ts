/**
 * Messages on links: what a link direction does to a message that enters it, and where the message is
 * until it has crossed. Must not know of routes, partitions or nodes' states. Runs on the kernel's
 * thread.
 *
 * Two heaps: deliveries (arrivals at the receiver) and events (arrivals at a switch, failed checksums,
 * arrivals at a node that is down). Only the latter write to the log, each at its own instant; so the
 * log stays in time order although deliveries are handed out a window in advance.
 */
import { lengthOf } from "../../shared/byte-range.ts";
import type { DropReason } from "../../shared/event-schema.ts";
import { type Philox, purposes } from "../random.ts";
import { compareFlights, copyFlight, type Flight } from "./flight.ts";
import { FlightHeap } from "./flight-heap.ts";
import { headerBytes, type LinkDirection } from "./link-direction.ts";
import type { NetworkLog } from "./network-log.ts";

const twoTo32 = 4_294_967_296;
/** Copies are numbered by hop in 31 bits; a message that has come further is not doubled any more. */
const duplicatingHopsMax = 30;
/** What a clogged direction can hold: a wire that is frozen for long must not eat the laptop's memory. */
export const heldMessagesMax = 65_536;

type Matches = (flight: Flight) => boolean;

export interface TransitParts {
	readonly directions: readonly LinkDirection[];
	readonly philox: Philox;
	readonly exploreRaces: boolean;
	readonly log: NetworkLog;
}

export class Transit {
	readonly deliveries = new FlightHeap();
	readonly events = new FlightHeap();
	readonly #directions: readonly LinkDirection[];
	readonly #philox: Philox;
	readonly #exploreRaces: boolean;
	readonly #log: NetworkLog;

	constructor({ directions, philox, exploreRaces, log }: TransitParts) {
		this.#directions = directions;
		this.#philox = philox;
		this.#exploreRaces = exploreRaces;
		this.#log = log;
	}

	/** Gives a message that has just been sent its place among those of the same instant. */
	breakTie(flight: Flight): void {
		if (!this.#exploreRaces) return;
		this.#philox.draw(purposes.tie, flight.from, flight.sequence, flight.copy);
		flight.tie = this.#philox.w0;
	}

	/** A message starts to cross a link. */
	enter(flight: Flight, direction: LinkDirection, atUs: number): void {
		flight.direction = direction.index;
		flight.vertex = direction.to;
		flight.enteredUs = atUs;
		if (direction.state === "clogged") this.#hold(flight, direction, atUs);
		else this.#cross(flight, direction, atUs, 0);
	}

	/** A message arrived, but its receiver is down: the log learns it in its turn. */
	bounce(flight: Flight): void {
		flight.fate = "nodeDown";
		flight.direction = -1;
		this.events.push(flight);
	}

	/** Every message on a link: first those that move, in key order, then those held, link by link in the order they will go. */
	flights(limit = Number.POSITIVE_INFINITY): Flight[] {
		const moving = firstOf(this.deliveries.flights().concat(this.events.flights().filter(isOnLink)), limit).sort(compareFlights);
		return moving.concat(...this.#directions.map((direction) => direction.held)).slice(0, limit);
	}

	/** How many messages are on links. */
	get count(): number {
		const moving = this.deliveries.size + this.events.flights().filter(isOnLink).length;
		return this.#directions.reduce((sum, { held }) => sum + held.length, moving);
	}

	/** Takes messages off their links for good. */
	drop(matches: Matches, atUs: number, reason: DropReason): void {
		let dropped = this.#extractMoving(matches);
		for (const direction of this.#directions) {
			if (!direction.held.some(matches)) continue;
			dropped = dropped.concat(direction.held.filter(matches));
			direction.held = direction.held.filter((flight) => !matches(flight));
		}
		for (const flight of dropped) this.#log.messageDropped(atUs, flight, flight.direction >> 1, reason);
	}

	/** By hand, so even on a FIFO link: later messages may overtake one that is delayed. */
	delay(matches: Matches, byUs: number): void {
		for (const direction of this.#directions) for (const flight of direction.held) if (matches(flight)) flight.extraUs += byUs;
		for (const flight of this.#extractMoving(matches)) {
			flight.atUs += byUs;
			this.#launch(flight);
		}
	}

	/** The wire freezes: what was on it will have the same way left when it is let go. */
	clog(direction: LinkDirection, atUs: number): void {
		direction.state = "clogged";
		direction.cloggedSinceUs = atUs;
		for (const flight of this.#extractMoving((candidate) => candidate.direction === direction.index)) {
			flight.remainingUs = flight.atUs - atUs;
			this.#hold(flight, direction, atUs);
		}
	}

	/**
	 * Lets go of what a clog held, in the order it was taken: first what was on the wire, after what was
	 * left of its way, then what came since, as if sent now. None arrives before one held earlier, and
	 * none before the instant after the heal; so the next window, which starts with it, knows them all.
	 */
	release(direction: LinkDirection, atUs: number): void {
		const held = direction.held;
		direction.held = [];
		direction.state = "live";
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

	/**
	 * Decides all that the link does to the message. One block of draws a message, copy and direction,
	 * a second one when something rare happens; both are keyed by the message's identity. A message
	 * occupies the wire even if it is lost afterwards; a second copy does not occupy it again.
	 * @param notBeforeUs earliest arrival allowed
	 * @returns the arrival, or -1 when the message was lost
	 */
	#cross(flight: Flight, direction: LinkDirection, atUs: number, notBeforeUs: number): number {
		const departsUs = direction.serialise(lengthOf(flight.body) + headerBytes, atUs);
		if (departsUs < 0) return this.#lose(flight, direction, atUs, "queueFull");
		const philox = this.#philox;
		let jitterUs: number;
		let duplicated = false;
		let reordered = false;
		if (direction.needsDraws) {
			philox.draw(purposes.link | (direction.index << 8), flight.from, flight.sequence, flight.copy);
			if (philox.w0 < direction.lossLimit) return this.#lose(flight, direction, atUs, "loss");
			duplicated = philox.w1 < direction.duplicateLimit && flight.hops < duplicatingHopsMax;
			jitterUs = direction.sampleJitterUs(philox.w2);
			reordered = philox.w3 < direction.reorderLimit;
		} else jitterUs = direction.sampleJitterUs(0);
		let twin: Flight | null = null;
		if (duplicated || reordered || direction.corruptLimit > 0) {
			philox.draw(purposes.jitter | (direction.index << 8), flight.from, flight.sequence, flight.copy);
			if (philox.w0 < direction.corruptLimit) flight.fate = "corruption";
			if (reordered) jitterUs += 1 + Math.floor((philox.w2 / twoTo32) * direction.reorderSpanUs);
			if (duplicated) {
				twin = twinOf(flight);
				twin.atUs = departsUs + direction.floorUs + direction.sampleJitterUs(philox.w1);
				if (philox.w3 < direction.corruptLimit) twin.fate = "corruption";
			}
		}
		const arrivesUs = departsUs + direction.floorUs + jitterUs + flight.extraUs;
		flight.extraUs = 0;
		flight.atUs = direction.inOrder(arrivesUs > notBeforeUs ? arrivesUs : notBeforeUs);
		this.#launch(flight);
		if (twin !== null) {
			twin.atUs = direction.inOrder(Math.max(twin.atUs, notBeforeUs));
			this.breakTie(twin);
			this.#log.messageDuplicated(atUs, twin, direction.link);
			this.#launch(twin);
		}
		return flight.atUs;
	}

	#launch(flight: Flight): void {
		if (flight.vertex === flight.to && flight.fate === "none") this.deliveries.push(flight);
		else this.events.push(flight);
	}

	#hold(flight: Flight, direction: LinkDirection, atUs: number): void {
		if (direction.held.length >= heldMessagesMax) {
			this.#lose(flight, direction, atUs, "queueFull");
			return;
		}
		flight.atUs = Number.POSITIVE_INFINITY;
		direction.held.push(flight);
		this.#log.messageHeld(atUs, flight, direction.link);
	}

	#lose(flight: Flight, direction: LinkDirection, atUs: number, reason: DropReason): -1 {
		this.#log.messageDropped(atUs, flight, direction.link, reason);
		return -1;
	}

	/** Takes the matching flights out of both heaps, in key order. */
	#extractMoving(matches: Matches): Flight[] {
		const events = this.events.extract((flight) => isOnLink(flight) && matches(flight));
		return this.deliveries.extract(matches).concat(events).sort(compareFlights);
	}
}

/** At least the first `limit` in key order, without ordering them all: more where several share an instant. */
function firstOf(flights: Flight[], limit: number): Flight[] {
	if (flights.length <= limit) return flights;
	const lastUs = Float64Array.from(flights, ({ atUs }) => atUs).sort()[limit - 1] as number;
	return flights.filter(({ atUs }) => atUs <= lastUs);
}

/** False for a message that has arrived and only waits for its nodeDown. */
function isOnLink(flight: Flight): boolean {
	return flight.direction >= 0;
}

/** The second copy that a link makes of a message on it. */
function twinOf(flight: Flight): Flight {
	const twin = copyFlight(flight, flight.copy + (1 << flight.hops));
	twin.direction = flight.direction;
	twin.vertex = flight.vertex;
	twin.enteredUs = flight.enteredUs;
	return twin;
}
