import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteArena, type ByteRange, copyBytes, lengthOf } from "./byte-range.ts";

const bytesOf = ({ bytes, start, end }: ByteRange): number[] => [...bytes.slice(start, end)];

describe("an arena", () => {
	test("keeps what it was given, whatever is kept afterwards and whatever becomes of the source", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 6_000 }), { maxLength: 60 }), (values) => {
				const arena = new ByteArena();
				const kept = values.map((value) => {
					const source = new Uint8Array([1, 2, 3, ...value, 4]);
					const range = arena.keep(source, 3, 3 + value.length);
					source.fill(0xff);
					return range;
				});
				expect(kept.map(bytesOf)).toEqual(values.map((value) => [...value]));
				expect(kept.map(lengthOf)).toEqual(values.map(({ length }) => length));
			}),
			{ seed: 1, numRuns: 100 },
		);
	});

	test("gives what is large an array of its own, so that it keeps nothing small alive", () => {
		const arena = new ByteArena();
		const small = arena.keep(new Uint8Array(10), 0, 10);
		const large = arena.keep(new Uint8Array(5_000), 0, 5_000);
		expect(large.bytes).not.toBe(small.bytes);
		expect(large.bytes.length).toBe(5_000);
		expect(arena.keep(new Uint8Array(10), 0, 10).bytes).toBe(small.bytes);
	});
});

test("a copy moves the bytes asked for and no others, short or long", () => {
	fc.assert(
		fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(300), fc.nat(300), fc.nat(50), (source, a, b, to) => {
			const [start, end] = [Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)];
			const target = new Uint8Array(400).fill(7);
			copyBytes(source, start, end, target, to);
			const expected = [...new Uint8Array(400).fill(7)];
			expected.splice(to, end - start, ...source.slice(start, end));
			expect([...target]).toEqual(expected);
		}),
		{ seed: 2, numRuns: 200 },
	);
});
