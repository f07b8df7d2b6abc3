import fc from "fast-check";
import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";

test("a queue gives back what it was given, in order, whatever the mix of pushes and shifts", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 200 }), (moves) => {
			const queue = new Fifo<number>();
			const model: number[] = [];
			let next = 0;
			for (const move of moves) {
				for (let i = 0; i < Math.abs(move) * 40; i++) {
					if (move > 0) {
						queue.push(next);
						model.push(next++);
					} else {
						expect(queue.peek()).toBe(model[0]);
						expect(queue.shift()).toBe(model.shift());
					}
				}
				expect(queue.size).toBe(model.length);
			}
		}),
		{ seed: 7, numRuns: 30 },
	);
});
