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
}

interface Kept extends SentMessage {
	copies: number;
}

export interface MessageEnd {
	readonly message: SentMessage;
	readonly copy: number;
}

const keptMax = 262_144;

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
				this.#change(node, Number(fields.sequence), 1);
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
		const message = { from: event.node, to: Number(event.fields.to), sequence, name: Number(event.fields.name), sentUs: event.atUs, sent: event, copies: 1 };
		this.#kept.set(`${event.node}:${sequence}`, message);
		if (this.#kept.size <= keptMax) return;
		for (const oldest of this.#kept.keys()) {
			this.#kept.delete(oldest);
			return;
		}
	}

	#end(from: number, { fields }: IndexedEvent): MessageEnd | undefined {
		const message = this.#change(from, Number(fields.sequence), -1);
		return message === undefined ? undefined : { message, copy: Number(fields.copy) };
	}

	#change(from: number, sequence: number, copies: number): SentMessage | undefined {
		const key = `${from}:${sequence}`;
		const kept = this.#kept.get(key);
		if (kept === undefined) return undefined;
		kept.copies += copies;
		if (kept.copies <= 0) this.#kept.delete(key);
		return kept;
	}
}
