import fc from "fast-check";
import { expect, test } from "vitest";
import { DeliveryQueue } from "./delivery-queue.ts";
import { Flight } from "./network/flight.ts";

function numbered(sequence: number): Flight {
	return Object.assign(new Flight(), { sequence });
}

test("gives messages in the order they came, however they are taken", () => {
	const act = fc.oneof(fc.constant("push" as const), fc.nat(5));
	fc.assert(
		fc.property(fc.array(act, { maxLength: 100 }), (acts) => {
			const queue = new DeliveryQueue();
			let waiting: number[] = [];
			for (const [sequence, act] of acts.entries()) {
				if (act === "push") {
					queue.push(numbered(sequence));
					waiting.push(sequence);
				} else {
					const count = Math.min(act, waiting.length);
					queue.drop(count);
					waiting = waiting.slice(count);
				}
				expect(queue.length).toBe(waiting.length);
				expect(queue.first?.sequence).toBe(waiting[0]);
				expect(queue.waiting().map(({ sequence }) => sequence)).toEqual(waiting);
			}
			queue.drop();
			expect([queue.length, queue.first, queue.waiting()]).toEqual([0, undefined, []]);
		}),
		{ seed: 1, numRuns: 200 },
	);
});

test("drops no more than wait", () => {
	const queue = new DeliveryQueue();
	queue.push(numbered(1));
	expect(() => queue.drop(2)).toThrow(/than wait/);
});
