/** What a trace says of a run: a small one written out in full, and a recorded one compared with its log. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { checkTrace, type TraceEvent } from "../support/trace-rule.ts";
import { logEvent } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let trace: readonly TraceEvent[] = [];
let lines: readonly Line[] = [];

beforeAll(async () => {
	const path = await recordTrouble(folder);
	await withSession(path, async (session) => {
		trace = checkTrace(await textOf(session, "trace"));
		lines = await linesOf(session);
	});
});

/** A message and its arrival, a loss, work of two cores at once, a measurement, and a span that the log's end breaks off. */
function smallRun(): MemorySource {
	const source = new MemorySource();
	const { log } = source;
	const message = { name: 1, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
	logEvent(log, "messageSent", { atUs: 100, node: 0 }, { ...message, sequence: 1, to: 1 }, null);
	logEvent(log, "messageDelivered", { atUs: 600, node: 1 }, { from: 0, sequence: 1, copy: 0, name: 1, inReplyTo: 0, sentUs: 100 });
	logEvent(log, "spanStarted", { atUs: 650, node: 1 }, { spanSequence: 4, name: 3, traceNode: 1, traceSequence: 4, parentNode: -1, parentSequence: 0 });
	logEvent(log, "computeFinished", { atUs: 700, node: 1 }, { askedUs: 590, startedUs: 600 });
	logEvent(log, "computeFinished", { atUs: 750, node: 1 }, { askedUs: 650, startedUs: 650 });
	logEvent(log, "computeFinished", { atUs: 800, node: 1 }, { askedUs: 700, startedUs: 700 });
	logEvent(log, "measured", { atUs: 810, node: 1 }, { name: 2, value: -3 });
	logEvent(log, "messageSent", { atUs: 900, node: 1 }, { ...message, sequence: 1, to: 0 }, null);
	logEvent(log, "messageDropped", { atUs: 950, node: 1 }, { sequence: 1, copy: 0, to: 0, name: 1, link: 1, reason: 3 });
	return source;
}

const about = { ph: "M", cat: "__metadata", ts: 0 };
const text = expect.any(String);

const namesOfProcess = (pid: number, name: string): readonly object[] => [
	{ ...about, name: "process_name", pid, args: { name } },
	{ ...about, name: "process_sort_index", pid, args: { sort_index: pid } },
];
const namesOfThread = (pid: number, tid: number, name: string): readonly object[] => [
	{ ...about, name: "thread_name", pid, tid, args: { name } },
	{ ...about, name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
];

const begins = (id: string): object => ({ bind_id: id, flow_out: true });
const ends = (id: string): object => ({ bind_id: id, flow_in: true });
const messageOf = { name: "ping.request", tid: 1, dur: 1, ph: "X" };
const work = { ph: "X", name: "compute", cat: "compute", pid: 3 };

describe("a small run", () => {
	test("is word for word what its events make of it", async () => {
		const document = JSON.parse(await textOf(smallRun(), "trace")) as { readonly traceEvents: readonly object[] };
		const { traceEvents, ...rest } = document;
		// No other member: Perfetto of some years gives up the rest of a file where it meets one that it does not know.
		expect(rest).toStrictEqual({ displayTimeUnit: "ms", otherData: expect.objectContaining({ lab: "synthetic", seed: 7, holds: "everything" }) });
		const sent = { expects: "nothing", inReplyTo: 0, name: "ping.request", traceNode: null, traceSequence: 0, spanNode: null, spanSequence: 0, text };
		expect(traceEvents).toStrictEqual([
			...namesOfProcess(2, "web-1"),
			...namesOfThread(2, 1, "events"),
			{ ...messageOf, cat: "messageSent", pid: 2, ts: 100, ...begins("0x0001000000000001"), args: { ...sent, sequence: 1, to: "web-2" } },
			...namesOfProcess(3, "web-2"),
			...namesOfThread(3, 1, "events"),
			{
				...messageOf,
				cat: "messageDelivered",
				pid: 3,
				ts: 600,
				...ends("0x0001000000000001"),
				args: { from: "web-1", sequence: 1, copy: 0, name: "ping.request", inReplyTo: 0, sentUs: 100, text },
			},
			...namesOfThread(3, 100, "cpu 1"),
			{ ...work, tid: 100, ts: 600, dur: 100, args: { waitedUs: 10 } },
			...namesOfThread(3, 101, "cpu 2"),
			{ ...work, tid: 101, ts: 650, dur: 100, args: { waitedUs: 0 } },
			{ ...work, tid: 100, ts: 700, dur: 100, args: { waitedUs: 0 } },
			{ ph: "C", name: "ping.timer", cat: "measured", pid: 3, tid: 1, ts: 810, args: { "ping.timer": -3 } },
			{ ...messageOf, cat: "messageSent", pid: 3, ts: 900, ...begins("0x0002000000000001"), args: { ...sent, sequence: 1, to: "web-1" } },
			...namesOfProcess(1, "network"),
			...namesOfThread(1, 1, "events"),
			{
				...messageOf,
				name: "lost: partition",
				cat: "messageDropped",
				pid: 1,
				ts: 950,
				...ends("0x0002000000000001"),
				args: { sequence: 1, copy: 0, to: "web-1", name: "ping.request", link: "web-2~switch-1", reason: "partition", text },
			},
			...namesOfThread(3, 10_000, "spans 1"),
			{ ph: "X", name: "ping.work", cat: "span", pid: 3, tid: 10_000, ts: 650, dur: 300, args: { unfinished: true } },
		]);
	});
});

describe("a recorded run", () => {
	const nodes = ["crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"];
	const pidOf = (node: string | null): number => nodes.indexOf(node ?? "") + 2;

	test("has its CPU work on as few lanes as cores were busy at once, none on top of another", () => {
		const slices = trace.filter(({ ph, tid }) => ph === "X" && tid >= 100 && tid < 10_000);
		const computed = lines
			.filter(({ kind }) => kind === "computeFinished")
			.map(({ atUs, node, fields }) => ({ pid: pidOf(node), ts: Number(fields.startedUs), dur: atUs - Number(fields.startedUs) }));
		expect(slices.map(({ pid, ts, dur }) => ({ pid, ts, dur }))).toEqual(computed);
		const lanes = Map.groupBy(slices, ({ pid, tid }) => `${pid}/${tid}`);
		for (const onLane of lanes.values()) {
			const sorted = onLane.toSorted((a, b) => a.ts - b.ts);
			sorted.forEach(({ ts }, i) => {
				const before = sorted[i - 1];
				if (before !== undefined) expect(before.ts + before.dur).toBeLessThanOrEqual(ts);
			});
		}
		for (const pid of new Set(slices.map((slice) => slice.pid))) {
			const own = slices.filter((slice) => slice.pid === pid && slice.dur > 0);
			const busy = Math.max(...own.map(({ ts }) => own.filter((other) => other.ts <= ts && ts < other.ts + other.dur).length));
			expect(new Set(own.map(({ tid }) => tid)).size).toBe(busy);
		}
		expect(lanes.size).toBeGreaterThanOrEqual(5);
	});
});
