import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import type { ClockModel } from "../../shared/plan.ts";
import { readClocksConfig } from "./config.ts";
import { compareHybrid, HybridClock, type HybridTime } from "./hybrid.ts";
import { LamportClock } from "./lamport.ts";
import { logicalClocksDefinition } from "./logical-clocks.ts";
import { compareStamps, readWrite, timeOfDay } from "./stamp.ts";
import { causalOrder, VectorClock } from "./vector.ts";

describe("Lamport's clock", () => {
	test("IR1: every event has a larger time than the one before", () => {
		const clock = new LamportClock();
		expect([clock.tick(), clock.tick(), clock.tick()]).toEqual([1, 2, 3]);
	});

	test("IR2: a message overtakes the clock, and an old one does not turn it back", () => {
		const clock = new LamportClock();
		expect(clock.receive(7)).toBe(8);
		expect(clock.receive(3)).toBe(9);
	});
});

describe("vectors", () => {
	test("tell before, after, same and concurrent apart", () => {
		expect(causalOrder([1, 0], [1, 1])).toBe("before");
		expect(causalOrder([2, 1], [1, 1])).toBe("after");
		expect(causalOrder([1, 1], [1, 1])).toBe("same");
		expect(causalOrder([1, 0], [0, 1])).toBe("concurrent");
	});

	test("a message hands on all that its sender had seen", () => {
		const [a, b, c] = [0, 1, 2].map((me) => new VectorClock({ me, members: 3 })) as [VectorClock, VectorClock, VectorClock];
		const first = a.tick();
		b.merge(first);
		const second = b.tick();
		c.merge(second);
		expect(causalOrder(first, c.tick())).toBe("before");
		expect(c.value).toEqual([1, 1, 1]);
	});
});

describe("hybrid clocks, after figure 5 of the paper", () => {
	test("follow the wall while it runs ahead, with the count at 0", () => {
		const clock = new HybridClock();
		expect(clock.tick(10)).toEqual({ physicalUs: 10, count: 0 });
		expect(clock.tick(11)).toEqual({ physicalUs: 11, count: 0 });
	});

	test("count on while the wall stands still or steps back", () => {
		const clock = new HybridClock();
		clock.tick(10);
		expect(clock.tick(10)).toEqual({ physicalUs: 10, count: 1 });
		expect(clock.tick(3)).toEqual({ physicalUs: 10, count: 2 });
	});

	test.each<[string, HybridTime, number, HybridTime]>([
		["from the future: its time, one further", { physicalUs: 20, count: 4 }, 12, { physicalUs: 20, count: 5 }],
		["of the own time: the larger count, one further", { physicalUs: 10, count: 4 }, 9, { physicalUs: 10, count: 5 }],
		["from the past: the own time, one further", { physicalUs: 5, count: 9 }, 9, { physicalUs: 10, count: 1 }],
		["when the wall is ahead of both: the wall", { physicalUs: 5, count: 9 }, 30, { physicalUs: 30, count: 0 }],
	])("a message %s", (_, message, wallUs, expected) => {
		const clock = new HybridClock();
		clock.tick(10);
		expect(clock.receive(message, wallUs)).toEqual(expected);
	});

	test("theorems 1 to 3: rise with every event, and are never ahead of the fastest wall", () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(50)), { maxLength: 60 }),
				fc.array(fc.nat(500), { minLength: 3, maxLength: 3 }),
				(steps, offsets) => {
					const clocks = [0, 1, 2].map(() => new HybridClock());
					let now = 0;
					for (const [from, to, pause] of steps) {
						now += pause;
						const before = (clocks[to] as HybridClock).time;
						const sent = (clocks[from] as HybridClock).tick(now + (offsets[from] as number));
						const got = (clocks[to] as HybridClock).receive(sent, now + (offsets[to] as number));
						expect(compareHybrid(got, sent)).toBeGreaterThan(0);
						expect(compareHybrid(got, before)).toBeGreaterThan(0);
						expect(got.physicalUs).toBeLessThanOrEqual(now + Math.max(...offsets));
						expect(got.physicalUs).toBeGreaterThanOrEqual(now + (offsets[to] as number));
					}
				},
			),
			{ seed: 1, numRuns: 300 },
		);
	});
});

const seeds = [1, 2, 3, 4, 5];
const fast: ClockModel = { kind: "perfect", offsetUs: 2_000_000 };
const slow: ClockModel = { kind: "linear", offsetUs: -500_000, driftPpm: -200 };

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	const nodes = { n1: {}, n2: { clock: fast }, n3: { clock: slow } };
	return runService({
		definition: logicalClocksDefinition,
		count: 3,
		nodes,
		physics: { jitter: { kind: "uniform", maxUs: 30_000 } },
		untilUs: 10_000_000,
		...options,
	});
}

describe.each(["wall", "lamport", "hybrid"])("stamps of the clock %s", (stamp) => {
	const breaks = stamp === "wall";
	test(breaks ? "contradict cause and effect, and lose updates" : "never contradict cause and effect, and lose nothing", () => {
		for (const seed of seeds) {
			const result = run({ config: { stamp }, seed });
			expect(result.exceptions).toEqual([]);
			expect(result.broken("clock.stampsFollowCauses") !== null).toBe(breaks);
			expect(result.broken("clock.noUpdateLost") !== null).toBe(breaks);
		}
	});

	test("Lamport times and vectors keep their word, whoever decides", () => {
		for (const seed of seeds) {
			const result = run({ config: { stamp }, seed, physics: { duplicateRatio: 0.1, reorderRatio: 0.2, reorderUs: 200_000, lossRatio: 0.05 } });
			expect(result.broken("clock.lamportCondition")).toBeNull();
			expect(result.broken("clock.vectorsExact")).toBeNull();
		}
	});

	test("all members end with the same note", () => {
		const result = run({ config: { stamp } });
		expect(new Set(["n1", "n2", "n3"].map((node) => result.inspect(node).note)).size).toBe(1);
	});
});

test("the answer at 12:00:01 came after the question at 12:00:02, and only the wall says otherwise", () => {
	const story: [number, string][] = [
		[500_000, "ask n2 write question"],
		[1_000_000, "ask n1 write answer"],
	];
	const result = run({ config: { stamp: "wall", writes: 0 }, story });
	expect(result.list.of("answered").map(({ body }) => body)).toEqual(["written at 12:00:02.500", "lost: there is a note with a later time than 12:00:01.000"]);
	expect(result.inspect("n1").lastHeardAgainstLastOwn).toEqual({ wall: "after", lamport: "before", hybrid: "before", vector: "before" });
	expect(result.inspect("n3").note).toBe("question");
	expect(run({ config: { stamp: "hybrid", writes: 0 }, story }).inspect("n3").note).toBe("answer");
});

test("the hybrid clock is ahead of a wall by no more than the walls are apart", () => {
	for (const seed of seeds) {
		const ahead = run({ seed }).measured("clock.hybridAheadUs");
		expect(Math.max(...ahead)).toBeLessThanOrEqual(2_502_000);
		expect(Math.min(...ahead)).toBeGreaterThanOrEqual(0);
	}
});

test("writes of a second life are not taken for those of the first", () => {
	const story: [number, string][] = [
		[2_000_000, "crash n1"],
		[2_500_000, "restart n1"],
	];
	const result = run({ story });
	expect(result.broken("clock.vectorsExact")).toBeNull();
	expect(result.exceptions).toEqual([]);
});

test("an unknown word gets an answer that helps", () => {
	const result = run({ config: { writes: 0 }, story: [[1_000_000, "ask n1 wipe"]] });
	expect(result.list.of("answered").map(({ body }) => body)).toEqual(["expected: show, or write and up to 1000 characters"]);
});

test("what is no write is refused", () => {
	for (const body of [null, 3, [], [[1], [1, 2, 3], [0], "x"], [[1, 2, 3, 4, 5, 6], [1, 2, 3], [0, 0], "x"]]) expect(readWrite(body, 3)).toBeUndefined();
});

test("equal stamps are ordered by the writer", () => expect(compareStamps([5, 0, 1], [5, 0, 2])).toBeLessThan(0));

test("times of day run over midnight both ways", () => {
	expect(timeOfDay(0)).toBe("12:00:00.000");
	expect(timeOfDay(-1_000)).toBe("11:59:59.999");
	expect(timeOfDay(43_200_000_000)).toBe("00:00:00.000");
});

test("the configuration is refused with what was expected", () => {
	expect(() => readClocksConfig({ stamp: "vector" })).toThrow("logical-clocks: stamp must be one of wall, lamport, hybrid");
});
