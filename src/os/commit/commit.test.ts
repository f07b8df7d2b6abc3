import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { plainDisk } from "../../../test/support/tiny-plan.ts";
import { Acceptor, decodeAccepted, proposalFor } from "./acceptor.ts";
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

describe.each(["two-phase", "three-phase", "paxos"] as const)("%s", (protocol) => {
	test.each([4, 6, 8])("an undisturbed transaction takes as many messages as the book says, %i members", (count) => {
		const result = run({ count, nodes: {}, config: { protocol, yesRatio: 1 } });
		hold(result);
		expect(result.measured("commit.messages")).toEqual(Array(20).fill(messagesPerTransaction(protocol, count - 1, 1)));
		expect(result.list.of("messageSent").length).toBe(20 * messagesPerTransaction(protocol, count - 1, 1));
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

	test.each(["three-phase", "paxos"])("%s: its participants go on without it", (protocol) => {
		for (const seed of seeds) expect(longest(protocol, seed)).toBeLessThan(2_500_000);
	});
});

describe("paxos", () => {
	const runPaxos = (options: Partial<ServiceRunOptions>): ServiceRun =>
		run({ count: 6, nodes: {}, ...options, config: { protocol: "paxos", yesRatio: 1, ...options.config } });
	const outcomes = (result: ServiceRun): string[] => result.facts("commit.decided", "n1").map(({ body }) => (body as { outcome: string }).outcome);

	test("messages are the paper's (N + 1)(F + 3) - 2, and N acknowledgements, for every number of faults", () => {
		for (const [count, faults] of [
			[2, 0],
			[4, 1],
			[8, 1],
			[6, 2],
			[12, 3],
		] as const) {
			const participants = count - 1;
			const result = runPaxos({ count, config: { faults } });
			expect(result.list.of("messageSent").length).toBe(20 * ((participants + 1) * (faults + 3) - 2 + participants));
		}
	});

	test("an acceptor that most votes do not reach is no reason to abort what all are prepared for", () => {
		// n2 and n3 are the acceptors that votes go to, n4 the third; n3 hears from n1 and n2 alone.
		const story = ["n4", "n5", "n6"].map((other): [number, string] => [1_000, `cut n3 ${other}`]);
		for (const seed of seeds) {
			const result = runPaxos({ seed, story });
			hold(result);
			expect(new Set(outcomes(result))).toEqual(new Set(["commit"]));
			expect(result.sent("commit.ballot").length).toBeGreaterThan(0);
		}
	});

	test("with F + 1 acceptors dead nobody decides, and with one of them back all do", () => {
		const story: [number, string][] = [
			[2_160_000, "crash n2"],
			[2_160_000, "crash n3"],
			[6_000_000, "restart n2"],
			[9_000_000, "restart n3"],
		];
		for (const seed of seeds) {
			const result = runPaxos({ seed, story });
			hold(result);
			const decided = result.facts("commit.decided").filter(({ atUs }) => atUs > 2_400_000 && atUs < 6_000_000);
			expect(decided).toEqual([]);
		}
	});

	test("who leads a ballot without asking what was accepted before finds another outcome than the one that was chosen", () => {
		const story: [number, string][] = Array.from({ length: 6 }, (_, index): [number, string][] => [
			[1_020_000 + index * 1_300_000, "crash n1"],
			[1_600_000 + index * 1_300_000, "restart n1"],
		]).flat();
		const slow = { n1: { disk: { ...plainDisk, syncUs: 20_000 } } };
		const broken = (mistake: string) =>
			seeds.filter((seed) =>
				runPaxos({ seed, story, nodes: slow, config: { mistake, timeout: "60ms", period: "20ms", transactions: 100 } }).broken("commit.atomic"),
			);
		expect(broken("none")).toEqual([]);
		expect(broken("hasty-leader")).toEqual(seeds);
	});

	test("too few participants for so many faults are refused", () => {
		expect(runPaxos({ count: 3 }).exceptions.join()).toContain("to live through 1 faults takes 3 participants; there are 2");
	});
});

describe("an acceptor", () => {
	const action = fc.record({ isPromise: fc.boolean(), participant: fc.nat(2), ballot: fc.nat(5), isPrepared: fc.boolean() });

	test("promises a ballot once, and never accepts one that is lower than what it promised", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
				const acceptor = new Acceptor();
				const promised = new Set<number>([0]);
				for (const { isPromise, participant, ballot, isPrepared } of actions) {
					const before = acceptor.promised;
					if (isPromise) {
						expect(acceptor.promise(ballot)).toBe(ballot > before);
						if (ballot > before) expect(promised.has(ballot)).toBe(false);
						promised.add(acceptor.promised);
					} else expect(acceptor.accept({ participant, ballot, value: isPrepared ? "prepared" : "aborted" })).toBe(ballot >= before);
					expect(acceptor.promised).toBeGreaterThanOrEqual(before);
				}
			}),
			{ seed: 1, numRuns: 300 },
		);
	});

	test("a leader proposes what has the highest ballot, and aborts where nothing was accepted", () => {
		const low = { participant: 0, ballot: 0, value: "prepared" } as const;
		const high = { participant: 0, ballot: 7, value: "aborted" } as const;
		expect([proposalFor(0, [[low], [high]]), proposalFor(0, [[low], []]), proposalFor(1, [[low], [high]])]).toEqual(["aborted", "prepared", "aborted"]);
	});

	test("reads nothing but acceptances of participants", () => {
		expect(decodeAccepted([[0, 1, true], [3, 0, true], [1, -1, true], "x", [1, 2, 3]], 3)).toEqual([{ participant: 0, ballot: 1, value: "prepared" }]);
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
			expect(broken("paxos", seed)).toBeNull();
		}
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readCommitConfig({ protocol: "one-phase" })).toThrow("commit: protocol must be one of two-phase, three-phase, paxos");
});
