/** What the view of broadcast draws, read out of what members stated. */
import { expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { broadcastFacts, talkOf } from "./broadcast-board.ts";

const board = boardOf({ a: ["broadcast"], b: ["broadcast"], c: ["broadcast"] });
const posted = (sender: number, number: number, text: string) => ({ key: `${sender} ${number}`, sender, number, text, members: 3, vector: [0, 0, 0] });
const given = (sender: number, number: number) => ({ key: `${sender} ${number}`, sender, number });
const facts = [
	["a", "broadcast.posted", posted(0, 1, "why")],
	["b", "broadcast.delivered", given(0, 1)],
	["b", "broadcast.posted", posted(1, 1, "re: why")],
	["a", "broadcast.delivered", given(1, 1)],
	["c", "broadcast.delivered", given(1, 1)],
	["c", "broadcast.delivered", given(0, 1)],
] as const;

test("each member has what it was given and what it posted, in its own order", () => {
	expect(talkOf(board(facts)).readers.map((reader) => reader.given.map(({ text }) => text))).toEqual([
		["why", "re: why"],
		["why", "re: why"],
		["re: why", "why"],
	]);
});

test("an answer is too early where its question has not come, and nowhere else", () => {
	const { readers } = talkOf(board(facts));
	expect(readers.map(({ tooEarly }) => tooEarly)).toEqual([0, 0, 1]);
	expect(readers[2]?.given.map(({ tooEarlyFor }) => tooEarlyFor?.text ?? null)).toEqual(["why", null]);
});

test("two posts that neither had seen may come in any order", () => {
	const { readers } = talkOf(
		board([
			["a", "broadcast.posted", posted(0, 1, "x")],
			["b", "broadcast.posted", posted(1, 1, "y")],
			["c", "broadcast.delivered", given(1, 1)],
			["c", "broadcast.delivered", given(0, 1)],
		]),
	);
	expect(readers[2]?.tooEarly).toBe(0);
});

test("a message whose post is no longer on the board is missed nowhere", () => {
	const { readers } = talkOf(
		board([
			["a", "broadcast.delivered", given(2, 7)],
			["a", "broadcast.posted", posted(0, 1, "x")],
			["b", "broadcast.delivered", given(0, 1)],
		]),
	);
	expect(readers[1]?.tooEarly).toBe(0);
});

test("deliveries are counted against one to each but the sender", () => {
	expect(talkOf(board(facts))).toMatchObject({ posted: 2, delivered: 4, deliveriesDue: 4 });
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	for (const value of [null, "x", [1], { vector: "?", text: 3 }])
		expect(talkOf(board(broadcastFacts.map((name) => ["a", name, value] as const))).readers).toHaveLength(3);
});
