/** What the views of elections and of mutual exclusion draw, read out of what members stated. */
import { describe, expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { electionFacts, electorsOf, leadersOf, roundsOf } from "./elections-board.ts";
import { contendersOf, costOf, mutexFacts, queueOf, shortName } from "./mutual-exclusion-board.ts";

describe("elections", () => {
	const board = boardOf({ a: ["elections"], b: ["elections"], c: ["elections"] });
	const settled = (round: number, sent: number, leader: string) => ({ key: String(round), round, sent, leader, algorithm: "bully", expected: 5, most: 8 });
	const facts = [
		["a", "election.member", { round: 1, isElecting: false, leader: "c" }],
		["b", "election.member", { round: 2, isElecting: true, leader: "" }],
		["c", "election.member", { round: 1, isElecting: false, leader: "c" }],
		["a", "election.settled", settled(1, 2, "c")],
		["c", "election.settled", settled(1, 3, "c")],
		["a", "election.settled", settled(2, 4, "a")],
		["b", "election.settled", settled(2, 1, "b")],
	] as const;

	test("each thinks what it said last, and who is down thinks nothing", () => {
		expect(electorsOf(board(facts)).map(({ leader, isElecting, leads }) => [leader, isElecting, leads])).toEqual([
			["c", false, false],
			["", true, false],
			["c", false, true],
		]);
		const electors = electorsOf(board(facts, { down: ["c"] }));
		expect(electors[2]).toMatchObject({ leader: "", leads: false, index: -1 });
		expect(leadersOf(electors)).toEqual([{ name: "c", followers: 1 }]);
	});

	test("a round costs what all its members sent in it, and may have two winners", () => {
		expect(roundsOf(board(facts)).map(({ round, messages, winners }) => [round, messages, winners])).toEqual([
			[2, 5, ["a", "b"]],
			[1, 5, ["c"]],
		]);
	});
});

test("two that are known by one name have both won, if both say so", () => {
	const board = boardOf({ a: ["elections"], b: ["elections"] });
	const settled = { key: "1", round: 1, sent: 2, leader: "a", algorithm: "ring", expected: 5, most: 8 };
	const won = [
		["a", "election.won", 1],
		["b", "election.won", 1],
		["b", "election.settled", settled],
	] as const;
	expect(roundsOf(board(won))[0]?.winners).toEqual(["a", "b"]);
});

describe("mutual exclusion", () => {
	const board = boardOf({ a: ["mutual-exclusion"], b: ["mutual-exclusion"], c: ["mutual-exclusion"] });
	const wanted = { algorithm: "ricart-agrawala", asks: ["x", "y"] };
	const left = (entries: number, messagesInAll: number) => ({ algorithm: "ricart-agrawala", messages: 4, entries, messagesInAll, least: 4, most: 4 });
	const facts = [
		["c", "mutex.wanted", wanted, 100],
		["a", "mutex.wanted", wanted, 200],
		["b", "mutex.wanted", wanted, 250],
		["b", "mutex.entered", null, 300],
		["b", "mutex.left", left(3, 12), 400],
		["c", "mutex.left", left(1, 8), 50],
		["c", "mutex.wanted", wanted, 410],
		["b", "mutex.wanted", wanted, 420],
		["b", "mutex.entered", null, 430],
	] as const;

	test("a member is where its latest word puts it", () => {
		expect(contendersOf(board(facts)).map(({ state, sinceUs, asks }) => [state, sinceUs, asks.length])).toEqual([
			["waiting", 200, 2],
			["inside", 430, 2],
			["waiting", 410, 2],
		]);
	});

	test("the longest wait is first in the queue, and the dead do not wait", () => {
		expect(queueOf(contendersOf(board(facts))).map(({ name }) => name)).toEqual(["a", "c"]);
		expect(queueOf(contendersOf(board(facts, { down: ["a"] }))).map(({ name }) => name)).toEqual(["c"]);
	});

	test("of those asked it is known who has allowed it, for the request at hand and no earlier one", () => {
		const asked = (request: number) => ({ algorithm: "maekawa", asks: ["b", "c", "d", "e"], request });
		const said = (key: string, consent: string, request: number) => ({ key, consent, request });
		const props = board([
			["a", "mutex.wanted", asked(1), 100],
			["a", "mutex.consent", said("b", "given", 1), 110],
			["a", "mutex.consent", said("e", "given", 1), 110],
			["a", "mutex.wanted", asked(2), 200],
			["a", "mutex.consent", said("b", "asked-back", 2), 210],
			["a", "mutex.consent", said("c", "nonsense", 2), 220],
			["a", "mutex.consent", said("d", "given", 2), 230],
			["b", "mutex.consent", said("e", "given", 2), 240],
		]);
		expect(contendersOf(props)[0]?.asks).toEqual([
			{ name: "b", consent: "asked-back", index: 4 },
			{ name: "c", consent: "none", index: 5 },
			{ name: "d", consent: "given", index: 6 },
			{ name: "e", consent: "none", index: -1 },
		]);
	});

	test("names are cut by what all of them begin with, and by nothing else", () => {
		expect(shortName("node-12", ["node-1", "node-12"])).toBe("12");
		expect(shortName("web-1", ["web-1", "db-1"])).toBe("web-1");
		expect(shortName("alice", ["alice", "alina"])).toBe("alice");
	});

	test("the cost of an entry is the mean over all members", () => {
		const props = board(facts);
		expect(costOf(props, contendersOf(props))).toMatchObject({ algorithm: "ricart-agrawala", entries: 4, meanMessages: 5, expected: [4, 4] });
		expect(costOf(board([]), [])).toMatchObject({ meanMessages: null, expected: null });
	});
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	const board = boardOf({ a: ["elections", "mutual-exclusion"] });
	for (const value of [null, "x", [1], { round: "?", leader: 3, asks: [4], most: "x" }]) {
		const props = board([...electionFacts, ...mutexFacts].map((name) => ["a", name, value] as const));
		expect(electorsOf(props)).toHaveLength(1);
		expect(roundsOf(props)[0]?.winners).toEqual([]);
		expect(costOf(props, contendersOf(props)).meanMessages).toBeNull();
	}
});
