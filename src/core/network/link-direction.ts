/**
 * One direction of a link: its physics as of now, and what it remembers (the wire's backlog, the
 * last arrival, what it holds while clogged). Must not know of routes, partitions or the log.
 * Runs on the kernel's thread.
 */
import { assert } from "../../shared/errors.ts";
import type { JitterModel, LinkPhysics } from "../../shared/plan.ts";
import { createJitterSampler, type JitterSampler, type JitterSamplers } from "../distributions/samplers.ts";
import type { Flight } from "./flight.ts";

/** Added to every body on the wire: addresses, checksum, Lamport stamp, trace context. */
export const headerBytes = 64;

const twoTo32 = 4_294_967_296;
const usPerSecond = 1_000_000;

/** `cut` carries nothing; `clogged` takes everything and lets nothing out. */
export type LinkState = "live" | "cut" | "clogged";

export interface LinkEnds {
	readonly index: number;
	readonly link: number;
	readonly from: number;
	readonly to: number;
}

export class LinkDirection {
	/** link * 2, + 1 when backward. */
	readonly index: number;
	readonly link: number;
	readonly from: number;
	readonly to: number;
	readonly fifo: boolean;
	readonly reorderUs: number;
	readonly queueBytes: number;

	floorUs: number;
	state: LinkState = "live";
	/** Draws below these limits (0 .. 2^32) come true. */
	lossLimit = 0;
	duplicateLimit = 0;
	corruptLimit = 0;
	reorderLimit = 0;
	sampleJitterUs: JitterSampler;
	/** False when no outcome of this direction depends on the first block of draws. */
	needsDraws = false;
	bitsPerSecond: number;
	/** While clogged, in the order they will come out. */
	held: Flight[] = [];
	cloggedSinceUs = 0;

	#constantJitter: boolean;
	#lastArrivalUs = 0;
	/** When the wire has sent all it was given: whole microseconds, and a rest in 1 / bitsPerSecond of one. */
	#freeUs = 0;
	#freeRest = 0;

	constructor(ends: LinkEnds, physics: LinkPhysics, samplers: JitterSamplers) {
		assert(physics.floorUs >= 1 && Number.isSafeInteger(physics.floorUs), `a delay floor of ${physics.floorUs} us`);
		this.index = ends.index;
		this.link = ends.link;
		this.from = ends.from;
		this.to = ends.to;
		this.fifo = physics.fifo;
		this.reorderUs = physics.reorderUs;
		this.queueBytes = physics.queueBytes;
		this.floorUs = physics.floorUs;
		this.bitsPerSecond = physics.bitsPerSecond;
		this.sampleJitterUs = samplers.of(physics.jitter);
		this.#constantJitter = physics.jitter.kind === "constant";
		this.lossLimit = physics.lossRatio * twoTo32;
		this.duplicateLimit = physics.duplicateRatio * twoTo32;
		this.corruptLimit = physics.corruptRatio * twoTo32;
		this.reorderLimit = physics.fifo ? 0 : physics.reorderRatio * twoTo32;
		this.#decideDraws();
	}

	/** Routing counts a clogged link as carrying: it takes what comes. */
	get carries(): boolean {
		return this.state !== "cut";
	}

	setRatio(property: "lossRatio" | "duplicateRatio" | "corruptRatio" | "reorderRatio", ratio: number): void {
		const limit = ratio * twoTo32;
		if (property === "lossRatio") this.lossLimit = limit;
		else if (property === "duplicateRatio") this.duplicateLimit = limit;
		else if (property === "corruptRatio") this.corruptLimit = limit;
		else this.reorderLimit = limit;
		this.#decideDraws();
	}

	setJitter(model: JitterModel): void {
		this.sampleJitterUs = createJitterSampler(model);
		this.#constantJitter = model.kind === "constant";
		this.#decideDraws();
	}

	/** What was waiting goes on at the instant it was promised; only later messages feel the new rate. */
	setBitsPerSecond(bitsPerSecond: number): void {
		if (this.#freeRest > 0) this.#freeUs++;
		this.#freeRest = 0;
		this.bitsPerSecond = bitsPerSecond;
	}

	/** Longest extra delay of a reordered message. A link whose plan names none uses its delay floor. */
	get reorderSpanUs(): number {
		return this.reorderUs > 0 ? this.reorderUs : this.floorUs;
	}

	/**
	 * Puts a message on the wire behind what already waits. Exact: rests of a microsecond are carried.
	 * @param bytes header included
	 * @returns the instant its last bit has left (rounded up), or -1 when the queue has no room
	 */
	serialise(bytes: number, atUs: number): number {
		const rate = this.bitsPerSecond;
		if (rate === 0) return atUs;
		const idle = this.#freeUs < atUs || (this.#freeUs === atUs && this.#freeRest === 0);
		if (idle) {
			this.#freeUs = atUs;
			this.#freeRest = 0;
		} else if (this.#backlogBytes(atUs) + bytes > this.queueBytes) return -1;
		const work = bytes * 8 * usPerSecond; // in 1 / rate of a microsecond; at most 2^43
		let wholeUs = Math.floor(work / rate);
		if (wholeUs * rate > work) wholeUs--;
		let rest = this.#freeRest + (work - wholeUs * rate);
		if (rest >= rate) {
			rest -= rate;
			wholeUs++;
		}
		this.#freeUs += wholeUs;
		this.#freeRest = rest;
		return rest > 0 ? this.#freeUs + 1 : this.#freeUs;
	}

	/**
	 * On a FIFO direction, the first instant at or after `arrivalUs` that is later than every arrival
	 * before: not the same instant, where the event key would decide. A direction that a command told to
	 * reorder keeps no order until it is told to stop.
	 */
	inOrder(arrivalUs: number): number {
		if (arrivalUs > this.#lastArrivalUs) {
			this.#lastArrivalUs = arrivalUs;
			return arrivalUs;
		}
		return this.fifo && this.reorderLimit === 0 ? ++this.#lastArrivalUs : arrivalUs;
	}

	/** Something arrives at this instant: on a FIFO direction, later messages arrive later. */
	noteArrival(arrivesUs: number): void {
		if (arrivesUs > this.#lastArrivalUs) this.#lastArrivalUs = arrivesUs;
	}

	/** Nothing is on the link any more. */
	forget(): void {
		this.held = [];
		this.#lastArrivalUs = 0;
		this.#freeUs = 0;
		this.#freeRest = 0;
	}

	/** A clog stopped the wire for this long; what it held is noted as it goes (`noteArrival`). */
	thaw(pausedUs: number): void {
		if (this.#freeUs >= this.cloggedSinceUs) this.#freeUs += pausedUs;
	}

	/** Bytes given to the wire and not yet sent, the message being sent included. */
	#backlogBytes(atUs: number): number {
		return ((this.#freeUs - atUs) * this.bitsPerSecond + this.#freeRest) / (8 * usPerSecond);
	}

	#decideDraws(): void {
		this.needsDraws = !this.#constantJitter || this.lossLimit > 0 || this.duplicateLimit > 0 || this.reorderLimit > 0;
	}
}
