import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QuorateError } from "../shared/errors.ts";
import { type RingPlace, RingReader, RingWriter, ringBytesMin, ringFootprintBytes, ringHeaderWords } from "./ring.ts";

const seed = 20_260_101;

function makeRing(dataBytes: number, offsetBytes = 0): RingPlace {
	return { memory: new SharedArrayBuffer(offsetBytes + ringFootprintBytes(dataBytes)), offsetBytes, dataBytes };
}

/** Moves both positions of a fresh ring to just before their wrap at 2^32. */
function age(place: RingPlace): void {
	const words = new Int32Array(place.memory, place.offsetBytes);
	const position = -(place.dataBytes / 4) | 0;
	words[0] = position;
	words[32] = position;
}

function frame(length: number, mark: number): Int32Array {
	return Int32Array.from({ length }, (_, index) => Math.imul(mark + 1, 2_654_435_761) + index);
}

/** @returns null in place of an assertion's error */
function orAssertion<Result>(work: () => Result): Result | null {
	try {
		return work();
	} catch (error) {
		expect(error).toBeInstanceOf(QuorateError);
		return null;
	}
}

function take(reader: RingReader): number[] | null {
	const start = reader.next();
	return start < 0 ? null : [...reader.words.subarray(start, start + reader.length)];
}

describe("a ring", () => {
	test("gives back every frame whole, in order, for any size, any frames and any interleaving", () => {
		const step = fc.oneof(
			fc.record({ act: fc.constant("write" as const), share: fc.nat(1_000) }),
			fc.constant({ act: "publish" as const }),
			fc.constant({ act: "read" as const }),
			fc.constant({ act: "release" as const }),
		);
		fc.assert(
			fc.property(fc.integer({ min: 7, max: 12 }), fc.boolean(), fc.array(step, { maxLength: 400 }), (sizeBits, old, steps) => {
				const place = makeRing(2 ** sizeBits, 64);
				if (old) age(place);
				const writer = new RingWriter(place);
				const reader = new RingReader(place);
				const committed: number[][] = [];
				let published = 0;
				let shown = false;
				for (const [mark, { act, ...rest }] of steps.entries()) {
					if (act === "write") {
						const words = frame(Math.floor(((rest as { share: number }).share / 1_000) * writer.payloadWordsMax), mark);
						if (writer.tryWrite(words, 0, words.length)) committed.push([...words]);
					} else if (act === "publish") {
						writer.publish();
						published = committed.length;
					} else if (act === "read") {
						const got = take(reader);
						shown = got !== null;
						expect(got).toEqual(published > 0 ? committed[0] : null);
					} else if (shown) {
						reader.release();
						committed.shift();
						published--;
						shown = false;
					}
				}
				writer.publish();
				for (const words of committed) {
					expect(take(reader)).toEqual(words);
					reader.release();
				}
				expect(reader.next()).toBe(-1);
			}),
			{ seed, numRuns: 500 },
		);
	});

	test("takes the longest frame wherever its head is, once it is empty", () => {
		const place = makeRing(ringBytesMin);
		const writer = new RingWriter(place);
		const reader = new RingReader(place);
		for (let shift = 0; shift < 200; shift++) {
			const words = frame(shift % 3 === 0 ? writer.payloadWordsMax : shift % 5, shift);
			expect(writer.tryWrite(words, 0, words.length)).toBe(true);
			writer.publish();
			expect(take(reader)).toEqual([...words]);
			reader.release();
			expect(reader.next()).toBe(-1);
		}
	});

	test("writes all of a frame or nothing", () => {
		const writer = new RingWriter(makeRing(ringBytesMin));
		const reader = new RingReader(makeRing(ringBytesMin));
		expect(writer.tryWrite(frame(15, 0), 0, 15)).toBe(true);
		expect(writer.tryWrite(frame(15, 1), 0, 15)).toBe(true);
		expect(writer.tryWrite(frame(0, 2), 0, 0)).toBe(false);
		expect(reader.next()).toBe(-1);
	});

	test("shows nothing before it is published, then the whole batch", () => {
		const place = makeRing(1_024);
		const writer = new RingWriter(place);
		const reader = new RingReader(place);
		for (let index = 0; index < 3; index++) writer.tryWrite(Int32Array.of(index), 0, 1);
		expect(reader.next()).toBe(-1);
		writer.publish();
		for (let index = 0; index < 3; index++) {
			expect(take(reader)).toEqual([index]);
			reader.release();
		}
	});

	test("forgets a reservation that is not committed", () => {
		const place = makeRing(256);
		const writer = new RingWriter(place);
		const reader = new RingReader(place);
		writer.words[writer.reserve(20)] = 1;
		const start = writer.reserve(2);
		writer.words[start] = 7;
		writer.commit(1);
		writer.publish();
		expect(take(reader)).toEqual([7]);
		reader.release();
		expect(reader.next()).toBe(-1);
	});

	test("returns from a wait at its timeout, and at once when there is something", () => {
		const place = makeRing(256);
		const writer = new RingWriter(place);
		const reader = new RingReader(place);
		expect(reader.next()).toBe(-1);
		expect(reader.waitForFrame(10, 1)).toBe(false);
		writer.tryWrite(Int32Array.of(1), 0, 1);
		writer.publish();
		expect(reader.waitForFrame(0, Number.POSITIVE_INFINITY)).toBe(true);
	});

	test("refuses a frame that it could never hold, and one that outgrows the room made for it", () => {
		const writer = new RingWriter(makeRing(ringBytesMin));
		expect(() => writer.reserve(writer.payloadWordsMax + 1)).toThrow(/can hold/);
		expect(() => writer.reserve(-1)).toThrow(/can hold/);
		writer.reserve(3);
		expect(() => writer.commit(4)).toThrow(/room made/);
		writer.commit(3);
		expect(() => writer.commit(1)).toThrow(/room made/);
	});

	test("gives frames that lie within it, or stops at an assertion, whatever its memory holds", () => {
		const anyWord = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
		const sizeWords = ringBytesMin / 4;
		fc.assert(
			fc.property(anyWord, anyWord, fc.array(anyWord, { minLength: sizeWords, maxLength: sizeWords }), (head, tail, data) => {
				const place = makeRing(ringBytesMin);
				const words = new Int32Array(place.memory);
				words[0] = head;
				words[32] = tail;
				words.set(data, ringHeaderWords);
				const reader = orAssertion(() => new RingReader(place));
				if (reader === null) return;
				// At most a frame a word, so one look more finds the ring empty.
				for (let looks = 0; looks <= sizeWords; looks++) {
					const start = orAssertion(() => reader.next());
					if (start === null || start < 0) return;
					expect(start).toBeGreaterThan(ringHeaderWords);
					expect(start + reader.length).toBeLessThanOrEqual(ringHeaderWords + sizeWords);
					reader.release();
				}
				throw new Error("a ring of garbage never ends");
			}),
			{ seed, numRuns: 2_000 },
		);
	});

	test.each([0, 64, 100, 384, 2 ** 29])("refuses a size of %i bytes", (dataBytes) => {
		expect(() => ringFootprintBytes(dataBytes)).toThrow(QuorateError);
	});
});
