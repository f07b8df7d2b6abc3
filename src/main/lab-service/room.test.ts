import { expect, test } from "vitest";
import { Room } from "./room.ts";
import type { RunEntry } from "./run-entry.ts";

/** A recording that somebody opened. */
const recorded = (run: string): RunEntry => ({ run, session: run, live: null }) as unknown as RunEntry;

function roomFor(entries: Map<string, RunEntry>): Room {
	return new Room({
		all: () => [...entries.values()],
		starting: () => 0,
		isWatched: () => false,
		end: async () => {},
		forget: ({ run }) => void entries.delete(run),
		onEnded: () => {},
	});
}

test("what is said of runs that there never were is not remembered, however often it is said", () => {
	const room = roomFor(new Map([["r1", recorded("r1")]]));
	room.touch("r1");
	for (let i = 2; i < 1_000; i++) room.touch(`r${i}`);
	expect(room.remembered).toBe(1);
});

test("a run that was forgotten to make room is not remembered either, nor what is still said of it", () => {
	const entries = new Map(Array.from({ length: 64 }, (_, i) => [`r${i}`, recorded(`r${i}`)] as const));
	const room = roomFor(entries);
	for (const run of entries.keys()) room.touch(run);
	room.touch("r0");
	room.makeKnown();
	expect([entries.has("r0"), entries.has("r1"), room.remembered]).toEqual([true, false, 63]);
	room.touch("r1");
	expect(room.remembered).toBe(63);
});
