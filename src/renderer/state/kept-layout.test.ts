import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import { readLayout, writeLayout } from "./kept-layout.ts";

const idle = { services: [] };
const plan = tinyPlan({ nodes: { a: idle, b: idle, c: idle } }, new Map());
/** The lab has grown: one node came first, and one has gone. */
const grown = tinyPlan({ nodes: { z: idle, a: idle, c: idle } }, new Map());
const arranged = {
	places: new Map([
		[0, { x: 10, y: -20 }],
		[2, { x: 300, y: 4 }],
	]),
	lanes: { order: [2, 0, 1], hidden: new Set([1]) },
};

describe("an arrangement that was kept", () => {
	test("is read back as it was: places, the order of lanes, and which are hidden", () => {
		expect(readLayout(writeLayout(arranged, plan), plan)).toEqual(arranged);
	});

	test("goes by names: in a lab that has grown it still fits those that are there", () => {
		const { places, lanes } = readLayout(writeLayout(arranged, plan), grown) ?? { places: new Map(), lanes: { order: [], hidden: new Set() } };
		expect([...places]).toEqual([
			[1, { x: 10, y: -20 }],
			[2, { x: 300, y: 4 }],
		]);
		expect(lanes).toEqual({ order: [2, 1, 0], hidden: new Set() });
	});

	test("is whole pixels, so that it does not change by being kept", () => {
		const text = writeLayout({ ...arranged, places: new Map([[1, { x: 0.4, y: 99.6 }]]) }, plan);
		expect(readLayout(text, plan)?.places).toEqual(new Map([[1, { x: 0, y: 100 }]]));
	});
});

describe("a text that somebody else wrote", () => {
	const wrapped = (fields: object): string => JSON.stringify({ version: 1, ...fields });

	test.each(["", "{", "null", "[]", "1", JSON.stringify({ version: 2, places: {} })])("%j is no arrangement", (text) => {
		expect(readLayout(text, plan)).toBeUndefined();
	});

	test.each([
		["a place that is none", { places: { a: [1], b: [1, "2"], c: null } }],
		["a place out of the world", { places: { a: [1e9, 0] } }],
		["a node that nobody knows", { places: { nobody: [1, 2], __proto__: [1, 2] } }],
		["an order that is none", { order: "abc", hidden: 5 }],
		["every lane hidden", { hidden: ["a", "b", "c"] }],
	])("%s is left out, and the rest is as usual", (_, fields) => {
		expect(readLayout(wrapped(fields), plan)).toEqual({ places: new Map(), lanes: { order: [0, 1, 2], hidden: new Set() } });
	});

	test("whatever it says, every lane is there once, one at least is shown, and places are places", () => {
		const names = fc.array(fc.oneof(fc.constantFrom("a", "b", "c", "a", "nobody"), fc.jsonValue()), { maxLength: 6 });
		const fields = fc.record(
			{ places: fc.oneof(fc.dictionary(fc.constantFrom("a", "b", "x"), fc.jsonValue()), fc.jsonValue()), order: names, hidden: names },
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(fields, (given) => {
				const layout = readLayout(wrapped(given), plan);
				if (layout === undefined) throw new Error("the version fits");
				expect([...layout.lanes.order].sort()).toEqual([0, 1, 2]);
				expect(layout.lanes.hidden.size).toBeLessThan(3);
				for (const { x, y } of layout.places.values()) expect([Number.isFinite(x), Number.isFinite(y)]).toEqual([true, true]);
			}),
			{ seed: 20_26 },
		);
	});
});
