import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemorySource } from "../../../test/support/memory-source.ts";
import { checkShivizLog } from "../../../test/support/shiviz-rule.ts";
import { parseCsv } from "../../../test/support/strict-csv.ts";
import { checkTrace } from "../../../test/support/trace-rule.ts";
import { logEvent, playSyntheticRun, syntheticPlan } from "../../../test/synthetic-run.ts";
import { type EventKind, eventKinds, eventSchema } from "../../shared/event-schema.ts";
import { storedKinds } from "../../shared/session.ts";
import type { StoredEvent } from "../store/reader.ts";
import { csvColumns } from "./csv.ts";
import { type ExportFilter, type ExportFormat, type ExportSource, exportFormats, exportSession } from "./export.ts";
import { decodeEvent } from "./source.ts";
import { VectorClocks } from "./vector-clocks.ts";

function played(eventCount: number): MemorySource {
	const source = new MemorySource();
	playSyntheticRun(source.log, { eventCount });
	return source;
}

async function exported(source: ExportSource, format: ExportFormat, filter: ExportFilter = {}): Promise<string> {
	const chunks: Uint8Array[] = [];
	await exportSession(source, format, { write: (bytes) => void chunks.push(bytes) }, { filter });
	return Buffer.concat(chunks).toString("utf8");
}

interface JsonLine {
	readonly index: number;
	readonly atUs: number;
	readonly time: string;
	readonly node: string | null;
	readonly kind: EventKind;
	readonly fields: { readonly [field: string]: unknown };
	readonly body?: unknown;
}

async function jsonLines(source: ExportSource, filter: ExportFilter = {}): Promise<JsonLine[]> {
	const [, ...lines] = (await exported(source, "jsonl", filter)).trimEnd().split("\n");
	return lines.map((line) => JSON.parse(line) as JsonLine);
}

const messageSent = { sequence: 1, to: 1, name: 1, expects: 1, inReplyTo: 0, traceNode: 0, traceSequence: 1, spanNode: 0, spanSequence: 1 };

/** An event of every kind, with every field 0. */
function everyKind(): MemorySource {
	const source = new MemorySource();
	eventKinds.forEach((kind, i) => {
		const { fields, body } = eventSchema[kind];
		const zeros = Object.fromEntries(Object.keys(fields).map((field) => [field, 0]));
		logEvent(source.log, kind, { atUs: i * 1_500_000, node: i % 3 }, zeros as never, body === "none" ? undefined : body === "text" ? "a text" : { a: 1 });
	});
	return source;
}

describe("every export", () => {
	it.each(exportFormats)("as %s writes something for each kind of event", async (format) => {
		const source = everyKind();
		const text = await exported(source, format);
		switch (format) {
			case "jsonl":
				expect(
					text
						.trimEnd()
						.split("\n")
						.slice(1)
						.map((line) => (JSON.parse(line) as JsonLine).kind),
				).toEqual([...eventKinds]);
				return;
			case "csv":
				expect(
					parseCsv(text)
						.slice(1)
						.map((row) => row[4]),
				).toEqual([...eventKinds]);
				return;
			case "shiviz":
				expect(checkShivizLog(text).map(({ kind }) => kind)).toEqual([...eventKinds]);
				return;
			case "trace":
				expect(checkTrace(text).filter(({ ph }) => ph !== "M").length).toBeGreaterThanOrEqual(eventKinds.length - 1);
				return;
			default:
				// Formats of messages, spans and drawings: read back by other programs in test/exports.
				expect(text.length).toBeGreaterThan(200);
		}
	});

	it.each(exportFormats.filter((format) => !/svg|html/.test(format)))("as %s hands over bounded pieces and waits for each to be taken", async (format) => {
		const sizes: number[] = [];
		let waiting = 0;
		await exportSession(played(5_000), format, {
			write: async (bytes) => {
				expect(waiting++).toBe(0);
				sizes.push(bytes.length);
				await Promise.resolve();
				waiting--;
			},
		});
		expect(sizes.length).toBeGreaterThan(3);
		expect(Math.max(...sizes)).toBeLessThan(100_000);
	});
});

describe("jsonl", () => {
	it("names nodes, links, messages and enumerations, and decodes bodies", async () => {
		const source = new MemorySource();
		logEvent(source.log, "messageSent", { atUs: 1_500_000, node: 0, lamport: 9 }, messageSent, {
			text: "hi",
			bytes: new Uint8Array([1, 2]),
			odd: [Number.NaN, -0.5, null],
		});
		logEvent(source.log, "messageDropped", { atUs: 1_500_001, node: 0 }, { sequence: 1, copy: 0, to: 1, name: 1, link: 2, reason: 3 });
		logEvent(source.log, "messageForwarded", { atUs: 1_500_001, node: 0 }, { sequence: 1, copy: 0, vertex: 3, link: -1 });
		logEvent(source.log, "networkHealed", { atUs: 1_500_002, node: -1 }, {});
		expect(await jsonLines(source)).toEqual([
			{
				index: 0,
				atUs: 1_500_000,
				time: "1.500000s",
				node: "web-1",
				kind: "messageSent",
				lamport: 9,
				fields: {
					sequence: 1,
					to: "web-2",
					name: "ping.request",
					expects: "reply",
					inReplyTo: 0,
					traceNode: "web-1",
					traceSequence: 1,
					spanNode: "web-1",
					spanSequence: 1,
				},
				body: { text: "hi", bytes: { $base64: "AQI=" }, odd: [{ $number: "NaN" }, -0.5, null] },
			},
			expect.objectContaining({ fields: { sequence: 1, copy: 0, to: "web-2", name: "ping.request", link: "web-3~switch-1", reason: "partition" } }),
			expect.objectContaining({ fields: { sequence: 1, copy: 0, vertex: "switch-1", link: null } }),
			{ index: 3, atUs: 1_500_002, time: "1.500002s", node: null, kind: "networkHealed", lamport: 0, fields: {} },
		]);
	});

	it("gives exactly the events that a filter asks for", async () => {
		const source = played(2_000);
		const all = await jsonLines(source);
		const [fromUs, toUs] = [20_000, 60_000];
		const wanted = all.filter(({ atUs, node, kind }) => atUs >= fromUs && atUs <= toUs && node === "web-2" && kind !== "timerFired");
		expect(await jsonLines(source, { fromUs, toUs, nodes: new Set([1]), kinds: new Set(eventKinds.filter((kind) => kind !== "timerFired")) })).toEqual(wanted);
		expect(wanted.length).toBeGreaterThan(20);
	});

	it("shows what is no encoding instead of failing on it", async () => {
		const source = new MemorySource();
		logEvent(source.log, "linkChanged", { atUs: 0, node: -1 }, { link: 0, direction: 0 }, "long enough to break");
		const { words } = source.stored[0] as StoredEvent;
		words.fill(0xc1c1c1c1, words.length - 6); // the one byte that begins no value
		const [line] = await jsonLines(source);
		expect(JSON.stringify(line?.body)).toContain("$undecodable");
	});
});

describe("csv", () => {
	it("is what RFC 4180 asks for, whatever the texts hold", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }), async (lines) => {
				const source = new MemorySource();
				for (const line of lines) logEvent(source.log, "logLine", { atUs: 0, node: 0 }, { level: 1 }, line);
				const [heading, ...rows] = parseCsv(await exported(source, "csv"));
				expect(heading).toEqual([...csvColumns]);
				const bodies = rows.map((row) => (row.at(-2) as string).replace(/^'/, ""));
				expect(bodies).toEqual(lines);
			}),
			{ seed: 11, numRuns: 200 },
		);
	});

	it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1", "'=1"])("makes no formula of the text %j", async (line) => {
		const source = new MemorySource();
		logEvent(source.log, "logLine", { atUs: 0, node: 0 }, { level: 1 }, line);
		expect(parseCsv(await exported(source, "csv"))[1]?.at(-2)).toBe(`'${line}`);
	});

	it("leaves negative numbers numbers", async () => {
		const source = new MemorySource();
		logEvent(source.log, "clockDriftChanged", { atUs: 0, node: 0 }, { driftPpm: -200 });
		const [heading, row] = parseCsv(await exported(source, "csv"));
		expect(row?.[heading?.indexOf("driftPpm") ?? -1]).toBe("-200");
	});
});

describe("shiviz", () => {
	it("obeys the rule of clocks, whatever is left out", async () => {
		const source = played(1_500);
		await fc.assert(
			fc.asyncProperty(
				fc.subarray([...eventKinds]),
				fc.option(fc.subarray([0, 1, 2, -1])),
				fc.nat(200_000),
				fc.nat(300_000),
				async (kinds, nodes, fromUs, duration) => {
					const filter = { kinds: new Set(kinds), ...(nodes === null ? {} : { nodes: new Set(nodes) }), fromUs, toUs: fromUs + duration };
					const events = checkShivizLog(await exported(source, "shiviz", filter));
					expect(events.length).toBe((await exported(source, "jsonl", filter)).split("\n").length - 2);
				},
			),
			{ seed: 12, numRuns: 60 },
		);
	});

	it("orders a sending before its arrival, and before what its receiver does next, even when both are left out", async () => {
		const source = new MemorySource();
		logEvent(source.log, "logLine", { atUs: 1, node: 0 }, { level: 1 }, "before");
		logEvent(source.log, "logLine", { atUs: 1, node: 1 }, { level: 1 }, "elsewhere");
		logEvent(source.log, "messageSent", { atUs: 2, node: 0 }, messageSent, null);
		logEvent(source.log, "logLine", { atUs: 3, node: 0 }, { level: 1 }, "not yet known");
		logEvent(source.log, "messageDelivered", { atUs: 4, node: 1 }, { from: 0, sequence: 1, copy: 0, name: 1, inReplyTo: 0, sentUs: 2 });
		logEvent(source.log, "logLine", { atUs: 5, node: 1 }, { level: 1 }, "after");
		const events = checkShivizLog(await exported(source, "shiviz", { kinds: new Set<EventKind>(["logLine"]) }));
		expect(events.map(({ host, clock }) => [host, Object.fromEntries(clock)])).toEqual([
			["web-1", { "web-1": 1 }],
			["web-2", { "web-2": 1 }],
			["web-1", { "web-1": 2 }],
			["web-2", { "web-1": 1, "web-2": 2 }],
		]);
	});

	it("keeps an event on one line, whatever a program says", async () => {
		const source = new MemorySource();
		const lines = ['a\nweb-9 {"web-9":7}\nb', "c\u2028d", "e\u2029f\r\u0085g", "{} {"];
		for (const line of lines) logEvent(source.log, "logLine", { atUs: 1, node: 0 }, { level: 1 }, line);
		const events = checkShivizLog(await exported(source, "shiviz"));
		expect(events.map(({ host }) => host)).toEqual(lines.map(() => "web-1"));
	});

	it("makes a lost message nobody's past", async () => {
		const source = new MemorySource();
		logEvent(source.log, "messageSent", { atUs: 2, node: 0 }, messageSent, null);
		logEvent(source.log, "messageDropped", { atUs: 3, node: 0 }, { sequence: 1, copy: 0, to: 1, name: 1, link: 2, reason: 0 });
		logEvent(source.log, "logLine", { atUs: 5, node: 0 }, { level: 1 }, "no idea");
		const events = checkShivizLog(await exported(source, "shiviz"));
		expect(events.map(({ host, clock }) => [host, Object.fromEntries(clock)])).toEqual([
			["web-1", { "web-1": 1 }],
			["network", { "web-1": 1, network: 1 }],
			["web-1", { "web-1": 2 }],
		]);
	});

	it("keeps hosts apart and in one word, whatever a plan calls them", async () => {
		const plan = syntheticPlan();
		const names = ["a b", "a_b", "network"];
		const source = new MemorySource({ ...plan, nodes: plan.nodes.map((node, i) => ({ ...node, name: names[i] as string })) });
		playSyntheticRun(source.log, { eventCount: 200 });
		const hosts = new Set(checkShivizLog(await exported(source, "shiviz")).map(({ host }) => host));
		expect([...hosts].sort()).toEqual(["a_b", "a_b_", "network", "network_"]);
	});

	it("calls no host by a word that every object of ShiViz's has, and lets no name end a line", async () => {
		const plan = syntheticPlan();
		const names = ["constructor", "__proto__", "toString"];
		const source = new MemorySource({
			...plan,
			nodes: plan.nodes.map((node, i) => ({ ...node, name: names[i] as string })),
			names: plan.names.map((name) => `${name}\nx`),
		});
		playSyntheticRun(source.log, { eventCount: 200 });
		const hosts = new Set(checkShivizLog(await exported(source, "shiviz")).map(({ host }) => host));
		expect([...hosts].sort()).toEqual(["__proto___", "constructor_", "network", "toString_"]);
	});

	it("forgets messages that have arrived, every copy of them", () => {
		const source = played(3_000);
		logEvent(source.log, "messageSent", { atUs: source.log.lastUs, node: 0 }, { ...messageSent, sequence: 1_000_000 }, null);
		logEvent(source.log, "messageDuplicated", { atUs: source.log.lastUs, node: 0 }, { sequence: 1_000_000, copy: 1, link: 0 });
		const clocks = new VectorClocks(3);
		let most = 0;
		for (const stored of source.stored) {
			clocks.advance(decodeEvent(stored), true);
			most = Math.max(most, clocks.inFlight);
		}
		expect(most).toBeLessThan(40);
	});
});

describe("trace", () => {
	it("keeps the structural rules, whatever is left out", async () => {
		const source = played(1_500);
		await fc.assert(
			fc.asyncProperty(fc.subarray([...eventKinds]), fc.nat(200_000), fc.nat(300_000), async (kinds, fromUs, duration) => {
				checkTrace(await exported(source, "trace", { kinds: new Set(kinds), fromUs, toUs: fromUs + duration }));
			}),
			{ seed: 13, numRuns: 60 },
		);
	});

	it("shows each span and each piece of work as long as it took, and each message as one arrow", async () => {
		const source = played(1_500);
		const trace = checkTrace(await exported(source, "trace"));
		const count = (kind: EventKind) => source.stored.filter(({ words }) => words[0] === eventSchema[kind].id).length;
		expect(trace.filter(({ flow_in }) => flow_in === true).length).toBe(count("messageDelivered") + count("messageDropped"));
		expect(trace.filter(({ flow_out }) => flow_out === true).length).toBe(count("messageSent"));
		const computed = trace.filter(({ name }) => name === "compute");
		expect(computed.length).toBe(count("computeFinished"));
		expect(computed.every(({ dur }) => dur === 50)).toBe(true);
		const spans = trace.filter(({ ph, tid }) => ph === "X" && tid >= 10_000);
		expect(spans.length).toBe(count("spanStarted"));
		expect(spans.filter(({ args }) => args.unfinished === true).length).toBe(count("spanStarted") - count("spanFinished"));
	});

	it("ends the spans of a node that crashes", async () => {
		const source = new MemorySource();
		logEvent(source.log, "spanStarted", { atUs: 10, node: 0 }, { spanSequence: 1, name: 3, traceNode: 0, traceSequence: 1, parentNode: -1, parentSequence: 0 });
		logEvent(source.log, "nodeCrashed", { atUs: 25, node: 0 }, { incarnation: 1, reason: 0 }, "");
		logEvent(source.log, "nodeBooted", { atUs: 90, node: 0 }, { incarnation: 2 });
		const span = checkTrace(await exported(source, "trace")).find(({ name }) => name === "ping.work");
		expect(span).toMatchObject({ ts: 10, dur: 15, args: { unfinished: true } });
	});
});

describe("a session that stores less", () => {
	it.each(["messages", "summary"] as const)("exports at detail %s in every format", async (detail) => {
		const source = played(1_500);
		const stored = storedKinds(detail);
		const less = new Proxy(source, {
			get: (target, name: keyof MemorySource) =>
				name === "events" ? () => source.stored.filter(({ words }) => stored[words[0] as number] === 1) : target[name],
		});
		checkShivizLog(await exported(less, "shiviz"));
		checkTrace(await exported(less, "trace"));
		parseCsv(await exported(less, "csv"));
		await jsonLines(less);
	});
});
