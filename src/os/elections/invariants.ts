/** What an election promises, judged from outside by what its members state. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import type { ElectionAlgorithm } from "./election.ts";
import { roundMost } from "./formulas.ts";

/** Body: the round. */
export const wonFact = "election.won";
export const settledFact = "election.settled";
/** What a member thinks now, whenever it thinks otherwise. Body: `MemberFact`. */
export const memberFact = "election.member";

/** Body of `election.settled`. */
export type SettledFact = {
	readonly algorithm: ElectionAlgorithm;
	readonly members: number;
	readonly round: number;
	/** Messages the member sent in that round so far. */
	readonly sent: number;
	/** The round: views keep every round. */
	readonly key: string;
	readonly leader: string;
	/** What the book says of a round, and what no round exceeds. */
	readonly expected: number;
	readonly most: number;
};

export type MemberFact = {
	readonly round: number;
	readonly isElecting: boolean;
	/** Empty: nobody. */
	readonly leader: string;
};

class OneLeaderPerRound implements InvariantFold {
	readonly #winners = new Map<number, string>();

	onFact({ node, value }: Fact): string | null {
		const round = value as number;
		const winner = this.#winners.get(round) ?? node;
		this.#winners.set(round, winner);
		return winner === node ? null : `${winner} and ${node} both win round ${round}`;
	}
}

class MessageCount implements InvariantFold {
	readonly #sent = new Map<number, number>();

	onFact({ value }: Fact): string | null {
		const { algorithm, members, round, sent } = value as SettledFact;
		const sum = (this.#sent.get(round) ?? 0) + sent;
		this.#sent.set(round, sum);
		const most = roundMost(algorithm, members);
		return sum <= most ? null : `round ${round} took ${formatCount(sum, "message")}, and the book says ${most} at most`;
	}
}

export const electionInvariants: readonly Invariant[] = [
	{
		name: "election.oneLeaderARound",
		shows: "No round of an election has two winners (Garcia-Molina 1982, assertion 1).",
		facts: [wonFact],
		start: () => new OneLeaderPerRound(),
	},
	{
		name: "election.messagesAsInTheBook",
		shows: "No round takes more messages than the worst case of its paper.",
		facts: [settledFact],
		start: () => new MessageCount(),
	},
];
