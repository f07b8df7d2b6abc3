import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LocalEvent, LocalEventHeap } from "./local-events.ts";
import { noTrace } from "./trace.ts";

function event(atUs: number, rank: number, sequence: number, tie = 0): LocalEvent {
	return new LocalEvent({ atUs, rank, tie, sequence, deadlineMonoUs: -1, name: -1, trace: noTrace, target: { due: () => undefined } });
}

const key = ({ atUs, rank, tie, sequence }: LocalEvent): readonly number[] => [atUs, rank, tie, sequence];

const keys = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(3), fc.nat(2), fc.nat(30)), { maxLength: 60, selector: (parts) => parts.join() });

describe("the heap of local events", () => {
	test("gives events in key order, whatever order they came in", () => {
		fc.assert(
			fc.property(keys, (parts) => {
				const heap = new LocalEventHeap();
				for (const [atUs, rank, tie, sequence] of parts) heap.push(event(atUs, rank, sequence, tie));
				const given: (readonly number[])[] = [];
				for (let next = heap.pop(); next !== undefined; next = heap.pop()) given.push(key(next));
				const sorted = parts.map((part) => [...part]).sort((a, b) => a.map((value, i) => value - (b[i] as number)).find((difference) => difference !== 0) ?? 0);
				expect(given).toEqual(sorted);
			}),
			{ numRuns: 300, seed: 1 },
		);
	});

	test("forgets cancelled events, however many, and counts what stands", () => {
		fc.assert(
			fc.property(keys, fc.array(fc.nat(59)), (parts, cancellations) => {
				const heap = new LocalEventHeap();
				const events = parts.map(([atUs, rank, tie, sequence]) => event(atUs, rank, sequence, tie));
				for (const one of events) heap.push(one);
				for (const index of cancellations) {
					const one = events[index];
					if (one !== undefined) heap.cancel(one);
				}
				const standing = events.filter(({ cancelled }) => !cancelled).length;
				expect(heap.size).toBe(standing);
				let given = 0;
				while (heap.pop() !== undefined) given++;
				expect(given).toBe(standing);
			}),
			{ numRuns: 300, seed: 2 },
		);
	});

	test("a fired event cannot be cancelled any more", () => {
		const heap = new LocalEventHeap();
		const [first, second] = [event(1, 0, 1), event(2, 0, 2)];
		heap.push(first);
		heap.push(second);
		heap.pop();
		heap.cancel(first);
		expect(heap.size).toBe(1);
		expect(heap.pop()).toBe(second);
	});

	test("a million cancelled timers do not stay: the heap keeps at most as many as stand, and some", () => {
		const heap = new LocalEventHeap();
		let swept = 0;
		for (let i = 0; i < 10_000; i++) {
			const timer = event(1_000_000 + i, 3, i);
			heap.push(timer);
			heap.cancel(timer);
		}
		heap.forEach(() => {
			swept++;
		});
		expect(swept).toBe(0);
		expect(heap.peek()).toBeUndefined();
	});

	test("events that are retimed come in their new order", () => {
		const heap = new LocalEventHeap();
		for (let i = 0; i < 20; i++) heap.push(event(i, 0, i));
		heap.rebuild((one) => {
			one.atUs = 100 - one.atUs;
		});
		expect(heap.pop()?.sequence).toBe(19);
		expect(heap.peek()?.sequence).toBe(18);
	});
});
