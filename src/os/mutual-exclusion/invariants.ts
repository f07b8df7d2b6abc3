/**
 * What mutual exclusion promises, judged from outside by what its members state when they want in,
 * enter and leave. Pure folds.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import type { Consent, MutexAlgorithm } from "./algorithm.ts";
import { type EntryCost, entryCost } from "./formulas.ts";

export const wantedFact = "mutex.wanted";
export const enteredFact = "mutex.entered";
export const leftFact = "mutex.left";
/** By whom it asks, one entry each. */
export const consentFact = "mutex.consent";

/** Body of `mutex.left`. */
export type LeftFact = {
	readonly algorithm: MutexAlgorithm;
	readonly members: number;
	/** Messages that this entry took, those of the release included. */
	readonly messages: number;
	/** Of this member in this life: entries, and messages of all of them. */
	readonly entries: number;
	readonly messagesInAll: number;
	/** What the book says that an entry costs. */
	readonly least: number;
	readonly most: number | null;
};

/** Body of `mutex.wanted`. */
export type WantedFact = {
	readonly algorithm: MutexAlgorithm;
	/** Whose consent it asks for; empty for the token's. */
	readonly asks: readonly string[];
	/** Counts the member's requests in this life, from 1: what is said of an earlier one is no news. */
	readonly request: number;
};

/** Body of `mutex.consent`; `key` is the node that was asked. */
export type ConsentFact = { readonly key: string; readonly consent: Consent; readonly request: number };

class OneAtATime implements InvariantFold {
	readonly #inside = new Set<string>();

	onFact({ node, name }: Fact): string | null {
		this.#inside.delete(node);
		if (name === leftFact) return null;
		const others = [...this.#inside];
		this.#inside.add(node);
		return others.length === 0 ? null : `${node} enters while ${others.join(" and ")} ${others.length === 1 ? "is" : "are"} in`;
	}
}

class EveryoneEnters implements InvariantFold {
	readonly #waiting = new Set<string>();

	onFact({ node, name }: Fact): null {
		if (name === wantedFact) this.#waiting.add(node);
		else this.#waiting.delete(node);
		return null;
	}

	end(): string | null {
		if (this.#waiting.size === 0) return null;
		return `${[...this.#waiting].join(" and ")} still ${this.#waiting.size === 1 ? "waits" : "wait"} to enter`;
	}
}

class MessageCount implements InvariantFold {
	#cost: EntryCost | null = null;
	#entries = 0;
	#messages = 0;

	onFact({ node, value }: Fact): string | null {
		const { algorithm, members, messages } = value as LeftFact;
		this.#cost ??= entryCost(algorithm, members);
		this.#entries++;
		this.#messages += messages;
		if (messages >= this.#cost.least) return null;
		return `${node} entered with ${formatCount(messages, "message")}, and the book says ${this.#cost.formula}`;
	}

	end(): string | null {
		const mean = this.#messages / Math.max(1, this.#entries);
		if (this.#cost === null || this.#cost.most === null || mean <= this.#cost.most) return null;
		return `an entry took ${formatCount(Math.round(10 * mean) / 10, "message")} in the mean, and the book says ${this.#cost.formula}`;
	}
}

export const mutexInvariants: readonly Invariant[] = [
	{
		name: "mutex.oneAtATime",
		shows: "No two members are in the critical section at once (Dijkstra 1965).",
		facts: [enteredFact, leftFact],
		start: () => new OneAtATime(),
	},
	{
		name: "mutex.everyoneEnters",
		shows: "Whoever wants in gets in before the run is over.",
		facts: [wantedFact, enteredFact],
		start: () => new EveryoneEnters(),
	},
	{
		name: "mutex.messagesAsInTheBook",
		shows: "An entry takes as many messages as the algorithm's paper says.",
		facts: [leftFact],
		start: () => new MessageCount(),
	},
];
