import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { belowOf, Philox, ratioOf } from "../../core/random.ts";
import { Cache, type CachePolicy, cachePolicies } from "./cache.ts";

const bytes = (length: number): Uint8Array => new Uint8Array(length);

interface NaiveEntry {
	readonly key: string;
	readonly size: number;
	readonly staleUs: number;
	readonly cameAt: number;
	usedAt: number;
	uses: number;
}

/** The policies in the plainest words there are: a list, searched from end to end. */
class NaiveCache {
	readonly #policy: CachePolicy;
	readonly #capacityBytes: number;
	readonly #freshUs: number;
	#clock = 0;
	#entries: NaiveEntry[] = [];

	constructor(policy: CachePolicy, capacityBytes: number, freshUs: number) {
		this.#policy = policy;
		this.#capacityBytes = capacityBytes;
		this.#freshUs = freshUs;
	}

	get(key: string, nowUs: number): boolean {
		this.#clock++;
		const entry = this.#entries.find((candidate) => candidate.key === key);
		if (entry === undefined) return false;
		if (nowUs >= entry.staleUs) {
			this.#entries = this.#entries.filter((candidate) => candidate !== entry);
			return false;
		}
		entry.usedAt = this.#clock;
		entry.uses++;
		return true;
	}

	put(key: string, size: number, nowUs: number): void {
		this.#clock++;
		this.#entries = this.#entries.filter((candidate) => candidate.key !== key);
		if (size > this.#capacityBytes) return;
		while (this.bytes + size > this.#capacityBytes) {
			const first = this.#entries.reduce((worst, entry) => (this.#goesBefore(entry, worst) ? entry : worst));
			this.#entries = this.#entries.filter((candidate) => candidate !== first);
		}
		this.#entries.push({ key, size, staleUs: nowUs + this.#freshUs, cameAt: this.#clock, usedAt: this.#clock, uses: 1 });
	}

	get bytes(): number {
		return this.#entries.reduce((sum, { size }) => sum + size, 0);
	}

	keys(): string[] {
		return this.#entries.map(({ key }) => key);
	}

	#goesBefore(a: NaiveEntry, b: NaiveEntry): boolean {
		if (this.#policy === "lru") return a.usedAt < b.usedAt;
		if (this.#policy === "ttl") return a.cameAt < b.cameAt;
		return a.uses < b.uses || (a.uses === b.uses && a.usedAt < b.usedAt);
	}
}

type Act = { readonly do: "get" | "put"; readonly key: number; readonly size: number; readonly passUs: number };
const acts: fc.Arbitrary<Act[]> = fc.array(
	fc.record({ do: fc.constantFrom("get", "put"), key: fc.nat(9), size: fc.integer({ min: 1, max: 60 }), passUs: fc.nat(20) }),
	{ maxLength: 120 },
);

describe.each(cachePolicies)("%s", (policy) => {
	test("keeps what a list searched from end to end keeps, whatever is asked and put", () => {
		fc.assert(
			fc.property(acts, fc.integer({ min: 40, max: 200 }), fc.integer({ min: 50, max: 2_000 }), (list, capacityBytes, freshUs) => {
				const cache = new Cache({ policy, capacityBytes, freshUs });
				const naive = new NaiveCache(policy, capacityBytes, freshUs);
				let nowUs = 0;
				for (const { do: act, key, size, passUs } of list) {
					nowUs += passUs;
					if (act === "get") expect(cache.get(`k${key}`, nowUs) !== undefined).toBe(naive.get(`k${key}`, nowUs));
					else {
						cache.put(`k${key}`, bytes(size), nowUs);
						naive.put(`k${key}`, size, nowUs);
					}
					expect([...cache.keys()].sort()).toEqual(naive.keys().sort());
					expect(cache.bytes).toBe(naive.bytes);
					expect(cache.bytes).toBeLessThanOrEqual(capacityBytes);
				}
			}),
			{ seed: 11, numRuns: 400 },
		);
	});

	test("gives back the bytes that were put, and not a byte once they are stale", () => {
		const cache = new Cache({ policy, capacityBytes: 10, freshUs: 100 });
		cache.put("a", Uint8Array.of(1, 2, 3), 0);
		expect(cache.get("a", 99)).toEqual(Uint8Array.of(1, 2, 3));
		expect(cache.get("a", 100)).toBeUndefined();
		expect(cache.bytes).toBe(0);
	});

	test("puts the new in the place of the old of that name, and leaves out what is larger than itself", () => {
		const cache = new Cache({ policy, capacityBytes: 10, freshUs: undefined });
		cache.put("a", bytes(4), 0);
		cache.put("a", bytes(6), 1);
		expect([cache.size, cache.bytes, cache.evicted]).toEqual([1, 6, 0]);
		cache.put("b", bytes(11), 2);
		expect(cache.keys()).toEqual(["a"]);
		// An empty thing takes room too, so that things are as bounded as bytes.
		for (let key = 0; key < 50; key++) cache.put(`empty-${key}`, bytes(0), 3);
		expect(cache.size).toBeLessThanOrEqual(10);
	});
});

/** The popularity of films: the k-th of them is asked for in proportion to 1 / k. */
function zipfRatios(things: number, exponent: number): number[] {
	const weights = Array.from({ length: things }, (_, index) => 1 / (index + 1) ** exponent);
	const sum = weights.reduce((total, weight) => total + weight);
	return weights.map((weight) => weight / sum);
}

function drawer(ratios: readonly number[], seed: number): () => number {
	const cumulated: number[] = [];
	ratios.reduce((sum, ratio, index) => {
		cumulated[index] = sum + ratio;
		return sum + ratio;
	}, 0);
	const philox = new Philox(seed);
	let draws = 0;
	return () => {
		philox.draw(7, ++draws, 0, 0);
		const ticket = ratioOf(philox.w0);
		const found = cumulated.findIndex((edge) => ticket < edge);
		return found < 0 ? ratios.length - 1 : found;
	};
}

/** Hits a request of things of one size, once the cache is full. */
function hitRatio(policy: CachePolicy, { room, draw, requests }: { readonly room: number; readonly draw: () => number; readonly requests: number }): number {
	const cache = new Cache({ policy, capacityBytes: room, freshUs: undefined });
	let hits = 0;
	for (let request = 0; request < 2 * requests; request++) {
		const key = String(draw());
		if (cache.get(key, 0) === undefined) cache.put(key, bytes(1), 0);
		else if (request >= requests) hits++;
	}
	return hits / requests;
}

/**
 * What an LRU cache of this room hits: everybody stays for the same time T, after which `room` others have been asked for.
 * @source Che, Tung, Wang, Hierarchical Web caching systems (IEEE JSAC 20:7, 2002)
 */
function cheRatio(ratios: readonly number[], room: number): number {
	const held = (time: number): number => ratios.reduce((sum, ratio) => sum + 1 - Math.exp(-ratio * time), 0);
	let [low, high] = [0, 1e9];
	for (let step = 0; step < 200; step++) {
		const middle = (low + high) / 2;
		if (held(middle) < room) low = middle;
		else high = middle;
	}
	return ratios.reduce((sum, ratio) => sum + ratio * (1 - Math.exp(-ratio * low)), 0);
}

describe("hits of a thousand things with the popularity of films", () => {
	const things = 1_000;
	const requests = 60_000;

	test.each([
		[20, 0.8],
		[100, 0.8],
		[100, 1],
		[300, 1],
	])("with room for %i and exponent %d, by lru, are as many as theory says, within 0.01", (room, exponent) => {
		const ratios = zipfRatios(things, exponent);
		expect(Math.abs(hitRatio("lru", { room, draw: drawer(ratios, 1), requests }) - cheRatio(ratios, room))).toBeLessThan(0.01);
	});

	test("by lfu come near to the best there is, which is to keep the most popular, and beat lru", () => {
		const ratios = zipfRatios(things, 1);
		const best = ratios.slice(0, 100).reduce((sum, ratio) => sum + ratio);
		const lfu = hitRatio("lfu", { room: 100, draw: drawer(ratios, 1), requests });
		const lru = hitRatio("lru", { room: 100, draw: drawer(ratios, 1), requests });
		expect(lfu).toBeLessThanOrEqual(best + 0.01);
		expect(lfu).toBeGreaterThan(best - 0.05);
		expect(lfu).toBeGreaterThan(lru + 0.05);
	});

	test("when all are equally popular are room by things, by every policy", () => {
		const philox = new Philox(3);
		let draws = 0;
		const draw = (): number => {
			philox.draw(7, ++draws, 0, 0);
			return belowOf(philox.w0, 200);
		};
		for (const policy of cachePolicies) expect(Math.abs(hitRatio(policy, { room: 50, draw, requests: 40_000 }) - 0.25)).toBeLessThan(0.01);
	});
});
