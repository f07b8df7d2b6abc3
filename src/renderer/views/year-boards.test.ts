/** What the views of the drive year and of the two worlds read off the board, hostile facts included. */
import { expect, test } from "vitest";
import type { PlainValue } from "../../shared/codec.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { workCells } from "./coupling-board.ts";
import { driveYear } from "./drives-board.ts";

const names = ["drives.sample", "drives.laidOut", "drives.lostStripes", "coupling.begun", "coupling.result"];
const nameOf = (entry: BoardEntry): string => names[entry.name] ?? "";
const entry = (index: number, name: string, value: PlainValue, key = ""): BoardEntry => ({
	node: 0,
	name: names.indexOf(name),
	key,
	index,
	atUs: index,
	value,
});

test("the drive year has its days in order, and its greatest losses first", () => {
	const year = driveYear(
		[
			entry(1, "drives.laidOut", { units: 9, needed: 6, sets: 4 }),
			entry(3, "drives.sample", { day: 2, dead: 3, drives: 10, stripes: 5, movedGigabytes: 20 }, "02"),
			entry(2, "drives.sample", { day: 1, dead: 1, drives: 10, stripes: 5, movedGigabytes: 10 }, "01"),
			entry(4, "drives.lostStripes", { why: "drive a/1 died", count: 1 }, "a"),
			entry(5, "drives.lostStripes", { why: "b was silent for too long", count: 7 }, "b"),
		],
		nameOf,
	);
	expect(year).toMatchObject({ drives: 10, units: 9, needed: 6, sets: 4 });
	expect(year?.days.map(({ day, dead }) => [day, dead])).toEqual([
		[1, 1],
		[2, 3],
	]);
	expect(year?.losses.map(({ count }) => count)).toEqual([7, 1]);
	expect(driveYear([], nameOf)).toBeNull();
	expect(driveYear([entry(1, "drives.sample", "nonsense", "x")], nameOf)?.days).toEqual([
		{ day: 0, dead: 0, replaced: 0, silent: 0, missing: 0, lost: 0, movedGigabytes: 0, index: 1 },
	]);
});

test("a work is at work again when it is begun again, and wrong when the answer is not the one expected", () => {
	const begun = (index: number): BoardEntry => entry(index, "coupling.begun", { world: "box", work: "counter" });
	const result = (index: number, got: number): BoardEntry => entry(index, "coupling.result", { world: "box", work: "counter", got, expected: 400, tookUs: 7 });
	const stateOf = (board: readonly BoardEntry[]): string | undefined => workCells(board, nameOf, "box")[0]?.state;
	expect(stateOf([])).toBe("notBegun");
	expect(stateOf([begun(1)])).toBe("working");
	expect(stateOf([begun(1), result(2, 400)])).toBe("right");
	expect(stateOf([begun(1), result(2, 157)])).toBe("wrong");
	expect(stateOf([result(2, 400), begun(3)])).toBe("working");
	expect(workCells([begun(1)], nameOf, "many").map(({ state }) => state)).toEqual(["notBegun", "notBegun", "notBegun"]);
});
