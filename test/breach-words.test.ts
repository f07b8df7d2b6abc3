/** What a broken promise says is read by people: one thing is one, and a time has a unit that fits it. */
import { describe, expect, test } from "vitest";
import type { Fact } from "../src/core/node-api.ts";
import { registry } from "../src/os/registry.ts";

type Stated = readonly [name: string, value: unknown, node?: string, atUs?: number];

/** The first breach, or what is said at the end. */
function breachOf(invariantName: string, facts: readonly Stated[]): string | null {
	const invariants = [...registry.values()].flatMap(({ invariants: own }) => own ?? []);
	const fold = invariants.find(({ name }) => name === invariantName)?.start();
	if (fold === undefined) throw new Error(`nobody promises ${invariantName}`);
	let said: string | null = null;
	for (const [name, value, node = "a", atUs = 3_920_000] of facts) said ??= fold.onFact({ name, value, node, atUs } as Fact);
	return said ?? fold.end?.() ?? null;
}

describe("one thing is one", () => {
	const posted = (number: number): Stated => ["broadcast.posted", { sender: 0, number, members: 3 }];
	const lost = (total: number): Stated => ["drives.lostStripes", { key: "1", why: "drive 3 died", count: total, total, stripes: [7, 8].slice(0, total) }];
	const added = (key: string): Stated => ["quorum.added", { key, to: "cart" }];
	const begun = (snapshot: number): Stated => ["snapshot.begun", { snapshot, members: 2 }];

	test.each([
		["broadcast.everyoneIsTold", [posted(1)], "1 message has not reached everybody"],
		["broadcast.everyoneIsTold", [posted(1), posted(2)], "2 messages have not reached everybody"],
		["drives.noDataLost", [lost(1)], "1 stripe is lost in the end; the first was 7, when drive 3 died"],
		["drives.noDataLost", [lost(2)], "2 stripes are lost in the end; the first were 2 (such as 7, 8), when drive 3 died"],
		[
			"mutex.oneAtATime",
			[
				["mutex.entered", {}, "a"],
				["mutex.entered", {}, "b"],
			],
			"b enters while a is in",
		],
		["mutex.everyoneEnters", [["mutex.wanted", {}, "a"]], "a still waits to enter"],
		[
			"mutex.everyoneEnters",
			[
				["mutex.wanted", {}, "a"],
				["mutex.wanted", {}, "b"],
			],
			"a and b still wait to enter",
		],
		[
			"mutex.messagesAsInTheBook",
			[["mutex.left", { algorithm: "ricart-agrawala", members: 3, messages: 1 }]],
			"a entered with 1 message, and the book says 2(N-1)",
		],
		["snapshot.allFinish", [begun(1)], "snapshot 1 was never finished"],
		["snapshot.allFinish", [begun(1), begun(2)], "snapshots 1, 2 were never finished"],
		["quorum.nothingLost", [added("milk")], "1 of 1 acknowledged item is in no copy, first milk of cart"],
		["quorum.nothingLost", [added("milk"), added("eggs")], "2 of 2 acknowledged items are in no copy, first milk of cart"],
	] satisfies readonly (readonly [string, readonly Stated[], string])[])("%s", (name, facts, said) => {
		expect(breachOf(name, facts)).toBe(said);
	});
});

describe("a time has a unit that fits it", () => {
	const set = (timeUs: number): unknown => ({ timeUs, boundUs: 1_500, limitUs: 0, isSettled: true });
	const effect: Stated = ["jobs.effect", { job: "j", step: 1, count: 1 }];

	test.each([
		["time.boundKept", [["time.set", set(4_000_000)]], "a is 80ms from the server's clock, and said 1.5ms at most"],
		[
			"time.skewLimited",
			[
				["time.set", set(3_920_000)],
				["time.set", set(3_920_250), "b"],
			],
			"the clocks are 250us apart when b has set its own",
		],
		["jobs.effectsOnce", [effect, effect], "step 1 of job j took effect at a (3.92s) and again at a (3.92s)"],
		[
			"player.trueFilm",
			[["player.played", { film: "f", play: "1", segment: 2, bytes: 1, checksum: 0 }]],
			"a showed piece 2 of f at 3.92s, and piece 0 was due",
		],
		[
			"store.linearizable",
			[
				["store.called", { id: "1", key: "k", operation: { kind: "read" } }],
				["store.answered", { id: "1", value: "x", succeeded: true }, "a", 3_930_000],
			],
			"no single copy of k explains what its clients were told: stuck at the read of k by a at 3.92s, which gave x",
		],
	] satisfies readonly (readonly [string, readonly Stated[], string])[])("%s", (name, facts, said) => {
		expect(breachOf(name, facts)).toBe(said);
	});
});
