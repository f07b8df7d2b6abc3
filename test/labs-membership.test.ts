/** What the labs of the pair, of the quorum store and of Paxos Commit say beyond their checks: which choices save what a variant loses. That the labs keep their checks is all-labs.test.ts. */
import { describe, expect, test } from "vitest";
import { failuresOf } from "./support/lab-run.ts";

const seeds = [1, 2, 3];

/** Which failures of a story are of what a lab must never lose, whoever is served. */
const lost = (failed: readonly string[]): readonly string[] => failed.filter((id) => safety.includes(id));
const safety = ["no-order-lost", "one-writer", "reads-see-writes", "nothing-lost", "converges", "atomic"];

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
		expect(lost(failuresOf(lab, seed, { variant, parameters: { tokens: "checked" } })), `seed ${seed}`).toEqual([]);
	}
});

test("split-brain: a switch whose board has a line of its own saves the data from a sleeper, though the database checks nothing", () => {
	for (const seed of seeds) {
		for (const variant of ["quorum-and-a-sleeper", "lease-and-a-sleeper"]) {
			expect(failuresOf("split-brain", seed, { variant, parameters: { guard: "stonith" } }), `${variant}, seed ${seed}`).toEqual([]);
		}
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
	for (const seed of seeds) expect(lost(failuresOf("leaderless", seed, { parameters: { read, write } }))).toEqual([]);
});

describe("two-phase-commit, by Paxos", () => {
	const paxos = { protocol: "paxos", yesRatio: "1" };

	test("nobody is blocked by a coordinator that is gone for long, and nothing is torn when the network is cut", () => {
		for (const seed of seeds) {
			expect(failuresOf("two-phase-commit", seed, { variant: "coordinator-gone", parameters: paxos }), `seed ${seed}`).toEqual([]);
			expect(lost(failuresOf("two-phase-commit", seed, { variant: "three-phase-cut-in-two", parameters: paxos }))).toEqual([]);
			expect(lost(failuresOf("two-phase-commit", seed, { variant: "paxos-hasty-leader", parameters: { mistake: "none" } }))).toEqual([]);
		}
	});
});
