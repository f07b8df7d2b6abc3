import { describe, expect, test } from "vitest";
import { Board } from "./board.ts";

/** Which slots were woken since the last look. */
function makeWatch(board: Board): () => number[] {
	const seen = Array.from({ length: board.slotCount }, () => 0);
	return () =>
		seen.flatMap((before, slot) => {
			seen[slot] = board.wakesOf(slot);
			return seen[slot] === before ? [] : [slot];
		});
}

describe("the board", () => {
	test("hands each turn to the next slot of the list, once, and to nobody after the last", () => {
		const board = Board.make(8);
		const woken = makeWatch(board);
		board.arrange([7, 1, 4, 2, 5], 2);
		expect(woken()).toEqual([]);
		const turns: number[][] = [];
		for (let turn = 0; turn < 5; turn++) {
			board.handOn();
			turns.push(woken());
		}
		expect(turns).toEqual([[4], [2], [5], [], []]);
	});

	test("wakes the first of the list, and again whoever was woken before everybody had been asked", () => {
		const board = Board.make(8);
		const woken = makeWatch(board);
		board.arrange([7, 1, 4, 2, 5], 2);
		board.wakeFirst();
		expect(woken().sort()).toEqual([1, 7]);
		board.arrange([7, 1, 4, 2, 5], 2);
		board.handOn();
		board.handOn();
		expect(woken().sort()).toEqual([2, 4]);
		board.wakeFirst();
		expect(woken().sort()).toEqual([1, 2, 4, 7]);
	});

	test("calls the kernel when the last node of a window has finished, not before", () => {
		const board = Board.make(4);
		for (let window = 0; window < 3; window++) {
			board.arrange([0, 1, 2], 3);
			const { gate } = board;
			board.finish();
			board.finish();
			expect(board.gate).toBe(gate);
			board.finish();
			expect(board.gate).not.toBe(gate);
		}
	});

	test("calls the kernel at the end of a window although one finished late in the last", () => {
		const board = Board.make(4);
		board.arrange([0, 1], 2);
		board.finish();
		// The kernel was called for another reason, saw both answers, and goes on.
		board.arrange([0, 1], 2);
		const { gate } = board;
		board.finish();
		board.finish();
		expect(board.gate).toBe(gate);
		board.finish();
		expect(board.gate).not.toBe(gate);
	});

	test("does not sleep through a call, nor a wake, that came before", () => {
		const board = Board.make(1);
		const { gate } = board;
		expect(board.waitForCall(gate, 0, 1)).toBe(false);
		board.callKernel();
		expect(board.waitForCall(gate, 0, Number.POSITIVE_INFINITY)).toBe(true);
		const wakes = board.wakesOf(0);
		board.wake(0);
		board.sleep(0, wakes);
		expect(board.wakesOf(0)).not.toBe(wakes);
	});
});
