/** Members on the real kernel: who gets in, what it costs on the wire, what they state, and what each rule is there for. */
import { describe, expect, test } from "vitest";
import { runService, type ServiceRun } from "../../../test/support/service-run.ts";
import type { PlainValue } from "../../core/node-api.ts";
import type { LinkPhysics } from "../../shared/plan.ts";
import { mutexAlgorithms } from "./algorithm.ts";
import { readMutexConfig } from "./config.ts";
import { entryCost } from "./formulas.ts";
import { mutualExclusionDefinition } from "./mutual-exclusion.ts";
import { quorumOf } from "./quorums.ts";

type Config = { readonly [key: string]: PlainValue };
interface Options {
	readonly physics?: Partial<LinkPhysics>;
	readonly seed?: number;
	readonly configs?: { readonly [node: string]: Config };
	readonly untilUs?: number;
}

const seeds = [1, 2, 3, 4, 5];
const jitter = { jitter: { kind: "uniform", maxUs: 3_000 }, fifo: true } as const;

function run(count: number, config: Config, { physics = jitter, seed = 1, configs = {}, untilUs = 5_000_000 }: Options = {}): ServiceRun {
	return runService({ definition: mutualExclusionDefinition, count, config, configs, physics, seed, untilUs });
}

/** Only one member wants in, five times. */
function alone(algorithm: string, count: number): ServiceRun {
	return run(count, { algorithm, entries: 0 }, { configs: { [`n${count}`]: { entries: 5, think: "300ms" } } });
}

const busy = { think: "1ms", hold: "5ms", entries: 10 };
const invariants = mutualExclusionDefinition.invariants?.map(({ name }) => name) ?? [];

describe.each(mutexAlgorithms)("%s", (algorithm) => {
	test.each([1, 2, 5, 7, 10])("%i members who all want in get in, one at a time, at the book's price", (count) => {
		for (const seed of seeds) {
			const result = run(count, { ...busy, algorithm }, { seed });
			expect(result.exceptions).toEqual([]);
			for (const name of invariants) expect(`${name}: ${result.broken(name)}`).toBe(`${name}: null`);
			expect(result.facts("mutex.entered")).toHaveLength(10 * count);
		}
	});
});

function sentBy(result: ServiceRun, ...kinds: readonly string[]): number {
	return kinds.reduce((sum, kind) => sum + result.sent(`mutex.${kind}`).length, 0);
}

describe("message counts", () => {
	test.each([2, 5, 10])("central: 3 an entry, counted on the wire, with %i members", (count) => {
		expect(sentBy(alone("central", count), "request", "grant", "release")).toBe(5 * 3);
	});

	test.each([2, 5, 10, 32])("Ricart-Agrawala: 2(N-1) an entry, busy or not, with %i members", (count) => {
		const cost = 2 * (count - 1);
		expect(entryCost("ricart-agrawala", count)).toMatchObject({ least: cost, most: cost });
		expect(sentBy(alone("ricart-agrawala", count), "request", "reply")).toBe(5 * cost);
		const crowded = run(count, { ...busy, entries: 3, algorithm: "ricart-agrawala" });
		expect(sentBy(crowded, "request", "reply")).toBe(3 * count * cost);
		expect(new Set(crowded.measured("mutex.messages"))).toEqual(new Set([cost]));
	});

	test.each([3, 7, 13, 21, 31])("Maekawa: 3(K-1) an entry where nobody competes, with %i members", (count) => {
		const quorum = quorumOf(0, count).length;
		expect(sentBy(alone("maekawa", count), "request", "grant", "release", "failed", "inquire", "yield")).toBe(5 * 3 * (quorum - 1));
	});

	test.each([7, 13, 21, 31])("Maekawa: at most 5 sqrt(N) an entry in the mean where all compete, with %i members", (count) => {
		for (const seed of seeds) {
			const result = run(count, { ...busy, entries: 4, algorithm: "maekawa" }, { seed });
			const mean = sentBy(result, "request", "grant", "release", "failed", "inquire", "yield") / (4 * count);
			expect(mean).toBeGreaterThan(3 * (quorumOf(0, count).length - 1));
			expect(mean).toBeLessThanOrEqual(5 * Math.sqrt(count));
		}
	});

	test("token ring: one hop an entry where everybody wants in, whole rounds where one does", () => {
		const crowded = run(5, { ...busy, think: "0us", algorithm: "token-ring" });
		const hops = crowded.measured("mutex.messages");
		expect(hops.slice(1, 45).every((count) => count === 1)).toBe(true);
		const single = alone("token-ring", 5).measured("mutex.messages");
		expect(single.slice(1).every((count) => count % 5 === 0 && count > 0)).toBe(true);
	});
});

describe("the permissions that a member states", () => {
	type Said = { readonly key: string; readonly consent: string; readonly request: number };

	test.each(["central", "ricart-agrawala", "maekawa"])("%s: when it enters, all whom it asked have allowed it, and so they said", (algorithm) => {
		for (const seed of seeds) {
			const result = run(7, { ...busy, algorithm }, { seed });
			const latest = new Map<string, Said>();
			const wanted = new Map<string, { asks: readonly string[]; request: number }>();
			for (const { node, fields, body } of result.list.of("factStated")) {
				if (fields.name === "mutex.wanted") wanted.set(node, body as { asks: string[]; request: number });
				else if (fields.name === "mutex.consent") latest.set(`${node} ${(body as Said).key}`, body as Said);
				else if (fields.name === "mutex.entered") {
					const { asks, request } = wanted.get(node) as { asks: readonly string[]; request: number };
					const said = asks.map((name) => latest.get(`${node} ${name}`));
					// A vote that is asked back is still there.
					expect(said).toEqual(asks.map((key) => ({ key, consent: expect.stringMatching(/^(given|asked-back)$/), request })));
				}
			}
			expect(latest.size).toBeGreaterThan(5);
		}
	});

	test("Maekawa's refusals, questions and yields are told as well, one for each message", () => {
		const result = run(13, { ...busy, entries: 4, algorithm: "maekawa" });
		const told = (consent: string): number => result.facts("mutex.consent").filter(({ body }) => (body as Said).consent === consent).length;
		for (const [consent, kind] of [
			["given", "grant"],
			["given-back", "yield"],
		] as const) {
			expect(told(consent)).toBeGreaterThan(0);
			expect(told(consent)).toBe(sentBy(result, kind));
		}
		expect(told("refused")).toBeGreaterThan(0);
		// One that comes when the vote is not there any more, or when its member is in, is no news.
		expect(told("asked-back")).toBeLessThanOrEqual(sentBy(result, "inquire"));
	});
});

describe("each rule is there for something", () => {
	test("Ricart-Agrawala without deferring lets two in", () => {
		for (const seed of seeds)
			expect(run(5, { ...busy, algorithm: "ricart-agrawala", mistake: "never-defer" }, { seed }).broken("mutex.oneAtATime")).not.toBeNull();
	});

	test("Maekawa with quorums that do not meet lets two in", () => {
		for (const seed of seeds) expect(run(7, { ...busy, algorithm: "maekawa", mistake: "split-quorums" }, { seed }).broken("mutex.oneAtATime")).not.toBeNull();
	});

	test("Maekawa without inquiries stands still for ever", () => {
		for (const seed of seeds) expect(run(7, { ...busy, algorithm: "maekawa", mistake: "no-inquiry" }, { seed }).broken("mutex.everyoneEnters")).not.toBeNull();
	});

	test("two tokens let two in", () => {
		for (const seed of seeds) expect(run(5, { ...busy, algorithm: "token-ring", mistake: "two-tokens" }, { seed }).broken("mutex.oneAtATime")).not.toBeNull();
	});

	test("a token without a number is doubled by a link that duplicates, a numbered one is not", () => {
		// Doubled tokens double again: a short run.
		const options = { physics: { ...jitter, duplicateRatio: 0.05 }, untilUs: 800_000 };
		const broken = (seed: number, mistake: string): string | null =>
			run(5, { algorithm: "token-ring", entries: 1_000, think: "20ms", hold: "5ms", mistake }, { ...options, seed }).broken("mutex.oneAtATime");
		expect(seeds.filter((seed) => broken(seed, "none") !== null)).toEqual([]);
		expect(seeds.filter((seed) => broken(seed, "unnumbered-token") !== null).length).toBeGreaterThanOrEqual(2);
	});

	test.each(["central", "ricart-agrawala", "maekawa"])("%s: messages that come twice let nobody in twice", (algorithm) => {
		for (const seed of seeds)
			expect(run(5, { ...busy, algorithm }, { physics: { ...jitter, duplicateRatio: 0.2 }, seed }).broken("mutex.oneAtATime")).toBeNull();
	});
});

test("a member shows its count beside the book's formula", () => {
	expect(alone("ricart-agrawala", 4).inspect("n4")).toMatchObject({ entries: 5, messagesOfLastEntry: 6, messagesInTheBook: "2(N-1)", state: "thinking" });
});

test.each([
	[{ algorithm: "token" }, "mutual-exclusion: algorithm must be one of central, token-ring, ricart-agrawala, maekawa"],
	[{ hold: "0us" }, "mutual-exclusion: hold must be a duration from 1us to 1h"],
	[{ entires: 3 }, 'mutual-exclusion: unknown key "entires"; did you mean entries?'],
])("the configuration %o is refused", (config, message) => {
	expect(() => readMutexConfig(config)).toThrow(message);
});
