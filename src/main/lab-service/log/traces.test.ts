import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import type { CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import { kindId, offsetOf, readUs, recordNodeWord } from "../../../shared/event-record.ts";
import { spanStatuses } from "../../../shared/event-schema.ts";
import { SpanFold, TraceFold } from "./traces.ts";

const second = 1_000_000;

describe("requests of a stretch of time", () => {
	const log = new MemoryLog("front-door", { untilUs: 5 * second, story: ["3500ms crash web-*"] });
	const range = { fromUs: second, toUs: 4 * second };

	/** What the log says of first spans, by hand. */
	const roots = new Map<number, { readonly startedUs: number; finishedUs: number; status: string }>();
	for (const { index, words, start } of log.events) {
		const word = (kind: "spanStarted" | "spanFinished", field: string): number => words[start + offsetOf(kind, field as never)] as number;
		if (words[start] === kindId("spanStarted") && word("spanStarted", "parentSequence") === 0)
			roots.set(word("spanStarted", "spanSequence"), { startedUs: log.atUs(index), finishedUs: -1, status: "open" });
		else if (words[start] === kindId("spanFinished")) {
			const root = roots.get(word("spanFinished", "spanSequence"));
			const startedUs = readUs(words, start + offsetOf("spanFinished", "startedUs"));
			if (root === undefined || root.startedUs !== startedUs || root.finishedUs >= 0) continue;
			[root.finishedUs, root.status] = [log.atUs(index), spanStatuses[word("spanFinished", "status")] ?? ""];
		}
	}
	const began = [...roots.values()].filter(({ startedUs }) => startedUs >= range.fromUs && startedUs <= range.toUs);

	function ask(order: CallRequest<"log.traces">["order"], limit: number): CallReply<"log.traces"> {
		const fold = new TraceFold({ ...range, order, limit });
		for (const event of log.events) if (log.atUs(event.index) >= range.fromUs && fold.take(event)) break;
		return fold.answer();
	}

	test("are counted whole, however few are told", () => {
		expect(began.length).toBeGreaterThan(1_000);
		expect(ask("latest", 10)).toMatchObject({ count: began.length, truncated: false });
		expect(ask("latest", 10).traces).toHaveLength(10);
	});

	test("come latest first: those next to the instant that is looked at are there", () => {
		const startsUs = ask("latest", 200).traces.map(({ startedUs }) => startedUs);
		expect(startsUs).toEqual(
			began
				.map(({ startedUs }) => startedUs)
				.sort((a, b) => b - a)
				.slice(0, 200),
		);
	});

	test("come slowest first, those that never finished before all others", () => {
		const took = ({ startedUs, finishedUs }: { readonly startedUs: number; readonly finishedUs: number }): number =>
			finishedUs < 0 ? Number.POSITIVE_INFINITY : finishedUs - startedUs;
		const slowest = ask("slowest", 500).traces.map(took);
		expect(slowest).toEqual(
			began
				.map(took)
				.sort((a, b) => b - a)
				.slice(0, 500),
		);
		expect(new Set(slowest).size).toBeGreaterThan(20);
	});

	test("that failed are told alone", () => {
		const failed = began.filter(({ status }) => status === "error");
		expect(failed.length).toBeGreaterThan(0);
		const { traces, count } = ask("failed", 500);
		expect(count).toBe(failed.length);
		expect(traces.map(({ startedUs }) => startedUs)).toEqual(
			failed
				.map(({ startedUs }) => startedUs)
				.sort((a, b) => b - a)
				.slice(0, 500),
		);
		expect(new Set(traces.map(({ status }) => status))).toEqual(new Set(["error"]));
	});
});

describe("one request", () => {
	const log = new MemoryLog("front-door", { untilUs: 2 * second, story: ["1s set link balancer web-2 loss 100%"] });

	function takenApart(trace: { readonly traceNode: number; readonly traceSequence: number }): CallReply<"log.spans"> {
		const fold = new SpanFold(trace);
		for (const event of log.events) if (fold.take(event)) break;
		return fold.answer();
	}
	const traces = (() => {
		const fold = new TraceFold({ fromUs: 900_000, toUs: 1_500_000, order: "latest", limit: 500 });
		for (const event of log.events) if (fold.take(event)) break;
		return fold.answer().traces;
	})();

	test("is told with its messages: to the balancer, to a server, and back the same way", () => {
		const whole = traces.find(({ status }) => status === "ok");
		if (whole === undefined) throw new Error("no request was answered");
		const { spans, messages, truncated } = takenApart(whole);
		expect([spans.length, truncated]).toEqual([whole.spans, false]);
		const nameOf = (node: number): string => (log.kernel.plan.nodes[node]?.name ?? "").replace(/\d/, "N");
		const ways = messages.map(({ from, to, isReply, fate }) => `${nameOf(from)} ${nameOf(to)} ${isReply ? "reply" : "asks"} ${fate}`);
		expect(ways.slice(0, 2)).toEqual(["crowd balancer asks delivered", "balancer web-N asks delivered"]);
		expect(ways.slice(-2)).toEqual(["web-N balancer reply delivered", "balancer crowd reply delivered"]);
		// It takes from the first of them to the last, and each leaves when the one before has come.
		expect([messages[0]?.sentUs, messages.at(-1)?.endUs]).toEqual([whole.startedUs, whole.finishedUs]);
		for (const [i, { sentUs }] of messages.entries()) if (i > 0) expect(sentUs).toBeGreaterThanOrEqual(messages[i - 1]?.endUs ?? 0);
	});

	test("tells which of its messages was lost, and why", () => {
		const lost = traces.flatMap((trace) => takenApart(trace).messages).find(({ fate }) => fate === "lost");
		expect(lost?.reason).toBe("loss");
		expect(lost?.endIndex).toBeGreaterThan(lost?.sentIndex ?? 0);
	});
});

describe("a message of which the network makes copies", () => {
	const story = ["500ms set link balancer web-2 duplicate 100%", "500ms set link balancer web-2 corrupt 50%"];
	const log = new MemoryLog("front-door", { untilUs: 2 * second, story });

	/** What the log says of the ends of a message's copies, in their order. */
	const ends = new Map<string, { readonly index: number; readonly isDelivery: boolean }[]>();
	for (const { index, words, start } of log.events) {
		const word = (kind: "messageDelivered" | "messageDropped", field: string): number => words[start + offsetOf(kind, field as never)] as number;
		const isDelivery = words[start] === kindId("messageDelivered");
		if (!isDelivery && words[start] !== kindId("messageDropped")) continue;
		const from = isDelivery ? word("messageDelivered", "from") : (words[start + recordNodeWord] as number);
		const key = `${from} ${word(isDelivery ? "messageDelivered" : "messageDropped", "sequence")}`;
		ends.set(key, [...(ends.get(key) ?? []), { index, isDelivery }]);
	}
	const told = new Map<string, CallReply<"log.spans">["messages"][number]>();
	const requests = new TraceFold({ fromUs: 500_000, toUs: 1_500_000, order: "latest", limit: 500 });
	for (const event of log.events) if (requests.take(event)) break;
	for (const trace of requests.answer().traces) {
		const fold = new SpanFold(trace);
		for (const event of log.events) if (fold.take(event)) break;
		for (const message of fold.answer().messages) told.set(`${message.from} ${message.sequence}`, message);
	}
	const copied = [...told].map(([key, { fate, endIndex }]) => ({ fate, endIndex, ends: ends.get(key) ?? [] })).filter((message) => message.ends.length > 1);

	test.each([
		["the first copy is lost and a later one arrives", [false, true]],
		["the first copy arrives and a later one is lost", [true, false]],
	] as const)("is delivered when %s", (_, order) => {
		const such = copied.filter((message) => message.ends[0]?.isDelivery === order[0] && message.ends[1]?.isDelivery === order[1]);
		expect(such.length).toBeGreaterThan(3);
		for (const { fate, endIndex, ends: copies } of such) expect([fate, endIndex]).toEqual(["delivered", copies.find(({ isDelivery }) => isDelivery)?.index]);
	});

	test("is lost when every copy is, and by its first loss", () => {
		const such = copied.filter((message) => message.ends.every(({ isDelivery }) => !isDelivery));
		expect(such.length).toBeGreaterThan(3);
		for (const { fate, endIndex, ends: copies } of such) expect([fate, endIndex]).toEqual(["lost", copies[0]?.index]);
	});
});
