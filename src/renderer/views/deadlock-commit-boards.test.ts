/** What the views of deadlock and of atomic commitment draw, read out of what members stated. */
import { describe, expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { commitFacts, commitSummary, readCommit } from "./commit-board.ts";
import { deadlockFacts, foundRings, ringsIn, waitersOf } from "./deadlock-board.ts";

describe("deadlock", () => {
	const board = boardOf({ a: ["deadlock"], b: ["deadlock"], c: ["deadlock"], d: ["deadlock"] });
	const held = (resource: number, holder: number | null) => ({ resource, holder });

	test("who waits in a ring is told from who waits for the ring, and a grant under way is no edge", () => {
		const props = board([
			["a", "deadlock.held", held(0, 1)],
			["b", "deadlock.held", held(1, 0)],
			["c", "deadlock.held", held(2, 2)],
			["a", "deadlock.wants", { member: 0, resource: 0 }],
			["b", "deadlock.wants", { member: 1, resource: 1 }],
			["c", "deadlock.wants", { member: 2, resource: 0 }],
			["d", "deadlock.wants", { member: 3, resource: 3 }],
		]);
		expect(waitersOf(props).map(({ waitsFor, holds, isInRing }) => [waitsFor, holds, isInRing])).toEqual([
			[1, [1], true],
			[0, [0], true],
			[1, [2], false],
			[null, [], false],
		]);
	});

	test("a lock that is granted, and whose holder has not heard of it, is waited for and is no edge", () => {
		const [a] = waitersOf(
			board([
				["b", "deadlock.held", held(1, 0)],
				["a", "deadlock.wants", { member: 0, resource: 1 }],
			]),
		);
		expect(a).toMatchObject({ wants: 1, waitsFor: null, isInRing: false });
	});

	test("rings are found once each, from wherever the edges are walked", () => {
		expect(ringsIn([1, 2, 0, 0, null])).toEqual([[0, 1, 2]]);
		expect(ringsIn([3, 0, 1, 1])).toEqual([[0, 3, 1]]);
		expect(ringsIn([1, 0, 3, 2])).toEqual([
			[0, 1],
			[2, 3],
		]);
		expect(ringsIn([1, 2, 1])).toEqual([[1, 2]]);
		expect(ringsIn([1, null, 0])).toEqual([]);
	});

	test("the latest find is first, and all finds are counted", () => {
		const { rings, count } = foundRings(
			board([
				["d", "deadlock.found", { member: 3, length: 3, hops: 3, expected: 3, count: 4 }, 10],
				["b", "deadlock.found", { member: 1, length: 2, hops: 2, expected: 2, count: 1 }, 20],
			]),
		);
		expect([rings.map(({ by, length }) => [by, length]), count]).toEqual([
			[
				["b", 2],
				["d", 3],
			],
			5,
		]);
	});
});

describe("commit", () => {
	const board = boardOf({ boss: ["commit"], a: ["commit"], b: ["commit"] });
	const about = (transaction: number, rest: object = {}) => ({ key: String(transaction), transaction, ...rest });
	const facts = [
		["boss", "commit.begun", about(1, { protocol: "two-phase" }), 0],
		["a", "commit.voted", about(1, { yes: true }), 100],
		["b", "commit.voted", about(1, { yes: true }), 150],
		["b", "commit.precommitted", about(1), 200],
		["boss", "commit.begun", about(2, { protocol: "two-phase" }), 210],
		["a", "commit.decided", about(2, { outcome: "abort" }), 300],
		["b", "commit.decided", about(2, { outcome: "commit" }), 310],
		["a", "commit.voted", about(2, { yes: true }), 320],
		["boss", "commit.done", about(2, { messages: 8, expected: 8 }), 400],
	] as const;

	test("a member is as far as its latest word, and a decision is the last", () => {
		const { transactions, protocol } = readCommit({ ...board(facts), atUs: 1_000 });
		expect(protocol).toBe("two-phase");
		expect(transactions.map(({ number, cells }) => [number, cells.map(({ state }) => state)])).toEqual([
			[2, ["asking", "abort", "commit"]],
			[1, ["asking", "votedYes", "precommitted"]],
		]);
		expect(transactions[0]).toMatchObject({ isTorn: true, messages: 8 });
	});

	test("who is in doubt is blocked while the coordinator is down, and only then", () => {
		const up = readCommit({ ...board(facts), atUs: 1_000 });
		expect(up.transactions[1]?.cells.map(({ inDoubtUs, isBlocked }) => [inDoubtUs, isBlocked])).toEqual([
			[null, false],
			[900, false],
			[850, false],
		]);
		const down = readCommit({ ...board(facts, { down: ["boss"] }), atUs: 1_000 });
		expect(commitSummary(down)).toEqual({ blocked: 2, blockedUs: 900, torn: [2], committed: 1, aborted: 1 });
	});
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	const board = boardOf({ a: ["deadlock", "commit"] });
	for (const value of [null, "x", [1], { holder: 7, resource: 9, transaction: "?", outcome: 3 }]) {
		const props = board([...deadlockFacts, ...commitFacts].map((name) => ["a", name, value] as const));
		expect(waitersOf(props)[0]).toMatchObject({ wants: null, isInRing: false });
		expect(readCommit(props).transactions).toEqual([]);
	}
});
