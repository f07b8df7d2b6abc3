import { describe, expect, test } from "vitest";
import { type PairLab, type PairRun, runPair } from "../../../test/support/pair-run.ts";
import { readPairConfig } from "./config.ts";
import type { RecordFact, RoleFact } from "./contract.ts";

const seeds = [1, 2, 3, 4, 5];
const cutUs = 1_500_000;
const healUs = 4_000_000;
const cutCable: [number, string][] = [
	[cutUs, "cut s1 s2"],
	[healUs, "heal all"],
];

function hold(result: PairRun): void {
	expect([...result.failures, ...result.broken]).toEqual([]);
}

/** Servers that were active at an instant, by what they stated. */
function activeAt(result: PairRun, atUs: number): string[] {
	return ["s1", "s2"].filter((server) => {
		const roles = result.facts("pair.role", server).filter((fact) => fact.atUs <= atUs);
		return (roles.at(-1)?.body as RoleFact | undefined)?.role === "active";
	});
}

test("undisturbed, the first of two serves, and everybody is served by it", () => {
	for (const guard of ["none", "quorum", "lease", "stonith"]) {
		const result = runPair({ pair: { guard }, database: { tokens: "ignored" } });
		hold(result);
		expect(activeAt(result, 6_000_000)).toEqual(["s1"]);
		expect(result.acknowledged(1_000_000)).toBeGreaterThan(60);
		expect(result.list.of("nodeCrashed")).toEqual([]);
	}
});

describe("the cable is cut", () => {
	test("the naive pair: both serve, and the records say who overwrote whom", () => {
		for (const seed of seeds) {
			const result = runPair({ seed, database: { tokens: "ignored" }, story: cutCable });
			expect(activeAt(result, healUs)).toEqual(["s1", "s2"]);
			expect(result.broken.join()).toContain("pair.noLostOrder: record-");
			const overwritten = result.facts("pair.record").filter(({ body }) => (body as RecordFact).was !== null);
			expect(overwritten.length).toBeGreaterThan(5);
			for (const { body } of overwritten) expect((body as RecordFact).was?.by).not.toBe((body as RecordFact).by);
			// When the cable is back the older one notices; the database does not recover by that.
			expect(activeAt(result, 6_000_000)).toHaveLength(1);
		}
	});

	test.each<[string, PairLab]>([
		["tokens", { database: { tokens: "checked" } }],
		["votes", { pair: { guard: "quorum" }, database: { tokens: "ignored" } }],
		["a lease", { pair: { guard: "lease" }, database: { tokens: "ignored" } }],
		["the power switch", { pair: { guard: "stonith" }, database: { tokens: "ignored" } }],
	])("%s: no order is lost, and customers are served", (_, lab) => {
		for (const seed of seeds) {
			const result = runPair({ seed, ...lab, story: cutCable });
			hold(result);
			expect(result.acknowledged(healUs)).toBeGreaterThan(20);
		}
	});
});

describe("the power switch", () => {
	test("really ends the other one: its node crashes, and stays down", () => {
		const result = runPair({ pair: { guard: "stonith" }, story: cutCable });
		expect(result.list.of("nodeCrashed").map(({ node, body }) => `${node}: ${body}`)).toEqual(["s1: Error: power cut by b1"]);
		expect(result.facts("pair.role", "s1").at(-1)?.atUs).toBeLessThan(cutUs);
		expect(activeAt(result, 6_000_000)).toContain("s2");
	});

	test("cuts the power of one that has crashed by itself, and customers are served again", () => {
		const result = runPair({ pair: { guard: "stonith" }, story: [[cutUs, "crash s1"]] });
		expect(activeAt(result, 6_000_000)).toContain("s2");
		expect(result.acknowledged(3_000_000)).toBeGreaterThan(30);
	});

	test("cuts the power of one that stands still: the sleeper falls as it wakes, before it has written anything", () => {
		const resumeUs = 3_500_000;
		const story: [number, string][] = [
			[cutUs, "pause s1"],
			[resumeUs, "resume s1"],
		];
		for (const seed of seeds) {
			const result = runPair({ seed, pair: { guard: "stonith" }, database: { tokens: "ignored" }, customer: { think: "5ms" }, story });
			hold(result);
			expect(activeAt(result, resumeUs - 1)).toContain("s2");
			expect(result.list.of("nodeCrashed").map(({ node, atUs }) => [node, atUs])).toEqual([["s1", resumeUs]]);
			expect(result.list.of("messageSent", "s1").filter(({ atUs, fields }) => atUs >= resumeUs && fields.name === "pair.write")).toEqual([]);
			expect(result.acknowledged(2_500_000)).toBeGreaterThan(30);
		}
	});

	test("does not say yes for a board that does not answer: nobody takes over from a machine that went down with its board, unless silence counts", () => {
		const story: [number, string][] = [[cutUs, "crash s1 b1"]];
		expect(activeAt(runPair({ pair: { guard: "stonith" }, story }), 6_000_000)).not.toContain("s2");
		expect(activeAt(runPair({ pair: { guard: "stonith" }, power: { noAnswer: "off" }, story }), 6_000_000)).toContain("s2");
	});

	test("that cannot reach the board, with silence as a yes, saves nothing; with silence as a no it does", () => {
		const story: [number, string][] = [[cutUs, "cut pw b1"], ...cutCable];
		for (const seed of seeds) {
			const lab = { seed, story, pair: { guard: "stonith" }, database: { tokens: "ignored" } };
			expect(runPair({ ...lab, power: { noAnswer: "off" } }).broken).not.toEqual([]);
			hold(runPair(lab));
			hold(runPair({ ...lab, power: { noAnswer: "off" }, database: { tokens: "checked" } }));
		}
	});

	test("cannot call back what the dead one sent", () => {
		const story: [number, string][] = [[cutUs - 60_000, "clog s1 -> db"], ...cutCable];
		for (const seed of seeds) {
			const lab = { seed, story, pair: { guard: "stonith" }, customer: { think: "5ms" } };
			expect(runPair({ ...lab, database: { tokens: "ignored" } }).broken).not.toEqual([]);
			hold(runPair({ ...lab, database: { tokens: "checked" } }));
		}
	});
});

describe("the lease", () => {
	const cut: [number, string][] = [[cutUs, "cut s1 w"], ...cutCable];

	test("is over for its holder before it is for the witness, if clocks drift no further than the margin (Leases 2)", () => {
		for (const seed of seeds) {
			// 10 % of 400 ms is less than 50 ms; 40 % is more.
			const lab = { seed, pair: { guard: "lease", timeout: "100ms" }, database: { tokens: "ignored" }, customer: { think: "5ms" } };
			hold(runPair({ ...lab, story: [[100_000, "drift s1 -100000ppm"], ...cut] }));
			expect(runPair({ ...lab, story: [[100_000, "drift s1 -500000ppm"], ...cut] }).broken).not.toEqual([]);
			hold(runPair({ ...lab, story: [[100_000, "drift s1 -500000ppm"], ...cut], database: { tokens: "checked" } }));
		}
	});

	test("without a margin the holder is still writing when the next one begins", () => {
		const drift: [number, string] = [100_000, "drift s1 -100000ppm"];
		const broken = seeds.filter((seed) => {
			const lab = { seed, pair: { guard: "lease", margin: "0us", timeout: "150ms" }, database: { tokens: "ignored" }, customer: { think: "2ms" } };
			return runPair({ ...lab, story: [drift, ...cut] }).broken.length > 0;
		});
		expect(broken.length).toBeGreaterThan(0);
	});

	test("is waited out by a witness that has crashed; one that forgets lends it twice (Leases 2)", () => {
		// The holder cannot tell the witness that it goes on, and the witness does not remember that it does.
		const story: [number, string][] = [
			[cutUs - 300_000, "cut s1 s2"],
			[cutUs, "cut s1 w"],
			[cutUs, "crash w"],
			[cutUs + 1_000, "restart w"],
		];
		const lab = { pair: { guard: "lease", timeout: "100ms" }, witness: { lease: "2s" }, database: { tokens: "ignored" }, customer: { think: "5ms" }, story };
		for (const seed of seeds) {
			hold(runPair({ ...lab, seed }));
			expect(runPair({ ...lab, seed, witness: { lease: "2s", mistake: "forgets" } }).broken).not.toEqual([]);
		}
	});
});

describe("votes", () => {
	test("one of three may die, whichever: customers are served", () => {
		for (const victim of ["s1", "s2", "w"]) {
			const result = runPair({ pair: { guard: "quorum" }, database: { tokens: "ignored" }, story: [[cutUs, `crash ${victim}`]] });
			hold(result);
			expect(result.acknowledged(4_000_000)).toBeGreaterThan(30);
		}
	});

	test("a cut cable alone changes nothing: the witness hears the leader, and has no vote for another (thesis 4.2.3)", () => {
		for (const seed of seeds) {
			const result = runPair({ seed, pair: { guard: "quorum" }, database: { tokens: "ignored" }, story: cutCable });
			hold(result);
			expect([activeAt(result, healUs), result.facts("pair.role").filter(({ body }) => (body as RoleFact).role === "active").length]).toEqual([["s1"], 1]);
		}
	});

	test("two of three cut off from each other: nobody leads, nobody is served, nothing is lost (thesis 6.2)", () => {
		const story: [number, string][] = [
			[cutUs, "crash w"],
			[cutUs, "cut s1 s2"],
		];
		const result = runPair({ pair: { guard: "quorum" }, database: { tokens: "ignored" }, story });
		hold(result);
		expect([activeAt(result, 4_000_000), result.acknowledged(3_000_000)]).toEqual([[], 0]);
	});

	test("a vote is on disk before it is told: a witness that crashes does not vote again in a term (thesis 3.8)", () => {
		const story: [number, string][] = [
			[1_500_000, "cut s1 s2"],
			[1_500_000, "cut s1 w"],
			[3_000_000, "cut s2 w"],
			[3_000_000, "crash w"],
			[3_100_000, "restart w"],
			[3_150_000, "heal s1 w"],
		];
		for (const seed of seeds) {
			const lab = { seed, story, pair: { guard: "quorum" }, database: { tokens: "ignored" } };
			expect(runPair({ ...lab, witness: { mistake: "forgets" } }).broken.join()).toContain("pair.oneLeader");
			const result = runPair(lab);
			expect(result.broken.filter((sentence) => sentence.startsWith("pair.oneLeader"))).toEqual([]);
		}
	});

	test("one vote is not enough (thesis 3.4)", () => {
		for (const seed of seeds) {
			expect(runPair({ seed, story: cutCable, pair: { guard: "quorum", votes: 1 }, database: { tokens: "ignored" } }).broken).not.toEqual([]);
		}
	});

	test("a leader that sleeps writes when it wakes, and only the database can refuse it (Chubby 2.4)", () => {
		const story: [number, string][] = [
			[cutUs, "pause s1"],
			[3_500_000, "resume s1"],
		];
		for (const seed of seeds) {
			const lab = { seed, story, pair: { guard: "quorum" }, customer: { think: "5ms" } };
			expect(runPair({ ...lab, database: { tokens: "ignored" } }).broken).not.toEqual([]);
			hold(runPair({ ...lab, database: { tokens: "checked" } }));
		}
	});
});

describe("the database", () => {
	test("keeps what it has acknowledged through crashes that tear what is not synced", () => {
		const story = Array.from({ length: 6 }, (_, index): [number, string] => [1_000_000 + index * 317_000, index % 2 === 0 ? "crash db" : "restart db"]);
		for (const seed of seeds) {
			const result = runPair({ seed, story, disk: { tornRatio: 1 } });
			hold(result);
			expect(result.acknowledged(3_000_000)).toBeGreaterThan(20);
		}
	});

	test("knows the newest token after a crash, and refuses what is older (Chubby 2.4)", () => {
		const story: [number, string][] = [...cutCable, [2_500_000, "crash db"], [2_600_000, "restart db"]];
		for (const seed of seeds) hold(runPair({ seed, story }));
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readPairConfig({ guard: "prayer" })).toThrow("pair: guard must be one of none, quorum, lease, stonith");
});
