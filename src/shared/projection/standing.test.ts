/** Who leads and who is suspected, from what programs stated. */
import { expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "./fact-board.ts";
import type { NodeView } from "./snapshot.ts";
import { standingNames, standingOf } from "./standing.ts";

const idle = { services: [] };
const names = ["raft.server", "elections.won", "membership.state", "other.fact"];
const plan = { ...tinyPlan({ nodes: { a: idle, b: idle, c: idle }, links: [] }, new Map()), names };
const up = (...down: number[]): NodeView[] => [0, 1, 2].map((node) => ({ status: down.includes(node) ? "down" : "up" }) as NodeView);
let index = 0;
const says = (node: number, name: string, value: BoardEntry["value"], key = ""): BoardEntry => ({
	node,
	name: names.indexOf(name),
	key,
	index: index++,
	atUs: index,
	value,
});

test("only what tells how nodes stand is asked for", () => {
	expect(standingNames(plan)).toEqual([0, 1, 2]);
});

test("who says it leads, leads until it says otherwise or is down; two may believe so at once", () => {
	const entries = [says(0, "raft.server", { role: "leader" }), says(1, "raft.server", { role: "leader" }), says(2, "raft.server", { role: "follower" })];
	expect([...standingOf(plan, entries, up()).leaders]).toEqual([0, 1]);
	expect([...standingOf(plan, entries, up(0)).leaders]).toEqual([1]);
	expect([...standingOf(plan, [...entries.slice(1), says(0, "raft.server", { role: "follower" })], up()).leaders]).toEqual([1]);
});

test("of those who won an election the latest counts", () => {
	const entries = [says(2, "elections.won", { term: 1 }), says(0, "elections.won", { term: 2 })];
	expect([...standingOf(plan, entries, up()).leaders]).toEqual([0]);
	expect([...standingOf(plan, entries, up(0)).leaders]).toEqual([]);
});

test("a node is suspected by as many as say so and are there to say it", () => {
	const entries = [
		says(0, "membership.state", { key: "c", state: "suspected" }, "c"),
		says(1, "membership.state", { key: "c", state: "dead" }, "c"),
		says(1, "membership.state", { key: "a", state: "alive" }, "a"),
		says(2, "membership.state", { key: "c", state: "dead" }, "c"),
		says(2, "membership.state", "nonsense", "a"),
	];
	expect([...standingOf(plan, entries, up()).suspectedBy]).toEqual([[2, 2]]);
	expect([...standingOf(plan, entries, up(1)).suspectedBy]).toEqual([[2, 1]]);
});
