/**
 * What the log said of messages at their sending, kept until nothing of them is under way any more:
 * their ends name them by sender and number alone. Bounded by what is under way, and by a limit for
 * files that lie.
 */
import type { IndexedEvent } from "./source.ts";

export interface SentMessage {
	readonly from: number;
	readonly to: number;
	readonly sequence: number;
	readonly name: number;
	readonly sentUs: number;
	readonly sent: IndexedEvent;
	/** Of what is under way of it now the numbers; 0: it itself, above: copies that links have made. */
	readonly copies: readonly number[];
}

interface Kept extends SentMessage {
	readonly copies: number[];
}

export interface MessageEnd {
	readonly message: SentMessage;
	readonly copy: number;
}

const keptMax = 262_144;
/** Links double what was doubled, but not as often as this. */
const copiesMax = 1_024;

export class MessagesUnderWay {
	readonly #kept = new Map<string, Kept>();

	get size(): number {
		return this.#kept.size;
	}

	/**
	 * Folds an event in.
	 * @returns the message whose copy ended with it, if its sending is known
	 */
	take(event: IndexedEvent): MessageEnd | undefined {
		const { kind, node, fields } = event;
		switch (kind) {
			case "messageSent":
				this.#begin(event);
				return undefined;
			case "messageDuplicated":
				this.#double(node, event);
				return undefined;
			case "messageDelivered":
				return this.#end(Number(fields.from), event);
			case "messageDropped":
				return this.#end(node, event);
			default:
				return undefined;
		}
	}

	/** The message an event of the network is about. */
	of(from: number, sequence: number): SentMessage | undefined {
		return this.#kept.get(`${from}:${sequence}`);
	}

	/** What is still under way when the log ends, oldest first. */
	get left(): Iterable<SentMessage> {
		return this.#kept.values();
	}

	#begin(event: IndexedEvent): void {
		const sequence = Number(event.fields.sequence);
		const message = { from: event.node, to: Number(event.fields.to), sequence, name: Number(event.fields.name), sentUs: event.atUs, sent: event, copies: [0] };
		this.#kept.set(`${event.node}:${sequence}`, message);
		if (this.#kept.size <= keptMax) return;
		for (const oldest of this.#kept.keys()) {
			this.#kept.delete(oldest);
			return;
		}
	}

	#double(from: number, { fields }: IndexedEvent): void {
		const copies = this.#kept.get(`${from}:${Number(fields.sequence)}`)?.copies;
		if (copies !== undefined && copies.length < copiesMax) copies.push(Number(fields.copy));
	}

	#end(from: number, { fields }: IndexedEvent): MessageEnd | undefined {
		const key = `${from}:${Number(fields.sequence)}`;
		const message = this.#kept.get(key);
		if (message === undefined) return undefined;
		const copy = Number(fields.copy);
		// Of a copy that nobody made, in a file that lies, the end is another's.
		message.copies.splice(Math.max(0, message.copies.indexOf(copy)), 1);
		if (message.copies.length === 0) this.#kept.delete(key);
		return { message, copy };
	}
}
