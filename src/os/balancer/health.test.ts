import { describe, expect, test } from "vitest";
import { Health } from "./health.ts";
import { RetryBudget } from "./retry-budget.ts";

function statesAfter(health: Health, results: string): string[] {
	return [...results].map((result) => {
		health.report(result === "+");
		return health.state;
	});
}

describe("the verdict on a server", () => {
	test("is up after the first answer ever", () => {
		expect(statesAfter(new Health({ failures: 3, successes: 2 }), "+")).toEqual(["up"]);
	});

	test("is down only after that many failures in a row", () => {
		expect(statesAfter(new Health({ failures: 3, successes: 2 }), "+--+---")).toEqual(["up", "up", "up", "up", "up", "up", "down"]);
	});

	test("is up again only after that many successes in a row", () => {
		expect(statesAfter(new Health({ failures: 1, successes: 2 }), "+-+-++")).toEqual(["up", "down", "down", "down", "down", "up"]);
	});

	test("is down for a server that never answered, which then has to prove itself", () => {
		expect(statesAfter(new Health({ failures: 2, successes: 2 }), "--++")).toEqual(["unknown", "down", "down", "up"]);
	});

	test("tells a change once, with the state before", () => {
		const health = new Health({ failures: 1, successes: 1 });
		expect([true, true, false, false, true].map((healthy) => health.report(healthy))).toEqual(["unknown", undefined, "up", undefined, "down"]);
	});
});

describe("the retry budget", () => {
	function retriesGranted(budget: RetryBudget, nowUs: number, wanted: number): number {
		let granted = 0;
		for (let i = 0; i < wanted; i++) if (budget.tryRetry(nowUs)) granted++;
		return granted;
	}

	test("grants a set part of the requests and the floor, no more", () => {
		const budget = new RetryBudget({ ratio: 0.2, floor: 10 });
		for (let i = 0; i < 1_000; i++) budget.countRequest(1_000_000);
		expect(retriesGranted(budget, 1_500_000, 5_000)).toBe(210);
		expect(budget.tryRetry(9_000_000)).toBe(false);
	});

	test("forgets requests and retries after ten seconds", () => {
		const budget = new RetryBudget({ ratio: 0.2, floor: 10 });
		for (let i = 0; i < 1_000; i++) budget.countRequest(0);
		expect(retriesGranted(budget, 0, 5_000)).toBe(210);
		expect(retriesGranted(budget, 9_999_999, 5_000)).toBe(0);
		expect(retriesGranted(budget, 10_000_000, 5_000)).toBe(10);
	});

	test("forgets everything after a long silence", () => {
		const budget = new RetryBudget({ ratio: 1, floor: 0 });
		for (let second = 0; second < 10; second++) budget.countRequest(second * 1_000_000);
		expect(retriesGranted(budget, 1_000_000_000, 10)).toBe(0);
	});
});
