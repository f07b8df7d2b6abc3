import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { normalQuantile } from "../../core/distributions/normal-quantile.ts";
import { sampleNormal } from "../../core/distributions/samplers.ts";
import { belowOf, Philox, purposes } from "../../core/random.ts";
import { readMembershipConfig } from "./config.ts";
import { heartbeatMessagesAPeriod, logOf, meanDetectionPeriods, swimMessagesAPeriod } from "./formulas.ts";
import type { StateFact } from "./invariants.ts";
import { membershipDefinition } from "./membership.ts";
import { memberStates, type Opinion, overrides } from "./opinions.ts";
import { deviationsAt, Intervals, phiAt } from "./phi.ts";
import { type TargetChoice, Targets } from "./targets.ts";
import { Dissemination, decodeUpdates, encodeUpdates, sendsFor } from "./updates.ts";

/** Draws of a test, counted from its own seed. */
function drawsOf(seed: number): { below(below: number): number; pick<T>(items: readonly T[]): T; shuffle<T>(items: readonly T[]): T[] } {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (limit: number): number => {
		philox.draw(purposes.program, 1, ++draws, 0);
		return belowOf(philox.w0, limit);
	};
	return {
		below,
		pick: (items) => items[below(items.length)]!,
		shuffle<T>(items: readonly T[]): T[] {
			const shuffled = [...items];
			for (let i = shuffled.length - 1; i > 0; i--) {
				const j = below(i + 1);
				[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
			}
			return shuffled;
		},
	};
}

describe("opinions", () => {
	const opinion: fc.Arbitrary<Opinion> = fc.record({ state: fc.constantFrom(...memberStates), life: fc.nat(3), incarnation: fc.nat(3) });
	const better = (a: Opinion, b: Opinion): Opinion => (overrides(a, b) ? a : b);

	test("whatever the order in which news comes, the same opinion is left (SWIM 4.2)", () => {
		fc.assert(
			fc.property(fc.array(opinion, { minLength: 1, maxLength: 8 }), fc.nat(1_000), (news, seed) => {
				expect(
					drawsOf(seed)
						.shuffle([...news, ...news])
						.reduce(better),
				).toEqual(news.reduce(better));
			}),
			{ seed: 1, numRuns: 500 },
		);
	});

	// The table of SWIM, section 4.2.
	test.each<[Opinion["state"], number, Opinion["state"], number, boolean]>([
		["alive", 1, "suspected", 0, true],
		["alive", 1, "suspected", 1, false],
		["alive", 1, "alive", 0, true],
		["suspected", 1, "suspected", 0, true],
		["suspected", 1, "suspected", 1, false],
		["suspected", 1, "alive", 1, true],
		["suspected", 0, "alive", 1, false],
		["dead", 1, "alive", 1, true],
		["dead", 1, "suspected", 1, true],
		["alive", 1, "dead", 1, false],
	])(
		"the later incarnation wins, and of one incarnation the worse news (SWIM 4.2): %s with incarnation %i over %s with %i: %s",
		(state, incarnation, known, knownIncarnation, wins) => {
			expect(overrides({ state, life: 1, incarnation }, { state: known, life: 1, incarnation: knownIncarnation })).toBe(wins);
		},
	);
});

describe("news on its way", () => {
	test("each piece of news is sent lambda log2 n times, those sent least often first (SWIM 4.1)", () => {
		expect([1, 7, 8, 100].map((members) => sendsFor(3, members))).toEqual([3, 9, 12, 21]);
		const news = new Dissemination({ sendsMax: 3, perMessage: 2 });
		for (const member of [1, 2, 3]) news.add({ member, state: "alive", life: 1, incarnation: 0 });
		const taken = Array.from({ length: 6 }, () => news.take().map(({ member }) => member));
		expect(taken.slice(0, 2)).toEqual([
			[1, 2],
			[3, 1],
		]);
		for (const member of [1, 2, 3]) expect(taken.flat().filter((other) => other === member)).toHaveLength(3);
	});

	test("comes out of a message as it went in, and nothing else does", () => {
		const update = { member: 2, state: "suspected", life: 1, incarnation: 4 } as const;
		expect(decodeUpdates(encodeUpdates([update]), 3)).toEqual([update]);
		fc.assert(
			fc.property(fc.anything(), (value) => {
				for (const { member, life } of decodeUpdates([value, [3, 0, 1, 1], [1, 9, 1, 1], [1, 0, -1, 0]], 3))
					expect([member < 3, life >= 0]).toEqual([true, true]);
			}),
			{ seed: 2, numRuns: 200 },
		);
	});
});

describe("phi", () => {
	test("the table holds the quantiles of AS 241", () => {
		for (let phi = 0.5; phi <= 16; phi += 0.5) expect(deviationsAt(phi)).toBeCloseTo(-normalQuantile(10 ** -phi), 7);
		// Between knots: within a twentieth of a deviation.
		for (let phi = 0.5; phi <= 16; phi += 0.07) expect(Math.abs(deviationsAt(phi) + normalQuantile(10 ** -phi))).toBeLessThan(0.05);
	});

	test("phi of a silence and silence of a phi are each other's inverse (phi 4)", () => {
		for (let phi = 0.5; phi <= 15.9; phi += 0.1) expect(phiAt(deviationsAt(phi))).toBeCloseTo(phi, 9);
		expect([phiAt(-1), phiAt(0), phiAt(100)]).toEqual([0, 0, 16]);
	});

	test.each([1, 2, 3])("a living member is suspected once in 10^phi intervals, within a fifth (phi 4): %i", (threshold) => {
		const intervals = new Intervals({ samplesMax: 1_000, expectedUs: 200_000, deviationUsMin: 1 });
		const philox = new Philox(7);
		const count = 300_000;
		let suspected = 0;
		let silenceUs = 0;
		for (let i = 0; i < count; i++) {
			philox.draw(purposes.program, 1, i, 0);
			const intervalUs = sampleNormal(200_000, 20_000, philox.w0);
			// The window's shape changes slowly: looked at every hundredth time.
			if (i % 100 === 0) silenceUs = intervals.silenceUsAt(threshold);
			if (i >= 1_000 && intervalUs > silenceUs) suspected++;
			intervals.add(intervalUs);
		}
		const expected = (count - 1_000) * 10 ** -threshold;
		expect(Math.abs(suspected - expected)).toBeLessThan(0.2 * expected);
	});
});

/** Everybody pings once a period, in step. @returns periods until somebody pings the member that has just died */
function periodsUntilPinged(members: number, choice: TargetChoice, seed: number, until: "first" | "last"): { readonly first: number; readonly last: number } {
	const draws = drawsOf(seed);
	const dead = 0;
	const pingers = Array.from({ length: members - 1 }, (_, index) => {
		const me = index + 1;
		const targets = new Targets(
			Array.from({ length: members }, (_, member) => member).filter((member) => member !== me),
			choice,
			draws,
		);
		// Somewhere in its list.
		for (let skipped = draws.below(members - 1); skipped > 0; skipped--) targets.next(() => true);
		return targets;
	});
	const waiting = new Set(pingers);
	let first = 0;
	for (let period = 1; ; period++) {
		for (const targets of [...waiting]) if (targets.next(() => true) === dead) waiting.delete(targets);
		if (first === 0 && waiting.size < pingers.length) first = period;
		if (waiting.size === 0 || (until === "first" && first > 0)) return { first, last: period };
	}
}

describe("SWIM's detection time", () => {
	test("the formula of the first ping goes to e / (e - 1) (SWIM 3.1)", () => {
		expect(meanDetectionPeriods(10_000)).toBeCloseTo(Math.E / (Math.E - 1), 3);
		expect(meanDetectionPeriods(2)).toBe(1);
	});

	test.each([
		[8, "random"],
		[64, "random"],
		[64, "round-robin"],
	] as const)("somebody pings the dead after the formula's mean, within a twentieth of it (SWIM 3.1): %i members, %s", (members, choice) => {
		const runs = 1_000;
		let sum = 0;
		for (let seed = 1; seed <= runs; seed++) sum += periodsUntilPinged(members, choice, seed, "first").first;
		expect(Math.abs(sum / runs / meanDetectionPeriods(members) - 1)).toBeLessThan(0.05);
	});

	test("round-robin: everybody has pinged the dead after 2n - 1 periods at most (SWIM 4.3)", () => {
		for (let seed = 1; seed <= 100; seed++) expect(periodsUntilPinged(16, "round-robin", seed, "last").last).toBeLessThanOrEqual(2 * 16 - 1);
	});
});

const seeds = [1, 2, 3, 4, 5];
const jitter = { kind: "exponential", meanUs: 5_000 } as const;

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({ definition: membershipDefinition, count: 8, physics: { floorUs: 5_000, jitter }, untilUs: 12_000_000, ...options });
}

function hold(result: ServiceRun, ...names: readonly string[]): void {
	expect(result.exceptions).toEqual([]);
	const promised = names.length > 0 ? names : ["noFalseDeath", "ownWord", "agreement"];
	for (const name of promised) expect(`${name}: ${result.broken(`membership.${name}`)}`).toBe(`${name}: null`);
}

/** The last word of everybody on everybody, as "n1 n2 alive". */
function opinions(result: ServiceRun): Map<string, StateFact["state"]> {
	return new Map(result.facts("membership.state").map(({ node, body }) => [`${node} ${(body as StateFact).key}`, (body as StateFact).state]));
}

const detectors = [
	["fixed", { detector: "fixed" }],
	["phi", { detector: "phi" }],
	["swim", { detector: "swim" }],
] as const;

describe.each(detectors)("%s", (detector, config) => {
	test("a crash is noticed by everybody, and so is the return", () => {
		for (const seed of seeds) {
			const story: [number, string][] = [[2_000_000, "crash n3"]];
			const after = run({ seed, config, story });
			hold(after);
			for (const [pair, state] of opinions(after))
				if (!pair.startsWith("n3")) expect(`${pair} ${state}`).toBe(`${pair} ${pair.endsWith("n3") ? "dead" : "alive"}`);
			const back = run({ seed, config, story: [...story, [8_000_000, "restart n3"]] });
			hold(back);
			expect(new Set(opinions(back).values())).toEqual(new Set(["alive"]));
		}
	});

	test("a member that stands still for less than a suspicion lasts is suspected, and comes back", () => {
		let suspicions = 0;
		for (const seed of seeds) {
			const result = run({
				seed,
				config: { ...config, suspicion: "2s", suspicionFactor: 3 },
				story: [
					[3_000_000, "pause n3"],
					[4_500_000, "resume n3"],
				],
			});
			hold(result);
			suspicions += result.facts("membership.state").filter(({ body }) => (body as StateFact).state === "suspected").length;
			expect(new Set(opinions(result).values())).toEqual(new Set(["alive"]));
		}
		expect(suspicions).toBeGreaterThan(0);
	});

	test("two halves that held each other dead find each other when the cut is over", () => {
		for (const seed of seeds) {
			const story: [number, string][] = [
				[1_000_000, "partition {n1 n2 n3} {n4 n5 n6 n7 n8}"],
				[6_000_000, "heal all"],
			];
			const result = run({ seed, config, story, untilUs: 16_000_000 });
			hold(result, "ownWord", "agreement");
			expect(result.broken("membership.noFalseDeath")).not.toBeNull();
			expect(new Set(opinions(result).values())).toEqual(new Set(["alive"]));
		}
	});

	test("its load is the book's (SWIM 3.1)", () => {
		for (const count of [4, 8, 16]) {
			const sent = run({ count, config, untilUs: 4_000_000 }).list.of("messageSent").length;
			const book = detector === "swim" ? swimMessagesAPeriod(count) : heartbeatMessagesAPeriod(count);
			// Twenty periods, but for what has not begun or ended at either end.
			expect(Math.abs(sent / 20 / book - 1)).toBeLessThan(0.1);
		}
	});
});

/** Time from the crash of n3 until somebody, and everybody, suspected it, in periods. */
function detectionPeriods(result: ServiceRun, crashUs: number, periodUs: number): { readonly first: number; readonly all: number } {
	const noticed = result.facts("membership.state").filter(({ atUs, body }) => {
		const { key, state } = body as StateFact;
		return atUs > crashUs && key === "n3" && state === "suspected";
	});
	const times = noticed.map(({ atUs }) => (atUs - crashUs) / periodUs);
	return { first: Math.min(...times), all: Math.max(...times) };
}

test("on nodes, the first suspects after e/(e-1) periods and the one in which nothing is answered, all others soon after (SWIM 3.1)", () => {
	let first = 0;
	let all = 0;
	const runs = 40;
	for (let seed = 1; seed <= runs; seed++) {
		const crashUs = 1_000_000 + seed * 4_970;
		const result = run({ count: 16, seed, config: { targets: "random", suspicionFactor: 1_000 }, story: [[crashUs, "crash n3"]], untilUs: 4_000_000 });
		const periods = detectionPeriods(result, crashUs, 200_000);
		first += periods.first / runs;
		all += periods.all / runs;
	}
	// Members out of step: pings are a stream of one a period, exponential with mean 1 in a large group; then a period until it counts.
	expect(first).toBeGreaterThan(meanDetectionPeriods(16) - 0.1);
	expect(first).toBeLessThan(meanDetectionPeriods(16) + 1);
	// Infection: some log2 n periods more.
	expect(all - first).toBeLessThan(5);
});

describe("each rule is there for something", () => {
	const cable: [number, string][] = [
		[3_000_000, "cut n1 n2"],
		[9_000_000, "heal n1 n2"],
	];
	const suspicionsIn = (result: ServiceRun): number => result.facts("membership.state").filter(({ body }) => (body as StateFact).state === "suspected").length;

	test("with others asked to ping too, one cut cable makes nobody suspect (SWIM 3.1)", () => {
		for (const seed of seeds) {
			expect(suspicionsIn(run({ seed, config: {}, story: cable }))).toBe(0);
			expect(suspicionsIn(run({ seed, config: { indirect: 0 }, story: cable }))).toBeGreaterThan(0);
		}
	});

	test("without suspicion a pause of a second is a death (SWIM 4.2)", () => {
		const story: [number, string][] = [
			[3_000_000, "pause n3"],
			[4_000_000, "resume n3"],
		];
		for (const seed of seeds) {
			hold(run({ seed, config: { suspicionFactor: 3 }, story }));
			expect(run({ seed, config: { suspicionFactor: 0 }, story }).broken("membership.noFalseDeath")).not.toBeNull();
		}
	});

	test("a suspicion lasts log n periods: what is long enough for eight buries the living among sixty-four (SWIM 4.2)", () => {
		const story: [number, string][] = [
			[2_000_000, "pause n3"],
			[2_500_000, "resume n3"],
		];
		const buries = (count: number, periods: number): number =>
			seeds.filter((seed) => {
				const suspicionFactor = periods / logOf(count);
				return run({ count, seed, config: { suspicionFactor }, story, untilUs: 6_000_000 }).broken("membership.noFalseDeath") !== null;
			}).length;
		expect([buries(8, 4), buries(8, 12), buries(64, 21)]).toEqual([0, 0, 0]);
		expect(buries(64, 4)).toBeGreaterThan(2);
	});

	test("from the first suspicion to the first death it is as long as the group is large (SWIM 4.2)", () => {
		for (const [count, periods] of [
			[7, 9],
			[8, 12],
			[32, 18],
		] as const) {
			const about = run({ count, config: {}, story: [[2_000_000, "crash n3"]], untilUs: 8_000_000 })
				.facts("membership.state")
				.filter(({ atUs, body }) => atUs > 2_000_000 && (body as StateFact).key === "n3");
			const dead = about.find(({ body }) => (body as StateFact).state === "dead");
			const suspected = about.find(({ node, body }) => node === dead?.node && (body as StateFact).state === "suspected");
			expect((dead?.atUs ?? 0) - (suspected?.atUs ?? 0)).toBe(periods * 200_000);
		}
	});

	test("a timeout that the network's jitter reaches declares the living dead", () => {
		const physics = { floorUs: 5_000, jitter: { kind: "exponential", meanUs: 30_000 } } as const;
		for (const seed of seeds) {
			const config = { detector: "fixed", suspicion: "0us" };
			expect(run({ seed, physics, config: { ...config, timeout: "230ms" } }).broken("membership.noFalseDeath")).not.toBeNull();
			hold(run({ seed, physics, config: { ...config, timeout: "1s" } }));
			// Phi learns the jitter by itself.
			hold(run({ seed, physics, config: { detector: "phi", threshold: 12, suspicion: "1s" } }));
		}
	});

	test("without incarnations hearsay takes suspicions back (SWIM 4.2)", () => {
		const story: [number, string][] = [[300_000, "crash n3"]];
		let broken = 0;
		for (const seed of seeds) {
			if (run({ seed, config: { mistake: "hearsay" }, story }).broken("membership.ownWord") !== null) broken++;
			hold(run({ seed, story }));
		}
		expect(broken).toBeGreaterThan(0);
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readMembershipConfig({ detector: "crystal ball" })).toThrow("membership: detector must be one of fixed, phi, swim");
	expect(() => readMembershipConfig({ pingTimeout: "300ms" })).toThrow("shorter than period");
});
