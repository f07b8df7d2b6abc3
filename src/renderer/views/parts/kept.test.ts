import fc from "fast-check";
import { createElement } from "react";
import { describe, expect, test } from "vitest";
import { isSame } from "./kept.ts";

const Row = (): null => null;
const Other = (): null => null;

describe("two say the same", () => {
	const row = createElement(Row);
	const other = createElement(Other);
	const chip = (label: string) => createElement(Row as never, { key: "a", by: [1, 2], label } as never, createElement("b", null, "x"));
	test.each([
		["numbers that are none", Number.NaN, Number.NaN, true],
		["zeros of either sign", 0, -0, false],
		["nothing and not there", null, undefined, false],
		["a record and the same one again", { a: 1, b: { c: [1, "x", null] } }, { b: { c: [1, "x", null] }, a: 1 }, true],
		["a record with one more", { a: 1 }, { a: 1, b: undefined }, false],
		["a record with another name for nothing", { a: undefined }, { b: undefined }, false],
		["lists of other lengths", [1, 2], [1, 2, 3], false],
		["a list and a record", [1], { 0: 1 }, false],
		["maps", new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]]), true],
		["maps with another value", new Map([[1, { a: 1 }]]), new Map([[1, { a: 2 }]]), false],
		["sets", new Set(["a"]), new Set(["a"]), true],
		["sets with another member", new Set(["a"]), new Set(["b"]), false],
		["elements of one making", chip("x"), chip("x"), true],
		["elements that say another thing", chip("x"), chip("y"), false],
		["elements of other kinds", row, other, false],
		["an element and what it is made of", row, { type: Row, key: null, props: {} }, false],
		["functions of one text", () => 1, () => 1, false],
		["things with a class of their own", new Date(0), new Date(0), false],
	])("%s: %#", (_what, before, after, same) => {
		expect(isSame(before, after)).toBe(same);
		expect(isSame(after, before)).toBe(same);
	});

	test("whatever plain thing is written down and read again, and no other", () => {
		const plain = fc.jsonValue({ maxDepth: 4 });
		const again = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
		fc.assert(
			fc.property(plain, plain, (a, b) => {
				expect(isSame(again(a), again(a))).toBe(true);
				expect(isSame(again(a), again(b))).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
			}),
			{ seed: 20_261_123, numRuns: 300 },
		);
	});
});

/** With the names of every record in order, so that their texts can be compared. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, item]) => [name, sorted(item)]),
	);
}
