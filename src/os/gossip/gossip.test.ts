import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { belowOf, Philox, purposes } from "../../core/random.ts";
import { readGossipConfig } from "./config.ts";
import { expectedSpread, lnOf, pushRounds, residue } from "./formulas.ts";
import { gossipDefinition } from "./gossip.ts";
import { type GossipMode, Spreader } from "./spreading.ts";

/** Members that call each other in step, no time in between. @returns rounds and how many know in the end */
function spread(members: number, mode: GossipMode, philox: Philox, interest = 0) {
	const all = Array.from({ length: members }, () => new Spreader({ mode, interest }));
	all[0]?.learn();
	let draws = 0;
	let round = 0;
	for (; round < 200 && all.some(({ knows }) => !knows) && (round === 0 || all.some(({ isInterested }) => isInterested)); round++) {
		// Everybody calls before anybody is told, and only who knew it then has an answer: a rumour travels one call a round.
		const calls = all.map((member) => member.call());
		const knew = all.map(({ knows }) => knows);
		for (const [me, kind] of calls.entries()) {
			if (kind === null) continue;
			philox.draw(purposes.program, me, ++draws, members);
			const other = (me + 1 + belowOf(philox.w0, members - 1)) % members;
			const answer = kind === "question" && !knew[other] ? null : (all[other]?.hear(kind) ?? null);
			if (answer !== null) all[me]?.hear(answer);
		}
	}
	return { rounds: round, knowing: all.filter(({ knows }) => knows).length };
}

function meanRounds(members: number, mode: GossipMode, runs: number): number {
	let sum = 0;
	for (let seed = 1; seed <= runs; seed++) {
		const { rounds, knowing } = spread(members, mode, new Philox(seed));
		expect(knowing).toBe(members);
		sum += rounds;
	}
	return sum / runs;
}

/** @source Demers and others (1987), 1.3 (who tells whom) and 1.4 (feedback and counter) */
describe("a call between two members", () => {
	/** @returns whether each of them knows afterwards, and what was said, in order */
	function call(mode: GossipMode, callerKnows: boolean, calledKnows: boolean) {
		const [caller, called] = [callerKnows, calledKnows].map((knows) => {
			const member = new Spreader({ mode, interest: 0 });
			if (knows) member.learn();
			return member;
		}) as [Spreader, Spreader];
		const said = caller.call();
		const answer = said === null ? null : called.hear(said);
		if (answer !== null) caller.hear(answer);
		return [caller.knows, called.knows, said, answer];
	}

	test("push: only who knows calls, and tells", () => {
		expect(call("push", true, false)).toEqual([true, true, "rumour", null]);
		expect(call("push", false, true)).toEqual([false, true, null, null]);
	});

	test("pull: only who does not know calls, and is told", () => {
		expect(call("pull", true, false)).toEqual([true, false, null, null]);
		expect(call("pull", false, true)).toEqual([true, true, "question", "rumour"]);
		expect(call("pull", false, false)).toEqual([false, false, "question", null]);
	});

	test("push-pull: whoever of the two knows tells the other", () => {
		expect(call("push-pull", true, false)).toEqual([true, true, "rumour", null]);
		expect(call("push-pull", false, true)).toEqual([true, true, "question", "rumour"]);
	});

	test("with an interest of k, a member that has told k who knew already says no more", () => {
		const teller = new Spreader({ mode: "push", interest: 2 });
		const knows = new Spreader({ mode: "push", interest: 2 });
		teller.learn();
		knows.learn();
		for (const isInterested of [true, true, false]) {
			expect(teller.isInterested).toBe(isInterested);
			const said = teller.call();
			if (said !== null) teller.hear(knows.hear(said) as "known");
		}
		expect(teller.call()).toBeNull();
		// Telling somebody who did not know costs no interest.
		expect(new Spreader({ mode: "push", interest: 2 }).hear("rumour")).toBeNull();
	});
});

describe("rounds until everybody knows", () => {
	test.each([32, 128, 512])("push, %i members: log2 n + ln n, within one round and a half", (members) => {
		expect(Math.abs(meanRounds(members, "push", 60) - pushRounds(members))).toBeLessThan(1.5);
	});

	/**
	 * By pull the number of those who know is a Markov chain: each of the others asks one of them with k/(n-1), whatever
	 * the rest do. So the mean is exact, and no limit for large groups, which would leave out the slow beginning.
	 */
	function pullRounds(members: number): number {
		const expected = new Float64Array(members + 1);
		for (let know = members - 1; know >= 1; know--) {
			const dark = members - know;
			const hit = know / (members - 1);
			let none = 0;
			let sum = 1;
			let chance = (1 - hit) ** dark;
			for (let learn = 0; learn <= dark; learn++) {
				if (learn === 0) none = chance;
				else sum += chance * (expected[know + learn] as number);
				// Of one more among those left in the dark: the next term of the binomial distribution.
				chance *= hit === 1 ? 0 : ((dark - learn) / (learn + 1)) * (hit / (1 - hit));
			}
			expected[know] = hit === 1 ? 1 : sum / (1 - none);
		}
		return expected[1] as number;
	}

	test.each([16, 64, 256])("pull, %i members: the mean of the Markov chain, within half a round", (members) => {
		expect(Math.abs(meanRounds(members, "pull", 80) - pullRounds(members))).toBeLessThan(0.5);
	});

	/** @source Karp, Schindelhauer, Shenker, Vocking: Randomized Rumor Spreading (FOCS 2000): log3 n, and then few rounds more */
	test.each([64, 256, 1_024])("push-pull, %i members: from log3 n to log3 n + log2 log2 n + 2", (members) => {
		const [log3, loglog] = [Math.log(members) / Math.log(3), Math.log2(Math.log2(members))];
		const mean = meanRounds(members, "push-pull", 30);
		expect(mean).toBeGreaterThan(log3);
		expect(mean).toBeLessThan(log3 + loglog + 2);
	});

	test("push-pull needs fewer rounds than push or pull alone", () => {
		const [push, pull, both] = (["push", "pull", "push-pull"] as const).map((mode) => meanRounds(256, mode, 30)) as [number, number, number];
		expect(both).toBeLessThan(push);
		expect(both).toBeLessThan(pull);
	});
});

test.each([
	[1, 0.2032],
	[2, 0.0595],
	[3, 0.0198],
])("losing interest after %i calls in vain leaves the part of Demers' formula", (interest, expected) => {
	expect(residue(interest)).toBeCloseTo(expected, 3);
});

test("a rumour that is dropped after one call in vain misses many of a thousand", () => {
	const missed = Array.from({ length: 20 }, (_, seed) => 1 - spread(1_000, "push", new Philox(seed + 1), 1).knowing / 1_000);
	const mean = missed.reduce((sum, part) => sum + part, 0) / missed.length;
	// The formula is for members that flip a coin; a counter does a little better (Demers 1987, table 1).
	expect(mean).toBeGreaterThan(residue(1) - 0.1);
	expect(mean).toBeLessThan(residue(1) + 0.05);
});

test("logarithms as sums: ln 2, ln 1000", () => {
	expect(lnOf(2)).toBeCloseTo(Math.log(2), 3);
	expect(lnOf(1_000)).toBeCloseTo(Math.log(1_000), 9);
});

const seeds = [1, 2, 3, 4, 5];

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({ definition: gossipDefinition, count: 24, physics: { jitter: { kind: "uniform", maxUs: 5_000 } }, untilUs: 6_000_000, ...options });
}

describe.each(["push", "pull", "push-pull"])("%s, on nodes", (mode) => {
	test("everybody learns the rumour, with a tenth of all messages lost and two members dead", () => {
		const story: [number, string][] = [
			[200_000, "crash n5"],
			[200_000, "crash n9"],
			[1_500_000, "restart n5"],
			[1_500_000, "restart n9"],
		];
		for (const seed of seeds) {
			const result = run({ seed, config: { mode }, physics: { lossRatio: 0.1 }, story });
			expect(result.exceptions).toEqual([]);
			expect(result.broken("gossip.everyoneLearns")).toBeNull();
		}
	});
});

test("push takes about log2 n + ln n rounds on nodes too", () => {
	const last = seeds.map((seed) => Math.max(...run({ seed, config: { mode: "push" } }).measured("gossip.learnedInRound")));
	const mean = last.reduce((sum, round) => sum + round, 0) / last.length;
	expect(Math.abs(mean - pushRounds(24))).toBeLessThan(2.5);
});

test("members that lose interest too soon leave some without the news", () => {
	for (const seed of seeds) expect(run({ seed, config: { mode: "push", interest: 1 } }).broken("gossip.everyoneLearns")).not.toBeNull();
});

test("the configuration is refused with what was expected", () => {
	expect(() => readGossipConfig({ mode: "shout" })).toThrow("gossip: mode must be one of push, pull, push-pull");
});

describe("the expected curve", () => {
	test("ends within a round or two of the book's rounds by push, and push-pull is the fastest", () => {
		for (const members of [32, 128, 512]) {
			const [push, pull, both] = (["push", "pull", "push-pull"] as const).map((mode) => expectedSpread(mode, members, 100)) as [number[], number[], number[]];
			expect(Math.abs(push.length - 1 - pushRounds(members))).toBeLessThan(2);
			expect(both.length).toBeLessThan(Math.min(push.length, pull.length));
		}
	});

	test("begins with one, doubles at first, and never falls or goes beyond all", () => {
		const curve = expectedSpread("push", 1_000, 100);
		expect(curve[0]).toBe(1);
		expect(curve[1]).toBeCloseTo(2, 9);
		for (const [round, count] of curve.entries()) expect(count).toBeGreaterThanOrEqual(curve[round - 1] ?? 0);
		expect(curve.at(-1)).toBeLessThanOrEqual(1_000);
	});
});
