/** Heartbeats and block reports, as a steward hears them: late, twice, in the wrong order, from before a restart. */
import { describe, expect, test } from "vitest";
import type { NodeContext } from "../../../core/node-api.ts";
import type { Beat } from "../protocol.ts";
import { candidateOf, fullness, type KnownMachine, MachineBook, stateOf } from "./machines.ts";

const limits = { silentUs: 100, deadUs: 300 };

/** A book whose clock the test moves. */
function bookAt(): { readonly book: MachineBook; at(nowUs: number): KnownMachine } {
	let nowUs = 0;
	const nodes = [
		{ name: "x", role: "", region: "texas", services: ["files-blocks"] },
		{ name: "laptop", role: "", region: "", services: [] },
	];
	const ctx = { nodes, monoUs: () => nowUs } as unknown as NodeContext;
	const book = new MachineBook(ctx, "files-blocks");
	return {
		book,
		at: (us) => {
			nowUs = us;
			return book.all(new Set(), limits).get("x") as KnownMachine;
		},
	};
}

function beat(number: number, copies: readonly number[] | null, incarnation = 1): Beat {
	const report =
		copies === null ? null : { next: 50, copies: copies.map((copy) => ["1-1/00/0", copy, 0, 0] as const), losses: [["1-1/01/0", 3, "rot"] as const] };
	return { incarnation, number, rack: "r", drives: [{ used: 25, capacity: 100 }], report };
}

describe("a machine", () => {
	test("is unknown, then dead, when it is never heard of; live, silent and dead when it stops", () => {
		const { book, at } = bookAt();
		expect([at(0), at(99), at(100), at(300)].map(({ liveness }) => liveness)).toEqual(["unknown", "unknown", "silent", "dead"]);
		book.hear("x", beat(1, []));
		expect([at(300), at(399), at(400), at(600)].map(({ liveness }) => liveness)).toEqual(["live", "live", "silent", "dead"]);
		expect(book.names).toEqual(new Set(["x"]));
	});

	test("is asked for its report until it has given one, and again after a restart", () => {
		const { book, at } = bookAt();
		expect([book.hear("x", beat(1, null)), book.hear("x", beat(2, [7])), book.hear("x", beat(3, null))]).toEqual([true, false, false]);
		expect(at(0).report?.copies.get("1-1/00/0")?.copy).toBe(7);
		expect(at(0).report?.losses.get("1-1/01/0@3")).toBe("rot");
		expect(book.hear("x", beat(1, null, 2))).toBe(true);
		expect(at(0).report).toBeNull();
	});

	test("does not become younger by a beat that was long on its way", () => {
		const { book, at } = bookAt();
		book.hear("x", beat(5, [7], 2));
		for (const late of [beat(4, [6], 2), beat(5, [6], 2), beat(9, [6], 1)]) expect(book.hear("x", late)).toBe(false);
		expect(at(0).report?.copies.get("1-1/00/0")?.copy).toBe(7);
		expect(at(0).incarnation).toBe(2);
	});

	test("is told to clients with its room; a dead drive is none", () => {
		const { book, at } = bookAt();
		book.hear("x", {
			...beat(1, []),
			drives: [
				{ used: 25, capacity: 100 },
				{ used: 0, capacity: 0 },
			],
		});
		expect(candidateOf(at(0))).toMatchObject({ name: "x", region: "texas", rack: "r", state: "live", drives: [{ free: 75 }, { free: 0 }] });
		expect(fullness(at(0))).toBe(0.25);
		expect(stateOf({ ...at(0), isDraining: true })).toBe("draining");
	});
});
