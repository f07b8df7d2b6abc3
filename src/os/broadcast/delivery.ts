/**
 * In which order broadcasts are handed to the program. A message carries a vector: how many messages of
 * each member its sender had delivered, itself included. Whoever gets it before one of those holds it back.
 * Pure: messages in, deliverable messages out.
 *
 * @source Birman, Schiper and Stephenson, Lightweight Causal and Atomic Group Multicast (TOCS 1991), section 5.1
 */

/** - `causal`: after everything its sender had seen. - `fifo`: after its sender's earlier ones only. - `plain`: as it comes. */
export const deliveryOrders = ["causal", "fifo", "plain"] as const;
export type DeliveryOrder = (typeof deliveryOrders)[number];

export interface Broadcast {
	readonly sender: number;
	/** Of each member; the sender's own entry is the message's number, from 1. */
	readonly vector: readonly number[];
	readonly text: string;
}

/** Messages that may wait; the rest is refused, and with it everything that comes after it. */
const heldBackMax = 10_000;

export class DeliveryQueue {
	readonly #me: number;
	readonly #order: DeliveryOrder;
	/** Messages of each member delivered, or the highest number where order does not matter. */
	readonly #delivered: number[];
	#waiting: Broadcast[] = [];

	constructor({ me, members, order }: { readonly me: number; readonly members: number; readonly order: DeliveryOrder }) {
		this.#me = me;
		this.#order = order;
		this.#delivered = Array.from({ length: members }, () => 0);
	}

	get heldBack(): number {
		return this.#waiting.length;
	}

	get vector(): readonly number[] {
		return [...this.#delivered];
	}

	/** A message of the own; the sender has delivered it by sending it. */
	post(text: string): Broadcast {
		this.#delivered[this.#me] = this.#count(this.#me) + 1;
		return { sender: this.#me, vector: this.vector, text };
	}

	/** @returns what can be delivered now, in order */
	receive(message: Broadcast): readonly Broadcast[] {
		if (this.#order === "plain") {
			this.#note(message);
			return [message];
		}
		const isKnown = numberOf(message) <= this.#count(message.sender) || this.#waiting.some((other) => isSame(other, message));
		if (isKnown || this.#waiting.length >= heldBackMax) return [];
		this.#waiting.push(message);
		const ready: Broadcast[] = [];
		for (let next = this.#takeReady(); next !== undefined; next = this.#takeReady()) ready.push(next);
		return ready;
	}

	#takeReady(): Broadcast | undefined {
		const index = this.#waiting.findIndex((message) => this.#isReady(message));
		if (index < 0) return undefined;
		const [message] = this.#waiting.splice(index, 1);
		if (message !== undefined) this.#note(message);
		return message;
	}

	/** The next of its sender, and nothing is missing that its sender had delivered. */
	#isReady({ sender, vector }: Broadcast): boolean {
		if (vector[sender] !== this.#count(sender) + 1) return false;
		return this.#order === "fifo" || vector.every((count, member) => member === sender || count <= this.#count(member));
	}

	#note(message: Broadcast): void {
		const { sender } = message;
		this.#delivered[sender] = Math.max(this.#count(sender), numberOf(message));
	}

	#count(member: number): number {
		return this.#delivered[member] ?? 0;
	}
}

export function numberOf({ sender, vector }: Broadcast): number {
	return vector[sender] ?? 0;
}

function isSame(a: Broadcast, b: Broadcast): boolean {
	return a.sender === b.sender && numberOf(a) === numberOf(b);
}

/** What a broadcast to a group costs where every member is told singly. */
export function messagesPerBroadcast(members: number): number {
	return members - 1;
}
