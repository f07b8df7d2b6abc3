/** What the view of gossip draws, read out of what members stated. */
import { expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { gossipFacts, rumourOf } from "./gossip-board.ts";

const board = boardOf({ a: ["gossip"], b: ["gossip"], c: ["gossip"] });
const begun = ["a", "gossip.expected", { mode: "push", roundUs: 100, members: 3, knowing: [1, 2, 2.8], pushRounds: 2.7 }, 50] as const;

test("a member knows since the round in which it learned, counted from the beginning of the rumour", () => {
	const facts = [begun, ["a", "gossip.learned", 0, 50], ["c", "gossip.learned", 2, 270]] as const;
	const rumour = rumourOf({ ...board(facts), atUs: 290 });
	expect(rumour?.listeners.map(({ round }) => round)).toEqual([0, null, 2]);
	expect(rumour).toMatchObject({ round: 2, knowing: [1, 1, 2], allKnowRound: null, mode: "push" });
});

test("who learned it once more after a crash counts from the rumour's beginning and not from its own", () => {
	const facts = [begun, ["a", "gossip.learned", 0, 50], ["c", "gossip.learned", 1, 160], ["b", "gossip.learned", 0, 870]] as const;
	const rumour = rumourOf({ ...board(facts), atUs: 5_000 });
	expect(rumour).toMatchObject({ allKnowRound: 8, round: 49 });
	expect(rumour?.knowing).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 3]);
});

test("before it begins, and from nonsense, there is no rumour", () => {
	expect(rumourOf(board([]))).toBeNull();
	for (const value of [null, "x", [1], { roundUs: 0, knowing: "?" }])
		expect(rumourOf(board(gossipFacts.map((name) => ["a", name, value] as const)))).toBeNull();
});
