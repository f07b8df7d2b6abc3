import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frontPlan } from "../../../test/support/plans.ts";
import { LogBuilder } from "../../../test/support/records.ts";
import { kindId } from "../../shared/event-record.ts";
import type { CheckVerdict } from "./check-fold.ts";
import { CheckBoard, createCheckFold } from "./create-check-folds.ts";

const plan = frontPlan();
const names = plan.names;
const [client, balancer, web1, web3] = [0, 1, 2, 4];
const second = 1_000_000;

function verdict(expression: string, log: LogBuilder, endUs = 20 * second): CheckVerdict {
	const fold = createCheckFold({ id: "check", expression, shows: "" }, plan);
	log.feed(fold);
	return fold.verdict(endUs);
}

const request = (log: LogBuilder, atUs: number, to: number, name = "http.request"): number =>
	log.add("messageSent", { atUs, node: balancer }, { sequence: log.starts.length + 1, to, name: names.indexOf(name), expects: "reply" });

const visit = (log: LogBuilder, startedUs: number, atUs: number, status: "ok" | "error" = "ok", node = client): number =>
	log.add("spanFinished", { atUs, node }, { name: names.indexOf("visit"), status, startedUs });

const work = (log: LogBuilder, startedUs: number, atUs: number, node = web1): number =>
	log.add("computeFinished", { atUs, node }, { askedUs: startedUs, startedUs });

describe("requests", () => {
	const log = new LogBuilder();
	request(log, 5 * second, web3);
	const late = request(log, 7 * second, web3);
	request(log, 7 * second, web1);
	const probe = request(log, 8 * second, web3, "health.probe");
	log.add("messageSent", { atUs: 8 * second, node: balancer }, { sequence: 9, to: web3, name: names.indexOf("http.request"), expects: "nothing" });

	test("holds where nobody asks in the time that counts", () => {
		expect(verdict("requests http.request to web-3 == 0 between 7500ms and end", log)).toMatchObject({ ok: true, observed: "0", evidence: [] });
		expect(verdict("requestsTo web-3 == 0 after 9s", log).ok).toBe(true);
	});

	test("fails with the requests that prove it, health checks apart from the rest", () => {
		const failed = verdict("requests http.request to web-3 == 0 between 6s and end", log);
		expect(failed).toMatchObject({ ok: false, final: true, observed: "1" });
		expect(failed.evidence).toEqual([{ index: late, atUs: 7 * second, text: "balancer sent http.request to web-3 (balancer#2)" }]);
		expect(verdict("requestsTo web-3 == 0 between 6s and end", log).evidence.map(({ index }) => index)).toEqual([late, probe]);
		expect(verdict("requests from client-1 == 0", log).ok).toBe(true);
	});

	test("an interval is closed: both of its ends belong to it", () => {
		expect(verdict("requests to web-3 == 1 between 7s and 7s", log).ok).toBe(true);
		expect(verdict("requests to web-3 == 1 before 5s", log).ok).toBe(true);
	});

	test("evidence is what came on top of the limit, the first five of it", () => {
		const many = new LogBuilder();
		for (let i = 0; i < 10; i++) request(many, i * second, web3);
		expect(verdict("requests to web-3 <= 2", many).evidence.map(({ index }) => index)).toEqual([2, 3, 4, 5, 6]);
		expect(verdict("requests to web-3 < 2", many).evidence.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
		expect(verdict("requests to web-3 >= 11", many)).toMatchObject({ ok: false, final: false, evidence: [] });
		expect(verdict("requests to web-3 >= 10", many)).toMatchObject({ ok: true, final: true });
	});
});

describe("moments that hang on events", () => {
	const log = new LogBuilder();
	const crash = (atUs: number, node: number): number => log.add("nodeCrashed", { atUs, node }, { reason: "command" });
	const restart = (atUs: number, node: number): number => log.add("nodeRestarting", { atUs, node });
	request(log, 1 * second, web3);
	crash(2 * second, web1);
	crash(6 * second, web3);
	request(log, 6.3 * second, web3);
	const bad = request(log, 6.7 * second, web3);
	restart(9 * second, web3);
	request(log, 10 * second, web3);
	crash(12 * second, web3);
	const worse = request(log, 13 * second, web3);
	restart(14 * second, web3);
	request(log, 15 * second, web3);

	test("an interval opens and closes each time they happen, at the nodes told", () => {
		const failed = verdict("requests to web-3 == 0 between crash web-3 + 600ms and restart web-3", log);
		expect(failed.evidence.map(({ index }) => index)).toEqual([bad, worse]);
		expect(verdict("requests to web-3 == 2 after crash web-1 + 9s", log).observed).toBe("2");
		expect(verdict("requests to web-3 == 1 before crash web-3", log).ok).toBe(true);
		expect(verdict("requests to web-3 == 3 between 6s and crash of web-3 +1s", log).observed).toBe("2");
	});

	test("an event at both ends opens an interval that it also closes", () => {
		expect(verdict("requests to web-3 == 3 between crash web-3 and crash web-3 + 1s", log).ok).toBe(true);
	});

	test("an interval that would close before it opens is empty", () => {
		expect(verdict("requests to web-3 == 0 between crash web-3 + 5s and restart web-3", log).ok).toBe(true);
	});

	test("when the event never happened the check holds and says so, of the nodes it is about", () => {
		expect(verdict("requests to web-3 == 0 after crash web-5", log)).toMatchObject({ ok: true, final: false, observed: "0 (no crash of web-5 happened)" });
		expect(verdict("requests to web-3 == 0 after crash web-2 web-4", log).observed).toBe("0 (no crash of web-2 or web-4 happened)");
		expect(verdict("requests to web-3 == 0 after cut", log).observed).toBe("0 (no cut happened)");
		expect(verdict("requests to web-3 == 0 after 30s", log).observed).toBe("0 (the run did not get there)");
	});

	test("when the event did happen and yet there was nothing to look at, it says which of the two is so", () => {
		const expression = "requests to web-3 == 0 between crash web-3 + 500ms and restart web-3";
		const short = new LogBuilder();
		short.add("nodeCrashed", { atUs: 6 * second, node: web3 }, { reason: "command" });
		expect(verdict(expression, short, 6.2 * second).observed).toBe("0 (crash of web-3 + 500ms is still to come)");
		short.add("nodeRestarting", { atUs: 6.3 * second, node: web3 });
		const nothing = "0 (nothing to look at: restart of web-3 came before crash of web-3 + 500ms)";
		expect(verdict(expression, short).observed).toBe(nothing);
		const fold = createCheckFold({ id: "check", expression, shows: "" }, plan);
		short.feed(fold);
		expect(fold.clone().verdict(20 * second).observed).toBe(nothing);
		expect(verdict("requests to web-3 == 0 between crash web-3 and 5s", short).observed).toBe("0 (nothing to look at: 5s came before crash of web-3)");
	});
});

describe("errors", () => {
	const log = new LogBuilder();
	const early = visit(log, 0, second, "error");
	visit(log, second, 2 * second);
	const elsewhere = visit(log, second, 3 * second, "error", web1);

	test("noClientErrors looks at clients only, from the instant told", () => {
		expect(verdict("noClientErrors after 2s", log).ok).toBe(true);
		expect(verdict("noClientErrors", log)).toMatchObject({ ok: false, evidence: [{ index: early, text: "visit at client-1 ended in error after 1s" }] });
	});

	test("errors of a span, at nodes", () => {
		expect(verdict("errors of visit == 0 after 2s", log).evidence.map(({ index }) => index)).toEqual([elsewhere]);
		expect(verdict("errors of visit at web-2 web-3 == 0", log).ok).toBe(true);
		expect(verdict("spanErrors visit == 2", log).ok).toBe(true);
		expect(verdict("errors at role:client <= 0", log).ok).toBe(false);
	});
});

describe("percentiles", () => {
	const log = new LogBuilder();
	for (let i = 1; i <= 100; i++) visit(log, 0, i * 1_000);

	test("nearest rank, exactly at the limit", () => {
		expect(verdict("p99 of visit <= 99ms", log).ok).toBe(true);
		expect(verdict("p99 of visit < 99ms", log).ok).toBe(false);
		expect(verdict("p99 of visit == 99ms", log).ok).toBe(true);
		expect(verdict("p99 of visit >= 99ms", log).ok).toBe(true);
		expect(verdict("p99 of visit > 99ms", log).ok).toBe(false);
		expect(verdict("p99 of visit != 99ms", log).ok).toBe(false);
		expect(verdict("p100 of visit <= 100ms", log).ok).toBe(true);
		expect(verdict("p99.9 of visit <= 99ms", log).ok).toBe(false);
	});

	test("fails with the spans that took too long", () => {
		const failed = verdict("p50 of visit <= 40ms", log);
		expect(failed.ok).toBe(false);
		expect(failed.evidence.map(({ index }) => index)).toEqual([40, 41, 42, 43, 44]);
		expect(failed.evidence[0]?.text).toBe("visit at client-1 ended well after 41ms");
		expect(verdict("p50 of visit >= 60ms", log).evidence.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
	});

	test("without a span there is nothing to hold", () => {
		expect(verdict("p99 of visit <= 1s", new LogBuilder())).toMatchObject({ ok: false, observed: "no visit finished" });
	});

	test("the verdict is that of a sorted list, and the number told is within one part in 128 above it", () => {
		const durations = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(durations, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 10_000_000 }), (list, percent, limit) => {
				const some = new LogBuilder();
				for (const us of list) visit(some, 0, us);
				const sorted = [...list].sort((a, b) => a - b);
				const exact = sorted[Math.ceil((list.length * percent) / 100) - 1] as number;
				expect(verdict(`p${percent} of visit <= ${limit}us`, some).ok).toBe(exact <= limit);
				expect(verdict(`p${percent} of visit <= ${exact}us`, some).ok).toBe(true);
				const told = /^([\d.]+)(us|ms|s) of/.exec(verdict(`p${percent} of visit <= ${limit}us`, some).observed);
				const toldUs = Math.round(Number(told?.[1]) * (told?.[2] === "s" ? 1e6 : told?.[2] === "ms" ? 1e3 : 1));
				expect(toldUs).toBeGreaterThanOrEqual(exact);
				expect(toldUs).toBeLessThanOrEqual(exact + exact / 128);
			}),
			{ seed: 7, numRuns: 300 },
		);
	});
});

describe("utilisation", () => {
	test("the busiest second of any server, wherever it begins", () => {
		const log = new LogBuilder();
		work(log, 200_000, 700_000);
		const last = work(log, 900_000, 1_200_000);
		expect(verdict("maxUtilisation of web-* <= 0.8", log)).toMatchObject({ ok: true, observed: "web-1 was busy 80 % of the time from 200ms to 1.2s" });
		const failed = verdict("maxUtilisation of web-* <= 79%", log);
		expect(failed).toMatchObject({ ok: false, final: true });
		expect(failed.evidence).toEqual([{ index: last, atUs: 1_200_000, text: "web-1 was busy 80 % of the time from 200ms to 1.2s" }]);
		expect(verdict("maxUtilisation of web-2 <= 0", log)).toMatchObject({ ok: true, observed: "no work in any 1s" });
	});

	test("only windows that lie within the time that counts", () => {
		const log = new LogBuilder();
		work(log, 0, 2 * second);
		expect(verdict("maxUtilisation <= 0.5 after 1500ms", log).ok).toBe(true);
		expect(verdict("maxUtilisation <= 0.5 before 1500ms", log).ok).toBe(false);
		expect(verdict("maxUtilisation <= 0.5 over 4s", log).ok).toBe(true);
		expect(verdict("maxUtilisation <= 0.4 over 4s", log).ok).toBe(false);
		expect(verdict("maxUtilisation >= 1", log).ok).toBe(true);
	});

	test("evidence windows of one server do not overlap", () => {
		const log = new LogBuilder();
		for (let i = 0; i < 300; i++) work(log, i * 10_000, (i + 1) * 10_000);
		const { evidence } = verdict("maxUtilisation <= 0.8", log);
		expect(evidence.map(({ atUs }) => atUs)).toEqual([second, 2 * second, 3 * second]);
		expect(evidence.map(({ index }) => index)).toEqual([99, 199, 299]);
	});

	test("a long idle time costs nothing and forgets nothing", () => {
		const log = new LogBuilder();
		work(log, 0, 900_000);
		work(log, 3_000_000_000_000, 3_000_000_100_000);
		expect(verdict("maxUtilisation == 90%", log, 4_000_000_000_000).ok).toBe(true);
	});

	test("what a ring of steps held a round ago does not count again", () => {
		const own = frontPlan({ nodes: plan.nodes.map((node) => ({ ...node, cores: 2 })) });
		const fold = createCheckFold({ id: "x", expression: "maxUtilisation <= 0 over 100us", shows: "" }, own);
		const log = new LogBuilder();
		work(log, 1_000, 1_026);
		work(log, 1_950, 2_000);
		log.feed(fold);
		expect(fold.verdict(3_000).observed).toContain("busy 25 %");
	});

	/** Intervals that never have more than `cores` at once, in the order of their ends. */
	const intervals = (cores: number) =>
		fc.array(fc.record({ idle: fc.integer({ min: 0, max: 700 }), busy: fc.integer({ min: 1, max: 1_500 }) }), { maxLength: 40 }).map((pieces) => {
			const freeAt = new Array<number>(cores).fill(0);
			const found = pieces.map(({ idle, busy }) => {
				const core = freeAt.indexOf(Math.min(...freeAt));
				const from = (freeAt[core] as number) + idle;
				freeAt[core] = from + busy;
				return { from, to: from + busy };
			});
			return found.sort((a, b) => a.to - b.to || a.from - b.from);
		});

	test.each([1, 3])("is what adding up every window says, with %i cores", (cores) => {
		const own = frontPlan({ nodes: plan.nodes.map((node) => ({ ...node, cores })) });
		fc.assert(
			fc.property(intervals(cores), fc.constantFrom(100, 300, 1_000, 5_000), fc.integer({ min: 0, max: 12_000 }), (list, overUs, endUs) => {
				const fold = createCheckFold({ id: "x", expression: `maxUtilisation of web-1 <= 0 over ${overUs}us`, shows: "" }, own);
				const log = new LogBuilder();
				for (const { from, to } of list) if (to <= endUs) work(log, from, to);
				log.feed(fold);
				let most = 0;
				for (let from = 0; from + overUs <= endUs; from += overUs / 100) {
					const busy = list.reduce(
						(sum, piece) => (piece.to > endUs ? sum : sum + Math.max(0, Math.min(piece.to, from + overUs) - Math.max(piece.from, from))),
						0,
					);
					most = Math.max(most, busy);
				}
				const { observed, ok } = fold.verdict(endUs);
				expect(ok).toBe(most === 0);
				const told = /busy ([\d.]+) %/.exec(observed)?.[1];
				// A piece of work longer than nine windows counts for its last nine, on several cores.
				const isLong = list.some(({ from, to }) => to - from > overUs * 9);
				if (!isLong || cores === 1) expect(told ?? "0").toBe(String(Math.floor((most / (overUs * cores)) * 10_000) / 100));
			}),
			{ seed: 11, numRuns: 400 },
		);
	});
});

describe("rates, measures, events", () => {
	test("throughput counts spans that ended well, over the time that counts", () => {
		const log = new LogBuilder();
		for (let i = 0; i < 40; i++) visit(log, i * 250_000, (i + 1) * 250_000, i % 4 === 0 ? "error" : "ok");
		expect(verdict("throughput of visit >= 3", log, 10 * second)).toMatchObject({ ok: true, observed: "3 a second" });
		expect(verdict("throughput of visit >= 3.1", log, 10 * second)).toMatchObject({ ok: false, evidence: [] });
		expect(verdict("throughput of visit >= 3 between 0s and 5s", log, 10 * second).observed).toBe("3 a second");
	});

	test("the highest and the lowest number reported", () => {
		const log = new LogBuilder();
		const report = (atUs: number, value: number): number => log.add("measured", { atUs, node: client }, { name: names.indexOf("visit"), value });
		report(1, 5);
		const high = report(2, 9_000_000_000);
		const low = report(3, -4);
		expect(verdict("highest visit <= 9000000000", log).ok).toBe(true);
		expect(verdict("highest visit of client-1 <= 10", log)).toMatchObject({ ok: false, final: true, evidence: [{ index: high }] });
		expect(verdict("lowest visit >= 0", log)).toMatchObject({ ok: false, observed: "-4", evidence: [{ index: low }] });
		expect(verdict("highest visit == 5", log).evidence.map(({ index }) => index)).toEqual([high]);
		expect(verdict("highest visit of web-1 <= 1", log)).toMatchObject({ ok: false, observed: "no visit was reported" });
	});

	test("deliveries, drops by reason, and events of any kind", () => {
		const log = new LogBuilder();
		const name = names.indexOf("http.request");
		log.add("messageDelivered", { atUs: 1, node: web3 }, { from: balancer, sequence: 1, name });
		const lost = log.add("messageDropped", { atUs: 2, node: balancer }, { sequence: 2, to: web3, name, reason: "loss" });
		log.add("messageDropped", { atUs: 3, node: balancer }, { sequence: 3, to: web1, name, reason: "nodeDown" });
		const crashed = log.add("nodeCrashed", { atUs: 4, node: web3 }, { reason: "command" });
		expect(verdict("delivered http.request to web-3 from balancer == 1", log).ok).toBe(true);
		expect(verdict("delivered to web-1 >= 1", log).ok).toBe(false);
		expect(verdict("dropped because loss == 0", log).evidence).toEqual([
			{ index: lost, atUs: 2, text: "http.request from balancer to web-3 was dropped: loss (balancer#2)" },
		]);
		expect(verdict("dropped to web-1 because loss == 0", log).ok).toBe(true);
		expect(verdict("dropped == 2", log).ok).toBe(true);
		expect(verdict("crashes of web-* == 0", log).evidence.map(({ index, text }) => [index, text])).toEqual([[crashed, "web-3 crashed: command"]]);
		expect(verdict("crashes of web-1 == 0", log).ok).toBe(true);
		expect(verdict("count messageDropped == 2 before crash web-3", log).ok).toBe(true);
		expect(verdict("count nodeCrashed == 1 after crash web-3", log).ok).toBe(true);
	});
});

test("the board gives the verdicts of the single folds, in the plan's order", () => {
	const log = new LogBuilder();
	visit(log, 0, second, "error");
	work(log, 0, second);
	const checks = ["errors of visit == 0", "maxUtilisation <= 0.8", "crashes == 0"].map((expression, i) => ({ id: `c${i}`, expression, shows: "" }));
	const board = new CheckBoard(frontPlan({ checks }));
	expect(board.kindIds).toEqual(new Set([kindId("spanFinished"), kindId("computeFinished"), kindId("nodeCrashed")]));
	log.feed(board);
	expect(board.verdicts(2 * second).map(({ id, ok }) => [id, ok])).toEqual([
		["c0", false],
		["c1", false],
		["c2", true],
	]);
});

test("asking for a verdict changes nothing", () => {
	const fold = createCheckFold({ id: "x", expression: "maxUtilisation <= 0.5", shows: "" }, plan);
	const [first, second_] = [new LogBuilder(), new LogBuilder()];
	work(first, 0, 800_000);
	work(second_, 900_000, 1_700_000);
	first.feed(fold);
	fold.verdict(20 * second);
	fold.verdict(20 * second);
	second_.feed(fold);
	const whole = new LogBuilder();
	work(whole, 0, 800_000);
	work(whole, 900_000, 1_700_000);
	expect(fold.verdict(3 * second).observed).toBe(verdict("maxUtilisation <= 0.5", whole, 3 * second).observed);
});
