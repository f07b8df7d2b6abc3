import { expect, test } from "vitest";
import type { Causality } from "../../state/run-state.ts";
import { litOf, statedBy } from "./lit.ts";

const causality = { index: 5, past: new Set([1, 2]), future: new Set([8, 9]) } as unknown as Causality;

test("a thing lies where its statements lie: before the selected event, after it, on both sides, or beside it", () => {
	expect([litOf(causality, 1), litOf(causality, 8), litOf(causality, 3)]).toEqual(["past", "future", undefined]);
	expect([litOf(causality, [1, 2]), litOf(causality, [3, 9]), litOf(causality, [9, 3, 1]), litOf(causality, [3, 4])]).toEqual([
		"past",
		"future",
		"both",
		undefined,
	]);
});

test("what the selected event itself stated is that, whatever else is read into the thing", () => {
	expect([litOf(causality, 5), litOf(causality, [1, 5, 9])]).toEqual(["self", "self"]);
});

test("what nobody has stated lies nowhere, and neither does anything while nothing is selected", () => {
	expect([litOf(causality, -1), litOf(causality, []), litOf(null, 1)]).toEqual([undefined, undefined, undefined]);
	expect(statedBy([-1, 4])).toEqual([4]);
});
