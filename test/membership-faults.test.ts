/**
 * Membership, the guarded pair, the quorum store and commitment on the real kernel under random faults: crashes,
 * pauses, cuts, partitions, clocks, slow processors, links that lose, double and reorder, disks that tear what is not
 * synced. Safety is judged at every fact that a node states; then everything heals, and within a bound all is
 * well again.
 *
 * `QUORATE_SEEDS=20000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { describe, expect, test } from "vitest";
import { commitDefinition } from "../src/os/commit/commit.ts";
import type { DecidedFact } from "../src/os/commit/invariants.ts";
import type { StateFact } from "../src/os/membership/invariants.ts";
import { membershipDefinition } from "../src/os/membership/membership.ts";
import { type ClusterRun, type Config, runCluster } from "./support/cluster-run.ts";
import { type FaultKind, faultKinds, faultStory } from "./support/fault-story.ts";
import { type FaultSeen, FaultTally, faultsOfDisks, faultsOfLinesAndMachines } from "./support/fault-tally.ts";
import { type PairLab, runPair } from "./support/pair-run.ts";
import { quorumStores, runQuorum } from "./support/quorum-run.ts";
import { plainDisk } from "./support/tiny-plan.ts";

/** Of each of the four; an eighth of what is asked for, as there are other searches that take their part. */
const seeds = process.env.QUORATE_SEEDS === undefined ? 80 : Math.ceil(Number(process.env.QUORATE_SEEDS) / 8);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);

/** Every kind of fault named really happens in the search, or it says less than it seems to. */
function search(problemsOf: (seed: number, tally: FaultTally) => readonly string[], kinds: readonly FaultSeen[]): void {
	const failures: string[] = [];
	const tally = new FaultTally();
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const problems = problemsOf(seed, tally);
		if (problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=8): ${problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
	if (seeds >= 80) expect(tally.rarerThan(2, kinds)).toEqual([]);
}

function lossy(seed: number) {
	const lossRatio = (seed % 5) * 0.01;
	return { jitter: { kind: "uniform", maxUs: 2_000 }, lossRatio, duplicateRatio: lossRatio, reorderRatio: lossRatio, reorderUs: 5_000 } as const;
}

/** Faults that last long, and clocks further off than those that Raft's leases allow for; whoever is down comes back at the end. */
const wide = { lastsUsMax: 700_000, driftPpmMax: 200_000, restartsAll: true } as const;

const diskOf = (seed: number) => ({ tornRatio: (seed % 3) * 0.4 });

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);

/** Last opinions that are not "alive". */
function doubts(run: ClusterRun): string[] {
	const last = new Map(run.facts("membership.state").map(({ node, body }) => [`${node} holds ${(body as StateFact).key}`, (body as StateFact).state]));
	return [...last].flatMap(([who, state]) => (state === "alive" ? [] : [`in the end ${who} ${state}`]));
}

function membershipProblems(seed: number, tally: FaultTally, own: Config = {}): string[] {
	const members = names(4 + (seed % 4));
	const detector = ["swim", "swim", "phi", "fixed"][seed % 4] as string;
	const config = { detector, period: "50ms", pingTimeout: "15ms", timeout: "250ms", suspicion: "300ms", suspicionFactor: 2, threshold: 8, ...own };
	const story = faultStory(seed, { names: members, faults: 4 + (seed % 8), fromUs: 200_000, healUs: 2_000_000, ...wide });
	const nodes = Object.fromEntries(members.map((name) => [name, { services: [{ service: "membership", config }] }]));
	const run = runCluster([membershipDefinition], { nodes, physics: { ...lossy(seed), lossRatio: 0 }, story, untilUs: 5_500_000 }, seed, [tally]);
	const broken = run.broken.filter((sentence) => !sentence.startsWith("membership.noFalseDeath"));
	return [...run.exceptions, ...broken, ...doubts(run)];
}

function pairProblems(seed: number, tally: FaultTally, own: PairLab = {}, kinds: readonly FaultKind[] = faultKinds): string[] {
	const guard = ["none", "quorum", "lease", "stonith"][seed % 4] as string;
	const machines = ["s1", "s2", "db", "w"];
	const linked = [...machines, "pw", "b1", "b2"];
	const wired = [
		["s1", "b1"],
		["s2", "b2"],
	] as const;
	const story = faultStory(seed, { names: machines, linked, wired, kinds, faults: 3 + (seed % 8), fromUs: 300_000, healUs: 3_000_000, ...wide });
	const customer = { think: seed % 2 === 0 ? "60ms" : "15ms" };
	const run = runPair({
		seed,
		pair: { guard },
		customer,
		physics: { ...lossy(seed), fifo: false },
		// Slow enough that a crash finds something under way.
		disk: { ...diskOf(seed), syncUs: 20_000 },
		story,
		untilUs: 6_000_000,
		observers: [tally],
		...own,
	});
	const isServed = run.acknowledged(4_800_000) > 5;
	return [...run.failures, ...run.broken, ...(isServed ? [] : ["nobody is served in the end"])];
}

function quorumProblems(seed: number, tally: FaultTally, own: Config = {}, lasts = "3s"): string[] {
	const isSloppy = seed % 3 === 0;
	const [read, write] = [
		[2, 2],
		[1, 3],
		[3, 1],
	][seed % 3] as [number, number];
	const store = { ...(isSloppy ? { sloppy: "on" } : { read, write }), ...own };
	const story = faultStory(seed, { names: quorumStores, faults: 3 + (seed % 8), fromUs: 200_000, healUs: 2_000_000, ...wide });
	const client = { think: "100ms", lasts, shoppers: 2 };
	const run = runQuorum({ seed, store, client, physics: lossy(seed), disk: diskOf(seed), story, untilUs: 5_500_000, observers: [tally] });
	const broken = run.broken.filter((sentence) => !isSloppy || !sentence.startsWith("quorum.readsSeeWrites"));
	return [...run.exceptions, ...broken, ...(run.added(2_050_000) > 0 ? [] : ["nobody is served in the end"])];
}

function commitProblems(seed: number, tally: FaultTally, own: Config = {}, kinds: readonly FaultKind[] = faultKinds): string[] {
	const members = names(seed % 3 === 0 ? 6 : 4);
	const faults = seed % 6 === 0 ? 2 : 1;
	const config = { protocol: "paxos", faults, transactions: 40, period: "45ms", timeout: "40ms", yesRatio: 0.95, ...own };
	const story = faultStory(seed, { names: members, kinds, faults: 6 + (seed % 12), fromUs: 100_000, healUs: 2_000_000, ...wide });
	const disk = { ...plainDisk, ...diskOf(seed) };
	const nodes = Object.fromEntries(members.map((name) => [name, { services: [{ service: "commit", config }], disk }]));
	const run = runCluster([commitDefinition], { nodes, physics: lossy(seed), story, untilUs: 7_000_000 }, seed, [tally]);
	const decided = new Set(run.facts("commit.decided").map(({ body }) => (body as DecidedFact).transaction));
	return [...run.exceptions, ...run.broken, ...(decided.size === 40 ? [] : [`${decided.size} of 40 transactions are decided`])];
}

test(`membership, ${seeds} runs: nobody takes back what only the suspect may, and in the end all know that all are there`, () => {
	search(membershipProblems, faultsOfLinesAndMachines);
});

test(`the pair, ${seeds} runs: with tokens no order is lost, whatever guards it; and in the end customers are served`, () => {
	search(pairProblems, [...faultsOfLinesAndMachines, ...faultsOfDisks]);
});

test(`the quorum store, ${seeds} runs: what was acknowledged is seen and kept, and in the end all copies are the same`, () => {
	search(quorumProblems, [...faultsOfLinesAndMachines, ...faultsOfDisks]);
});

test(`commitment by Paxos, ${seeds} runs: nothing is torn, and in the end everything is decided`, () => {
	search(commitProblems, [...faultsOfLinesAndMachines, ...faultsOfDisks]);
});

describe("broken on purpose, the same search finds it", () => {
	/** Whether one of so many seeds breaks it; the first that does ends the search. */
	function finds(what: string, problemsOf: (seed: number, tally: FaultTally) => readonly string[], runs = 150): boolean {
		const tally = new FaultTally();
		for (let seed = 1; seed <= runs; seed++) if (problemsOf(seed, tally).some((problem) => problem.startsWith(what))) return true;
		return false;
	}

	test("membership in which hearsay counts", () => {
		expect(finds("membership.ownWord", (seed, tally) => membershipProblems(seed, tally, { detector: "swim", mistake: "hearsay" }))).toBe(true);
	});

	// A lease is lost by a clock or a sleep at one exact moment: its own tests are about that.
	test.each<[string, readonly FaultKind[]]>([
		["none", ["cut", "partition"]],
		["quorum", ["pause", "cut", "partition"]],
		// A sleeper is no danger to it: what was still under way is, and a board out of reach.
		["stonith", ["pause", "cut", "partition", "clog"]],
	])("a pair whose database checks nothing, guard %s", (guard, kinds) => {
		const lab: PairLab = { pair: { guard }, database: { tokens: "ignored" }, power: { noAnswer: "off" } };
		expect(finds("pair.oneWriter", (seed, tally) => pairProblems(2 * seed + 1, tally, lab, kinds))).toBe(true);
	});

	test.each<[string, PairLab]>([
		["a majority of one", { pair: { guard: "quorum", votes: 1 } }],
		["a witness that forgets its vote", { pair: { guard: "quorum" }, witness: { mistake: "forgets" } }],
	])("%s", (_, lab) => {
		expect(finds("pair.oneLeader", (seed, tally) => pairProblems(seed, tally, lab, ["crash", "cut", "partition"]))).toBe(true);
	});

	test.each<[string, string, Config]>([
		["quorums that need not meet", "quorum.readsSeeWrites", { read: 1, write: 1, sloppy: "off" }],
		["clocks that decide", "quorum.nothingLost", { versions: "clock" }],
		["drives that are not waited for", "quorum.nothingLost", { sync: "off" }],
	])("%s", (_, what, store) => {
		expect(finds(what, (seed, tally) => quorumProblems(seed, tally, store))).toBe(true);
	});

	test("copies that nobody compares, when the last writes fall among the faults", () => {
		const store = { antiEntropy: "0us", readRepair: "off" };
		expect(finds("quorum.converges", (seed, tally) => quorumProblems(seed, tally, store, "1500ms"))).toBe(true);
	});

	test.each<[string, Config]>([
		["a leader that asks nobody", { mistake: "hasty-leader" }],
		["promises that are not on disk", { mistake: "unsynced-vote" }],
		["three phases", { protocol: "three-phase" }],
	])("commitment with %s", (_, own) => {
		expect(finds("commit.atomic", (seed, tally) => commitProblems(seed, tally, own, ["crash", "partition"]))).toBe(true);
	});
});
