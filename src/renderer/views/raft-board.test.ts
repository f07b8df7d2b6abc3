/** What the log grid draws, read out of what servers stated. */
import { expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { leaderOf, raftFacts, serverRows } from "./raft-board.ts";

const idle = { services: ["store"] };
const plan = { ...tinyPlan({ nodes: { a: idle, b: idle }, links: [] }, new Map([["store", {} as never]])), names: [...raftFacts] };
let index = 0;
const says = (node: number, name: (typeof raftFacts)[number], value: BoardEntry["value"], atUs = 0): BoardEntry => ({
	node,
	name: raftFacts.indexOf(name),
	key: "",
	index: index++,
	atUs,
	value,
});
const rowsOf = (board: readonly BoardEntry[], { atUs = 0, down = -1 } = {}) =>
	serverRows({ plan, atUs, board, statusOf: (node) => (node === down ? "down" : "up"), nameOf: ({ name }) => plan.names[name] ?? "" });

const board = [
	says(0, "raft.recovered", { index: 0, chain: 0, links: [] }),
	says(1, "raft.recovered", {
		index: 4,
		chain: 9,
		links: [
			[2, 1],
			[3, 2],
		],
	}),
	says(0, "raft.server", { role: "leader", term: 3, vote: "a", leader: "a", votes: ["a", "b"], quorum: 2 }),
	says(0, "raft.appended", { after: 6, links: [[3, 7]], tail: [2, 3, 3] }),
	says(0, "raft.committed", { index: 6, chain: 1, term: 3 }),
	says(0, "raft.marks", { followers: [["b", 6, 7]] }),
	says(1, "raft.waiting", { inUs: 90_000 }, 1_000),
];

test("the tail of a log is what was found at the start, until something is appended", () => {
	const [a, b] = rowsOf(board);
	expect(a).toMatchObject({ last: 7, terms: [2, 3, 3], commit: 6, role: "leader", votes: 2, quorum: 2 });
	expect(b).toMatchObject({ last: 6, terms: [2, 3], commit: 0 });
	expect(leaderOf(rowsOf(board))?.name).toBe("a");
});

test("how far a log is behind is measured by the longest there is, not by the room on the page", () => {
	expect(rowsOf(board).map(({ behind }) => behind)).toEqual([0, 1]);
	const young = [says(0, "raft.recovered", { index: 0, chain: 0, links: [[1, 1]] }), says(1, "raft.recovered", { index: 0, chain: 0, links: [] })];
	expect(rowsOf(young).map(({ last, behind }) => [last, behind])).toEqual([
		[1, 0],
		[0, 1],
	]);
});

test("a follower bears the marks that its leader keeps, and counts down to its election", () => {
	expect(rowsOf(board, { atUs: 31_000 })[1]).toMatchObject({ marks: { match: 6, next: 7 }, electionInUs: 60_000 });
	expect(rowsOf(board, { atUs: 500_000 })[1]?.electionInUs).toBe(0);
	expect(rowsOf(board)[0]?.marks).toBeNull();
});

test("a server that is down has a log and no role, and what it had committed is forgotten until it knows again", () => {
	expect(rowsOf(board, { down: 0 })[0]).toMatchObject({ role: "", last: 7, commit: 0 });
	const restarted = [...board, says(0, "raft.recovered", { index: 0, chain: 0, links: [[3, 7]] })];
	expect(rowsOf(restarted)[0]).toMatchObject({ role: "", last: 1, commit: 0 });
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	const nonsense = raftFacts.map((name) => says(0, name, name === "raft.appended" ? { links: "x", tail: 3 } : ["?", { followers: [1] }]));
	expect(rowsOf(nonsense)).toHaveLength(1);
});
