/**
 * What the view of Raft draws, read out of what the servers stated: each server's role and vote, the tail
 * of its log, how far it has committed, and the leader's marks of it. Pure.
 */
import type { Plan } from "../../shared/plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { listIn, numberIn, numbersIn, textIn, textsIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const raftFacts = ["raft.server", "raft.marks", "raft.waiting", "raft.recovered", "raft.appended", "raft.installed", "raft.committed"] as const;
type RaftFact = (typeof raftFacts)[number];

/** A leader's marks of a follower. */
export interface Marks {
	readonly match: number;
	readonly next: number;
	/** Event that stated them. */
	readonly index: number;
}

export interface ServerRow {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	/** Empty while it starts. */
	readonly role: string;
	readonly term: number;
	readonly vote: string;
	readonly leader: string;
	readonly votes: number;
	readonly quorum: number;
	/** Index of the last entry on its disk. */
	readonly last: number;
	/** Entries that the longest log known has and this one has not. */
	readonly behind: number;
	/** Terms of the entries that end with `last`; older ones are not told. */
	readonly terms: readonly number[];
	/** 0: forgotten by a crash, or nothing yet. */
	readonly commit: number;
	/** True time until it runs for leader, when it hears nobody; null: it hears a leader, or is one. */
	readonly electionInUs: number | null;
	/** All of the silence that it waits for. */
	readonly electionAfterUs: number;
	/** The leader's marks of this server; null: nobody leads it. */
	readonly marks: Marks | null;
	/** Events that stated its role, its log, how far it has committed, and since when it hears nobody; -1: none. */
	readonly index: { readonly role: number; readonly log: number; readonly commit: number; readonly silence: number };
}

type Facts = Partial<Record<RaftFact, BoardEntry>>;

interface Parts extends Pick<ViewProps, "plan" | "atUs" | "board" | "statusOf" | "nameOf"> {}

/** One row a server, in the plan's order. */
export function serverRows({ plan, atUs, board, statusOf, nameOf }: Parts): readonly ServerRow[] {
	const stated = new Map<number, Facts>();
	for (const entry of board) {
		const facts = stated.get(entry.node) ?? {};
		stated.set(entry.node, facts);
		facts[nameOf(entry) as RaftFact] = entry;
	}
	const rows = [...stated].sort(([a], [b]) => a - b).map(([node, facts]) => rowOf(plan, node, facts, { atUs, status: statusOf(node) }));
	const marks = marksOf(rows, stated);
	const longest = Math.max(0, ...rows.map(({ last }) => last));
	return rows.map((row) => ({ ...row, behind: longest - row.last, marks: marks.get(row.name) ?? null }));
}

function rowOf(plan: Plan, node: number, facts: Facts, { atUs, status }: { readonly atUs: number; readonly status: ServerRow["status"] }): ServerRow {
	const said = facts["raft.server"];
	const { last, terms, sinceIndex } = logOf(facts);
	const committed = facts["raft.committed"];
	const recoveredIndex = facts["raft.recovered"]?.index ?? -1;
	const installed = facts["raft.installed"];
	const isUp = status === "up" || status === "paused";
	const applied = committed !== undefined && committed.index > recoveredIndex ? numberIn(committed.value, "index") : 0;
	return {
		node,
		name: plan.nodes[node]?.name ?? "",
		status,
		role: said === undefined || said.index < recoveredIndex || !isUp ? "" : textIn(said.value, "role"),
		term: numberIn(said?.value, "term"),
		vote: textIn(said?.value, "vote"),
		leader: textIn(said?.value, "leader"),
		votes: textsIn(said?.value, "votes").length,
		quorum: numberIn(said?.value, "quorum"),
		last,
		behind: 0,
		terms,
		commit: isUp ? Math.max(applied, installed === undefined ? 0 : numberIn(installed.value, "index")) : 0,
		electionInUs: status === "up" ? waitingUs(facts["raft.waiting"], recoveredIndex, atUs) : null,
		electionAfterUs: numberIn(facts["raft.waiting"]?.value, "inUs"),
		marks: null,
		index: {
			role: said?.index ?? -1,
			log: sinceIndex,
			commit: !isUp ? -1 : Math.max(applied > 0 ? (committed?.index ?? -1) : -1, installed?.index ?? -1),
			silence: facts["raft.waiting"]?.index ?? -1,
		},
	};
}

function waitingUs(waiting: BoardEntry | undefined, recoveredIndex: number, atUs: number): number | null {
	if (waiting === undefined || waiting.index < recoveredIndex) return null;
	return Math.max(0, waiting.atUs + numberIn(waiting.value, "inUs") - atUs);
}

/** The tail of the log as it was last stated: found at a start, appended to, or replaced by a snapshot. */
function logOf(facts: Facts): { readonly last: number; readonly terms: readonly number[]; readonly sinceIndex: number } {
	const [latest] = [facts["raft.recovered"], facts["raft.appended"], facts["raft.installed"]]
		.filter((entry) => entry !== undefined)
		.sort((a, b) => b.index - a.index);
	if (latest === undefined) return { last: 0, terms: [], sinceIndex: -1 };
	const links = listIn(latest.value, "links").map((link) => (Array.isArray(link) && typeof link[0] === "number" ? link[0] : 0));
	if (latest === facts["raft.appended"])
		return { last: numberIn(latest.value, "after") + links.length, terms: numbersIn(latest.value, "tail"), sinceIndex: latest.index };
	return { last: numberIn(latest.value, "index") + links.length, terms: links, sinceIndex: latest.index };
}

/** What the leader of the highest term keeps of each follower, by the follower's name. */
function marksOf(rows: readonly ServerRow[], stated: ReadonlyMap<number, Facts>): ReadonlyMap<string, Marks> {
	const leader = leaderOf(rows);
	const said = leader === undefined ? undefined : stated.get(leader.node)?.["raft.marks"];
	const followers = listIn(said?.value, "followers");
	return new Map(
		followers.flatMap((mark) => {
			if (!Array.isArray(mark)) return [];
			const [name, match, next] = mark;
			return typeof name === "string" && typeof match === "number" && typeof next === "number"
				? [[name, { match, next, index: said?.index ?? -1 }] as const]
				: [];
		}),
	);
}

/** Of those who say that they lead, the one of the highest term. */
export function leaderOf(rows: readonly ServerRow[]): ServerRow | undefined {
	return rows.filter(({ role }) => role === "leader").sort((a, b) => b.term - a.term)[0];
}
