import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type HandlerVerdict, type WatchLimits, watchHandlers } from "./handler-watch.ts";
import { type HandlerPlace, ProgressBoard } from "./progress-board.ts";

const limits: WatchLimits = { handlerMs: 5_000, memoryBytes: 500_000_000 };

describe("the watch over handlers that share a thread", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	function watched(bytes: () => number = () => 1_000_000) {
		const board = new ProgressBoard();
		const verdicts: [HandlerPlace, HandlerVerdict][] = [];
		const end = watchHandlers({ board, memoryBytes: async () => bytes() }, limits, (place, verdict) => verdicts.push([place, verdict]));
		return { board, verdicts, end };
	}

	test("names a handler that has not returned within the limit, once", async () => {
		const { board, verdicts } = watched();
		board.enter(3, 2, 77, 6_000_000);
		await vi.advanceTimersByTimeAsync(4_500);
		expect(verdicts).toEqual([]);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(verdicts.map(([place, verdict]) => [place.node, place.incarnation, place.step, place.atUs, verdict])).toEqual([[3, 2, 77, 6_000_000, "hung"]]);
	});

	test("leaves alone handlers that return, however many follow one another", async () => {
		const { board, verdicts } = watched();
		for (let step = 1; step <= 100; step++) {
			board.enter(0, 1, step, step);
			await vi.advanceTimersByTimeAsync(1_000);
		}
		expect(verdicts).toEqual([]);
	});

	test("blames nobody while no handler runs", async () => {
		const { board, verdicts } = watched();
		board.enter(0, 1, 1, 0);
		board.leave();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(verdicts).toEqual([]);
	});

	test("tells a handler that takes memory without end from one that only hangs", async () => {
		let bytes = 50_000_000;
		const { board, verdicts } = watched(() => (bytes += 8_000_000));
		board.enter(1, 1, 9, 0);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(verdicts.map(([, verdict]) => verdict)).toEqual(["outOfMemory"]);
	});

	test("does not wait for the limit when the memory is gone before", async () => {
		let bytes = 50_000_000;
		const { board, verdicts } = watched(() => (bytes += 200_000_000));
		board.enter(1, 1, 9, 0);
		await vi.advanceTimersByTimeAsync(1_500);
		expect(verdicts.map(([, verdict]) => verdict)).toEqual(["outOfMemory"]);
	});

	test("ends when told to", async () => {
		const { board, verdicts, end } = watched();
		board.enter(1, 1, 9, 0);
		end();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(verdicts).toEqual([]);
	});
});
