/** What the view of clocks draws, read out of what members stated. */
import { expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { clockFacts, handDegrees, isWithinBound, logicalClocks, setClocks, timeOfDay, turnUsFor, writtenNotes } from "./clocks-board.ts";

const synced = boardOf({ a: ["time-sync"], b: ["time-sync"], c: ["time-sync"] });
const noted = boardOf({ a: ["logical-clocks"], b: ["logical-clocks"] });

test("a clock's errors are by true time, and its distance is from the server", () => {
	const props = synced([
		["a", "time.served", 1_000_300, 1_000_000],
		["b", "time.set", { timeUs: 2_000_700, boundUs: 500, correctionUs: -400_000, roundTripUs: 11_000, minDelayUs: 5_000 }, 2_000_000],
	]);
	const [a, b, c] = setClocks(props);
	expect(a).toMatchObject({ isServer: true, errorUs: 300, fromServerUs: null });
	expect(b).toMatchObject({ errorUs: 700, wallErrorUs: 400_700, fromServerUs: 400, boundUs: 500, roundTripUs: 11_000 });
	expect(c).toMatchObject({ errorUs: null, boundUs: null, index: -1 });
});

test("a bound is broken by more than rounding, and who names none breaks none", () => {
	expect([502, -502, 503, -503].map((fromServerUs) => isWithinBound({ fromServerUs, boundUs: 500 }))).toEqual([true, true, false, false]);
	expect(isWithinBound({ fromServerUs: 9_999, boundUs: null })).toBe(true);
});

const write = (sequence: number, id: readonly number[], vector: readonly number[], text: string) => ({
	key: String(sequence),
	id,
	vector,
	text,
	wallUs: 5,
	lamport: 1,
	hybrid: [5, 0],
});

test("a write is lost when it was thrown away for one that its writer had seen, and not when neither had seen the other", () => {
	const props = noted([
		["b", "clock.write", write(1, [1, 1], [0, 1], "question"), 500],
		["a", "clock.write", write(1, [0, 1], [1, 1], "answer"), 900],
		["b", "clock.write", write(2, [1, 2], [0, 2], "aside"), 950],
		["a", "clock.kept", { key: "0 1", winner: [1, 1], loser: [0, 1] }, 900],
		["a", "clock.kept", { key: "1 2", winner: [0, 1], loser: [1, 2] }, 990],
	]);
	const notes = writtenNotes(props);
	expect(notes.map(({ text, lostFor }) => [text, lostFor])).toEqual([
		["question", []],
		["answer", ["question"]],
		["aside", []],
	]);
	expect(logicalClocks(props, notes).map(({ name, last }) => [name, last?.text])).toEqual([
		["a", "answer"],
		["b", "aside"],
	]);
});

test("the face turns so slowly that the largest error is below a third of it", () => {
	expect([turnUsFor([]), turnUsFor([400_000, -3]), turnUsFor([-2_000_000])]).toEqual([10_000, 10_000_000, 10_000_000]);
	expect([handDegrees(2_500_000, 10_000_000), handDegrees(-2_500_000, 10_000_000)]).toEqual([90, 270]);
});

test("runs begin at noon", () => {
	expect([timeOfDay(0), timeOfDay(61_002_000), timeOfDay(-1_000)]).toEqual(["12:00:00.000", "12:01:01.002", "11:59:59.999"]);
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	for (const value of [null, "x", [1], { id: 3, vector: "?", winner: [1], hybrid: [null] }]) {
		const facts = clockFacts.map((name) => ["a", name, value, 1] as const);
		expect(setClocks(synced(facts))).toHaveLength(3);
		expect(writtenNotes(noted(facts))).toEqual([]);
	}
});
