import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { InstantView } from "./contract-types.ts";
import { ListPace, listedEveryMs } from "./list-pace.ts";

/** Told apart by their instant alone. */
const viewAt = (virtualUs: number): InstantView => ({ view: { virtualUs } }) as InstantView;

describe("what lists are told of a stream of states", () => {
	const listed: number[] = [];
	let pace: ListPace;
	beforeEach(() => {
		vi.useFakeTimers();
		listed.length = 0;
		pace = new ListPace(
			({ view }) => listed.push(view.virtualUs),
			() => Date.now(),
		);
	});
	afterEach(() => vi.useRealTimers());

	const stream = (states: number, everyMs: number): void => {
		for (let state = 0; state < states; state++) {
			pace.offer(viewAt(state), false);
			vi.advanceTimersByTime(everyMs);
		}
	};

	it("is the first at once, then a few a second, however many come", () => {
		stream(1, 0);
		expect(listed).toEqual([0]);
		stream(60, 1_000 / 60);
		expect(listed.length).toBeLessThanOrEqual(1 + 1_000 / listedEveryMs);
		expect(listed.length).toBeGreaterThan(4);
	});

	it("is the last of them in the end, and once", () => {
		stream(3, 1);
		vi.advanceTimersByTime(10 * listedEveryMs);
		expect(listed).toEqual([0, 2]);
	});

	it("is what somebody asked for, at once, and nothing older after it", () => {
		stream(2, 1);
		pace.offer(viewAt(77), true);
		expect(listed).toEqual([0, 77]);
		vi.advanceTimersByTime(10 * listedEveryMs);
		expect(listed).toEqual([0, 77]);
	});

	it("is nothing after the run was left", () => {
		stream(2, 1);
		pace.close();
		vi.advanceTimersByTime(10 * listedEveryMs);
		expect(listed).toEqual([0]);
	});
});
