/** What the labs of the pair, of the quorum store and of Paxos Commit say beyond their checks: which choices save what a variant loses. */
import { describe, expect, test } from "vitest";
import { failuresOf } from "./support/lab-run.ts";

const seeds = [1, 2, 3];

/** Every guard that is no mistake keeps every check of the default story, and tokens keep those of the variants that lose without them. */
test.each(["quorum", "lease", "stonith"])("split-brain: %s saves the data even if the database checks nothing", (guard) => {
	for (const seed of seeds) expect(failuresOf("split-brain", seed, { parameters: { guard, tokens: "ignored" } }), `seed ${seed}`).toEqual([]);
});

test.each([
	["split-brain", "naive-pair"],
	["split-brain", "stonith-same-cable"],
	["split-brain", "lease-and-drift"],
	["split-brain", "lease-and-a-sleeper"],
	["split-brain", "quorum-and-a-sleeper"],
	["split-brain", "late-write"],
	["quorum-of-three", "no-third-vote"],
	["quorum-of-three", "sleeper"],
])("%s: what %s loses, a database that checks tokens keeps", (lab, variant) => {
	for (const seed of seeds) {
		const failed = failuresOf(lab, seed, { variant, parameters: { tokens: "checked" } });
		expect(
			failed.filter((id) => id === "no-order-lost" || id === "one-writer"),
			`seed ${seed}`,
		).toEqual([]);
	}
});

test.each(["one-vote-is-enough", "forgetful-witness"])("quorum-of-three: tokens do not help against %s, which gives one token to two", (variant) => {
	for (const seed of seeds) expect(failuresOf("quorum-of-three", seed, { variant, parameters: { tokens: "checked" } }), `seed ${seed}`).toContain("one-writer");
});

test("leaderless: a sloppy quorum loses nothing and converges, though its reads miss what is on the other side", () => {
	for (const seed of seeds) expect(failuresOf("leaderless", seed, { variant: "sloppy-quorum" }), `seed ${seed}`).toEqual(["reads-see-writes"]);
});

test.each([
	["1", "3"],
	["3", "1"],
	["3", "3"],
])("leaderless: R %s and W %s see, lose nothing and converge, whoever is served", (read, write) => {
	const safety = ["reads-see-writes", "nothing-lost", "converges"];
	for (const seed of seeds) expect(failuresOf("leaderless", seed, { parameters: { read, write } }).filter((id) => safety.includes(id))).toEqual([]);
});

describe("two-phase-commit, by Paxos", () => {
	const paxos = { protocol: "paxos", yesRatio: "1" };

	test("every check holds", () => {
		for (const seed of seeds) expect(failuresOf("two-phase-commit", seed, { parameters: { protocol: "paxos" } }), `seed ${seed}`).toEqual([]);
	});

	test("nobody is blocked by a coordinator that is gone for long, and nothing is torn when the network is cut", () => {
		for (const seed of seeds) {
			expect(failuresOf("two-phase-commit", seed, { variant: "coordinator-gone", parameters: paxos }), `seed ${seed}`).toEqual([]);
			expect(failuresOf("two-phase-commit", seed, { variant: "three-phase-cut-in-two", parameters: paxos })).not.toContain("atomic");
			expect(failuresOf("two-phase-commit", seed, { variant: "paxos-hasty-leader", parameters: { mistake: "none" } })).not.toContain("atomic");
		}
	});
});
