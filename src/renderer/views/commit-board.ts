/** What the view of atomic commitment draws: for each transaction how far each member is with it. Pure. */
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { flagIn, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const commitFacts = ["commit.begun", "commit.voted", "commit.precommitted", "commit.decided", "commit.done"] as const;

type Parts = Pick<ViewProps, "plan" | "atUs" | "board" | "statusOf" | "nameOf">;

export type CommitState = "none" | "asking" | "votedYes" | "votedNo" | "precommitted" | "commit" | "abort";

/** One member in one transaction. */
export interface CommitCell {
	readonly state: CommitState;
	/** Bound by its promise, for so long; null: it is not, or not any more. */
	readonly inDoubtUs: number | null;
	/** In doubt, and whoever could decide is down. */
	readonly isBlocked: boolean;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

export interface Transaction {
	readonly number: number;
	/** As members are. */
	readonly cells: readonly CommitCell[];
	/** Committed by one and aborted by another. */
	readonly isTorn: boolean;
	/** Null: not everybody has acknowledged. */
	readonly messages: number | null;
	readonly expected: number;
	/** Event that stated the count; -1: none. */
	readonly doneIndex: number;
}

export interface CommitBoard {
	/** The coordinator first. */
	readonly members: readonly Member[];
	readonly protocol: string;
	/** Latest first. */
	readonly transactions: readonly Transaction[];
}

const empty: CommitCell = { state: "none", inDoubtUs: null, isBlocked: false, index: -1 };
const decided: ReadonlySet<CommitState> = new Set(["commit", "abort"]);
const inDoubt: ReadonlySet<CommitState> = new Set(["votedYes", "precommitted"]);

export function readCommit(props: Parts): CommitBoard {
	const members = membersOf(props, "commit");
	const placeOf = new Map(members.map(({ node }, place) => [node, place]));
	const rows = new Map<number, { cells: CommitCell[]; messages: number | null; expected: number; doneIndex: number; promisedUs: Map<number, number> }>();
	for (const entry of props.board) {
		const { node, value, atUs, index } = entry;
		const fact = props.nameOf(entry);
		const place = placeOf.get(node);
		const number = numberIn(value, "transaction", -1);
		if (place === undefined || number < 0) continue;
		const row = rows.get(number) ?? { cells: members.map(() => empty), messages: null, expected: 0, doneIndex: -1, promisedUs: new Map() };
		rows.set(number, row);
		if (fact === "commit.done") {
			row.messages = numberIn(value, "messages");
			row.expected = numberIn(value, "expected");
			row.doneIndex = index;
			continue;
		}
		if (fact === "commit.voted") row.promisedUs.set(place, atUs);
		const state = stateSaid(fact, value);
		// Whatever came later in the life of the run, a decision stands.
		if (state !== null && !decided.has(row.cells[place]?.state ?? "none")) row.cells[place] = { state, inDoubtUs: null, isBlocked: false, index };
	}
	const isLeaderless = members[0] !== undefined && !members[0].isThere;
	const transactions = [...rows].map(([number, { cells, promisedUs, ...row }]) => ({
		...row,
		number,
		cells: cells.map((cell, place) => withDoubt(cell, { sinceUs: promisedUs.get(place), atUs: props.atUs, isLeaderless })),
		isTorn: cells.some(({ state }) => state === "commit") && cells.some(({ state }) => state === "abort"),
	}));
	const begun = [...latestByNode(entriesOf(props, "commit.begun")).values()].at(-1);
	return { members, protocol: textIn(begun?.value, "protocol"), transactions: transactions.sort((a, b) => b.number - a.number) };
}

function stateSaid(fact: string, value: Parameters<typeof flagIn>[0]): CommitState | null {
	switch (fact) {
		case "commit.begun":
			return "asking";
		case "commit.voted":
			return flagIn(value, "yes") ? "votedYes" : "votedNo";
		case "commit.precommitted":
			return "precommitted";
		case "commit.decided":
			return textIn(value, "outcome") === "commit" ? "commit" : "abort";
		default:
			return null;
	}
}

function withDoubt(
	cell: CommitCell,
	{ sinceUs, atUs, isLeaderless }: { readonly sinceUs: number | undefined; readonly atUs: number; readonly isLeaderless: boolean },
): CommitCell {
	if (!inDoubt.has(cell.state)) return cell;
	return { ...cell, inDoubtUs: Math.max(0, atUs - (sinceUs ?? atUs)), isBlocked: isLeaderless };
}

/** Cells that are blocked, and transactions that are torn. */
export function commitSummary({ transactions }: CommitBoard): {
	readonly blocked: number;
	/** The longest of them. */
	readonly blockedUs: number;
	readonly torn: readonly number[];
	readonly committed: number;
	readonly aborted: number;
} {
	const cells = transactions.flatMap((transaction) => transaction.cells);
	const first = (state: CommitState): number => transactions.filter((transaction) => transaction.cells.some((cell) => cell.state === state)).length;
	return {
		blocked: cells.filter(({ isBlocked }) => isBlocked).length,
		blockedUs: Math.max(0, ...cells.map(({ isBlocked, inDoubtUs }) => (isBlocked ? (inDoubtUs ?? 0) : 0))),
		torn: transactions.filter(({ isTorn }) => isTorn).map(({ number }) => number),
		committed: first("commit"),
		aborted: first("abort"),
	};
}
