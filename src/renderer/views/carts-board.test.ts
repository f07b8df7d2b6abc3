/** What the view of carts draws, read out of what shoppers and servers stated. */
import { expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { cartFacts, readCarts } from "./carts-board.ts";

const idle = { services: ["cart-server"] };
const plan = {
	...tinyPlan({ nodes: { "web-1": idle, "web-2": idle, shoppers: idle }, links: [] }, new Map([["cart-server", {} as never]])),
	names: [...cartFacts],
};
let index = 0;
const says = (node: number, name: (typeof cartFacts)[number], value: BoardEntry["value"], key = ""): BoardEntry => ({
	node,
	name: cartFacts.indexOf(name),
	key,
	index: index++,
	atUs: 0,
	value,
});
const read = (board: readonly BoardEntry[], down = -1) =>
	readCarts({ plan, board, statusOf: (node) => (node === down ? "down" : "up"), nameOf: ({ name }) => plan.names[name] ?? "" });

test("a server's memory holds what was put there since it last started, and nothing while it is down", () => {
	const early = says(0, "carts.kept", { items: ["lamp"] }, "s-1");
	const started = says(0, "carts.shelf", { where: "memory" });
	const late = says(0, "carts.kept", { items: ["lamp", "kite"] }, "s-2");
	expect(read([early, started, late]).servers).toMatchObject([{ name: "web-1", carts: [{ cart: "s-2", things: 2 }], gone: [{ cart: "s-1", things: 1 }] }]);
	expect(read([early, started, late], 0).servers).toMatchObject([{ carts: [], gone: [{ cart: "s-1" }, { cart: "s-2" }] }]);
	expect(read([started]).database).toBeNull();
});

test("in the database a cart is as whoever changed it last left it, and no server holds any", () => {
	const shelves = [says(0, "carts.shelf", { where: "database" }), says(1, "carts.shelf", { where: "database" })];
	const latest = [
		says(0, "carts.kept", { items: ["a"] }, "s-10"),
		says(1, "carts.kept", { items: ["a", "b"] }, "s-10"),
		says(1, "carts.kept", { items: [] }, "s-2"),
	] as const;
	const { servers, database } = read([...shelves, ...latest]);
	expect(database).toEqual([
		{ cart: "s-2", things: 0, index: latest[2].index },
		{ cart: "s-10", things: 2, index: latest[1].index },
	]);
	expect(servers.map(({ carts, gone }) => [...carts, ...gone])).toEqual([[], []]);
});

test("what a shopper sees and misses is read as it was told, whatever else the file says", () => {
	const rows = read([says(2, "carts.answered", { items: ["kite", 7], lost: ["lamp"], by: "web-2" }, "s-1"), says(2, "carts.answered", "nonsense", "s-2")]).rows;
	expect(rows).toMatchObject([
		{ cart: "s-1", items: ["kite"], lost: ["lamp"], by: "web-2" },
		{ cart: "s-2", items: [], lost: [], by: "" },
	]);
});
