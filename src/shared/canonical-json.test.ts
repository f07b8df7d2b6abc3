import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonical JSON", () => {
	it("says the same as JSON", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
			}),
			{ seed: 1 },
		);
	});

	it("is one text whatever the order of keys, and leaves out what is undefined", () => {
		expect(canonicalJson({ b: [1, { d: "x", c: null }], a: -0, e: undefined })).toBe('{"a":0,"b":[1,{"c":null,"d":"x"}]}');
		expect(canonicalJson({ a: 0, b: [1, { c: null, d: "x" }] })).toBe(canonicalJson({ b: [1, { d: "x", c: null }], a: 0 }));
	});

	it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [new Uint8Array(2)], [new Date(0)], [1n], [() => 0], [[undefined]]])(
		"refuses %s, which JSON cannot hold",
		(value) => {
			expect(() => canonicalJson({ value })).toThrow("canonical JSON");
		},
	);
});
