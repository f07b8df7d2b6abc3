import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usPerSecond } from "../../shared/units.ts";
import { CostEstimate } from "./cost-estimate.ts";
import { CpuBudget, type CpuBudgetOptions, sustainableRate } from "./cpu-budget.ts";
import { SlowStart } from "./slow-start.ts";

const options: CpuBudgetOptions = { maxUtilisation: 0.8, burstUs: 20_000, jitterUs: 10_000, inFlightUs: 250_000, expectedWorkUs: 5_000 };

function budgetOf(over: Partial<CpuBudgetOptions> = {}, cores = 1): CpuBudget {
	const budget = new CpuBudget({ ...options, ...over }, new SlowStart({ durationUs: 0, fromRatio: 1 }));
	budget.open(0, cores);
	return budget;
}

interface Busy {
	readonly fromUs: number;
	readonly toUs: number;
}

/** How much of any window of one second the server was busy, at most. Windows are tried at every edge. */
function fullestSecondUs(work: readonly Busy[]): number {
	const busyIn = (startUs: number): number =>
		work.reduce((sum, { fromUs, toUs }) => sum + Math.max(0, Math.min(toUs, startUs + usPerSecond) - Math.max(fromUs, startUs)), 0);
	return Math.max(0, ...work.flatMap(({ fromUs, toUs }) => [busyIn(fromUs), busyIn(toUs - usPerSecond)]));
}

/**
 * One server with one core behind a budget: offered more than it may take, it serves first come first
 * served, on a road whose delay varies; answers settle what they cost.
 */
function serve(budget: CpuBudget, costs: readonly number[], delays: readonly number[]): Busy[] {
	const work: Busy[] = [];
	const answers: { readonly atUs: number; readonly reservedUs: number; readonly costUs: number }[] = [];
	let nowUs = 0;
	let freeUs = 0;
	costs.forEach((costUs, index) => {
		for (;;) {
			while (answers.length > 0 && (answers[0]?.atUs ?? 0) <= nowUs) {
				const answer = answers.shift();
				if (answer !== undefined) budget.settle(answer.atUs, answer.reservedUs, answer.costUs);
			}
			if (budget.admits(nowUs)) break;
			nowUs = Math.min(nowUs + budget.waitUs(nowUs), answers[0]?.atUs ?? Number.POSITIVE_INFINITY);
		}
		const fromUs = Math.max(freeUs, nowUs + (delays[index % delays.length] ?? 0));
		freeUs = fromUs + costUs;
		work.push({ fromUs, toUs: freeUs });
		answers.push({ atUs: freeUs, reservedUs: budget.reserve(nowUs), costUs });
	});
	return work;
}

describe("a server's CPU budget", () => {
	test("keeps a saturated server at or below 80 % of every second, whatever the costs", () => {
		const costs = fc.array(fc.integer({ min: 100, max: 40_000 }), { minLength: 50, maxLength: 400 });
		const delays = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 7 });
		fc.assert(
			fc.property(costs, delays, (work, roads) => {
				expect(fullestSecondUs(serve(budgetOf({ expectedWorkUs: 40_000 }), work, roads))).toBeLessThanOrEqual(0.8 * usPerSecond);
			}),
			{ seed: 31, numRuns: 60 },
		);
	});

	test("gives a saturated server most of what it may have, when requests are small", () => {
		const work = serve(
			budgetOf(),
			Array.from({ length: 2_000 }, () => 2_000),
			[500],
		);
		const spanUs = (work.at(-1)?.toUs ?? 0) - (work[0]?.fromUs ?? 0);
		expect(4_000_000 / spanUs).toBeGreaterThan(0.72);
	});

	test("leaves more room the coarser the work is", () => {
		const rates = [1_000, 10_000, 100_000].map((largestUs) => sustainableRate(options, { cores: 1, largestUs }));
		expect(rates).toEqual([...rates].sort((a, b) => b - a));
		for (const rate of rates) expect(rate).toBeLessThan(0.8);
	});

	test("solves its own inequality exactly", () => {
		const rate = sustainableRate(options, { cores: 4, largestUs: 12_000 });
		const roomUs = 4 * options.burstUs + 12_000;
		expect(rate * (usPerSecond + roomUs / 4 + options.jitterUs) + roomUs).toBeCloseTo(0.8 * 4 * usPerSecond, 3);
	});

	test("gives a trickle when a request is longer than everything allowed, rather than nothing for ever", () => {
		expect(sustainableRate(options, { cores: 1, largestUs: 2_000_000 })).toBeCloseTo(0.04, 10);
		const budget = budgetOf({ expectedWorkUs: 2_000_000 });
		expect(budget.waitUs(0)).toBeLessThan(usPerSecond);
	});

	test("settles: what was reserved too much comes back, what was reserved too little is owed", () => {
		const budget = budgetOf();
		const before = budget.tokensUs(100_000);
		const reservedUs = budget.reserve(100_000);
		expect(budget.tokensUs(100_000)).toBe(before - 5_000);
		budget.settle(100_000, reservedUs, 9_000);
		expect(budget.tokensUs(100_000)).toBe(before - 9_000);
	});

	test("keeps a reservation spent when no answer comes, because the work may have been done", () => {
		const budget = budgetOf();
		const before = budget.tokensUs(100_000);
		budget.abandon(budget.reserve(100_000));
		expect(budget.tokensUs(100_000)).toBe(before - 5_000);
		expect(budget.inFlightUs).toBe(0);
	});

	test("charges health checks", () => {
		const budget = budgetOf();
		const before = budget.tokensUs(100_000);
		budget.charge(100_000, 50);
		expect(budget.tokensUs(100_000)).toBe(before - 50);
	});

	test("sends a silent server no more than the work it may have in flight", () => {
		const budget = budgetOf();
		let sent = 0;
		for (let nowUs = 0; nowUs < 10_000_000; nowUs += 1_000) {
			if (!budget.admits(nowUs)) continue;
			budget.reserve(nowUs);
			sent++;
		}
		expect(sent).toBe(50);
		expect(budget.waitUs(10_000_000)).toBe(Number.POSITIVE_INFINITY);
	});

	test("admits everything when it is off", () => {
		const budget = budgetOf({ maxUtilisation: undefined });
		for (let i = 0; i < 1_000; i++) {
			expect(budget.admits(0)).toBe(true);
			budget.reserve(0);
		}
		expect(budget.waitUs(0)).toBe(0);
	});
});

describe("the estimate of a cost", () => {
	test("follows a server that was slowed four times within fifty requests", () => {
		const estimate = new CostEstimate(4_000);
		for (let i = 0; i < 50; i++) estimate.learn(16_000);
		expect(estimate.meanUs).toBeGreaterThan(15_000);
	});

	test("remembers the largest, and forgets it slowly", () => {
		const estimate = new CostEstimate(1_000);
		estimate.learn(50_000);
		for (let i = 0; i < 100; i++) estimate.learn(1_000);
		expect(estimate.largestUs).toBeGreaterThan(40_000);
		for (let i = 0; i < 10_000; i++) estimate.learn(1_000);
		expect(estimate.largestUs).toBeLessThan(2_000);
	});

	test("never thinks the largest smaller than the mean or the newest", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1 }), (costs) => {
				const estimate = new CostEstimate(1);
				for (const cost of costs) {
					estimate.learn(cost);
					expect(estimate.largestUs).toBeGreaterThanOrEqual(Math.max(cost, estimate.meanUs));
				}
			}),
			{ seed: 32 },
		);
	});
});
