/**
 * Parts on their way into a block server: packets come in any order, some twice, and are appended in theirs;
 * with the last one the part is synced, described, synced again, and only then said to be held.
 *
 * Must not know: the network, who sends.
 */
import type { NodeContext, Signal, Task } from "../../../core/node-api.ts";
import { crc32c } from "../checksum.ts";
import { overheadBytes } from "../placement.ts";
import type { Fate, LastPacket, WriteRequest } from "../protocol.ts";
import { type HeldCopy, type Shelf, sumsMatch } from "./shelf.ts";

interface Packet {
	readonly bytes: Uint8Array;
	readonly sums: readonly number[];
}

/** One part under way. */
export interface Arrival {
	readonly part: string;
	readonly copy: number;
	readonly shelf: Shelf;
	readonly reservedBytes: number;
	readonly chunkBytes: number;
	readonly packets: Map<number, Packet>;
	/** Fires once: held, or why not. */
	readonly end: Signal<Fate>;
	/** How many are there, from the first on, without a gap. */
	contiguous: number;
	appended: number;
	isAppending: boolean;
	last: LastPacket | null;
	touchedUs: number;
}

export interface IntakeHost {
	readonly ctx: NodeContext;
	readonly sync: boolean;
	readonly checksums: boolean;
	nextCopy(): number;
	/** The drive with the most room, if it is enough. */
	shelfFor(bytes: number): Shelf | undefined;
	/** It is on a synced drive. */
	onHeld(copy: HeldCopy): void;
}

/** A part is not larger than a block; how large it will be is known with its last packet only. */
const reserveSlackBytes = overheadBytes;

export class Intake {
	readonly #host: IntakeHost;
	readonly #arrivals = new Map<string, Arrival>();

	constructor(host: IntakeHost) {
		this.#host = host;
	}

	get arrivals(): ReadonlyMap<string, Arrival> {
		return this.#arrivals;
	}

	/** Takes one packet. @returns its fate; of the last one, that of the whole part */
	*take(request: WriteRequest): Task<Fate> {
		const { checksums, ctx } = this.#host;
		if (checksums && !sumsMatch(request, request.chunkBytes)) return { kind: "corrupt" };
		const arrival = this.#arrivals.get(request.part) ?? this.#begin(request);
		if (arrival === null) return { kind: "full" };
		arrival.touchedUs = ctx.monoUs();
		if (request.packet >= arrival.contiguous) arrival.packets.set(request.packet, { bytes: request.bytes, sums: request.sums });
		while (arrival.packets.has(arrival.contiguous)) arrival.contiguous++;
		if (request.last !== null) arrival.last = request.last;
		if (!arrival.isAppending) ctx.spawn(this.#append(arrival));
		return request.last === null ? { kind: "taken" } : yield* arrival.end.wait();
	}

	/** Gives up what nobody goes on with. */
	sweep(olderThanUs: number): void {
		for (const arrival of [...this.#arrivals.values()]) if (arrival.touchedUs < olderThanUs && !arrival.isAppending) this.#fail(arrival, { kind: "broken" });
	}

	/** Somebody has all of it: what its writer left half done is of no use. */
	abandon(part: string): void {
		const arrival = this.#arrivals.get(part);
		if (arrival !== undefined) this.#fail(arrival, { kind: "broken" });
	}

	/** A drive is not what it was. */
	forget(shelf: Shelf): void {
		for (const arrival of [...this.#arrivals.values()]) if (arrival.shelf === shelf) this.#fail(arrival, { kind: "broken" });
	}

	#begin({ part, bytes, last, chunkBytes }: WriteRequest): Arrival | null {
		const reservedBytes = (last?.bytes ?? bytes.length) + reserveSlackBytes;
		const shelf = this.#host.shelfFor(reservedBytes);
		if (shelf === undefined) return null;
		shelf.reserve(reservedBytes);
		const { ctx } = this.#host;
		const arrival: Arrival = {
			part,
			copy: this.#host.nextCopy(),
			shelf,
			reservedBytes,
			chunkBytes,
			packets: new Map(),
			end: ctx.signal<Fate>(),
			contiguous: 0,
			appended: 0,
			isAppending: false,
			last: null,
			touchedUs: ctx.monoUs(),
		};
		this.#arrivals.set(part, arrival);
		return arrival;
	}

	/** One at a time for each part: what comes meanwhile it finds by itself. */
	*#append(arrival: Arrival): Task {
		arrival.isAppending = true;
		for (let packet = arrival.packets.get(arrival.appended); packet !== undefined; packet = arrival.packets.get(arrival.appended)) {
			const result = yield* arrival.shelf.append(arrival.part, arrival.copy, packet);
			if (!result.ok) return this.#fail(arrival, { kind: result.error === "full" ? "full" : "broken" });
			arrival.appended++;
			// Given up meanwhile: what was just written is nobody's.
			if (arrival.end.fired) return yield* arrival.shelf.remove(arrival.part, arrival.copy);
		}
		if (arrival.last !== null && arrival.appended === arrival.last.packets) return yield* this.#finish(arrival, arrival.last);
		arrival.isAppending = false;
	}

	*#finish(arrival: Arrival, { packets, bytes, sum }: LastPacket): Task {
		const { part, copy, shelf, chunkBytes } = arrival;
		if (!this.#isWhole(arrival, bytes, sum)) return this.#fail(arrival, { kind: "corrupt" });
		const meta = { copy, bytes, sum, packets, chunkBytes };
		const { sync } = this.#host;
		if (sync && !(yield* shelf.sync()).ok) return this.#fail(arrival, { kind: "broken" });
		const described = yield* shelf.describe(part, meta);
		if (!described.ok) return this.#fail(arrival, { kind: described.error === "full" ? "full" : "broken" });
		if (sync && !(yield* shelf.sync()).ok) return this.#fail(arrival, { kind: "broken" });
		// Emptied meanwhile: what came before is gone with the identity.
		if (!shelf.isKnown || arrival.end.fired) {
			this.#fail(arrival, { kind: "broken" });
			return yield* shelf.remove(part, copy);
		}
		this.#end(arrival, { kind: "held", drive: shelf.index, copy });
		this.#host.onHeld({ ...meta, part, drive: shelf.index });
	}

	#isWhole({ packets, contiguous }: Arrival, bytes: number, sum: number): boolean {
		if (!this.#host.checksums) return true;
		const whole = new Uint8Array(bytes);
		let at = 0;
		for (let index = 0; index < contiguous; index++) {
			const packet = packets.get(index)?.bytes ?? new Uint8Array();
			if (at + packet.length > bytes) return false;
			whole.set(packet, at);
			at += packet.length;
		}
		return at === bytes && crc32c(whole) === sum;
	}

	#fail(arrival: Arrival, fate: Fate): void {
		if (arrival.end.fired) return;
		this.#end(arrival, fate);
		this.#host.ctx.spawn(arrival.shelf.remove(arrival.part, arrival.copy));
	}

	#end(arrival: Arrival, fate: Fate): void {
		if (this.#arrivals.get(arrival.part) === arrival) this.#arrivals.delete(arrival.part);
		arrival.shelf.release(arrival.reservedBytes);
		arrival.end.fire(fate);
	}
}
