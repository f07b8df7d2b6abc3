import { expect, test } from "vitest";
import { causalOrder } from "./causal-order.ts";

test("stamps are evenly apart however far apart they are, and effects lie behind their causes", () => {
	const order = causalOrder([3, 4, 900, 4, 1_000_000].map((lamport, index) => ({ lamport, index })));
	expect(order.stamps).toEqual([3, 4, 900, 1_000_000]);
	expect([3, 4, 900, 1_000_000].map(order.ratioOf)).toEqual([0, 1 / 3, 2 / 3, 1]);
	expect(order.ratioOf(2_000_000)).toBe(1);
});

test("an empty order puts everything at its start", () => {
	expect(causalOrder([]).ratioOf(7)).toBe(0);
});
