/**
 * Raft's rules, taken away one after the other, and the property that rests on each must be seen to fail: on random
 * walks of the core, judged by the servers' own logs, and in runs of the store under faults, judged by the
 * invariants that a lab is held to. The rules are those of src/os/raft/safety.ts, of the disk and of reads.
 */
import { afterEach, expect, test, vi } from "vitest";
import { RaftLog } from "../src/os/raft/log.ts";
import type * as Safety from "../src/os/raft/safety.ts";
import type { RaftOptions } from "../src/os/raft/types.ts";
import { type FaultKind, faultStory } from "./support/fault-story.ts";
import { RaftCluster } from "./support/raft-cluster.ts";
import { type Mutations, walk } from "./support/raft-walk.ts";
import { runStore, type StoreLab, serverNames } from "./support/store-run.ts";

type Rules = typeof Safety;

/** What stands in the place of a rule. */
const mutated = vi.hoisted((): { rules: Partial<Rules> } => ({ rules: {} }));

vi.mock("../src/os/raft/safety.ts", async (load) => {
	const real = await load<Rules>();
	const names = Object.keys(real) as (keyof Rules)[];
	const ruleOf = (name: keyof Rules) => (mutated.rules[name] ?? real[name]) as (...args: unknown[]) => unknown;
	return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => ruleOf(name)(...args)]));
});

afterEach(() => {
	mutated.rules = {};
	vi.restoreAllMocks();
});

/** Whether a property is the first to fail on one of so many random walks. */
function failsOnWalks(property: string, walks: number, options: Partial<RaftOptions> = {}, own: Mutations & { readonly steps?: number } = {}): boolean {
	for (let seed = 1; seed <= walks; seed++) if (walk(seed, { ...options, unsafe: true }, own)?.startsWith(`${property}:`)) return true;
	return false;
}

const timing = { electionTimeout: "60ms", heartbeat: "20ms" };
/** Two of three are a majority: the same rule, of servers that do not insist on what others promised. */
const insistsOnNothing = { ...timing, quorum: 2 };
const load = { clients: 4, think: "5ms", keys: 2, patience: "600ms" };

/** @returns the invariants that a run of the store under faults breaks */
function brokenBy(seed: number, lab: StoreLab, kinds: readonly FaultKind[]): readonly string[] {
	const story = faultStory(seed, { names: serverNames(3), bystanders: ["c1"], faults: 14, fromUs: 30_000, healUs: 2_000_000, kinds });
	const { verdicts } = runStore({ untilUs: 2_400_000, lossRatio: 0.02, load, ...lab, story }, seed);
	return verdicts.flatMap(({ name, breach }) => (breach === null ? [] : [name]));
}

/** Whether one of so many runs breaks the invariant. */
function failsInRuns(invariant: string, runs: number, store: NonNullable<StoreLab["store"]>, kinds: readonly FaultKind[]): boolean {
	for (let seed = 1; seed <= runs; seed++) if (brokenBy(seed, { store }, kinds).includes(invariant)) return true;
	return false;
}

const cuts: readonly FaultKind[] = ["isolate", "partition", "loss", "oneWay"];
const anything: readonly FaultKind[] = ["crash", ...cuts];

test("election safety fails, and is caught, when a server votes more than once in a term (thesis 3.4)", () => {
	mutated.rules = { isFreeToVoteFor: () => true };
	expect(failsOnWalks("election safety", 50)).toBe(true);
	expect(failsInRuns("raft.electionSafety", 60, insistsOnNothing, anything)).toBe(true);
});

test("election safety fails, and is caught, when half of the votes are enough (thesis 3.4)", () => {
	mutated.rules = { majorityOf: (count) => Math.floor(count / 2) };
	expect(failsOnWalks("election safety", 100)).toBe(true);
	mutated.rules = {};
	expect(failsInRuns("raft.electionSafety", 60, { ...timing, quorum: 1, preVote: "off" }, cuts)).toBe(true);
});

test.each([false, true])("election safety fails, and is caught, when a vote is forgotten in a crash (thesis 3.8): %s", (forgets) => {
	const cluster = new RaftCluster(["a", "b", "c"], { preVote: false, unsafe: true });
	cluster.nowUs = 100;
	cluster.timeOut("a");
	cluster.timeOut("c");
	cluster.deliverBetween("a", "b");
	cluster.deliverBetween("b", "a");
	const b = cluster.server("b");
	if (forgets) b.stored = { ...b.stored, hardState: { ...b.stored.hardState, vote: null } };
	cluster.restart("b");
	cluster.deliverBetween("c", "b");
	cluster.deliverBetween("b", "c");
	const leaders = cluster.leaders();
	expect(leaders).toEqual(forgets ? ["a", "c"] : ["a"]);
	expect(leaders.map((name) => cluster.server(name).raft.term)).toEqual(leaders.map(() => 1));
});

test("leader append-only fails, and is caught, when a leader puts another entry in the place of one of its own (thesis 3.5)", () => {
	expect(failsOnWalks("leader append-only", 50, {}, { leaderOverwrites: true })).toBe(true);
});

test("leader append-only fails, and is caught, when a leader writes the end of its log again, on the disk (thesis 3.5)", () => {
	const { takeUnstable } = RaftLog.prototype;
	let turns = 0;
	vi.spyOn(RaftLog.prototype, "takeUnstable").mockImplementation(function (this: RaftLog) {
		const taken = takeUnstable.call(this);
		const last = taken === null ? undefined : this.entryAt(taken.after);
		if (taken === null || last === undefined || ++turns % 20 !== 0) return taken;
		return { after: taken.after - 1, entries: [last, ...taken.entries] };
	});
	expect(brokenBy(1, { store: timing }, ["crash"])).toEqual(["raft.leaderAppendOnly"]);
});

test("log matching fails, and is caught, when a follower does not compare the entry before (thesis 3.5)", () => {
	mutated.rules = { hasEntry: (log, { index }) => log.termAt(index) !== undefined };
	expect(failsOnWalks("log matching", 400)).toBe(true);
	expect(failsInRuns("raft.logMatching", 100, insistsOnNothing, anything)).toBe(true);
});

test("leader completeness fails, and is caught, when a vote is for whoever asks, however short its log (thesis 3.6.1)", () => {
	mutated.rules = { isUpToDate: () => true };
	expect(failsOnWalks("leader completeness", 50)).toBe(true);
	expect(failsInRuns("raft.leaderCompleteness", 100, insistsOnNothing, anything)).toBe(true);
});

test("leader completeness fails, and is caught, when an entry of an older term is committed by counting copies (thesis 3.6.2)", () => {
	mutated.rules = { isCommittedByCount: () => true };
	expect(failsOnWalks("leader completeness", 500, { batchEntries: 1, preVote: false }, { steps: 1_500 })).toBe(true);
});

test("leader completeness fails, and is caught, when an entry is forgotten in a crash (thesis 3.8)", () => {
	expect(failsOnWalks("leader completeness", 400, {}, { forgetEntries: true })).toBe(true);
	expect(failsInRuns("raft.leaderCompleteness", 12, { ...timing, sync: "off" }, ["crash"])).toBe(true);
});

test("state-machine safety fails, and is caught, when half of the copies are enough (thesis 3.6.3)", () => {
	mutated.rules = { majorityOf: (count) => Math.floor(count / 2) };
	expect(failsOnWalks("state-machine safety", 50)).toBe(true);
	mutated.rules = {};
	expect(failsInRuns("raft.stateMachineSafety", 60, { ...timing, quorum: 1 }, cuts)).toBe(true);
});

test("state-machine safety fails, and is caught, when members change before the leader has committed an entry of its own term (correction of 2015)", () => {
	// The scenes of Ongaro's report: a's change reaches e alone, b's reaches c alone, and the two majorities share nobody.
	const play = (): RaftCluster => {
		const cluster = new RaftCluster(["a", "b", "c", "d", "e"], { preVote: false, unsafe: true }, () => 0, ["a", "b", "c", "d"]);
		cluster.elect("a");
		cluster.deliverAll();
		cluster.change("a", { kind: "voter", node: "e" });
		cluster.timeOut("a");
		cluster.deliverAmong(["a", "e"]);
		cluster.elect("b", ["c", "d"]);
		cluster.change("b", { kind: "remove", node: "a" });
		cluster.deliverAmong(["b", "c"]);
		cluster.restart("a");
		cluster.elect("a", ["d", "e"]);
		cluster.deliverAmong(["a", "d", "e"]);
		return cluster;
	};
	const withRule = play();
	expect(withRule.server("b").raft.members.voters).toContain("a");
	expect(withRule.differentlyCommitted("a", "b")).toBe(false);
	mutated.rules = { whyNoChange: ({ changeIndex, commit }) => (changeIndex > commit ? "another change is under way" : null) };
	const without = play();
	expect(without.server("b").raft.members.voters).toEqual(["b", "c", "d"]);
	expect(without.differentlyCommitted("a", "b")).toBe(true);
});

test("state-machine safety fails, and is caught, when two servers are added at once (thesis 4.1)", () => {
	const play = (): RaftCluster => {
		const cluster = new RaftCluster(["a", "b", "c", "d", "e"], { preVote: false, unsafe: true }, () => 0, ["a", "b", "c"]);
		cluster.elect("a");
		cluster.deliverAll();
		for (const node of ["d", "e"]) cluster.change("a", { kind: "voter", node });
		cluster.timeOut("a");
		cluster.deliverAmong(["a", "d", "e"]);
		cluster.elect("b", ["c"]);
		cluster.deliverAmong(["b", "c"]);
		return cluster;
	};
	expect(play().differentlyCommitted("a", "b")).toBe(false);
	mutated.rules = { whyNoChange: ({ hasCommittedInTerm }) => (hasCommittedInTerm ? null : "nothing of its own") };
	expect(play().differentlyCommitted("a", "b")).toBe(true);
});

test("no acknowledged write lost fails, and is caught, when a server answers before its disk has it (thesis 3.8)", () => {
	expect(failsInRuns("store.linearizable", 12, { ...timing, sync: "off" }, ["crash"])).toBe(true);
});

test("no acknowledged write lost fails, and is caught, when one copy is enough, on both sides of a cut (thesis 3.5)", () => {
	expect(failsInRuns("store.linearizable", 12, { ...timing, quorum: 1 }, ["isolate", "partition"])).toBe(true);
});

test("no acknowledged write lost fails, and is caught, when a vote is for whoever asks, however short its log (thesis 3.6.1)", () => {
	mutated.rules = { isUpToDate: () => true };
	expect(failsInRuns("store.linearizable", 100, insistsOnNothing, anything)).toBe(true);
});

test("with every rule in its place the same walks and runs break nothing", () => {
	for (let seed = 1; seed <= 200; seed++) expect(walk(seed, { unsafe: true }), `walk ${seed}`).toBeNull();
	for (let seed = 1; seed <= 20; seed++) expect(brokenBy(seed, { store: insistsOnNothing }, anything), `run ${seed}`).toEqual([]);
});
