import { describe, expect, test } from "vitest";
import { runService, type ServiceRun } from "../../../test/support/service-run.ts";
import type { PlainValue } from "../../core/node-api.ts";
import type { LinkPhysics } from "../../shared/plan.ts";
import { type MutexMessageKind, mutexAlgorithms } from "./algorithm.ts";
import { CentralMutex } from "./central.ts";
import { readMutexConfig } from "./config.ts";
import { entryCost } from "./formulas.ts";
import { MaekawaMutex } from "./maekawa.ts";
import { mutualExclusionDefinition } from "./mutual-exclusion.ts";
import { quorumOf } from "./quorums.ts";
import { RicartAgrawalaMutex } from "./ricart-agrawala.ts";
import { TokenRingMutex } from "./token-ring.ts";

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

describe("quorums", () => {
	const sizes = Array.from({ length: 70 }, (_, index) => index + 1);
	test("any two share a member, and everybody is in its own, for 1 to 70 members", () => {
		for (const members of sizes) {
			const quorums = Array.from({ length: members }, (_, me) => quorumOf(me, members));
			for (const [me, quorum] of quorums.entries()) {
				expect(quorum).toContain(me);
				expect(quorum.every((member) => member >= 0 && member < members)).toBe(true);
				for (const other of quorums) expect(quorum.some((member) => other.includes(member))).toBe(true);
			}
		}
	});

	test.each([3, 7, 13, 21, 31, 57])("%i members have the smallest quorums there are: K(K-1)+1 = N", (members) => {
		for (let me = 0; me < members; me++) {
			const size = quorumOf(me, members).length;
			expect(size * (size - 1) + 1).toBe(members);
		}
	});

	test("other sizes take less than two rows of a square", () => {
		for (const members of sizes) expect(quorumOf(0, members).length).toBeLessThanOrEqual(2 * Math.ceil(Math.sqrt(members)) - 1);
	});
});

describe("Maekawa's inquiries", () => {
	/** Member 0; of three its quorum is itself and member 1, of seven itself, 1 and 3. */
	function member(members: number) {
		const sent: string[] = [];
		const core = new MaekawaMutex({
			me: 0,
			members,
			mistake: "none",
			port: { send: (to, { kind }) => sent.push(`${kind} to ${to}`), consent: () => {}, granted: () => sent.push("in") },
		});
		return { core, sent };
	}

	test("who may still win keeps its votes", () => {
		const { core, sent } = member(7);
		core.request();
		core.receive(1, { kind: "grant", number: 1 });
		core.receive(1, { kind: "inquire", number: 1 });
		core.receive(3, { kind: "grant", number: 1 });
		expect(sent).toEqual(["request to 1", "request to 3", "in"]);
	});

	test("who has lost one vote yields those that are asked for, and gets them again", () => {
		const { core, sent } = member(3);
		core.receive(2, { kind: "request", number: 1 });
		core.request();
		core.receive(1, { kind: "grant", number: 2 });
		core.receive(1, { kind: "inquire", number: 2 });
		expect(sent).toEqual(["grant to 2", "request to 1", "yield to 1"]);
		core.receive(2, { kind: "release", number: 1 });
		core.receive(1, { kind: "grant", number: 2 });
		expect(sent.slice(3)).toEqual(["in"]);
	});
});

/** One member's core with its outgoing words written down, `kind number to whom`; of three, the quorums are {0,1}, {1,2}, {2,0}. */
function arbiterOf(members: number, me: number) {
	const sent: string[] = [];
	const core = new MaekawaMutex({
		...{ me, members, mistake: "none" },
		port: { send: (to, { kind, number }) => sent.push(`${kind} ${number} to ${to}`), consent: () => {}, granted: () => sent.push("in") },
	});
	const hears = (from: number, kind: MutexMessageKind, number: number): readonly string[] => {
		sent.length = 0;
		core.receive(from, { kind, number });
		return [...sent];
	};
	return { core, hears };
}

/** @source Maekawa (1985), section 3, the rules of a member as an arbiter */
describe("Maekawa's arbiter", () => {
	test("gives its vote to the first who asks, and says `failed` to a later request (3, step 2)", () => {
		const { hears } = arbiterOf(7, 0);
		expect(hears(4, "request", 3)).toEqual(["grant 3 to 4"]);
		expect(hears(6, "request", 5)).toEqual(["failed 5 to 6"]);
		expect(hears(6, "request", 5)).not.toContain("grant 5 to 6");
	});

	test("orders requests by their numbers and then by their members (3, and Lamport's total order)", () => {
		const { hears } = arbiterOf(7, 0);
		hears(4, "request", 3);
		expect(hears(6, "request", 3)).toEqual(["failed 3 to 6"]);
		expect(hears(2, "request", 3)).toEqual(["inquire 3 to 4"]);
	});

	test("asks for its vote back when an earlier request comes, and does not ask twice (3, step 2, INQUIRE)", () => {
		const { hears } = arbiterOf(7, 0);
		hears(4, "request", 9);
		expect(hears(6, "request", 5)).toEqual(["inquire 9 to 4"]);
		expect(hears(2, "request", 3)).toEqual(["failed 5 to 6"]);
	});

	test("that gets its vote back gives it to the earliest who waits, and who gave it back waits on (3, step 3, RELINQUISH)", () => {
		const { hears } = arbiterOf(7, 0);
		hears(4, "request", 9);
		hears(6, "request", 5);
		expect(hears(4, "yield", 9)).toEqual(["grant 5 to 6"]);
		expect(hears(6, "release", 5)).toEqual(["grant 9 to 4"]);
		expect(hears(4, "release", 9)).toEqual([]);
		expect(hears(5, "request", 12)).toEqual(["grant 12 to 5"]);
	});

	test("hears no release and no yield of a request that does not have its vote (3, step 4)", () => {
		const { hears } = arbiterOf(7, 0);
		hears(4, "request", 2);
		hears(6, "request", 5);
		expect(hears(6, "release", 5)).toEqual([]);
		expect(hears(6, "yield", 5)).toEqual([]);
		expect(hears(4, "release", 1)).toEqual([]);
		expect(hears(4, "release", 2)).toEqual(["grant 5 to 6"]);
	});

	test("says `failed` also to who was to be next and has been overtaken (Sanders 1987)", () => {
		const { hears } = arbiterOf(7, 0);
		hears(4, "request", 9);
		expect(hears(6, "request", 5)).toEqual(["inquire 9 to 4"]);
		expect(hears(5, "request", 4)).toEqual(["failed 5 to 6"]);
	});
});

describe("Maekawa's requester", () => {
	test("that is in answers an inquiry with its release alone (3, step 3)", () => {
		const { core, hears } = arbiterOf(3, 0);
		core.request();
		expect(hears(1, "grant", 1)).toEqual(["in"]);
		expect(hears(1, "inquire", 1)).toEqual([]);
	});

	test("keeps an inquiry in mind, and yields as soon as one of its quorum has failed it (3, step 3)", () => {
		const { core, hears } = arbiterOf(7, 0);
		core.request();
		hears(1, "grant", 1);
		expect(hears(1, "inquire", 1)).toEqual([]);
		expect(hears(3, "failed", 1)).toEqual(["yield 1 to 1"]);
		expect(hears(1, "grant", 1)).toEqual([]);
		expect(hears(3, "grant", 1)).toEqual(["in"]);
	});

	test("does not count a vote of an earlier request of its own", () => {
		const { core, hears } = arbiterOf(7, 0);
		core.request();
		hears(1, "grant", 1);
		hears(3, "grant", 1);
		core.release();
		core.request();
		hears(1, "grant", 2);
		expect(hears(3, "grant", 1)).toEqual([]);
		expect(hears(3, "grant", 2)).toEqual(["in"]);
	});
});

/** @source Tanenbaum and van Steen, 6.3, a centralized algorithm */
describe("the central coordinator", () => {
	function coordinator() {
		const sent: string[] = [];
		const core = new CentralMutex({
			...{ me: 0, members: 4, mistake: "none" },
			port: { send: (to, { kind, number }) => sent.push(`${kind} ${number} to ${to}`), consent: () => {}, granted: () => sent.push("in") },
		});
		const hears = (from: number, kind: MutexMessageKind, number: number): readonly string[] => {
			sent.length = 0;
			core.receive(from, { kind, number });
			return [...sent];
		};
		return { hears };
	}

	test("grants at once when nobody is in, and else when those before have left, in the order of asking", () => {
		const { hears } = coordinator();
		expect(hears(2, "request", 1)).toEqual(["grant 1 to 2"]);
		expect(hears(3, "request", 1)).toEqual([]);
		expect(hears(1, "request", 7)).toEqual([]);
		expect(hears(2, "release", 1)).toEqual(["grant 1 to 3"]);
		expect(hears(3, "release", 1)).toEqual(["grant 7 to 1"]);
		expect(hears(1, "release", 7)).toEqual([]);
	});

	test("is not misled by a release that comes twice, or from one who is not in", () => {
		const { hears } = coordinator();
		hears(2, "request", 1);
		hears(3, "request", 1);
		expect(hears(3, "release", 1)).toEqual([]);
		expect(hears(2, "release", 1)).toEqual(["grant 1 to 3"]);
		expect(hears(2, "release", 1)).toEqual([]);
	});
});

/** @source Le Lann (1977) */
describe("the token", () => {
	function holder() {
		const did: string[] = [];
		const core = new TokenRingMutex({
			...{ me: 1, members: 3, mistake: "none" },
			port: { send: (to, { number, idleHops }) => did.push(`token ${number} after ${idleHops} to ${to}`), consent: () => {}, granted: () => did.push("in") },
		});
		const after = (act: () => void): readonly string[] => {
			did.length = 0;
			act();
			return [...did];
		};
		return { core, does: after };
	}

	test("is passed on at once by who does not want in, and kept by who does until it leaves", () => {
		const { core, does } = holder();
		expect(does(() => core.receive(0, { kind: "token", number: 4, idleHops: 3 }))).toEqual(["token 5 after 4 to 2"]);
		expect(does(() => core.request())).toEqual([]);
		expect(does(() => core.receive(0, { kind: "token", number: 7, idleHops: 3 }))).toEqual(["in"]);
		expect(does(() => core.release())).toEqual(["token 8 after 1 to 2"]);
	});

	test("that comes a second time is an old one, and thrown away", () => {
		const { core, does } = holder();
		core.receive(0, { kind: "token", number: 4, idleHops: 0 });
		core.request();
		expect(does(() => core.receive(0, { kind: "token", number: 4, idleHops: 0 }))).toEqual([]);
	});
});

/** @source Ricart and Agrawala (1981), section 2 */
describe("Ricart and Agrawala's member", () => {
	function member(me = 1) {
		const sent: string[] = [];
		const core = new RicartAgrawalaMutex({
			...{ me, members: 3, mistake: "none" },
			port: { send: (to, { kind, number }) => sent.push(`${kind} ${number} to ${to}`), consent: () => {}, granted: () => sent.push("in") },
		});
		const sentWhile = (act: () => void): readonly string[] => {
			sent.length = 0;
			act();
			return [...sent];
		};
		return { core, sentWhile };
	}

	test("that does not want in answers at once", () => {
		const { core, sentWhile } = member();
		expect(sentWhile(() => core.receive(0, { kind: "request", number: 7 }))).toEqual(["reply 7 to 0"]);
	});

	test("asks with a number higher than any it has seen, and is in with the last of all answers", () => {
		const { core, sentWhile } = member();
		core.receive(0, { kind: "request", number: 7 });
		expect(sentWhile(() => core.request())).toEqual(["request 8 to 0", "request 8 to 2"]);
		expect(sentWhile(() => core.receive(0, { kind: "reply", number: 8 }))).toEqual([]);
		expect(sentWhile(() => core.receive(0, { kind: "reply", number: 8 }))).toEqual([]);
		expect(sentWhile(() => core.receive(2, { kind: "reply", number: 8 }))).toEqual(["in"]);
	});

	test("that wants in lets an earlier request go first and defers a later one until it leaves", () => {
		const { core, sentWhile } = member();
		core.request();
		expect(sentWhile(() => core.receive(0, { kind: "request", number: 1 }))).toEqual(["reply 1 to 0"]);
		expect(sentWhile(() => core.receive(2, { kind: "request", number: 1 }))).toEqual([]);
		core.receive(0, { kind: "reply", number: 1 });
		expect(sentWhile(() => core.receive(2, { kind: "reply", number: 1 }))).toEqual(["in"]);
		expect(sentWhile(() => core.receive(0, { kind: "request", number: 2 }))).toEqual([]);
		expect(sentWhile(() => core.release())).toEqual(["reply 1 to 2", "reply 2 to 0"]);
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
