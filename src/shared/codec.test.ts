import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wholeOf } from "./byte-range.ts";
import { decode, decodeRange, encode, encodeTransient, type PlainValue } from "./codec.ts";

const value = fc.letrec<{ value: PlainValue }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.constant(null),
		fc.boolean(),
		fc.maxSafeInteger(),
		fc.double({ noNaN: true }),
		fc.string({ unit: "binary" }),
		fc.uint8Array({ maxLength: 6_000 }),
		fc.array(tie("value"), { maxLength: 5 }),
		fc.dictionary(
			fc.string().filter((key) => key !== "__proto__"),
			tie("value"),
			{ maxKeys: 5, noNullPrototype: true },
		),
	),
})).value;

describe("the codec", () => {
	test("gives back what it was given", () => {
		fc.assert(
			fc.property(value, (given) => {
				expect(decode(encode(given))).toEqual(given);
			}),
			{ numRuns: 500, seed: 1 },
		);
	});

	test("encodes in passing to the same bytes, which the next encoding overwrites, and reads them where they lie", () => {
		fc.assert(
			fc.property(value, value, (given, other) => {
				const kept = encode(given);
				encode(other);
				const { bytes, start, end } = encodeTransient(given);
				expect([...bytes.subarray(start, end)]).toEqual([...kept]);
				const around = new Uint8Array([9, 9, ...kept, 9]);
				expect(decodeRange({ bytes: around, start: 2, end: around.length - 1 })).toEqual(given);
				expect(decodeRange(wholeOf(kept))).toEqual(given);
			}),
			{ numRuns: 200, seed: 4 },
		);
	});

	test("encodes equal values to equal bytes, one after the other or not", () => {
		fc.assert(
			fc.property(value, value, (given, other) => {
				const first = [...encode(given)];
				encode(other);
				expect([...encode(given)]).toEqual(first);
			}),
			{ numRuns: 200, seed: 2 },
		);
	});

	test.each([10, 5_000])("gives %i bytes back as plain bytes of the receiver's own", (length) => {
		const encoded = encode({ bulk: new Uint8Array(length).fill(7) });
		const { bulk } = decode(encoded) as { bulk: Uint8Array };
		expect(Object.getPrototypeOf(bulk)).toBe(Uint8Array.prototype);
		bulk.fill(9);
		expect((decode(encoded) as { bulk: Uint8Array }).bulk[0]).toBe(7);
	});

	test("refuses bytes that are no encoding, and never gives more than there is", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				let outcome: unknown;
				try {
					outcome = decode(bytes);
				} catch (error) {
					outcome = error;
				}
				expect(outcome instanceof Error ? (outcome as { code?: string }).code : "value").toMatch(/^(internal|value)$/);
			}),
			{ numRuns: 2_000, seed: 3 },
		);
		expect(() => decode(encode("whole").subarray(0, 3))).toThrow(/undecodable/);
	});
});
