import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Random } from "../../../core/node-api.ts";
import { Philox, ratioOf } from "../../../core/random.ts";
import { buildRing, consistentHash, ringIndex } from "./consistent-hash.ts";
import { mixHash, textHash } from "./hash.ts";
import { type Algorithm, algorithms, strategyOf } from "./index.ts";
import type { Candidate, Gate } from "./strategy.ts";

const loadFactor = 1.25;

interface TestServer extends Candidate {
	outstanding: number;
	weight: number;
}

function serversOf(count: number, weights: readonly number[] = []): TestServer[] {
	return Array.from({ length: count }, (_, index) => ({ name: `web-${index + 1}`, weight: weights[index] ?? 1, outstanding: 0 }));
}

/** Seeded, over the project's own generator. */
function testRandom(seed: number): Pick<Random, "below"> & Random {
	const philox = new Philox(seed);
	let draws = 0;
	const ratio = (): number => {
		philox.draw(3, 0, ++draws, 0);
		return ratioOf(philox.w0);
	};
	const unused = (): never => {
		throw new Error("not needed by strategies");
	};
	return { ratio, below: (below) => Math.floor(ratio() * below), chance: unused, exponential: unused, normal: unused, shuffle: unused, pick: unused };
}

const everybody: Gate = { admits: () => true };
const nobody: Gate = { admits: () => false };

function gateWithout(...names: readonly string[]): Gate {
	return { admits: ({ name }) => !names.includes(name) };
}

function choices(algorithm: Algorithm, servers: readonly TestServer[], gate: Gate, count: number): number[] {
	const strategy = strategyOf(algorithm, servers, { random: testRandom(5), loadFactor });
	return Array.from({ length: count }, (_, visitor) => strategy.choose(gate, mixHash(visitor)));
}

function countsOf(chosen: readonly number[], servers: number): number[] {
	const counts = new Array<number>(servers).fill(0);
	for (const index of chosen) counts[index] = (counts[index] as number) + 1;
	return counts;
}

describe.each(algorithms)("%s", (algorithm) => {
	test("never chooses a server that the gate does not admit", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.array(fc.nat(50)), (count, open, loads) => {
				const servers = serversOf(count);
				servers.forEach((server, index) => {
					server.outstanding = loads[index] ?? 0;
				});
				const strategy = strategyOf(algorithm, servers, { random: testRandom(1), loadFactor });
				const gate: Gate = { admits: (server) => open[servers.indexOf(server as TestServer)] === true };
				const anyOpen = open.slice(0, count).includes(true);
				for (let key = 0; key < 20; key++) {
					const chosen = strategy.choose(gate, mixHash(key));
					if (anyOpen) expect(open[chosen]).toBe(true);
					else expect(chosen).toBe(-1);
				}
			}),
			{ seed: 11, numRuns: 200 },
		);
	});

	test("chooses nobody when nobody is admitted, and works on afterwards", () => {
		const servers = serversOf(3);
		const strategy = strategyOf(algorithm, servers, { random: testRandom(1), loadFactor });
		expect(strategy.choose(nobody, 1)).toBe(-1);
		expect(strategy.choose(gateWithout("web-1", "web-3"), 1)).toBe(1);
	});

	test("spreads idle servers' requests so that none has twice the average", () => {
		const counts = countsOf(choices(algorithm, serversOf(5), everybody, 5_000), 5);
		expect(Math.max(...counts)).toBeLessThan(2_000);
		expect(Math.min(...counts)).toBeGreaterThan(500);
	});
});

test("round robin gives everybody the same, and the absent one's turns to no one in particular", () => {
	expect(choices("round-robin", serversOf(3), everybody, 6)).toEqual([0, 1, 2, 0, 1, 2]);
	expect(countsOf(choices("round-robin", serversOf(4), gateWithout("web-2"), 300), 4)).toEqual([100, 0, 100, 100]);
});

test("weighted round robin interleaves as nginx documents it: 5, 1, 1 gives a a b a c a a", () => {
	expect(choices("weighted", serversOf(3, [5, 1, 1]), everybody, 7)).toEqual([0, 0, 1, 0, 2, 0, 0]);
});

test("weighted round robin gives exact shares over every full round", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }), (weights) => {
			const round = weights.reduce((sum, weight) => sum + weight, 0);
			expect(countsOf(choices("weighted", serversOf(weights.length, weights), everybody, 2 * round), weights.length)).toEqual(
				weights.map((weight) => 2 * weight),
			);
		}),
		{ seed: 12, numRuns: 100 },
	);
});

test("least connections picks a server with the fewest outstanding requests for its weight", () => {
	fc.assert(
		fc.property(fc.array(fc.record({ load: fc.nat(30), weight: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 20 }), (loads) => {
			const servers = loads.map(({ load, weight }, index) => ({ name: `web-${index}`, weight, outstanding: load }));
			const chosen = servers[strategyOf("least-connections", servers, { random: testRandom(1), loadFactor }).choose(everybody, 0)];
			const least = Math.min(...servers.map(({ outstanding, weight }) => (outstanding + 1) / weight));
			expect(((chosen?.outstanding ?? 0) + 1) / (chosen?.weight ?? 1)).toBe(least);
		}),
		{ seed: 13, numRuns: 200 },
	);
});

test("least connections lets equals take turns", () => {
	expect(choices("least-connections", serversOf(3), everybody, 6)).toEqual([0, 1, 2, 0, 1, 2]);
});

/** Balls into bins: the largest load after as many balls as bins, when nothing ever leaves. */
function largestLoad(algorithm: Algorithm | "random", bins: number, seed: number): number {
	const servers = serversOf(bins);
	const random = testRandom(seed);
	const strategy = algorithm === "random" ? undefined : strategyOf(algorithm, servers, { random, loadFactor });
	for (let ball = 0; ball < bins; ball++) {
		const server = servers[strategy?.choose(everybody, 0) ?? random.below(bins)] as TestServer;
		server.outstanding++;
	}
	return Math.max(...servers.map(({ outstanding }) => outstanding));
}

test("two choices keep the longest queue near log log n, one choice lets it grow as log n / log log n", () => {
	const seeds = [1, 2, 3, 4, 5];
	// n = 1000: log log n / log 2 + O(1) is about 3; one choice gives 5 or more.
	for (const seed of seeds) expect(largestLoad("power-of-two", 1_000, seed)).toBeLessThanOrEqual(4);
	const single = seeds.reduce((sum, seed) => sum + largestLoad("random", 1_000, seed), 0) / seeds.length;
	expect(single).toBeGreaterThanOrEqual(5);
});

test("two choices never take the most loaded of three idle-but-one", () => {
	const servers = serversOf(3);
	(servers[1] as TestServer).outstanding = 10;
	expect(new Set(choices("power-of-two", servers, everybody, 200))).toEqual(new Set([0, 2]));
});

describe("consistent hashing", () => {
	const keys = Array.from({ length: 4_000 }, (_, visitor) => mixHash(visitor));

	test("gives the same server to the same key", () => {
		const strategy = consistentHash(serversOf(10), loadFactor);
		for (const key of keys.slice(0, 200)) expect(strategy.choose(everybody, key)).toBe(strategy.choose(everybody, key));
	});

	test("moves only the leaver's keys when a server leaves, and gives them back when it returns", () => {
		const strategy = consistentHash(serversOf(10), loadFactor);
		const before = keys.map((key) => strategy.choose(everybody, key));
		const without = keys.map((key) => strategy.choose(gateWithout("web-3"), key));
		keys.forEach((_, index) => {
			if (before[index] !== 2) expect(without[index]).toBe(before[index]);
			else expect(without[index]).not.toBe(2);
		});
		expect(keys.map((key) => strategy.choose(everybody, key))).toEqual(before);
	});

	test("spreads the leaver's keys over all the others", () => {
		const strategy = consistentHash(serversOf(10), loadFactor);
		const moved = keys.filter((key) => strategy.choose(everybody, key) === 2).map((key) => strategy.choose(gateWithout("web-3"), key));
		expect(new Set(moved).size).toBe(9);
	});

	test("gives a server a share that follows its weight", () => {
		const ring = buildRing(serversOf(2, [3, 1]));
		const heavy = keys.filter((key) => ring[ringIndex(ring, key)]?.server === 0).length / keys.length;
		expect(heavy).toBeGreaterThan(0.65);
		expect(heavy).toBeLessThan(0.85);
	});

	test("finds the first point at or after the key, going round", () => {
		const ring = [
			{ at: 10, server: 0 },
			{ at: 20, server: 1 },
		];
		expect([5, 10, 11, 20, 21].map((key) => ring[ringIndex(ring, key)]?.server)).toEqual([0, 0, 1, 1, 0]);
	});

	test("lets no server hold more than the load factor times the average, however popular its key", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(5), { minLength: 1, maxLength: 400 }), (count, visitors) => {
				const servers = serversOf(count);
				const strategy = consistentHash(servers, loadFactor);
				visitors.forEach((visitor, sent) => {
					const server = servers[strategy.choose(everybody, mixHash(visitor))] as TestServer;
					server.outstanding++;
					expect(server.outstanding).toBeLessThanOrEqual(Math.ceil((loadFactor * (sent + 1)) / count));
				});
			}),
			{ seed: 14, numRuns: 100 },
		);
	});
});

test("hashes are 32 bits, unsigned, and differ for neighbours", () => {
	const hashes = new Set(Array.from({ length: 10_000 }, (_, value) => mixHash(value)));
	expect(hashes.size).toBe(10_000);
	for (const hash of hashes) expect(hash >>> 0).toBe(hash);
	expect(textHash("web-1#1")).not.toBe(textHash("web-1#2"));
});
