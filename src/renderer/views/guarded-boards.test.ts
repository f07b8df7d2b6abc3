/** What the views of membership, of the pair and of the quorum store draw, read out of what programs stated. */
import { describe, expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { membershipFacts, readMembers, summaryOf } from "./membership-board.ts";
import { isConflict, pairFacts, readPair } from "./pair-board.ts";
import { quorumFacts, readQuorum } from "./quorum-board.ts";

const names: readonly string[] = [...membershipFacts, ...pairFacts, ...quorumFacts];
const nodes = Object.fromEntries(["a", "b", "c"].map((name) => [name, { services: ["membership", "pair", "quorum-store"] }]));
const services = new Map(["membership", "pair", "quorum-store"].map((name) => [name, {} as never]));
const plan = { ...tinyPlan({ nodes, links: [] }, services), names };
let index = 0;
const says = (node: number, name: string, value: BoardEntry["value"]): BoardEntry => {
	const key = typeof value === "object" && value !== null && "key" in value ? String(value.key) : "";
	return { node, name: names.indexOf(name), key, index: index++, atUs: 0, value };
};
const parts = (board: readonly BoardEntry[], down = -1) => ({
	plan,
	atUs: 0,
	board,
	statusOf: (node: number) => (node === down ? ("down" as const) : ("up" as const)),
	nameOf: ({ name }: BoardEntry) => names[name] ?? "",
});

describe("membership", () => {
	const opinion = (node: number, key: string, state: string) => says(node, "membership.state", { key, state, life: 1, incarnation: 0 });
	const board = [opinion(0, "b", "suspected"), opinion(0, "c", "dead"), opinion(1, "c", "alive"), opinion(2, "a", "dead")];

	test("an opinion lies where its row and its column meet", () => {
		const [a, b] = readMembers(parts(board));
		expect([a?.opinions.get(1)?.state, a?.opinions.get(2)?.state, b?.opinions.get(2)?.state, b?.opinions.get(0)]).toEqual([
			"suspected",
			"dead",
			"alive",
			undefined,
		]);
	});

	test("who is down has no opinions, and who holds it alive has not noticed; who lives and is held dead is named", () => {
		expect(summaryOf(readMembers(parts(board, 2)))).toEqual({ suspicions: 1, buried: [], unnoticed: [{ name: "c", by: 1 }] });
		expect(summaryOf(readMembers(parts(board))).buried).toEqual(["a", "c"]);
	});
});

describe("the pair", () => {
	const board = [
		says(0, "pair.role", { role: "active", token: 1, term: 0 }),
		says(1, "pair.role", { role: "active", token: 2, term: 0 }),
		says(2, "pair.record", { key: "record-1", order: "ann#1", by: "a", token: 1, was: null }),
		says(2, "pair.record", { key: "record-10", order: "bob#2", by: "b", token: 2, was: { order: "ann#9", by: "a", token: 1 } }),
		says(2, "pair.record", { key: "record-2", order: "bob#1", by: "b", token: 2, was: null }),
		says(2, "pair.acknowledged", { key: "ann#1", record: "record-1", by: "a" }),
		says(2, "pair.acknowledged", { key: "ann#7", record: "record-2", by: "a" }),
		says(2, "pair.fenced", { by: "a", token: 1, newest: 2 }),
	];

	test("records are in order of their numbers, and those that belong to two are told apart", () => {
		const { records, fenced } = readPair(parts(board));
		expect(records.map((record) => [record.name, isConflict(record)])).toEqual([
			["record-1", false],
			["record-2", true],
			["record-10", true],
		]);
		expect(records[1]?.promised).toEqual(["ann#7"]);
		expect(fenced).toMatchObject({ by: "a", token: 1, newest: 2 });
	});

	test("a server that is down serves nobody, whatever it said last", () => {
		expect(readPair(parts(board, 0)).servers.map(({ role }) => role)).toEqual(["", "active", ""]);
	});
});

describe("the quorum store", () => {
	const version = (by: string, items: readonly string[], vector: { readonly [writer: string]: number }) => ({ by, items, vector, stampUs: 0 });
	const [milk, bread] = [version("ann", ["milk"], { ann: 1 }), version("bob", ["bread"], { bob: 1 })];
	const board = [
		says(2, "quorum.holds", { key: "cart", versions: [milk] }),
		says(0, "quorum.holds", { key: "cart", versions: [milk, bread] }),
		says(1, "quorum.holds", { key: "cart", versions: [milk, bread] }),
		says(1, "quorum.hint", { key: "c cart", owner: "c", of: "cart", items: ["bread"] }),
		says(0, "quorum.dropped", { key: "cart eve", of: "cart", items: ["eggs", "milk"], winner: "bob" }),
		says(0, "quorum.added", { key: "eggs", to: "cart" }),
	];

	test("a copy is like the others or behind, by what most keep", () => {
		const [cart] = readQuorum(parts(board)).keys;
		expect(cart?.copies.map(({ name, isLikeOthers, missing }) => [name, isLikeOthers, missing])).toEqual([
			["a", true, 0],
			["b", true, 0],
			["c", false, 1],
		]);
	});

	test("lost is what was thrown away and is in no copy now", () => {
		const { losses, standIns } = readQuorum(parts(board));
		expect(losses).toMatchObject([{ item: "eggs", of: "cart", winner: "bob", wasAcknowledged: true }]);
		expect(standIns).toMatchObject([{ node: "b", key: "cart", owner: "c", items: 1 }]);
	});
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	const values: readonly BoardEntry["value"][] = [null, "x", [1], { key: "a", state: 3, versions: [1, null], was: "?", items: 4 }];
	const board = names.flatMap((name) => values.map((value) => says(0, name, value)));
	expect(readMembers(parts(board))).toHaveLength(3);
	expect(readPair(parts(board)).servers).toHaveLength(3);
	expect(readQuorum(parts(board)).losses).toEqual([]);
});
