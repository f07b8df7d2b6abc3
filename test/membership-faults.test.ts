/**
 * Membership, the guarded pair, the quorum store and commitment on the real kernel under random faults: crashes,
 * pauses, cuts, partitions, clocks, slow processors, links that lose, double and reorder, disks that tear what is not
 * synced. Safety is judged at every fact that a node states; then everything heals, and within a bound all is
 * well again.
 *
 * `QUORATE_SEEDS=20000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { describe, expect, test } from "vitest";
import { belowOf, Philox } from "../src/core/random.ts";
import { commitDefinition } from "../src/os/commit/commit.ts";
import type { DecidedFact } from "../src/os/commit/invariants.ts";
import type { StateFact } from "../src/os/membership/invariants.ts";
import { membershipDefinition } from "../src/os/membership/membership.ts";
import { type ClusterRun, type Config, runCluster } from "./support/cluster-run.ts";
import { type PairLab, runPair } from "./support/pair-run.ts";
import { quorumStores, runQuorum } from "./support/quorum-run.ts";
import { plainDisk } from "./support/tiny-plan.ts";

/** Of each of the four; an eighth of what is asked for, as there are other searches that take their part. */
const seeds = process.env.QUORATE_SEEDS === undefined ? 80 : Math.ceil(Number(process.env.QUORATE_SEEDS) / 8);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);

type Line = [atUs: number, line: string];
type Kind = "crash" | "pause" | "partition" | "cut" | "oneWay" | "clog" | "slow" | "loss" | "clock" | "drift";

interface Mix {
	/** Nodes that faults happen to. */
	readonly names: readonly string[];
	/** All nodes with links to them. */
	readonly linked: readonly string[];
	readonly kinds: readonly Kind[];
	readonly faults: number;
	readonly fromUs: number;
	readonly healUs: number;
}

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 98;

/** A story of faults that is over at `healUs`: all nodes run, all links carry, all clocks keep time. */
function faultStory(seed: number, mix: Mix): Line[] {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (count: number): number => {
		philox.draw(storyPurpose, ++draws, 0, 0);
		return belowOf(philox.w0, count);
	};
	const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
	const story: Line[] = [];
	for (let index = 0; index < mix.faults; index++) {
		const atUs = mix.fromUs + below(mix.healUs - mix.fromUs - 1_000);
		const endUs = Math.min(mix.healUs, atUs + 1_000 + below(700_000));
		const name = pick(mix.names);
		const other = pick(mix.linked.filter((candidate) => candidate !== name));
		story.push(...fault(pick(mix.kinds), { atUs, endUs, name, other, names: mix.linked, below }));
	}
	story.sort(([a], [b]) => a - b);
	const heal: Line[] = [[mix.healUs, "heal all"]];
	for (const [index, name] of mix.names.entries()) {
		for (const line of [`resume ${name}`, `restart ${name}`, `slow ${name} 1x`, `drift ${name} 0ppm`]) heal.push([mix.healUs, line]);
		for (const other of mix.linked.filter((candidate) => !mix.names.slice(0, index + 1).includes(candidate))) {
			heal.push([mix.healUs, `set link ${name} ${other} lossRatio 0`]);
		}
	}
	return [...story, ...heal];
}

interface FaultOptions {
	readonly atUs: number;
	readonly endUs: number;
	readonly name: string;
	readonly other: string;
	readonly names: readonly string[];
	readonly below: (count: number) => number;
}

function fault(kind: Kind, { atUs, endUs, name, other, names, below }: FaultOptions): Line[] {
	const pairOf = (begin: string, end: string): Line[] => [
		[atUs, begin],
		[endUs, end],
	];
	switch (kind) {
		case "crash":
			return pairOf(`crash ${name}`, `restart ${name}`);
		case "pause":
			return pairOf(`pause ${name}`, `resume ${name}`);
		case "partition": {
			const isFirst = names.map(() => below(2) === 0);
			const sides = [names.filter((_, index) => isFirst[index]), names.filter((_, index) => !isFirst[index])];
			return sides.some((side) => side.length === 0) ? [] : pairOf(`partition {${sides[0]?.join(" ")}} {${sides[1]?.join(" ")}}`, "heal all");
		}
		case "cut":
			return pairOf(`cut ${name} ${other}`, `heal ${name} ${other}`);
		case "oneWay":
			return pairOf(`cut ${name} -> ${other}`, `heal ${name} ${other}`);
		case "clog":
			return pairOf(`clog ${name} -> ${other}`, `heal ${name} ${other}`);
		case "slow":
			return pairOf(`slow ${name} ${2 + below(20)}x`, `slow ${name} 1x`);
		case "loss":
			return pairOf(`set link ${name} ${other} lossRatio 0.${1 + below(8)}`, `set link ${name} ${other} lossRatio 0`);
		case "clock":
			return [[atUs, `clock ${name} ${below(2) === 0 ? "+" : "-"}${1 + below(5)}s`]];
		case "drift":
			return pairOf(`drift ${name} ${below(400_000) - 200_000}ppm`, `drift ${name} 0ppm`);
	}
}

const everything: readonly Kind[] = ["crash", "pause", "partition", "cut", "oneWay", "clog", "slow", "loss", "clock", "drift"];

function search(problemsOf: (seed: number) => readonly string[]): void {
	const failures: string[] = [];
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const problems = problemsOf(seed);
		if (problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=8): ${problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
}

function lossy(seed: number) {
	const lossRatio = (seed % 5) * 0.01;
	return { jitter: { kind: "uniform", maxUs: 2_000 }, lossRatio, duplicateRatio: lossRatio, reorderRatio: lossRatio, reorderUs: 5_000 } as const;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);

/** Last opinions that are not "alive". */
function doubts(run: ClusterRun): string[] {
	const last = new Map(run.facts("membership.state").map(({ node, body }) => [`${node} holds ${(body as StateFact).key}`, (body as StateFact).state]));
	return [...last].flatMap(([who, state]) => (state === "alive" ? [] : [`in the end ${who} ${state}`]));
}

function membershipProblems(seed: number, own: Config = {}): string[] {
	const members = names(4 + (seed % 4));
	const detector = ["swim", "swim", "phi", "fixed"][seed % 4] as string;
	const config = { detector, period: "50ms", pingTimeout: "15ms", timeout: "250ms", suspicion: "300ms", threshold: 8, ...own };
	const story = faultStory(seed, { names: members, linked: members, kinds: everything, faults: 4 + (seed % 8), fromUs: 200_000, healUs: 2_000_000 });
	const nodes = Object.fromEntries(members.map((name) => [name, { services: [{ service: "membership", config }] }]));
	const run = runCluster([membershipDefinition], { nodes, physics: { ...lossy(seed), lossRatio: 0 }, story, untilUs: 5_500_000 }, seed);
	const broken = run.broken.filter((sentence) => !sentence.startsWith("membership.noFalseDeath"));
	return [...run.exceptions, ...broken, ...doubts(run)];
}

function pairProblems(seed: number, own: PairLab = {}, kinds = everything): string[] {
	const guard = ["none", "quorum", "lease", "stonith"][seed % 4] as string;
	const machines = ["s1", "s2", "db", "w"];
	const story = faultStory(seed, { names: machines, linked: [...machines, "pw"], kinds, faults: 3 + (seed % 8), fromUs: 300_000, healUs: 3_000_000 });
	const disk = { tornRatio: (seed % 3) * 0.4 };
	const customer = { think: seed % 2 === 0 ? "60ms" : "15ms" };
	const run = runPair({ seed, pair: { guard }, customer, physics: { ...lossy(seed), fifo: false }, disk, story, untilUs: 6_000_000, ...own });
	// A server whose power was cut stays off, and the other one may be off too.
	const isServed = run.acknowledged(4_800_000) > 5 || guard === "stonith";
	return [...run.failures, ...run.broken, ...(isServed ? [] : ["nobody is served in the end"])];
}

function quorumProblems(seed: number, own: Config = {}, lasts = "3s"): string[] {
	const isSloppy = seed % 3 === 0;
	const [read, write] = [
		[2, 2],
		[1, 3],
		[3, 1],
	][seed % 3] as [number, number];
	const store = { ...(isSloppy ? { sloppy: "on" } : { read, write }), ...own };
	const story = faultStory(seed, { names: quorumStores, linked: quorumStores, kinds: everything, faults: 3 + (seed % 8), fromUs: 200_000, healUs: 2_000_000 });
	const client = { think: "100ms", lasts, shoppers: 2 };
	const run = runQuorum({ seed, store, client, physics: lossy(seed), disk: { tornRatio: (seed % 3) * 0.4 }, story, untilUs: 5_500_000 });
	const broken = run.broken.filter((sentence) => !isSloppy || !sentence.startsWith("quorum.readsSeeWrites"));
	return [...run.exceptions, ...broken, ...(run.added(2_050_000) > 0 ? [] : ["nobody is served in the end"])];
}

function commitProblems(seed: number, own: Config = {}, kinds = everything): string[] {
	const members = names(seed % 3 === 0 ? 6 : 4);
	const faults = seed % 6 === 0 ? 2 : 1;
	const config = { protocol: "paxos", faults, transactions: 40, period: "45ms", timeout: "40ms", yesRatio: 0.95, ...own };
	const story = faultStory(seed, { names: members, linked: members, kinds, faults: 6 + (seed % 12), fromUs: 100_000, healUs: 2_000_000 });
	const disk = { ...plainDisk, tornRatio: (seed % 3) * 0.4 };
	const nodes = Object.fromEntries(members.map((name) => [name, { services: [{ service: "commit", config }], disk }]));
	const run = runCluster([commitDefinition], { nodes, physics: lossy(seed), story, untilUs: 7_000_000 }, seed);
	const decided = new Set(run.facts("commit.decided").map(({ body }) => (body as DecidedFact).transaction));
	return [...run.exceptions, ...run.broken, ...(decided.size === 40 ? [] : [`${decided.size} of 40 transactions are decided`])];
}

test(`membership, ${seeds} runs: nobody takes back what only the suspect may, and in the end all know that all are there`, () => {
	search(membershipProblems);
});

test(`the pair, ${seeds} runs: with tokens no order is lost, whatever guards it; and in the end customers are served`, () => {
	search(pairProblems);
});

test(`the quorum store, ${seeds} runs: what was acknowledged is seen and kept, and in the end all copies are the same`, () => {
	search(quorumProblems);
});

test(`commitment by Paxos, ${seeds} runs: nothing is torn, and in the end everything is decided`, () => {
	search(commitProblems);
});

describe("broken on purpose, the same search finds it", () => {
	/** Whether one of so many seeds breaks it; the first that does ends the search. */
	function finds(what: string, problemsOf: (seed: number) => readonly string[], runs = 150): boolean {
		for (let seed = 1; seed <= runs; seed++) if (problemsOf(seed).some((problem) => problem.startsWith(what))) return true;
		return false;
	}

	test("membership in which hearsay counts", () => {
		expect(finds("membership.ownWord", (seed) => membershipProblems(seed, { detector: "swim", mistake: "hearsay" }))).toBe(true);
	});

	// A lease is lost by a clock or a sleep at one exact moment: its own tests are about that.
	test.each(["none", "quorum", "stonith"])("a pair whose database checks nothing, guard %s", (guard) => {
		const lab: PairLab = { pair: { guard }, database: { tokens: "ignored" }, power: { noAnswer: "off" } };
		expect(finds("pair.oneWriter", (seed) => pairProblems(2 * seed + 1, lab, ["pause", "cut", "partition"]))).toBe(true);
	});

	test.each<[string, PairLab]>([
		["a majority of one", { pair: { guard: "quorum", votes: 1 } }],
		["a witness that forgets its vote", { pair: { guard: "quorum" }, witness: { mistake: "forgets" } }],
	])("%s", (_, lab) => {
		expect(finds("pair.oneLeader", (seed) => pairProblems(seed, lab, ["crash", "cut", "partition"]))).toBe(true);
	});

	test.each<[string, string, Config]>([
		["quorums that need not meet", "quorum.readsSeeWrites", { read: 1, write: 1, sloppy: "off" }],
		["clocks that decide", "quorum.nothingLost", { versions: "clock" }],
		["drives that are not waited for", "quorum.nothingLost", { sync: "off" }],
	])("%s", (_, what, store) => {
		expect(finds(what, (seed) => quorumProblems(seed, store))).toBe(true);
	});

	test("copies that nobody compares, when the last writes fall among the faults", () => {
		const store = { antiEntropy: "0us", readRepair: "off" };
		expect(finds("quorum.converges", (seed) => quorumProblems(seed, store, "1500ms"))).toBe(true);
	});

	test.each<[string, Config]>([
		["a leader that asks nobody", { mistake: "hasty-leader" }],
		["promises that are not on disk", { mistake: "unsynced-vote" }],
		["three phases", { protocol: "three-phase" }],
	])("commitment with %s", (_, own) => {
		expect(finds("commit.atomic", (seed) => commitProblems(seed, own, ["crash", "partition"]))).toBe(true);
	});
});
