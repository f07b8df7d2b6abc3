/**
 * Flights in the order of their event key. A binary heap whose instants lie in a flat array beside
 * the objects, so that most comparisons touch no object at all. The key is total, so the order out
 * does not depend on the order in. Must not know what a flight means. Runs on the kernel's thread.
 */
import { assert } from "../../shared/errors.ts";
import { compareAtSameInstant, Flight } from "./flight.ts";

/** Fills unused slots, so that a popped flight is not kept alive. */
const vacant = new Flight();

export class FlightHeap {
	#instants = new Float64Array(256);
	#flights: Flight[] = new Array<Flight>(256).fill(vacant);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** Instant of the first flight, or Infinity. */
	get nextUs(): number {
		return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#instants[0] as number);
	}

	push(flight: Flight): void {
		if (this.#size === this.#flights.length) this.#grow();
		const at = flight.atUs;
		const instants = this.#instants;
		const flights = this.#flights;
		let hole = this.#size++;
		while (hole > 0) {
			const parent = (hole - 1) >> 1;
			const parentAt = instants[parent] as number;
			if (parentAt < at || (parentAt === at && compareAtSameInstant(flights[parent] as Flight, flight) < 0)) break;
			instants[hole] = parentAt;
			flights[hole] = flights[parent] as Flight;
			hole = parent;
		}
		instants[hole] = at;
		flights[hole] = flight;
	}

	/** Removes the first flight. The heap must not be empty. */
	pop(): Flight {
		assert(this.#size > 0, "a heap is asked for what it holds");
		const first = this.#flights[0] as Flight;
		const last = --this.#size;
		const moved = this.#flights[last] as Flight;
		this.#flights[last] = vacant;
		if (last > 0) this.#sink(0, moved, this.#instants[last] as number);
		return first;
	}

	/** Every flight, in no order that means anything. */
	flights(): Flight[] {
		return this.#flights.slice(0, this.#size);
	}

	/** Takes out every flight that `matches`; the caller sorts them. Linear: for commands, not for messages. */
	extract(matches: (flight: Flight) => boolean): Flight[] {
		const taken: Flight[] = [];
		let kept = 0;
		for (let i = 0; i < this.#size; i++) {
			const flight = this.#flights[i] as Flight;
			if (matches(flight)) taken.push(flight);
			else this.#flights[kept++] = flight;
		}
		if (taken.length === 0) return taken;
		this.#flights.fill(vacant, kept, this.#size);
		this.#size = kept;
		for (let i = 0; i < kept; i++) this.#instants[i] = (this.#flights[i] as Flight).atUs;
		for (let i = (kept >> 1) - 1; i >= 0; i--) this.#sink(i, this.#flights[i] as Flight, this.#instants[i] as number);
		return taken;
	}

	#sink(from: number, flight: Flight, at: number): void {
		const instants = this.#instants;
		const flights = this.#flights;
		const size = this.#size;
		let hole = from;
		for (;;) {
			let child = 2 * hole + 1;
			if (child >= size) break;
			let childAt = instants[child] as number;
			const right = child + 1;
			if (right < size) {
				const rightAt = instants[right] as number;
				if (rightAt < childAt || (rightAt === childAt && compareAtSameInstant(flights[right] as Flight, flights[child] as Flight) < 0)) {
					child = right;
					childAt = rightAt;
				}
			}
			if (at < childAt || (at === childAt && compareAtSameInstant(flight, flights[child] as Flight) < 0)) break;
			instants[hole] = childAt;
			flights[hole] = flights[child] as Flight;
			hole = child;
		}
		instants[hole] = at;
		flights[hole] = flight;
	}

	#grow(): void {
		const grown = new Float64Array(this.#instants.length * 2);
		grown.set(this.#instants);
		this.#instants = grown;
		const before = this.#flights.length;
		for (let i = 0; i < before; i++) this.#flights.push(vacant);
	}
}
