import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { plainDisk } from "../../../test/support/tiny-plan.ts";
import { belowOf, Philox, purposes } from "../../core/random.ts";
import { BullyElection } from "./bully.ts";
import { readElectionConfig } from "./config.ts";
import type { ElectionCore, ElectionMessage, ElectionOptions, ElectionPort } from "./election.ts";
import { electionsDefinition } from "./elections.ts";
import { bullyMost, bullyWorstCase, harmonic, ringBest, ringMean, ringWorstCase } from "./formulas.ts";
import { RingElection } from "./ring.ts";

type Make = (options: ElectionOptions) => ElectionCore;
const bully: Make = (options) => new BullyElection(options);
const ring: Make = (options) => new RingElection(options);

/** Cores side by side; a message takes one step, an answer is due after three, a coordinator after a hundred. */
class Table {
	readonly cores: ElectionCore[];
	readonly dead = new Set<number>();
	readonly sent: ElectionMessage[] = [];
	readonly won: number[] = [];
	#flying: { readonly from: number; readonly to: number; readonly message: ElectionMessage }[] = [];
	readonly #dueSteps = new Map<number, number>();
	#step = 0;

	constructor(make: Make, identities: readonly number[]) {
		this.cores = identities.map((identity, me) => make({ me, members: identities.length, identity, mistake: "none", port: this.#port(me, identities.length) }));
	}

	#port(me: number, members: number): ElectionPort {
		return {
			send: (to, message) => {
				this.sent.push(message);
				this.#flying.push({ from: me, to: to ?? (me + 1) % members, message });
			},
			await: (what) => this.#dueSteps.set(me, this.#step + (what === "answer" ? 3 : 100)),
			stopWaiting: () => this.#dueSteps.delete(me),
			won: () => this.won.push(me),
			settled: () => {},
		};
	}

	run(): this {
		for (let guard = 0; guard < 10_000 && (this.#flying.length > 0 || this.#dueSteps.size > 0); guard++) {
			this.#step++;
			for (const { from, to, message } of this.#flying.splice(0)) if (!this.dead.has(to)) this.cores[to]?.receive(from, message);
			for (const [me, step] of [...this.#dueSteps]) {
				if (step > this.#step) continue;
				this.#dueSteps.delete(me);
				this.cores[me]?.timeout();
			}
		}
		return this;
	}

	count(...kinds: readonly string[]): number {
		return this.sent.filter(({ kind }) => kinds.includes(kind)).length;
	}
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("the bully", () => {
	test.each([2, 3, 5, 10, 32])("takes n^2 - n - 1 messages when the lowest of %i finds the highest dead", (count) => {
		const table = new Table(bully, upTo(count));
		table.dead.add(count - 1);
		table.cores[0]?.start();
		table.run();
		expect(table.sent).toHaveLength(bullyWorstCase(count));
		expect(bullyWorstCase(count)).toBe(count * count - count - 1);
		expect(table.won).toEqual([count - 2]);
		for (const core of table.cores.slice(0, -1)) expect(core.leader).toBe(count - 1);
	});

	test("takes n - 2 messages when the second highest finds it out", () => {
		const table = new Table(bully, upTo(5));
		table.dead.add(4);
		table.cores[3]?.start();
		expect(table.run().count("coordinator")).toBe(3);
		expect(table.sent).toHaveLength(1 + 3);
	});

	test("the news of an old round's winner is no news", () => {
		const table = new Table(bully, upTo(3));
		const [lowest] = table.cores as [ElectionCore];
		lowest.receive(2, { kind: "coordinator", round: 5, identity: 3, hops: 1 });
		lowest.receive(1, { kind: "coordinator", round: 4, identity: 2, hops: 1 });
		expect([lowest.leader, lowest.round]).toEqual([3, 5]);
	});

	test("no round takes more than all asking all at once", () => {
		const table = new Table(bully, upTo(6));
		for (const core of table.cores) core.start();
		expect(table.run().sent.length).toBeLessThanOrEqual(bullyMost(6));
		expect(table.won).toEqual([5]);
	});

	test("who was told to wait, and hears of no winner, starts again", () => {
		const table = new Table(bully, upTo(3));
		table.cores[0]?.start();
		table.dead.add(2);
		table.cores[0]?.receive(1, { kind: "answer", round: 1, identity: 2, hops: 1 });
		table.dead.add(1);
		table.run();
		expect(table.won).toEqual([0]);
		expect(table.cores[0]?.round).toBe(2);
	});
});

describe("Chang and Roberts", () => {
	function candidacies(identities: readonly number[]): number {
		const table = new Table(ring, identities);
		for (const core of table.cores) core.start();
		table.run();
		expect(table.won.map((me) => identities[me])).toEqual([Math.max(...identities)]);
		expect(table.count("coordinator")).toBe(identities.length);
		return table.count("election");
	}

	test.each([5, 10, 32])("takes 2n - 1 messages at best and n(n+1)/2 at worst, n = %i", (count) => {
		expect(candidacies(upTo(count))).toBe(ringBest(count));
		expect(candidacies(upTo(count).reverse())).toBe(ringWorstCase(count));
	});

	test.each([
		[5, 3_000],
		[10, 2_000],
		[32, 600],
	])("takes n H(n) messages in the mean over random rings, n = %i, within 2 %%", (count, rings) => {
		const philox = new Philox(1);
		let draws = 0;
		let sum = 0;
		for (let round = 0; round < rings; round++) {
			const identities = upTo(count);
			for (let last = count - 1; last > 0; last--) {
				philox.draw(purposes.program, 0, ++draws, 0);
				const other = belowOf(philox.w0, last + 1);
				[identities[last], identities[other]] = [identities[other] as number, identities[last] as number];
			}
			sum += candidacies(identities);
		}
		// The standard error of the mean is below 0.6 % for each of these.
		expect(Math.abs(sum / rings / ringMean(count) - 1)).toBeLessThan(0.02);
	});

	test("the mean over all 120 rings of five is n H(n) exactly", () => {
		const orders = (rest: readonly number[]): number[][] =>
			rest.length === 0 ? [[]] : rest.flatMap((first) => orders(rest.filter((other) => other !== first)).map((tail) => [first, ...tail]));
		const all = orders(upTo(5));
		expect(all.reduce((sum, order) => sum + candidacies(order), 0) / all.length).toBeCloseTo(ringMean(5), 10);
	});

	test("a candidacy that dies on the way is stood again", () => {
		const table = new Table(ring, upTo(3));
		table.dead.add(1);
		table.cores[0]?.start();
		for (const _ of [1, 2]) table.cores[0]?.timeout();
		expect(table.cores[0]?.round).toBe(3);
		expect(table.count("election")).toBe(3);
	});

	test("harmonic numbers: H(1) = 1, H(4) = 25/12", () => {
		expect(harmonic(1)).toBe(1);
		expect(harmonic(4)).toBeCloseTo(25 / 12, 12);
	});
});

const seeds = [1, 2, 3, 4, 5];
const physics = { jitter: { kind: "uniform", maxUs: 5_000 }, fifo: true } as const;
const story: [number, string][] = [
	[3_000_000, "crash n5"],
	[6_000_000, "restart n5"],
];

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({ definition: electionsDefinition, count: 5, physics, untilUs: 10_000_000, ...options });
}

function leaders(result: ServiceRun): unknown[] {
	return [1, 2, 3, 4, 5].map((number) => result.inspect(`n${number}`).leader);
}

describe.each(["bully", "ring"])("%s, on nodes that crash", (algorithm) => {
	test("the highest leads, the next takes over when it dies, and it comes back", () => {
		for (const seed of seeds) {
			const before = run({ config: { algorithm }, seed, untilUs: 2_900_000 });
			expect(leaders(before)).toEqual(Array(5).fill("n5"));
			const without = run({ config: { algorithm }, seed, story, untilUs: 5_900_000 });
			expect(leaders(without).slice(0, 4)).toEqual(Array(4).fill("n4"));
			const after = run({ config: { algorithm }, seed, story });
			expect(leaders(after)).toEqual(Array(5).fill("n5"));
			expect(after.exceptions).toEqual([]);
			expect(after.broken("election.oneLeaderARound")).toBeNull();
			expect(after.broken("election.messagesAsInTheBook")).toBeNull();
		}
	});

	test("any member may die at any time: no round has two winners", () => {
		for (let seed = 1; seed <= 20; seed++) {
			const storm = Array.from({ length: 6 }, (_, index): [number, string] => [
				1_000_000 + index * 700_000 + ((seed * 7_919) % 600) * 1_000,
				`${index % 2 === 0 ? "crash" : "restart"} n${1 + ((seed + (index >> 1)) % 5)}`,
			]);
			const result = run({ config: { algorithm }, seed, story: storm });
			expect(result.exceptions).toEqual([]);
			expect(result.broken("election.oneLeaderARound")).toBeNull();
			expect(new Set(leaders(result)).size).toBe(1);
		}
	});
});

test("drawn identities: the largest wins, wherever it is", () => {
	const winners = seeds.map((seed) => leaders(run({ config: { algorithm: "ring", identities: "drawn" }, seed, untilUs: 2_000_000 })));
	for (const names of winners) expect(new Set(names).size).toBe(1);
	expect(new Set(winners.map(([name]) => name)).size).toBeGreaterThan(1);
});

test("a round is on disk before anybody wins it: all may die, and no round comes twice", () => {
	const all = upTo(5).flatMap((number): [number, string][] => [
		[3_000_000, `crash n${number}`],
		[3_500_000 + number * 20_000, `restart n${number}`],
	]);
	for (const seed of seeds) {
		const result = run({ story: all, seed });
		expect(result.broken("election.oneLeaderARound")).toBeNull();
		expect(result.inspect("n1").round).toBeGreaterThan(1);
	}
});

test("a member that lives alone counts on from its disk", () => {
	const story: [number, string][] = [
		[3_000_000, "crash n1"],
		[3_500_000, "restart n1"],
	];
	for (let seed = 1; seed <= 10; seed++)
		expect(
			run({ count: 1, story, seed })
				.facts("election.won")
				.map(({ body }) => body),
		).toEqual([1, 2]);
});

test("a round that was being written at a crash does not take the one before it along", () => {
	const story: [number, string][] = [
		[3_000_000, "crash n1"],
		[3_500_000, "restart n1"],
		[3_511_000, "crash n1"],
		[4_000_000, "restart n1"],
	];
	const nodes = { n1: { disk: { ...plainDisk, tornRatio: 1 } } };
	expect(
		run({ count: 1, story, nodes })
			.facts("election.won")
			.map(({ body }) => body),
	).toEqual([1, 2]);
});

describe("each rule is there for something", () => {
	test("a bully that does not wait for answers makes several leaders", () => {
		for (const seed of seeds) expect(run({ config: { mistake: "impatient" }, seed }).broken("election.oneLeaderARound")).not.toBeNull();
	});

	test("a bully whose answers come later than it waits makes several leaders", () => {
		const slow = { floorUs: 80_000 };
		for (const seed of seeds) expect(run({ physics: slow, seed }).broken("election.oneLeaderARound")).not.toBeNull();
	});

	test("a ring with one identity given twice makes two leaders", () => {
		for (const seed of seeds) expect(run({ config: { algorithm: "ring", mistake: "same-identity" }, seed }).broken("election.oneLeaderARound")).not.toBeNull();
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readElectionConfig({ algorithm: "bull" })).toThrow("elections: algorithm must be one of bully, ring");
});
