/** What the view of gossip draws: who knows, since which round, and how many should by the book. Pure. */
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { numberIn, numbersIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const gossipFacts = ["gossip.expected", "gossip.learned"] as const;

type Parts = Pick<ViewProps, "plan" | "atUs" | "board" | "statusOf" | "nameOf">;

export interface Listener extends Member {
	/** Round in which it learned the rumour; null: it does not know it. */
	readonly round: number | null;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

export interface Rumour {
	readonly mode: string;
	readonly listeners: readonly Listener[];
	/** The round that it is. */
	readonly round: number;
	/** How many had learned it by each round, as far as rounds have come. */
	readonly knowing: readonly number[];
	/** How many would, by the book. */
	readonly expected: readonly number[];
	/** Rounds until everybody knows, by the book, by push. */
	readonly pushRounds: number;
	/** Round by which all had heard of it; null: not all have. */
	readonly allKnowRound: number | null;
	/** Event that stated what the book expects. */
	readonly index: number;
}

/** Null: it has not begun. */
export function rumourOf(props: Parts): Rumour | null {
	const begun = entriesOf(props, "gossip.expected")[0];
	const roundUs = numberIn(begun?.value, "roundUs");
	if (begun === undefined || roundUs <= 0) return null;
	// By the time that has passed: whoever booted later counts its rounds from then.
	const roundAt = (atUs: number): number => Math.max(0, Math.floor((atUs - begun.atUs) / roundUs));
	const learned = latestByNode(entriesOf(props, "gossip.learned"));
	const members = membersOf(props, "gossip");
	const listeners = members.map((member) => {
		const entry = learned.get(member.node);
		return { ...member, round: entry === undefined ? null : roundAt(entry.atUs), index: entry?.index ?? -1 };
	});
	const rounds = listeners.flatMap(({ round }) => round ?? []);
	const isAll = rounds.length === members.length && members.length > 0;
	const last = rounds.reduce((most, round) => Math.max(most, round), 0);
	const expected = numbersIn(begun.value, "knowing");
	// Once all know nothing changes any more.
	const round = roundAt(props.atUs);
	const shown = Math.min(round, Math.max(last, expected.length - 1));
	return {
		mode: textIn(begun.value, "mode"),
		listeners,
		round,
		knowing: Array.from({ length: shown + 1 }, (_, upTo) => rounds.filter((one) => one <= upTo).length),
		expected,
		pushRounds: numberIn(begun.value, "pushRounds"),
		allKnowRound: isAll ? last : null,
		index: begun.index,
	};
}
