/**
 * Vector clocks derived from a log: program order on each host, and an edge from each sending to what
 * became of the message. Only visible events count, so that each host's own count starts at 1 and
 * rises by exactly 1 whatever is left out; what happened before still does, through the hidden ones.
 *
 * Hosts are the nodes, and one more for what no program sees: faults of the network, and the end of a
 * lost message. That host never sends, so a loss is nobody's past.
 *
 * @source Fidge (1988), Mattern (1989)
 */
import type { IndexedEvent } from "./source.ts";

interface InFlight {
	readonly clock: Int32Array;
	/** Copies under way. */
	copies: number;
}

export class VectorClocks {
	readonly #clocks: readonly Int32Array[];
	readonly #inFlight = new Map<number, InFlight>();
	/** The host of what no program sees. */
	readonly world: number;

	constructor(nodeCount: number) {
		this.world = nodeCount;
		this.#clocks = Array.from({ length: nodeCount + 1 }, () => new Int32Array(nodeCount + 1));
	}

	/** Messages under way: what the memory of a derivation grows with. */
	get inFlight(): number {
		return this.#inFlight.size;
	}

	hostOf({ kind, node }: IndexedEvent): number {
		switch (kind) {
			case "messageDropped":
			case "messageDuplicated":
			case "messageHeld":
			case "messageForwarded":
				return this.world;
			default:
				return node >= 0 && node < this.world ? node : this.world;
		}
	}

	/**
	 * Takes the next event of the log, hidden or not.
	 * @returns the clock of its host after it, valid until the next call
	 */
	advance(event: IndexedEvent, isVisible: boolean): Int32Array {
		const host = this.hostOf(event);
		const clock = this.#clocks[host] as Int32Array;
		const sent = this.#sentBefore(event);
		if (sent !== undefined) for (let i = 0; i < clock.length; i++) clock[i] = Math.max(clock[i] as number, sent[i] as number);
		if (isVisible) clock[host] = (clock[host] as number) + 1;
		if (event.kind === "messageSent") this.#inFlight.set(key(event.node, event.fields.sequence), { clock: clock.slice(), copies: 1 });
		return clock;
	}

	/** The sender's clock at the sending of the message this event is about. */
	#sentBefore({ kind, node, fields }: IndexedEvent): Int32Array | undefined {
		switch (kind) {
			case "messageDelivered":
				return this.#take(key(fields.from, fields.sequence), -1);
			case "messageDropped":
				return this.#take(key(node, fields.sequence), -1);
			case "messageDuplicated":
				return this.#take(key(node, fields.sequence), 1);
			case "messageHeld":
			case "messageForwarded":
				return this.#take(key(node, fields.sequence), 0);
			default:
				return undefined;
		}
	}

	#take(message: number, copies: number): Int32Array | undefined {
		const sent = this.#inFlight.get(message);
		if (sent === undefined) return undefined;
		sent.copies += copies;
		if (sent.copies <= 0) this.#inFlight.delete(message);
		return sent.clock;
	}
}

const sequences = 4_294_967_296;

function key(node: string | number | undefined, sequence: string | number | undefined): number {
	return Number(node) * sequences + Number(sequence);
}
