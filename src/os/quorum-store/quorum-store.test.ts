import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type QuorumLab, type QuorumRun, quorumStores, runQuorum } from "../../../test/support/quorum-run.ts";
import { readQuorumConfig } from "./config.ts";
import type { DroppedFact, HoldsFact } from "./contract.ts";
import { Ring } from "./ring.ts";
import { includes, itemsOf, lossesOf, merged, readVersions, reconcile, sameVersions, type Vector, type Version } from "./versions.ts";

const vector: fc.Arbitrary<Vector> = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 3 }));
const version: fc.Arbitrary<Version> = fc.record({
	vector,
	items: fc.constant<readonly string[]>([]),
	stampUs: fc.nat(5),
	by: fc.constantFrom("a", "b", "c"),
});
const versions = fc.array(version, { maxLength: 6 });

describe("versions", () => {
	test("that one version includes another is an order, and what both include its least upper bound (Dynamo 4.4)", () => {
		fc.assert(
			fc.property(vector, vector, vector, (a, b, c) => {
				expect(includes(merged(a, b), a) && includes(merged(a, b), b)).toBe(true);
				if (includes(c, a) && includes(c, b)) expect(includes(c, merged(a, b))).toBe(true);
			}),
			{ seed: 1, numRuns: 300 },
		);
	});

	test.each(["vector", "clock"] as const)("the order and the number of times in which versions come do not matter (Dynamo 4.4): %s", (by) => {
		fc.assert(
			fc.property(versions, versions, (some, others) => {
				const once = reconcile([...some, ...others], by);
				expect(sameVersions(reconcile([...reconcile(others, by), ...reconcile(some, by), ...some], by), once)).toBe(true);
			}),
			{ seed: 2, numRuns: 500 },
		);
	});

	const wrote = (by: string, seen: Vector, items: readonly string[], stampUs: number): Version => ({
		vector: { ...seen, [by]: (seen[by] ?? 0) + 1 },
		items,
		stampUs,
		by,
	});
	const milk = wrote("ann", {}, ["milk"], 1);
	const bread = wrote("bob", {}, ["bread"], 2);
	const both = wrote("ann", merged(milk.vector, bread.vector), ["bread", "milk"], 0);

	test("two that had not seen each other are both kept, by vector; by the clock one is gone (Dynamo 4.4)", () => {
		expect(itemsOf(reconcile([milk, bread], "vector"))).toEqual(["bread", "milk"]);
		expect(reconcile([milk, bread], "clock")).toEqual([bread]);
		expect(lossesOf([milk, bread], [bread]).map(({ items }) => items)).toEqual([["milk"]]);
	});

	test("one that had seen both replaces both, whatever the clock said when it was written (Dynamo 4.4)", () => {
		expect(reconcile([milk, both, bread], "vector")).toEqual([both]);
		expect(reconcile([milk, both, bread], "clock")).toEqual([bread]);
	});

	test("what is no list of versions is refused", () => {
		expect(readVersions([milk])).toEqual([milk]);
		fc.assert(
			fc.property(fc.anything(), (anything) => {
				const read = readVersions([anything] as never);
				if (read !== null) expect(Object.keys(read[0]!)).toEqual(expect.arrayContaining(["vector", "items", "stampUs", "by"]));
			}),
			{ seed: 3, numRuns: 300 },
		);
	});
});

describe("the ring", () => {
	const names = Array.from({ length: 10 }, (_, index) => `node-${index + 1}`);
	const keys = Array.from({ length: 2_000 }, (_, index) => `key-${index}`);

	test("prefers every node once (Dynamo 4.3)", () => {
		const ring = new Ring(names, 32);
		for (const key of keys.slice(0, 200)) expect([...ring.preference(key)].sort()).toEqual([...names].sort());
	});

	test("gives every node its share of the keys, within a half of it (Dynamo 4.2)", () => {
		const ring = new Ring(names, 128);
		for (const name of names) {
			const share = keys.filter((key) => ring.preference(key)[0] === name).length / keys.length;
			expect(Math.abs(share - 0.1)).toBeLessThan(0.05);
		}
	});

	test("without one node, only that node's keys move, each to the next that was preferred (Dynamo 4.2)", () => {
		const [before, after] = [new Ring(names, 32), new Ring(names.slice(1), 32)];
		for (const key of keys.slice(0, 300)) expect(after.preference(key)).toEqual(before.preference(key).filter((name) => name !== names[0]));
	});
});

const seeds = [1, 2, 3, 4, 5];

function hold(result: QuorumRun, except: readonly string[] = []): void {
	expect(result.exceptions).toEqual([]);
	expect(result.broken.filter((sentence) => !except.some((name) => sentence.startsWith(name)))).toEqual([]);
}

const halves: [number, string][] = [
	[1_000_000, "partition {s1 s2 s3 c1} {s4 s5 c2}"],
	[2_500_000, "heal all"],
];

describe("R + W > N", () => {
	test.each([
		[1, 3],
		[2, 2],
		[3, 1],
	])("where R + W > N nobody misses what was acknowledged (Dynamo 4.5): R %i, W %i", (read, write) => {
		for (const seed of seeds) {
			const result = runQuorum({ seed, store: { read, write }, physics: { lossRatio: 0.05, duplicateRatio: 0.1 } });
			hold(result);
			expect(result.added()).toBeGreaterThan(50);
		}
	});

	test.each([
		[1, 1],
		[1, 2],
		[2, 1],
	])("where R + W <= N somebody misses what was acknowledged (Dynamo 4.5): R %i, W %i", (read, write) => {
		const lab: QuorumLab = {
			store: { read, write, readRepair: "off", antiEntropy: "0us" },
			client: { carts: 1, think: "5ms", adds: 40 },
			physics: { lossRatio: 0.2 },
		};
		const broken = seeds.filter((seed) =>
			runQuorum({ ...lab, seed })
				.broken.join()
				.includes("quorum.readsSeeWrites"),
		);
		expect(broken.length).toBeGreaterThan(1);
	});
});

describe("cut in two", () => {
	test("a strict quorum serves where two of three are, and loses nothing", () => {
		for (const seed of seeds) {
			const result = runQuorum({ seed, story: halves });
			hold(result);
			expect(Number(result.inspect("s1", "quorum-store").notEnough) + Number(result.inspect("s4", "quorum-store").notEnough)).toBeGreaterThan(0);
		}
	});

	test("a sloppy quorum serves everybody, loses nothing, agrees in the end, and reads the past (Dynamo 4.6)", () => {
		for (const seed of seeds) {
			const result = runQuorum({ seed, store: { sloppy: "on" }, story: halves });
			hold(result, ["quorum.readsSeeWrites"]);
			expect(result.broken.join()).toContain("quorum.readsSeeWrites");
			expect(result.facts("quorum.hint").length).toBeGreaterThan(0);
			for (const store of quorumStores) expect(result.inspect(store, "quorum-store").keptForOthers).toEqual([]);
		}
	});

	test("hints survive the crash of who keeps them (Dynamo 4.6)", () => {
		const story: [number, string][] = [...halves, [2_499_000, "crash s4"], [2_499_000, "crash s5"], [2_600_000, "restart s4"], [2_600_000, "restart s5"]];
		for (const seed of seeds) hold(runQuorum({ seed, store: { sloppy: "on" }, story, disk: { tornRatio: 1 } }), ["quorum.readsSeeWrites"]);
	});
});

describe("which version stays", () => {
	test("by vectors, both of two writes at once; the next writer joins them", () => {
		for (const seed of seeds) {
			const result = runQuorum({ seed, client: { carts: 1, think: "10ms", adds: 25 } });
			hold(result);
			const siblings = result.facts("quorum.holds").map(({ body }) => (body as unknown as HoldsFact).versions.length);
			expect(Math.max(...siblings)).toBeGreaterThan(1);
			expect(result.facts("quorum.dropped")).toEqual([]);
		}
	});

	test("by the clock, one of two; the records say which items went, and who won", () => {
		for (const seed of seeds) {
			const result = runQuorum({ seed, store: { versions: "clock" }, client: { carts: 1, think: "10ms", adds: 25 } });
			expect(result.broken.join()).toContain("quorum.nothingLost");
			for (const { body } of result.facts("quorum.dropped")) expect((body as DroppedFact).items.length).toBeGreaterThan(0);
		}
	});

	test("by a clock that runs ahead, even writes that had seen the other lose", () => {
		const story: [number, string][] = [[500_000, "clock s1 +10s"]];
		// One shopper, one write after the other: there are no two at once.
		const client = { shoppers: 1, carts: 1, lookRatio: 0, think: "40ms" };
		let lost = 0;
		for (const seed of seeds) {
			const lab = { seed, client: { ...client, adds: 25 }, story };
			hold(runQuorum(lab));
			if (
				runQuorum({ ...lab, store: { versions: "clock" } })
					.broken.join()
					.includes("quorum.nothingLost")
			)
				lost++;
		}
		expect(lost).toBe(seeds.length);
	});
});

describe("how copies become equal", () => {
	// A node that slept through everything, and nobody writes any more when it wakes.
	const sleeper = new Ring(quorumStores, 32).preference("cart-1")[0];
	const story: [number, string][] = [
		[500_000, `crash ${sleeper}`],
		[3_600_000, `restart ${sleeper}`],
	];
	const off = { readRepair: "off", antiEntropy: "0us", handoff: "0us" };

	test("not by themselves", () => {
		for (const seed of seeds) expect(runQuorum({ seed, story, store: off }).broken.join()).toContain("quorum.converges");
	});

	test("by comparing (Dynamo 4.7)", () => {
		for (const seed of seeds) hold(runQuorum({ seed, story, store: { ...off, antiEntropy: "100ms" } }), ["quorum.readsSeeWrites"]);
	});

	test("by handing over what was kept for another (Dynamo 4.6)", () => {
		for (const seed of seeds) hold(runQuorum({ seed, story, store: { ...off, sloppy: "on", handoff: "100ms" } }), ["quorum.readsSeeWrites"]);
	});

	test("by reading (Dynamo 5)", () => {
		// What is added is added before the sleeper wakes; then c2 only looks.
		const client = { lasts: "3s", carts: 1, adds: 30, think: "50ms" };
		const look = { lookRatio: 1, lasts: "6s" };
		const lab = (readRepair: string): QuorumLab => ({ story, store: { ...off, readRepair }, client, second: look, untilUs: 7_000_000 });
		for (const seed of seeds) {
			hold(runQuorum({ seed, ...lab("on") }));
			expect(runQuorum({ seed, ...lab("off") }).broken.join()).toContain("quorum.converges");
		}
	});
});

test("without sync, a power cut takes what was acknowledged", () => {
	const all = quorumStores.join(" ");
	const story: [number, string][] = [
		[3_800_000, `crash ${all}`],
		[3_900_000, `restart ${all}`],
	];
	for (const seed of seeds) {
		hold(runQuorum({ seed, story, disk: { tornRatio: 1 } }));
		expect(runQuorum({ seed, story, store: { sync: "off" }, disk: { tornRatio: 1 } }).broken.join()).toContain("quorum.nothingLost");
	}
});

test("a store whose drives are full says no, and keeps what it had said yes to", () => {
	for (const seed of seeds) {
		const result = runQuorum({ seed, disk: { capacityBytes: 12_000 }, client: { carts: 1, lookRatio: 0 } });
		hold(result, ["quorum.converges"]);
		expect(result.list.of("diskFailed").length).toBeGreaterThan(0);
		expect(result.added()).toBeGreaterThan(10);
	}
});

test("the configuration is refused with what was expected", () => {
	expect(() => readQuorumConfig({ versions: "hope" })).toThrow("quorum-store: versions must be one of vector, clock");
	expect(() => readQuorumConfig({ replicas: 2, read: 3 })).toThrow("no more than replicas");
});
