/** What atomic commitment promises, judged from outside by what members state. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import type { CommitProtocol, Outcome } from "./protocol.ts";

/** Body: `VotedFact`. */
export const votedFact = "commit.voted";
/** Body: `DecidedFact`. */
export const decidedFact = "commit.decided";

/** The coordinator asks for votes. Body: `BegunFact`. */
export const begunFact = "commit.begun";
/** A participant knows that all have voted yes, and has it on disk. Body: `PrecommittedFact`. */
export const precommittedFact = "commit.precommitted";
/** Everybody has acknowledged. Body: `DoneFact`. */
export const doneFact = "commit.done";

/** The key is the transaction: views keep every one. */
type OfTransaction = { readonly key: string; readonly transaction: number };
export type BegunFact = OfTransaction & { readonly protocol: CommitProtocol };
export type PrecommittedFact = OfTransaction;
export type DoneFact = OfTransaction & {
	/** Messages it took, and what the book says of an undisturbed one. */
	readonly messages: number;
	readonly expected: number;
};
export type VotedFact = OfTransaction & { readonly yes: boolean };
export type DecidedFact = OfTransaction & { readonly outcome: Outcome };

class Atomic implements InvariantFold {
	readonly #outcomes = new Map<number, { readonly outcome: Outcome; readonly node: string }>();

	onFact({ node, value }: Fact): string | null {
		const { transaction, outcome } = value as DecidedFact;
		const known = this.#outcomes.get(transaction) ?? { outcome, node };
		this.#outcomes.set(transaction, known);
		return known.outcome === outcome ? null : `transaction ${transaction}: ${known.node} says ${known.outcome}, ${node} says ${outcome}`;
	}
}

class NoCommitAgainstAVote implements InvariantFold {
	readonly #refused = new Map<number, string>();

	onFact({ node, name, value }: Fact): string | null {
		if (name === votedFact) {
			const { transaction, yes } = value as VotedFact;
			if (!yes) this.#refused.set(transaction, node);
			return null;
		}
		const { transaction, outcome } = value as DecidedFact;
		const refuser = this.#refused.get(transaction);
		return outcome === "abort" || refuser === undefined ? null : `transaction ${transaction} is committed, and ${refuser} had voted no`;
	}
}

class AllDecide implements InvariantFold {
	readonly #open = new Set<string>();

	onFact({ node, name, value }: Fact): null {
		const { transaction } = value as VotedFact | DecidedFact;
		const id = `transaction ${transaction} at ${node}`;
		if (name === votedFact && (value as VotedFact).yes) this.#open.add(id);
		if (name === decidedFact) this.#open.delete(id);
		return null;
	}

	end(): string | null {
		return this.#open.size === 0 ? null : `never decided: ${[...this.#open].slice(0, 3).join(", ")}`;
	}
}

export const commitInvariants: readonly Invariant[] = [
	{
		name: "commit.atomic",
		shows: "No transaction is committed by one and aborted by another (Bernstein, Hadzilacos, Goodman 1987, AC1).",
		facts: [decidedFact],
		start: () => new Atomic(),
	},
	{
		name: "commit.votesCount",
		shows: "A transaction is committed only if nobody voted no (AC3).",
		facts: [votedFact, decidedFact],
		start: () => new NoCommitAgainstAVote(),
	},
	{
		name: "commit.allDecide",
		shows: "Whoever voted yes learns the decision before the run is over (AC5).",
		facts: [votedFact, decidedFact],
		start: () => new AllDecide(),
	},
];
