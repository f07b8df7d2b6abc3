import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteArena, wholeOf } from "./byte-range.ts";
import { decode, decodeRange, encode, encodeTransient, type PlainValue } from "./codec.ts";
import { QuorateError } from "./errors.ts";

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

function isPlain(given: unknown): boolean {
	if (typeof given !== "object" || given === null) return given === null || ["boolean", "number", "string", "undefined"].includes(typeof given);
	if (Array.isArray(given)) return given.every(isPlain);
	const prototype = Object.getPrototypeOf(given);
	return prototype === Uint8Array.prototype || (prototype === Object.prototype && Object.values(given).every(isPlain));
}

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

	test.each([100, 5_000, 100_000])("encodes in passing what an arena then keeps: %d bytes", (length) => {
		const given = new Uint8Array(length).map((_, at) => at % 251);
		const { bytes, start, end } = encodeTransient(given);
		const kept = new ByteArena().keep(bytes, start, end);
		encode(new Uint8Array(length).fill(0x55));
		expect((decodeRange(kept) as Uint8Array).every((byte, at) => byte === given[at])).toBe(true);
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

	test("is none the worse for an encoding that somebody has tampered with", () => {
		fc.assert(
			fc.property(value, value, fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { minLength: 1, maxLength: 4 }), (given, other, changes) => {
				const tampered = encode(given);
				for (const [at, byte] of changes) tampered[at % tampered.length] = byte;
				try {
					expect(isPlain(decode(tampered))).toBe(true);
				} catch (error) {
					expect(error).toBeInstanceOf(QuorateError);
				}
				expect([...encode(decode(encode(other)))]).toEqual([...encode(other)]);
			}),
			{ numRuns: 1_000, seed: 7 },
		);
	});

	test("refuses what is no plain data, however deep it lies", () => {
		const foreign = [
			[0xc1],
			[0xd6, 0xff, 0, 0, 0, 1],
			[0xd4, 0x42, 1],
			[0xc7, 3, 0x74, 1, 2, 3],
			[0xc8, 0, 1, 0x73, 0x90],
			[0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 5],
		];
		for (const bytes of foreign) {
			expect(() => decode(new Uint8Array(bytes))).toThrow(/no plain data/);
			expect(() => decode(new Uint8Array([0x92, 0xc0, 0x81, 0xa1, 0x61, ...bytes]))).toThrow(/no plain data/);
		}
		// The same bytes inside a text or a run of bytes are what they are.
		for (const bytes of foreign)
			expect(decode(encode({ a: new Uint8Array(bytes), b: [1e9, -40_000, "ï".repeat(300)] }))).toMatchObject({ a: new Uint8Array(bytes) });
	});

	test("finds nothing foreign in what it has encoded itself, and gives only plain data back", () => {
		fc.assert(
			fc.property(value, (given) => void expect(() => decode(encode(given))).not.toThrow()),
			{ numRuns: 300, seed: 5 },
		);
		const markers = fc.constantFrom(
			0xc1,
			0xc7,
			0xc8,
			0xc9,
			0xd4,
			0xd5,
			0xd6,
			0xd7,
			0xd8,
			0x42,
			0x62,
			0x65,
			0x69,
			0x70,
			0x72,
			0x73,
			0x74,
			0x78,
			0xff,
			0x90,
			0x91,
			0x92,
			0x80,
			0x81,
			0xa1,
			0,
			1,
		);
		fc.assert(
			fc.property(fc.array(markers, { maxLength: 12 }), (bytes) => {
				let given: unknown;
				try {
					given = decode(new Uint8Array(bytes));
				} catch {
					return;
				}
				expect(isPlain(given)).toBe(true);
			}),
			{ numRuns: 5_000, seed: 6 },
		);
	});
});
