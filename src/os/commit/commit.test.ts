import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { plainDisk } from "../../../test/support/tiny-plan.ts";
import { commitDefinition } from "./commit.ts";
import { readCommitConfig } from "./config.ts";
import { laterState, messagesPerTransaction, terminate } from "./protocol.ts";

describe("what participants may decide without their coordinator", () => {
	test("two-phase: whoever knows the decision, or has not voted, can help", () => {
		expect(terminate("two-phase", ["prepared", "commit"])).toBe("commit");
		expect(terminate("two-phase", ["prepared", "abort"])).toBe("abort");
		expect(terminate("two-phase", ["prepared", "none"])).toBe("abort");
	});

	test("two-phase: if all have promised, they are blocked", () => expect(terminate("two-phase", ["prepared", "prepared"])).toBeNull());

	test("three-phase: one who is ready to commit decides for all, or else all abort", () => {
		expect(terminate("three-phase", ["prepared", "precommitted"])).toBe("commit");
		expect(terminate("three-phase", ["prepared", "prepared"])).toBe("abort");
	});

	test("states only move on", () => {
		expect(laterState("precommitted", "prepared")).toBe("precommitted");
		expect(laterState("prepared", "abort")).toBe("abort");
		expect(laterState("commit", "prepared")).toBe("commit");
	});
});

const seeds = [1, 2, 3, 4, 5];
/** Every decision of the coordinator takes a tenth of a second to reach its disk. */
const slowCoordinator = { n1: { disk: { ...plainDisk, syncUs: 100_000 } } };

/** Whatever is not synced at a crash is left half written. */
const tearing = Object.fromEntries(["n1", "n2", "n3", "n4"].map((name) => [name, { disk: { ...plainDisk, tornRatio: 1 } }]));

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	const nodes = slowCoordinator;
	return runService({
		definition: commitDefinition,
		count: 4,
		nodes,
		physics: { floorUs: 5_000, jitter: { kind: "uniform", maxUs: 5_000 } },
		untilUs: 20_000_000,
		...options,
	});
}

function hold(result: ServiceRun): void {
	expect(result.exceptions).toEqual([]);
	for (const name of ["commit.atomic", "commit.votesCount", "commit.allDecide"]) expect(`${name}: ${result.broken(name)}`).toBe(`${name}: null`);
}

describe.each(["two-phase", "three-phase"] as const)("%s", (protocol) => {
	test.each([2, 4, 8])("an undisturbed transaction takes as many messages as the book says, %i members", (count) => {
		const result = run({ count, nodes: {}, config: { protocol, yesRatio: 1 } });
		hold(result);
		expect(result.measured("commit.messages")).toEqual(Array(20).fill(messagesPerTransaction(protocol, count - 1)));
		const sent = ["prepare", "precommit", "decide", "state"].reduce((sum, name) => sum + result.sent(`commit.${name}`).length, 0);
		expect(sent).toBe(20 * messagesPerTransaction(protocol, count - 1));
	});

	test("one no is enough to abort, and both outcomes happen", () => {
		for (const seed of seeds) {
			const result = run({ seed, config: { protocol, yesRatio: 0.8 } });
			hold(result);
			const outcomes = new Set(result.facts("commit.decided").map(({ body }) => (body as { outcome: string }).outcome));
			expect(outcomes).toEqual(new Set(["commit", "abort"]));
		}
	});

	test("anybody may crash at any time, one at a time: all or nothing, and everybody learns which", () => {
		for (let seed = 1; seed <= 20; seed++) {
			const story = Array.from({ length: 8 }, (_, index): [number, string] => [
				500_000 + (index >> 1) * 1_500_000 + ((seed * 37_987 + index * 91_139) % 400_000) + (index % 2) * 500_000,
				`${index % 2 === 0 ? "crash" : "restart"} n${1 + ((seed + (index >> 1)) % 4)}`,
			]);
			hold(run({ seed, config: { protocol }, story, untilUs: 40_000_000 }));
			hold(run({ seed, config: { protocol }, story, nodes: tearing, untilUs: 40_000_000 }));
		}
	});
});

describe("a coordinator that dies between votes and decision", () => {
	const story: [number, string][] = [
		[2_170_000, "crash n1"],
		[10_000_000, "restart n1"],
	];
	const longest = (protocol: string, seed: number) => {
		const result = run({ seed, story, config: { protocol, yesRatio: 1 } });
		hold(result);
		return Math.max(...result.measured("commit.inDoubtUs"));
	};

	test("two-phase: its participants are blocked until it is back", () => {
		for (const seed of seeds) expect(longest("two-phase", seed)).toBeGreaterThan(7_000_000);
	});

	test("three-phase: its participants go on without it", () => {
		for (const seed of seeds) expect(longest("three-phase", seed)).toBeLessThan(2_000_000);
	});
});

test("a decision that is not on the coordinator's disk is told to nobody who asks", () => {
	// Participants ask while the disk is busy with the decision, and the coordinator dies before it is done.
	const story: [number, string][] = [
		[2_217_000, "crash n1"],
		[3_000_000, "restart n1"],
	];
	for (let seed = 1; seed <= 10; seed++) hold(run({ seed, story, config: { yesRatio: 1, timeout: "30ms" } }));
});

test("three-phase: who was dead while the others decided does not decide by itself", () => {
	// n3 dies before it is told that all have voted yes; n2 commits and dies with the coordinator; n3 wakes alone.
	const story: [number, string][] = [
		[268_000, "crash n3"],
		[600_000, "crash n1"],
		[600_000, "crash n2"],
		[700_000, "restart n3"],
		[6_000_000, "restart n1"],
		[6_000_000, "restart n2"],
	];
	const result = run({ count: 3, nodes: {}, physics: { floorUs: 5_000 }, story, config: { protocol: "three-phase", transactions: 1, yesRatio: 1 } });
	hold(result);
	expect(result.facts("commit.decided", "n2")[0]).toMatchObject({ body: { outcome: "commit" } });
	expect(result.facts("commit.decided", "n3")[0]?.atUs).toBeGreaterThan(6_000_000);
});

describe("each rule is there for something", () => {
	const crashes = Array.from({ length: 12 }, (_, index): [number, string] => [
		1_090_000 + (index >> 1) * 270_000 + (index % 2) * 20_000,
		`${index % 2 === 0 ? "crash" : "restart"} n3`,
	]);

	test("a promise that is not on disk is forgotten, and a transaction torn in two", () => {
		for (const seed of seeds) {
			const config = { yesRatio: 1, transactions: 30 };
			const nodes = { ...tearing, ...slowCoordinator };
			expect(run({ seed, story: crashes, nodes, config: { ...config, mistake: "unsynced-vote" } }).broken("commit.atomic")).not.toBeNull();
			hold(run({ seed, story: crashes, nodes, config }));
		}
	});

	test("votes that are not counted: a transaction is committed against one", () => {
		for (const seed of seeds) expect(run({ seed, config: { mistake: "ignore-votes" } }).broken("commit.votesCount")).not.toBeNull();
	});

	test("three-phase on a network that is cut in two: one side commits, the other aborts", () => {
		// Two participants are far: what is said to them is still under way when the network is cut.
		const links = [
			{ a: "n1", b: "n2" },
			{ a: "n3", b: "n4" },
			...["n1", "n2"].flatMap((a) => ["n3", "n4"].map((b) => ({ a, b, physics: { floorUs: 100_000 } }))),
		];
		const story = Array.from({ length: 5 }, (_, index): [number, string][] => [
			[1_000_000 + index * 4_070_000, "partition {n1 n2} {n3 n4}"],
			[4_000_000 + index * 4_070_000, "heal all"],
		]).flat();
		const broken = (protocol: string, seed: number) =>
			run({ seed, links, story, config: { protocol, yesRatio: 1, transactions: 80 }, untilUs: 40_000_000 }).broken("commit.atomic");
		for (const seed of seeds) {
			expect(broken("three-phase", seed)).not.toBeNull();
			expect(broken("two-phase", seed)).toBeNull();
		}
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readCommitConfig({ protocol: "paxos" })).toThrow("commit: protocol must be one of two-phase, three-phase");
});
