import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import type { ClockModel } from "../../shared/plan.ts";
import { readTimeConfig } from "./config.ts";
import { berkeleyMeanUs, ClockFilter, cristian, ntpSample } from "./estimates.ts";
import { timeSyncDefinition } from "./time-sync.ts";

const minUs = 1_000;
/** True delays there and back, and the client's clock behind the server's by `offsetUs`. */
const exchanges = fc.record({
	there: fc.integer({ min: minUs, max: 90_000 }),
	back: fc.integer({ min: minUs, max: 90_000 }),
	offsetUs: fc.integer({ min: -5_000_000, max: 5_000_000 }),
});

describe("estimates", () => {
	test("Cristian is never wrong by more than half the round trip less the least delay", () => {
		fc.assert(
			fc.property(exchanges, ({ there, back, offsetUs }) => {
				const serverUs = 10_000_000 + there + offsetUs;
				const estimate = cristian({ askedUs: 10_000_000, receivedUs: serverUs, sentUs: serverUs, answeredUs: 10_000_000 + there + back }, minUs);
				expect(Math.abs(estimate.offsetUs - offsetUs)).toBeLessThanOrEqual(estimate.boundUs);
				expect(estimate.boundUs).toBe(Math.ceil((there + back) / 2) - minUs);
			}),
			{ seed: 1, numRuns: 2_000 },
		);
	});

	test("the bound is reached when all of the delay fell one way", () => {
		const serverUs = 10_000 + minUs;
		const estimate = cristian({ askedUs: 10_000, receivedUs: serverUs, sentUs: serverUs, answeredUs: 10_000 + minUs + 9_000 }, minUs);
		expect(Math.abs(estimate.offsetUs)).toBe(estimate.boundUs);
	});

	test("NTP's offset is within half the delay, and the server's own time does not count", () => {
		fc.assert(
			fc.property(exchanges, fc.nat(500_000), ({ there, back, offsetUs }, atServerUs) => {
				const receivedUs = 10_000_000 + there + offsetUs;
				const sentUs = receivedUs + atServerUs;
				const sample = ntpSample({ askedUs: 10_000_000, receivedUs, sentUs, answeredUs: 10_000_000 + there + atServerUs + back });
				expect(sample.delayUs).toBe(there + back);
				expect(Math.abs(sample.offsetUs - offsetUs)).toBeLessThanOrEqual(sample.boundUs);
			}),
			{ seed: 1, numRuns: 2_000 },
		);
	});

	test("the clock filter believes the fastest of the last eight", () => {
		const filter = new ClockFilter();
		const sample = (delayUs: number) => ({ offsetUs: delayUs, delayUs, boundUs: 0 });
		expect(filter.add(sample(50)).delayUs).toBe(50);
		expect(filter.add(sample(20)).delayUs).toBe(20);
		for (let count = 0; count < 7; count++) expect(filter.add(sample(90)).delayUs).toBe(20);
		expect(filter.add(sample(91)).delayUs).toBe(90);
	});

	test("Berkeley's mean leaves out whoever is too far off, and counts the master", () => {
		expect(berkeleyMeanUs([300, -600], 1_000)).toBe(-100);
		expect(berkeleyMeanUs([300, -600, 90_000_000], 1_000)).toBe(-100);
		expect(berkeleyMeanUs([], 1_000)).toBe(0);
	});
});

const seeds = [1, 2, 3, 4, 5];
const offset = (offsetUs: number, driftPpm: number): { clock: ClockModel } => ({ clock: { kind: "linear", offsetUs, driftPpm } });
const nodes = { n2: offset(3_000_000, 50), n3: offset(-2_000_000, -100), n4: offset(250_000, 20) };
const jittery = { floorUs: 5_000, jitter: { kind: "exponential", meanUs: 15_000 } } as const;

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({ definition: timeSyncDefinition, count: 4, nodes, physics: jittery, untilUs: 30_000_000, ...options });
}

/** How wrong a member's clock was when it was last set. */
function lastErrorUs(result: ServiceRun, node: string): number {
	const last = result.facts("time.set", node).at(-1);
	if (last === undefined) throw new Error(`${node} never set its clock`);
	return (last.body as { timeUs: number }).timeUs - last.atUs;
}

describe("on a network whose delays vary", () => {
	test.each(["cristian", "ntp"])("%s: no clock is further off than its bound says", (algorithm) => {
		for (const seed of seeds) {
			const result = run({ seed, config: { algorithm, minDelay: "5ms", limit: "200ms" } });
			expect(result.exceptions).toEqual([]);
			expect(result.facts("time.set").length).toBeGreaterThan(10);
			expect(result.broken("time.boundKept")).toBeNull();
			expect(result.broken("time.skewLimited")).toBeNull();
		}
	});

	test("a server that is wrong itself is followed, within the bound", () => {
		const result = run({ nodes: { ...nodes, n1: { clock: { kind: "perfect", offsetUs: 7_000_000 } } } });
		expect(result.broken("time.boundKept")).toBeNull();
		expect(Math.abs(lastErrorUs(result, "n3") - 7_000_000)).toBeLessThan(100_000);
	});

	test("Berkeley: clocks come together around their mean, the mad one not counted", () => {
		for (const seed of seeds) {
			const sane = { n2: offset(400_000, 50), n3: offset(-300_000, -100), n4: offset(3_600_000_000, 0) };
			const result = run({ seed, nodes: sane, config: { algorithm: "berkeley", limit: "60ms" } });
			expect(result.broken("time.skewLimited")).toBeNull();
			expect(Math.abs(lastErrorUs(result, "n4"))).toBeLessThan(500_000);
		}
	});

	test("Berkeley takes 3(N-1) messages a round, Cristian 2 a reading", () => {
		const berkeley = run({ config: { algorithm: "berkeley", timeout: "900ms" }, untilUs: 10_900_000 });
		expect(berkeley.sent("time.ask").length + berkeley.sent("time.adjust").length).toBe(10 * 3 * 3);
		const single = run({ count: 2, nodes: {}, untilUs: 10_900_000 });
		expect(single.sent("time.ask")).toHaveLength(10 * 2);
	});
});

describe("each rule is there for something", () => {
	test("the server's time taken as it comes breaks the bound", () => {
		for (const seed of seeds) expect(run({ seed, config: { minDelay: "5ms", mistake: "ignore-travel" } }).broken("time.boundKept")).not.toBeNull();
	});

	test("a least delay that is claimed and not true breaks the bound", () => {
		for (const seed of seeds) expect(run({ seed, config: { minDelay: "14ms" } }).broken("time.boundKept")).not.toBeNull();
	});

	test("without the filter clocks jump about", () => {
		const limits = { algorithm: "ntp", limit: "25ms", settle: "10s" };
		for (const seed of seeds) {
			expect(run({ seed, config: { ...limits, mistake: "no-filter" } }).broken("time.skewLimited")).not.toBeNull();
			expect(run({ seed, config: limits }).broken("time.skewLimited")).toBeNull();
		}
	});

	test("without the tolerance one mad clock drags all others along", () => {
		const mad = { n4: offset(3_600_000_000, 0) };
		const result = run({ nodes: mad, config: { algorithm: "berkeley", mistake: "no-tolerance" } });
		expect(lastErrorUs(result, "n2")).toBeGreaterThan(500_000_000);
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readTimeConfig({ algorithm: "ptp" })).toThrow("time-sync: algorithm must be one of cristian, berkeley, ntp");
});
