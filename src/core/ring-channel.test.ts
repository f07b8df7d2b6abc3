import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RingWriter, ringFootprintBytes } from "./ring.ts";
import { RingReceiver, RingSender } from "./ring-channel.ts";

const seed = 20_260_102;

function makeChannel(dataBytes: number): { readonly sender: RingSender; readonly receiver: RingReceiver } {
	const place = { memory: new SharedArrayBuffer(ringFootprintBytes(dataBytes)), offsetBytes: 0, dataBytes };
	return { sender: new RingSender(place), receiver: new RingReceiver(place) };
}

function message(length: number, mark: number): Int32Array {
	return Int32Array.from({ length }, (_, index) => Math.imul(mark + 1, 40_503) ^ index);
}

function received({ words, start, length }: RingReceiver): number[] {
	return [...words.subarray(start, start + length)];
}

describe("a channel", () => {
	test("carries messages of any length in order through a ring of any size, however the two sides take turns", () => {
		const step = fc.oneof(
			{ weight: 4, arbitrary: fc.record({ act: fc.constant("send" as const), length: fc.oneof(fc.nat(12), fc.nat(3_000)) }) },
			{ weight: 2, arbitrary: fc.constant({ act: "flush" as const, length: 0 }) },
			{ weight: 4, arbitrary: fc.constant({ act: "receive" as const, length: 0 }) },
		);
		fc.assert(
			fc.property(fc.integer({ min: 7, max: 14 }), fc.array(step, { maxLength: 200 }), (sizeBits, steps) => {
				const { sender, receiver } = makeChannel(2 ** sizeBits);
				const waiting: number[][] = [];
				for (const [mark, { act, length }] of steps.entries()) {
					if (act === "send") {
						const words = message(length, mark);
						sender.send(words, 0, length);
						waiting.push([...words]);
					} else if (act === "flush") sender.flush();
					else if (receiver.receive()) expect(received(receiver)).toEqual(waiting.shift());
				}
				for (let turns = 0; waiting.length > 0 && turns < 1_000_000; turns++) {
					sender.flush();
					while (receiver.receive()) expect(received(receiver)).toEqual(waiting.shift());
				}
				expect(waiting).toEqual([]);
				expect(sender.deferred).toBe(false);
			}),
			{ seed, numRuns: 300 },
		);
	});

	test("sends a message of a mebibyte through a ring of four kibibytes", () => {
		const { sender, receiver } = makeChannel(4_096);
		const words = message(262_144, 1);
		sender.send(words, 0, words.length);
		sender.send(words, 0, 3);
		let turns = 0;
		for (sender.flush(); !receiver.receive(); sender.flush()) turns++;
		expect(turns).toBeGreaterThan(200);
		expect(received(receiver)).toEqual([...words]);
		sender.flush();
		expect(receiver.receive()).toBe(true);
		expect(received(receiver)).toEqual([...words.subarray(0, 3)]);
	});

	test("refuses fragments that do not add up to their message", () => {
		const dataBytes = 256;
		const place = { memory: new SharedArrayBuffer(ringFootprintBytes(dataBytes)), offsetBytes: 0, dataBytes };
		const writer = new RingWriter(place);
		const receiver = new RingReceiver(place);
		const says = (...frames: readonly (readonly number[])[]): (() => boolean) => {
			for (const frame of frames) writer.tryWrite(Int32Array.from(frame), 0, frame.length);
			writer.publish();
			return () => receiver.receive();
		};
		expect(says([2, 7], [0, 8, 9])()).toBe(true);
		expect(says([2, 7], [0, 8])).toThrow(/add up/);
	});

	test.each([
		["no word of how much is to come", [], /begins with/],
		["less than nothing to come", [-1, 5], /can hold/],
		["more to come than anybody may say", [2 ** 31 - 1, 5], /can hold/],
	])("refuses a frame with %s", (_, frame, complaint) => {
		const dataBytes = 256;
		const place = { memory: new SharedArrayBuffer(ringFootprintBytes(dataBytes)), offsetBytes: 0, dataBytes };
		const writer = new RingWriter(place);
		writer.tryWrite(Int32Array.from(frame), 0, frame.length);
		writer.publish();
		expect(() => new RingReceiver(place).receive()).toThrow(complaint);
	});

	test("lets a message be written in place, as words and as bytes, in the ring and in the backlog", () => {
		const { sender, receiver } = makeChannel(256);
		for (let index = 0; index < 40; index++) {
			const start = sender.open(2);
			sender.words[start] = index;
			sender.bytes.set([1, 2, 3, index], (start + 1) * 4);
			sender.close();
		}
		expect(sender.deferred).toBe(true);
		for (let index = 0; index < 40; index++) {
			sender.flush();
			expect(receiver.receive()).toBe(true);
			expect(receiver.words[receiver.start]).toBe(index);
			const at = (receiver.start + 1) * 4;
			expect([...receiver.bytes.subarray(at, at + 4)]).toEqual([1, 2, 3, index]);
		}
		expect(receiver.receive()).toBe(false);
	});
});
