/** What the view of the bank draws, read out of what branches stated. */
import { describe, expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { bankOf, snapshotFacts, snapshotsOf, verdictOf } from "./snapshot-board.ts";

describe("the bank", () => {
	const board = boardOf({ a: ["snapshot"], b: ["snapshot"] });
	const part = (snapshot: number, balance: number, underway: number) => ({
		key: String(snapshot),
		snapshot,
		balance,
		underway,
		members: 2,
		total: 200,
		markersSent: 1,
		markersExpected: 2,
	});

	test("what one has sent and nobody got is under way, and all of it together is what there was", () => {
		const bank = bankOf(
			board([
				["a", "snapshot.account", { balance: 70, sent: 40, received: 10, opening: 100 }],
				["b", "snapshot.account", { balance: 105, sent: 10, received: 15, opening: 100 }],
			]),
		);
		expect(bank).toMatchObject({ held: 175, underway: 25, opening: 200 });
		expect(bank.accounts.map(({ balance }) => balance)).toEqual([70, 105]);
	});

	test("a snapshot is judged once all parts are in, by all the money there is", () => {
		const rows = snapshotsOf(
			board([
				["a", "snapshot.part", part(1, 90, 20)],
				["b", "snapshot.part", part(1, 80, 10)],
				["a", "snapshot.part", part(2, 90, 0)],
				["b", "snapshot.part", part(2, 80, 10)],
				["b", "snapshot.part", part(3, 200, 0)],
			]),
		);
		expect(rows.map((row) => [row.snapshot, verdictOf(row), row.markers])).toEqual([
			[3, "open", 1],
			[2, "wrong", 2],
			[1, "right", 2],
		]);
	});
});

test("nonsense under the names of the facts draws nothing and throws nothing", () => {
	const board = boardOf({ a: ["snapshot"] });
	for (const value of [null, "x", [1], { balance: "?", snapshot: null, members: [] }]) {
		const props = board(snapshotFacts.map((name) => ["a", name, value] as const));
		expect(bankOf(props)).toMatchObject({ held: 0, underway: 0 });
		expect(snapshotsOf(props)).toHaveLength(1);
	}
});
