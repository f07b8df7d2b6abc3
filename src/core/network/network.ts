/**
 * The network: every message between its sending and its arrival. Routes it over the graph one link
 * at a time and obeys faults; what a single link does to it is Transit's affair. It knows nothing of
 * programs, and orders nothing by call order except what is the log's order anyway: a FIFO direction
 * and a bandwidth queue serve messages as they enter, and they enter in log order. Runs on the
 * kernel's thread.
 *
 * All draws are keyed by the message's identity, so an added message or a removed fault shifts nobody
 * else's luck.
 */
import { lengthOf } from "../../shared/byte-range.ts";
import type { Command, LinkDirection as CommandDirection } from "../../shared/command.ts";
import { assert, unreachable } from "../../shared/errors.ts";
import { messageBytesMax, type Plan } from "../../shared/plan.ts";
import { usMax } from "../../shared/units.ts";
import { JitterSamplers } from "../distributions/samplers.ts";
import type { Delivery } from "../executor.ts";
import { Philox } from "../random.ts";
import { Flight } from "./flight.ts";
import { LinkDirection } from "./link-direction.ts";
import { isNetworkCommand, type NetworkCommand, setProperty, whyLinkRefuses } from "./network-command.ts";
import type { NetworkLog } from "./network-log.ts";
import { Partition } from "./partition.ts";
import { Routing } from "./routing.ts";
import { Transit } from "./transit.ts";

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
	/** It answers another message. */
	readonly isReply: boolean;
}

/** Takes a message; false: the receiver is down. */
export type DeliverySink = (node: number, delivery: Delivery) => boolean;

export class Network {
	readonly #plan: Plan;
	readonly #log: NetworkLog;
	readonly #directions: readonly LinkDirection[];
	readonly #transit: Transit;
	readonly #routing: Routing;
	readonly #partition: Partition;
	#lookaheadUs: number;

	constructor(plan: Plan, seed: number, exploreRaces: boolean, log: NetworkLog) {
		this.#plan = plan;
		this.#log = log;
		const samplers = new JitterSamplers();
		this.#directions = plan.links.flatMap((link, index) => [
			new LinkDirection({ index: 2 * index, link: index, from: link.a, to: link.b }, link.forward, samplers),
			new LinkDirection({ index: 2 * index + 1, link: index, from: link.b, to: link.a }, link.backward, samplers),
		]);
		this.#transit = new Transit({ directions: this.#directions, philox: new Philox(seed), exploreRaces, log });
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
		return this.#transit.deliveries.nextUs;
	}

	/** Instant of the next thing that happens inside the network (an arrival at a switch, a failed checksum), or Infinity. */
	nextHopUs(): number {
		return this.#transit.events.nextUs;
	}

	/**
	 * Takes a message from its program at `flight.sentUs`. Call in log order, after the messageSent
	 * event and after `advanceHops(flight.sentUs)`.
	 */
	send(flight: Flight): void {
		const atUs = flight.sentUs;
		this.#transit.breakTie(flight);
		if (lengthOf(flight.body) > messageBytesMax) this.#log.messageDropped(atUs, flight, -1, "tooLarge");
		else if (this.#partition.separates(flight.from, flight.to)) this.#log.messageDropped(atUs, flight, -1, "partition");
		else {
			const next = this.#routing.next(flight.from, flight.to);
			if (next < 0) this.#log.messageDropped(atUs, flight, -1, "noRoute");
			else this.#transit.enter(flight, this.#directions[next] as LinkDirection, atUs);
		}
	}

	/** Runs what happens inside the network strictly before `beforeUs`, in key order. */
	advanceHops(beforeUs: number): void {
		const { events } = this.#transit;
		while (events.nextUs < beforeUs) {
			const flight = events.pop();
			if (flight.fate === "corruption") this.#log.messageDropped(flight.atUs, flight, flight.direction >> 1, "corruption");
			else if (flight.fate === "nodeDown") this.#log.messageDropped(flight.atUs, flight, -1, "nodeDown");
			else this.#forward(flight);
		}
	}

	/**
	 * Hands out every delivery strictly before `endUs`, in key order. One that the sink refuses is
	 * logged as nodeDown when `advanceHops` comes to its instant.
	 */
	takeDeliveries(endUs: number, sink: DeliverySink): void {
		const { deliveries } = this.#transit;
		while (deliveries.nextUs < endUs) {
			const flight = deliveries.pop();
			if (!sink(flight.to, flight)) this.#transit.bounce(flight);
		}
	}

	/**
	 * Gives back a delivery that was taken and that its node, which stopped meanwhile, never handled: it
	 * is logged as nodeDown at its `atUs`, which must not lie before the instant the log has reached.
	 */
	returnDelivery(delivery: Delivery): void {
		assert(delivery instanceof Flight, "a returned delivery that the network never made");
		this.#transit.bounce(delivery);
	}

	/** Copies on links. */
	get inFlightCount(): number {
		return this.#transit.count;
	}

	/** Every copy on a link, or the first so many: those that move in key order, then those that clogs hold. */
	inFlight(limit = Number.POSITIVE_INFINITY): InFlight[] {
		return this.#transit.flights(limit).map((flight) => ({
			from: flight.from,
			to: flight.to,
			link: flight.direction >> 1,
			direction: (flight.direction & 1) === 0 ? "forward" : "backward",
			enteredUs: flight.enteredUs,
			arrivesUs: flight.atUs,
			sequence: flight.sequence,
			copy: flight.copy,
			name: flight.name,
			isReply: flight.inReplyTo !== 0,
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
				return this.#whyNoFlight(command, 0);
			case "delay":
				return this.#whyNoFlight(command, command.byUs);
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
		assert(this.nextDeliveryUs() >= atUs && this.nextHopUs() >= atUs, "a command comes at an instant the network has reached");
		this.#carryOut(command, atUs);
		if (command.kind === "drop" || command.kind === "delay") return null;
		this.#routing.topologyChanged();
		this.#lookaheadUs = this.#smallestFloor();
		return null;
	}

	/** A message stands at a switch: on over the way that is cheapest now. */
	#forward(flight: Flight): void {
		const { atUs, vertex } = flight;
		const next = this.#routing.next(vertex, flight.to);
		if (next < 0) {
			this.#log.messageDropped(atUs, flight, -1, "noRoute");
			return;
		}
		const direction = this.#directions[next] as LinkDirection;
		this.#log.messageForwarded(atUs, flight, vertex, direction.link);
		flight.hops++;
		this.#transit.enter(flight, direction, atUs);
	}

	#carryOut(command: NetworkCommand, atUs: number): void {
		switch (command.kind) {
			case "cut":
				for (const direction of this.#directionsOf(command)) this.#cut(direction, atUs);
				return;
			case "clog":
				for (const direction of this.#directionsOf(command)) if (direction.state !== "clogged") this.#transit.clog(direction, atUs);
				return;
			case "heal":
				for (const direction of this.#directionsOf(command)) this.#heal(direction, atUs);
				return;
			case "healAll":
				this.#partition.clear();
				for (const direction of this.#directions) this.#heal(direction, atUs);
				return;
			case "partition":
				this.#partition.set(command.groups);
				this.#transit.drop((flight) => this.#partition.separates(flight.from, flight.to), atUs, "partition");
				return;
			case "setLink":
				for (const direction of this.#directionsOf(command)) setProperty(direction, command.property, command.value);
				return;
			case "drop":
				this.#transit.drop((flight) => flight.from === command.from && flight.sequence === command.sequence, atUs, "command");
				return;
			case "delay":
				this.#transit.delay((flight) => flight.from === command.from && flight.sequence === command.sequence, command.byUs);
				return;
			default:
				unreachable(command);
		}
	}

	#directionsOf({ link, direction }: { readonly link: number; readonly direction: CommandDirection }): LinkDirection[] {
		const both = [this.#directions[2 * link] as LinkDirection, this.#directions[2 * link + 1] as LinkDirection];
		return direction === "both" ? both : [both[direction === "forward" ? 0 : 1] as LinkDirection];
	}

	#cut(direction: LinkDirection, atUs: number): void {
		this.#transit.drop((flight) => flight.direction === direction.index, atUs, "cut");
		direction.state = "cut";
		direction.forget();
	}

	#heal(direction: LinkDirection, atUs: number): void {
		if (direction.state === "clogged") this.#transit.release(direction, atUs);
		else direction.state = "live";
	}

	#whyNoFlight({ from, sequence }: { readonly from: number; readonly sequence: number }, delayUs: number): string | null {
		const flights = this.#transit.flights().filter((flight) => flight.from === from && flight.sequence === sequence);
		if (flights.length === 0)
			return `message ${sequence} of ${this.#plan.nodes[from]?.name ?? `node ${from}`} is not on its way: it has arrived, was lost or was never sent`;
		if (!Number.isSafeInteger(delayUs) || delayUs < 0) return `a delay of ${delayUs} us; it must be a whole number of microseconds, 0 at least`;
		const latestUs = Math.max(...flights.map(({ atUs, sentUs }) => (atUs === Number.POSITIVE_INFINITY ? sentUs : atUs)));
		return latestUs + delayUs <= usMax ? null : `a delay of ${delayUs} us leads beyond the end of time`;
	}

	#smallestFloor(): number {
		let smallest = Number.POSITIVE_INFINITY;
		for (const direction of this.#directions) if (direction.carries && direction.floorUs < smallest) smallest = direction.floorUs;
		return smallest;
	}
}
