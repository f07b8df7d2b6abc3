import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graph, NetworkWorld } from "../../../test/support/network-world.ts";
import { linkPlan, physics } from "../../../test/support/plans.ts";
import type { LinkPhysics } from "../../shared/plan.ts";
import { heldMessagesMax } from "./transit.ts";

const pair = (over: Partial<LinkPhysics> = {}) => graph([linkPlan(0, 1, over)]);

/** Sends `count` messages, one every `everyUs`, and runs to the end. */
function sendMany(world: NetworkWorld, count: number, everyUs: number): NetworkWorld {
	for (let i = 0; i < count; i++) world.send({ atUs: i * everyUs });
	world.finish();
	return world;
}

function countOf(world: NetworkWorld, word: string): number {
	return world.lines.filter((line) => line.includes(` ${word} `)).length;
}

/** Five standard deviations of a count: a right build fails about once in two million seeds, and ours is fixed. */
function fiveSigma(count: number, ratio: number): number {
	return 5 * Math.sqrt(count * ratio * (1 - ratio));
}

describe("chances", () => {
	const count = 40_000;

	test.each([
		["loss", "lossRatio"],
		["corruption", "corruptRatio"],
		["duplicated", "duplicateRatio"],
	] as const)("%s comes true in the fraction %s of messages", (word, property) => {
		for (const ratio of [0.01, 0.3]) {
			const world = sendMany(new NetworkWorld(pair({ [property]: ratio }), { seed: 7 }), count, 10);
			expect(Math.abs(countOf(world, word) - count * ratio)).toBeLessThan(fiveSigma(count, ratio));
		}
	});

	test("reordered messages are late by 1 to reorderUs, in the fraction reorderRatio", () => {
		const world = sendMany(new NetworkWorld(pair({ fifo: false, reorderRatio: 0.2, reorderUs: 500 }), { seed: 7 }), count, 10);
		const lateUs = world.arrivals.map(({ atUs, sequence }) => atUs - 1_000 - (sequence - 1) * 10).filter((us) => us !== 0);
		expect(Math.abs(lateUs.length - count * 0.2)).toBeLessThan(fiveSigma(count, 0.2));
		expect(Math.min(...lateUs)).toBe(1);
		expect(Math.max(...lateUs)).toBe(500);
		const mean = lateUs.reduce((sum, us) => sum + us, 0) / lateUs.length;
		expect(Math.abs(mean - 250.5)).toBeLessThan((5 * 500) / Math.sqrt(12 * lateUs.length));
	});

	test("reordering without a span of its own uses the delay floor", () => {
		const world = sendMany(new NetworkWorld(pair({ fifo: false, reorderRatio: 1 }), { seed: 3 }), 5_000, 10);
		const lateUs = world.arrivals.map(({ atUs, sequence }) => atUs - 1_000 - (sequence - 1) * 10);
		expect(Math.min(...lateUs)).toBeGreaterThanOrEqual(1);
		expect(Math.max(...lateUs)).toBeGreaterThan(990);
		expect(Math.max(...lateUs)).toBeLessThanOrEqual(1_000);
	});

	test("ratio 0 never and ratio 1 always comes true", () => {
		expect(sendMany(new NetworkWorld(pair({ lossRatio: 1 })), 2_000, 1).arrivals).toEqual([]);
		expect(sendMany(new NetworkWorld(pair()), 2_000, 1).lines).toEqual([]);
		const doubled = sendMany(new NetworkWorld(pair({ duplicateRatio: 1 })), 2_000, 1);
		expect(doubled.arrivals.length).toBe(4_000);
	});

	test("the outcomes are independent of each other", () => {
		const world = sendMany(new NetworkWorld(pair({ fifo: false, duplicateRatio: 0.5, corruptRatio: 0.5 }), { seed: 11 }), count, 10);
		const corrupt = new Set(world.lines.filter((line) => line.includes("corruption")).map((line) => line.split(" ")[2]));
		const doubled = world.lines.filter((line) => line.includes("duplicated")).map((line) => line.split(" ")[2]?.replace(".1", ""));
		const originalsCorrupt = doubled.filter((original) => corrupt.has(`${original}.0`)).length;
		const twinsCorrupt = doubled.filter((original) => corrupt.has(`${original}.1`)).length;
		const bothCorrupt = doubled.filter((original) => corrupt.has(`${original}.0`) && corrupt.has(`${original}.1`)).length;
		expect(Math.abs(originalsCorrupt - doubled.length / 2)).toBeLessThan(fiveSigma(doubled.length, 0.5));
		expect(Math.abs(twinsCorrupt - doubled.length / 2)).toBeLessThan(fiveSigma(doubled.length, 0.5));
		expect(Math.abs(bothCorrupt - doubled.length / 4)).toBeLessThan(fiveSigma(doubled.length, 0.25));
	});

	test("corruption strikes those that were not lost as often as others", () => {
		const world = sendMany(new NetworkWorld(pair({ fifo: false, lossRatio: 0.4, corruptRatio: 0.4 }), { seed: 13 }), count, 10);
		const arrived = count - countOf(world, "loss");
		expect(Math.abs(countOf(world, "corruption") - arrived * 0.4)).toBeLessThan(fiveSigma(arrived, 0.4));
	});

	test("each link on the way draws for itself, and so does each message of one instant", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 2, { lossRatio: 0.5 }), linkPlan(2, 1, { lossRatio: 0.5 })], { switches: 1 }), { seed: 17 });
		sendMany(world, 10_000, 0);
		expect(Math.abs(world.arrivals.length - 2_500)).toBeLessThan(fiveSigma(10_000, 0.25));
	});

	test("the luck of a message does not depend on when it is sent", () => {
		const lost = (startUs: number): (string | undefined)[] => {
			const world = new NetworkWorld(pair({ lossRatio: 0.5 }), { seed: 19 });
			for (let i = 0; i < 100; i++) world.send({ atUs: startUs + i });
			return world.lines.map((line) => line.split(" ")[2]);
		};
		expect(lost(0)).toEqual(lost(123_456));
	});

	test("delay is the floor plus the jitter's quantile of the draw", () => {
		const world = sendMany(new NetworkWorld(pair({ fifo: false, jitter: { kind: "uniform", maxUs: 99 } }), { seed: 5 }), count, 10);
		const jitters = world.arrivals.map(({ atUs, sequence }) => atUs - 1_000 - (sequence - 1) * 10);
		expect(Math.min(...jitters)).toBe(0);
		expect(Math.max(...jitters)).toBe(99);
		const mean = jitters.reduce((sum, us) => sum + us, 0) / count;
		expect(Math.abs(mean - 49.5)).toBeLessThan((5 * 100) / Math.sqrt(12 * count));
	});
});

describe("copies", () => {
	test("a path of doubling links gives every copy a number of its own", () => {
		const links = [linkPlan(0, 2), linkPlan(2, 3), linkPlan(3, 4), linkPlan(4, 1)].map((link) => ({
			...link,
			forward: { ...physics, duplicateRatio: 1 },
		}));
		const world = new NetworkWorld(graph(links, { switches: 3 }));
		world.send();
		world.finish();
		expect(world.arrivals.map(({ copy }) => copy).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
	});

	test("a message that has come thirty links is not doubled any more", () => {
		const line = Array.from({ length: 32 }, (_, i) => linkPlan(i === 0 ? 0 : i + 1, i === 31 ? 1 : i + 2, { duplicateRatio: i === 31 ? 1 : 0 }));
		const world = new NetworkWorld(graph(line, { switches: 31 }));
		world.send();
		expect(world.finish()).toEqual(["32000 0#1.0 > 1"]);
	});

	test("exploring races, a copy may come before its original at the same instant", () => {
		const world = new NetworkWorld(pair({ fifo: false, duplicateRatio: 1 }), { exploreRaces: true });
		for (let i = 0; i < 40; i++) world.send({ atUs: i });
		world.finish();
		const firstCopies = new Map(world.arrivals.toReversed().map(({ sequence, copy }) => [sequence, copy]));
		const copiesFirst = [...firstCopies.values()].filter((copy) => copy === 1).length;
		expect(copiesFirst).toBeGreaterThan(5);
		expect(copiesFirst).toBeLessThan(35);
	});
});

describe("bandwidth", () => {
	test("messages sent at once leave one after the other, each after the time its bits take", () => {
		// 36 + 64 bytes at 8 Mbit/s: 100 us each.
		const world = new NetworkWorld(pair({ bitsPerSecond: 8_000_000, queueBytes: 1_000_000 }));
		for (let i = 0; i < 5; i++) world.send({ atUs: 50 });
		world.finish();
		expect(world.arrivals.map(({ atUs }) => atUs)).toEqual([1_150, 1_250, 1_350, 1_450, 1_550]);
	});

	test("a wire loses no part of a microsecond: a million bits take their second however they are cut", () => {
		// 100 bytes at 3 Mbit/s: 266 2/3 us each.
		const world = new NetworkWorld(pair({ bitsPerSecond: 3_000_000, queueBytes: 10_000_000 }));
		for (let i = 0; i < 3_750; i++) world.send();
		world.finish();
		expect(world.arrivals.slice(0, 3).map(({ atUs }) => atUs)).toEqual([1_267, 1_534, 1_800]);
		expect(world.arrivals.at(-1)?.atUs).toBe(1_001_000);
	});

	test("an idle wire takes any message; what finds no room in the queue is dropped", () => {
		const world = new NetworkWorld(pair({ bitsPerSecond: 8_000_000, queueBytes: 250 }));
		for (let i = 0; i < 4; i++) world.send(); // 100 on the wire, 200 in all, 300 > 250 ...
		world.send({ atUs: 50 }); // 150 + 100 fit exactly
		world.send({ atUs: 100 }); // 200 + 100 do not
		world.send({ atUs: 1_000, bodyBytes: 5_000 });
		world.finish();
		expect(world.lines).toEqual(["0 queueFull 0#3.0 link 0", "0 queueFull 0#4.0 link 0", "100 queueFull 0#6.0 link 0"]);
		expect(world.arrivals.map(({ sequence }) => sequence)).toEqual([1, 2, 5, 7]);
	});

	test("all who cross a link share its wire", () => {
		const plan = graph([linkPlan(0, 3), linkPlan(1, 3), linkPlan(3, 2, { bitsPerSecond: 8_000_000, queueBytes: 10_000 })], { nodes: 3, switches: 1 });
		const world = new NetworkWorld(plan);
		world.send({ from: 0, to: 2 });
		world.send({ from: 1, to: 2 });
		world.finish();
		expect(world.arrivals.map(({ atUs, from }) => [atUs, from])).toEqual([
			[2_100, 0],
			[2_200, 1],
		]);
	});

	test("a new rate concerns what comes later", () => {
		const world = new NetworkWorld(pair({ bitsPerSecond: 8_000_000, queueBytes: 10_000 }));
		world.send();
		world.apply({ kind: "setLink", link: 0, direction: "both", property: "bitsPerSecond", value: 800_000 }, 10);
		world.send({ atUs: 10 });
		world.finish();
		expect(world.arrivals.map(({ atUs }) => atUs)).toEqual([1_100, 2_100]);
	});

	test("a new rate never lets a message overtake what the wire still sends", () => {
		// 100 bytes at 3 Mbit/s: until 266 2/3 us; the next starts at 267.
		const world = new NetworkWorld(pair({ bitsPerSecond: 3_000_000, queueBytes: 10_000 }));
		world.send();
		world.apply({ kind: "setLink", link: 0, direction: "both", property: "bitsPerSecond", value: 8_000_000 }, 10);
		world.send({ atUs: 10 });
		world.finish();
		expect(world.arrivals.map(({ atUs }) => atUs)).toEqual([1_267, 1_367]);
	});

	test("a cut empties the wire", () => {
		const world = new NetworkWorld(pair({ bitsPerSecond: 8_000, queueBytes: 10_000 }));
		world.send();
		world.apply({ kind: "cut", link: 0, direction: "both" }, 10);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 20);
		world.send({ atUs: 20 });
		world.finish();
		expect(world.arrivals.map(({ atUs }) => atUs)).toEqual([101_020]);
	});

	test("a clog stops the wire, and a heal lets it go on where it stopped", () => {
		const world = new NetworkWorld(pair({ bitsPerSecond: 8_000_000, queueBytes: 10_000 }));
		world.send();
		world.send();
		world.apply({ kind: "clog", link: 0, direction: "both" }, 30);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 1_030);
		world.send({ atUs: 1_030 });
		world.finish();
		expect(world.arrivals.map(({ atUs }) => atUs)).toEqual([2_100, 2_200, 2_300]);
	});
});

const seed = 20_240_601;

const jitter = fc.oneof(
	fc.record({ kind: fc.constant("uniform" as const), maxUs: fc.integer({ min: 0, max: 3_000 }) }),
	fc.record({ kind: fc.constant("exponential" as const), meanUs: fc.integer({ min: 0, max: 3_000 }) }),
	fc.record({ kind: fc.constant("lognormal" as const), medianUs: fc.integer({ min: 0, max: 3_000 }), sigma: fc.double({ min: 0, max: 2, noNaN: true }) }),
);

const anyPhysics = fc.record({
	floorUs: fc.integer({ min: 1, max: 2_000 }),
	jitter,
	lossRatio: fc.constantFrom(0, 0.1),
	duplicateRatio: fc.constantFrom(0, 0.3),
	corruptRatio: fc.constantFrom(0, 0.1),
	reorderRatio: fc.constantFrom(0, 0.3),
	reorderUs: fc.integer({ min: 0, max: 2_000 }),
	fifo: fc.boolean(),
	bitsPerSecond: fc.constantFrom(0, 1_000_000, 77_777_777),
	queueBytes: fc.constantFrom(1_000, 1_000_000),
});

const sendings = fc.array(fc.record({ gapUs: fc.integer({ min: 0, max: 300 }), from: fc.integer({ min: 0, max: 1 }) }), { minLength: 1, maxLength: 60 });

describe("properties", () => {
	test("asked for so many under way, it tells the first of all, and counts the rest", () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(3)), { minLength: 1, maxLength: 60 }), fc.nat(70), fc.boolean(), (sends, limit, clogged) => {
				const world = new NetworkWorld(pair({ fifo: false, duplicateRatio: 0.3, jitter: { kind: "uniform", maxUs: 5 } }));
				if (clogged) world.apply({ kind: "clog", link: 0, direction: "backward" }, 0);
				for (const [atUs, from] of sends.sort(([a], [b]) => a - b)) world.send({ atUs, from: from % 2, to: 1 - (from % 2) });
				const all = world.network.inFlight();
				expect(world.network.inFlightCount).toBe(all.length);
				expect(world.network.inFlight(limit)).toEqual(all.slice(0, limit));
			}),
			{ seed: 5, numRuns: 200 },
		);
	});

	test("a clogged direction holds so many messages and drops the rest, as a full queue does", () => {
		const world = new NetworkWorld(pair());
		world.apply({ kind: "clog", link: 0, direction: "both" }, 0);
		for (let i = 0; i < heldMessagesMax + 3; i++) world.send({ atUs: 1 });
		expect(countOf(world, "held")).toBe(heldMessagesMax);
		expect(world.lines.filter((line) => line.includes("queueFull"))).toHaveLength(3);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 10);
		world.finish();
		expect(world.arrivals).toHaveLength(heldMessagesMax);
	});

	test("on a FIFO direction messages arrive in the order of their entering, whatever the physics and clogs", () => {
		fc.assert(
			fc.property(anyPhysics, sendings, fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), (over, sends, clogUs, spanUs) => {
				const world = new NetworkWorld(pair({ ...over, fifo: true, duplicateRatio: 0 }));
				const commands = [
					{ atUs: clogUs, command: { kind: "clog", link: 0, direction: "both" } as const },
					{ atUs: clogUs + spanUs, command: { kind: "heal", link: 0, direction: "both" } as const },
				];
				let atUs = 0;
				for (const { gapUs, from } of sends) {
					atUs += gapUs;
					while (commands[0] !== undefined && commands[0].atUs <= atUs) world.apply(commands[0].command, (commands.shift() as (typeof commands)[0]).atUs);
					world.send({ atUs, from, to: 1 - from });
				}
				for (const { atUs: commandUs, command } of commands) world.apply(command, commandUs);
				world.finish();
				for (const to of [0, 1]) {
					const arrivals = world.arrivals.filter((arrival) => arrival.to === to);
					for (let i = 1; i < arrivals.length; i++) {
						expect(arrivals[i]?.sequence).toBeGreaterThan(arrivals[i - 1]?.sequence as number);
						expect(arrivals[i]?.atUs).toBeGreaterThan(arrivals[i - 1]?.atUs as number);
					}
				}
			}),
			{ seed, numRuns: 200 },
		);
	});

	test("every copy ends exactly once, never before its floor, and the log is in time order", () => {
		fc.assert(
			fc.property(anyPhysics, anyPhysics, sendings, fc.boolean(), (first, second, sends, exploreRaces) => {
				const plan = graph(
					[
						{ name: "a", a: 0, b: 2, forward: first, backward: second },
						{ name: "b", a: 2, b: 1, forward: second, backward: first },
					],
					{ switches: 1 },
				);
				const world = new NetworkWorld(plan, { exploreRaces });
				const sentUs: number[] = [];
				for (const { gapUs, from } of sends) {
					sentUs.push((sentUs.at(-1) ?? 0) + gapUs);
					world.send({ atUs: sentUs.at(-1) as number, from, to: 1 - from });
				}
				world.finish();
				const doubled = countOf(world, "duplicated");
				const dropped = ["loss", "corruption", "queueFull"].reduce((sum, word) => sum + countOf(world, word), 0);
				expect(world.arrivals.length + dropped).toBe(sends.length + doubled);
				expect(new Set(world.arrivals.map(({ sequence, copy }) => `${sequence}.${copy}`)).size).toBe(world.arrivals.length);
				for (const { atUs, sequence } of world.arrivals) expect(atUs - (sentUs[sequence - 1] as number)).toBeGreaterThanOrEqual(first.floorUs + second.floorUs);
				const instants = world.lines.map((line) => Number(line.split(" ")[0]));
				expect(instants).toEqual([...instants].sort((a, b) => a - b));
			}),
			{ seed, numRuns: 200 },
		);
	});

	test("draws belong to messages: one message more or fewer changes no other's fate", () => {
		fc.assert(
			fc.property(anyPhysics, sendings, fc.integer({ min: 0, max: 59 }), (over, sends, omitted) => {
				// Without FIFO and a shared wire, messages meet each other in nothing but the draws.
				const free = { ...over, fifo: false, bitsPerSecond: 0 };
				const run = (omit: number) => {
					const world = new NetworkWorld(pair(free));
					let atUs = 0;
					sends.forEach(({ gapUs, from }, index) => {
						atUs += gapUs;
						if (index !== omit) world.send({ atUs, from, to: 1 - from, sequence: index + 1 });
					});
					return [...world.finish(), ...world.lines].filter((line) => !line.includes(`#${omitted + 1}.`));
				};
				expect(run(omitted)).toEqual(run(-1));
			}),
			{ seed, numRuns: 200 },
		);
	});

	test("draws belong to links: another link's faults change nothing here", () => {
		const two = graph([linkPlan(0, 1, { lossRatio: 0.3, fifo: false, jitter: { kind: "uniform", maxUs: 500 } }), linkPlan(0, 2, { lossRatio: 0.1 })], {
			nodes: 3,
		});
		const run = (disturbed: boolean): string[] => {
			const world = new NetworkWorld(two);
			if (disturbed) world.apply({ kind: "setLink", link: 1, direction: "both", property: "lossRatio", value: 0.9 }, 0);
			for (let i = 0; i < 200; i++) world.send({ atUs: i * 10, to: 1 + (i % 2) });
			return [...world.finish(), ...world.lines].filter((line) => line.endsWith("> 1") || line.endsWith("link 0"));
		};
		expect(run(true)).toEqual(run(false));
	});

	test("the window's length changes nothing", () => {
		fc.assert(
			fc.property(anyPhysics, sendings, fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 20 }), (over, sends, stops) => {
				const plan = graph([linkPlan(0, 2, over), linkPlan(2, 1, over)], { switches: 1 });
				const run = (edges: readonly number[]): string[] => {
					const world = new NetworkWorld(plan);
					let atUs = 0;
					for (const { gapUs, from } of sends) {
						atUs += gapUs;
						world.send({ atUs, from, to: 1 - from });
					}
					for (const edge of edges) if (edge > atUs) world.runTo(edge);
					return [...world.finish(), ...world.lines];
				};
				expect(run([...stops].sort((a, b) => a - b))).toEqual(run([]));
			}),
			{ seed, numRuns: 100 },
		);
	});

	test("the seed decides: the same one repeats, another one differs", () => {
		const plan = pair({ lossRatio: 0.3, duplicateRatio: 0.3, fifo: false, jitter: { kind: "exponential", meanUs: 400 } });
		const run = (worldSeed: number): string => {
			const world = sendMany(new NetworkWorld(plan, { seed: worldSeed }), 200, 10);
			return JSON.stringify([world.arrivals, world.lines]);
		};
		expect(run(1)).toBe(run(1));
		expect(run(1)).not.toBe(run(2));
	});

	test("exploring races reorders equal instants, differently by seed, and nothing else", () => {
		const star = graph(
			[0, 1, 2, 3, 4, 5].map((node) => linkPlan(node, 6)),
			{ nodes: 7 },
		);
		const run = (exploreRaces: boolean, worldSeed: number) => {
			const world = new NetworkWorld(star, { exploreRaces, seed: worldSeed });
			for (let round = 0; round < 4; round++) for (let from = 0; from < 6; from++) world.send({ atUs: round * 100, from, to: 6 });
			world.finish();
			return world.arrivals;
		};
		const plain = run(false, 1);
		expect(plain.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
		expect(run(true, 1)).not.toEqual(plain);
		expect(run(true, 1)).not.toEqual(run(true, 2));
		expect(run(true, 1).sort((a, b) => a.sequence - b.sequence)).toEqual(plain);
	});
});
