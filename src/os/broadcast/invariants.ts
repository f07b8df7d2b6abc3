/**
 * What causal broadcast promises, judged from outside: the judge knows what each member had delivered when
 * it posted, from what the members state, and not the vectors they send. Pure folds.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";

/** Body: `PostedFact`. */
export const postedFact = "broadcast.posted";
/** Body: `DeliveredFact`. */
export const deliveredFact = "broadcast.delivered";

export type PostedFact = DeliveredFact & {
	readonly members: number;
	/** For those who read along; nothing is judged by them. */
	readonly vector: readonly number[];
	readonly text: string;
};
export type DeliveredFact = {
	readonly sender: number;
	readonly number: number;
	/** Which message: views keep every one. */
	readonly key: string;
};

export function keyOf(sender: number, number: number): string {
	return `${sender} ${number}`;
}

type MessageId = Pick<DeliveredFact, "sender" | "number">;

const idOf = ({ sender, number }: MessageId): string => keyOf(sender, number);
const told = ({ sender, number }: MessageId): string => `message ${number} of member ${sender + 1}`;

/** What a member has delivered: every message up to a number of each sender, and some beyond. */
class Delivered {
	readonly #upTo = new Map<number, number>();
	readonly #beyond = new Set<string>();
	/** Everything that came before what the member has delivered, or is it: highest numbers by sender. */
	readonly past = new Map<number, number>();

	has(message: MessageId): boolean {
		return message.number <= (this.#upTo.get(message.sender) ?? 0) || this.#beyond.has(idOf(message));
	}

	add(message: MessageId): void {
		const { sender } = message;
		this.#beyond.add(idOf(message));
		let upTo = this.#upTo.get(sender) ?? 0;
		while (this.#beyond.delete(idOf({ sender, number: upTo + 1 }))) upTo++;
		this.#upTo.set(sender, upTo);
	}

	learn(past: ReadonlyMap<number, number>): void {
		for (const [sender, number] of past) this.past.set(sender, Math.max(number, this.past.get(sender) ?? 0));
	}

	/** The first message of a past that is missing here. */
	missing(past: ReadonlyMap<number, number>, besides: MessageId): MessageId | undefined {
		for (const [sender, highest] of past) {
			for (let number = (this.#upTo.get(sender) ?? 0) + 1; number <= highest; number++) {
				const message = { sender, number };
				if (!this.has(message) && idOf(message) !== idOf(besides)) return message;
			}
		}
		return undefined;
	}
}

class CausalOrder implements InvariantFold {
	readonly #nodes = new Map<string, Delivered>();
	readonly #pasts = new Map<string, ReadonlyMap<number, number>>();

	#of(node: string): Delivered {
		const known = this.#nodes.get(node) ?? new Delivered();
		this.#nodes.set(node, known);
		return known;
	}

	onFact({ node, name, value }: Fact): string | null {
		const message = value as DeliveredFact;
		const delivered = this.#of(node);
		if (name === postedFact) {
			delivered.learn(new Map([[message.sender, message.number]]));
			delivered.add(message);
			this.#pasts.set(idOf(message), new Map(delivered.past));
			return null;
		}
		const past = this.#pasts.get(idOf(message)) ?? new Map();
		const missing = delivered.missing(past, message);
		delivered.learn(past);
		delivered.add(message);
		return missing === undefined ? null : `${node} is given ${told(message)} before ${told(missing)}, which its sender had seen`;
	}
}

class AllDelivered implements InvariantFold {
	readonly #missing = new Map<string, number>();

	onFact({ name, value }: Fact): null {
		const id = idOf(value as DeliveredFact);
		if (name === postedFact) this.#missing.set(id, (value as PostedFact).members - 1);
		else this.#missing.set(id, (this.#missing.get(id) ?? 0) - 1);
		if (this.#missing.get(id) === 0) this.#missing.delete(id);
		return null;
	}

	end(): string | null {
		if (this.#missing.size === 0) return null;
		return `${formatCount(this.#missing.size, "message has", "messages have")} not reached everybody`;
	}
}

export const broadcastInvariants: readonly Invariant[] = [
	{
		name: "broadcast.causalOrder",
		shows: "Nobody is given a message before one that its sender had been given or had sent (Birman, Schiper, Stephenson 1991).",
		facts: [postedFact, deliveredFact],
		start: () => new CausalOrder(),
	},
	{
		name: "broadcast.everyoneIsTold",
		shows: "Every message is given to everybody, once, before the run is over.",
		facts: [postedFact, deliveredFact],
		start: () => new AllDelivered(),
	},
];
