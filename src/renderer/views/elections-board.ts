/** What the view of elections draws: who thinks who leads, and what each round cost beside the book's formula. Pure. */
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { flagIn, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const electionFacts = ["election.member", "election.settled", "election.won"] as const;

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export interface Elector extends Member {
	readonly round: number;
	readonly isElecting: boolean;
	/** Empty: nobody. */
	readonly leader: string;
	/** It thinks that it leads itself. */
	readonly leads: boolean;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

/** In the plan's order. Who is down thinks nothing. */
export function electorsOf(props: Parts): readonly Elector[] {
	const stated = latestByNode(entriesOf(props, "election.member"));
	return membersOf(props, "elections").map((member) => {
		const entry = member.isThere ? stated.get(member.node) : undefined;
		const leader = textIn(entry?.value, "leader");
		return {
			...member,
			round: numberIn(entry?.value, "round"),
			isElecting: flagIn(entry?.value, "isElecting"),
			leader,
			leads: leader === member.name,
			index: entry?.index ?? -1,
		};
	});
}

/** Those that somebody who is up follows, most followers first. */
export function leadersOf(electors: readonly Elector[]): readonly { readonly name: string; readonly followers: number }[] {
	const followers = new Map<string, number>();
	for (const { leader } of electors) if (leader !== "") followers.set(leader, (followers.get(leader) ?? 0) + 1);
	return [...followers].map(([name, count]) => ({ name, followers: count })).sort((a, b) => b.followers - a.followers);
}

export interface Round {
	readonly round: number;
	readonly algorithm: string;
	/** All that a member said it sent in it. */
	readonly messages: number;
	readonly expected: number;
	readonly most: number;
	/** More than one is against the rule. */
	readonly winners: readonly string[];
	/** Events that stated it: of all that settled it, and of its winners. */
	readonly indexes: readonly number[];
}

/** Highest round first. */
export function roundsOf(props: Parts): readonly Round[] {
	const rounds = new Map<number, Round>();
	// What a member says of its own victory counts, whatever name the others know it by.
	const wins = entriesOf(props, "election.won").map(({ node, value, index }) => ({ round: value, index, name: props.plan.nodes[node]?.name ?? "" }));
	for (const { value, index } of entriesOf(props, "election.settled")) {
		const round = numberIn(value, "round");
		const leader = textIn(value, "leader");
		const known = rounds.get(round);
		const won = wins.filter((win) => win.round === round);
		const winners = known?.winners ?? won.map(({ name }) => name);
		rounds.set(round, {
			round,
			algorithm: textIn(value, "algorithm"),
			messages: (known?.messages ?? 0) + numberIn(value, "sent"),
			expected: numberIn(value, "expected"),
			most: numberIn(value, "most"),
			winners: leader === "" || winners.includes(leader) ? winners : [...winners, leader],
			indexes: [...(known?.indexes ?? won.map((win) => win.index)), index],
		});
	}
	return [...rounds.values()].sort((a, b) => b.round - a.round);
}
