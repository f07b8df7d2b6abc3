/** Spans are read back by the message types that OpenTelemetry itself generates from its protocol. */
import otlp from "@opentelemetry/otlp-transformer/build/src/generated/root.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventKinds } from "../../src/shared/event-schema.ts";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { logEvent, syntheticPlan } from "../synthetic-run.ts";

interface Attribute {
	readonly key: string;
	readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly boolValue?: boolean };
}

interface Span {
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId?: string;
	readonly name: string;
	readonly kind: number;
	readonly startTimeUnixNano: string;
	readonly endTimeUnixNano: string;
	readonly attributes: readonly Attribute[];
	readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
	readonly status: { readonly code: number; readonly message?: string };
}

interface Traces {
	readonly resourceSpans: readonly {
		readonly resource: { readonly attributes: readonly Attribute[] };
		readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly Span[] }[];
	}[];
}

/** As the type in question is used here; the package gives it as `any`. */
interface MessageType {
	fromObject(value: object): object;
	encode(message: object): { finish(): Uint8Array };
	decode(bytes: Uint8Array): object;
	toObject(message: object, options: object): object;
	verify(value: object): string | null;
}

const requestType: MessageType = (otlp as unknown as { opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: MessageType } } } } } })
	.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

const folder = new Folder();
afterAll(() => folder.remove());
let traces: Traces = { resourceSpans: [] };
let lines: readonly Line[] = [];
const spansOf = ({ resourceSpans }: Traces): readonly Span[] => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
const textAt = (attributes: readonly Attribute[], key: string): string | undefined => {
	const value = attributes.find((attribute) => attribute.key === key)?.value;
	return value?.stringValue ?? value?.intValue;
};

beforeAll(async () => {
	const path = await recordTrouble(folder);
	await withSession(path, async (session) => {
		traces = JSON.parse(await textOf(session, "otlp")) as Traces;
		lines = await linesOf(session);
	});
});

type Change = (text: string) => string;
const hexToBase64: Change = (hex) => Buffer.from(hex, "hex").toString("base64");
const base64ToHex: Change = (base64) => Buffer.from(base64, "base64").toString("hex");
const idProperties = new Set(["traceId", "spanId", "parentSpanId"]);

/** The protocol's JSON writes ids in hexadecimal, where protobuf's own JSON has base64 as for all bytes. */
function withIds(value: unknown, change: Change): unknown {
	if (Array.isArray(value)) return value.map((item) => withIds(item, change));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, idProperties.has(key) && typeof item === "string" ? change(item) : withIds(item, change)]),
	);
}

/** The document as OpenTelemetry's own types understand it: what they do not know, and what they would write otherwise, differs. */
function throughTheirTypes(document: object): unknown {
	const message = requestType.fromObject(withIds(document, hexToBase64) as object);
	expect(requestType.verify(message)).toBeNull();
	const decoded = requestType.decode(requestType.encode(message).finish());
	return withIds(requestType.toObject(decoded, { longs: String, bytes: String, json: true }), base64ToHex);
}

/** On the wire a list without items is not there. */
const withoutEmptyLists = (document: object): unknown =>
	JSON.parse(JSON.stringify(document, (_, value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value)));

/** An attribute whose value is a text. */
const said = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const counted = (key: string, intValue: string): object => ({ key, value: { intValue } });

const resourceOf = (node: string): object => ({
	attributes: [
		said("service.name", node),
		said("service.namespace", "synthetic"),
		counted("quorate.seed", "7"),
		counted("quorate.branch", "0"),
		said("quorate.holds", "everything"),
		counted("quorate.fromUs", "0"),
		counted("quorate.toUs", "2000"),
		counted("quorate.formatVersion", "1"),
		said("quorate.role", "web"),
		said("quorate.region", "home"),
	],
});
const scope = { name: "quorate", version: "1" };

interface SentFrom {
	readonly from: string;
	readonly to: string;
	readonly sequence: string;
	readonly fate: string;
}

const messageAttributes = ({ from, to, sequence, fate }: SentFrom): readonly object[] => [
	said("quorate.message.from", from),
	said("quorate.message.to", to),
	counted("quorate.message.sequence", sequence),
	counted("quorate.message.copy", "0"),
	said("quorate.message.fate", fate),
];

/** A request that another node answers within a span of its own, a loss, and what the end of the log finds unfinished. */
function smallRun(): MemorySource {
	const source = new MemorySource();
	const { log } = source;
	const ofRequest = { traceNode: 0, traceSequence: 1 };
	const ofNone = { traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
	logEvent(log, "spanStarted", { atUs: 0, node: 0 }, { spanSequence: 1, name: 3, ...ofRequest, parentNode: -1, parentSequence: 0 });
	const request = { sequence: 1, to: 1, name: 1, expects: 1, inReplyTo: 0, ...ofRequest, spanNode: 0, spanSequence: 1 };
	logEvent(log, "messageSent", { atUs: 100, node: 0 }, request, null);
	logEvent(log, "messageDelivered", { atUs: 600, node: 1 }, { from: 0, sequence: 1, copy: 0, name: 1, inReplyTo: 0, sentUs: 100 });
	logEvent(log, "spanStarted", { atUs: 600, node: 1 }, { spanSequence: 1, name: 2, ...ofRequest, parentNode: 0, parentSequence: 1 });
	const answer = { sequence: 1, to: 0, name: 0, expects: 0, inReplyTo: 1, ...ofRequest, spanNode: 1, spanSequence: 1 };
	logEvent(log, "messageSent", { atUs: 700, node: 1 }, answer, null);
	logEvent(
		log,
		"spanFinished",
		{ atUs: 800, node: 1 },
		{ spanSequence: 1, name: 2, status: 1, startedUs: 600 },
		{
			text: "a text",
			whole: -12,
			large: Number.MAX_SAFE_INTEGER,
			fraction: 0.5,
			beyond: Number.NEGATIVE_INFINITY,
			yes: true,
			nothing: null,
			bytes: new Uint8Array([1, 2, 255]),
			list: ["a", 2, null],
			nested: { inner: false },
		},
	);
	logEvent(log, "messageDelivered", { atUs: 1_200, node: 0 }, { from: 1, sequence: 1, copy: 0, name: 0, inReplyTo: 1, sentUs: 700 });
	logEvent(log, "spanFinished", { atUs: 1_300, node: 0 }, { spanSequence: 1, name: 3, status: 0, startedUs: 0 });
	logEvent(log, "messageSent", { atUs: 1_400, node: 2 }, { sequence: 1, to: 0, name: 1, expects: 0, inReplyTo: 0, ...ofNone }, null);
	logEvent(log, "messageDropped", { atUs: 1_500, node: 2 }, { sequence: 1, copy: 0, to: 0, name: 1, link: 2, reason: 3 });
	logEvent(log, "spanStarted", { atUs: 1_600, node: 2 }, { spanSequence: 1, name: 3, traceNode: 2, traceSequence: 1, parentNode: -1, parentSequence: 0 });
	logEvent(log, "messageSent", { atUs: 1_700, node: 2 }, { sequence: 2, to: 1, name: 1, expects: 0, inReplyTo: 0, ...ofNone }, null);
	logEvent(log, "networkHealed", { atUs: 2_000, node: -1 }, {});
	return source;
}

const requestTrace = "00000000000000010000000000000001";
const askingSpan = "0000000100000001";
const answeringSpan = "0000000200000001";
const requestMessage = "8000000100000001";

const smallDocument = {
	resourceSpans: [
		{
			resource: resourceOf("web-1"),
			scopeSpans: [
				{
					scope,
					spans: [
						{
							traceId: requestTrace,
							spanId: requestMessage,
							parentSpanId: askingSpan,
							name: "message ping.request",
							kind: 4,
							startTimeUnixNano: "100000",
							endTimeUnixNano: "600000",
							attributes: messageAttributes({ from: "web-1", to: "web-2", sequence: "1", fate: "delivered" }),
							status: { code: 1 },
						},
						{
							traceId: requestTrace,
							spanId: askingSpan,
							name: "ping.work",
							kind: 1,
							startTimeUnixNano: "0",
							endTimeUnixNano: "1300000",
							attributes: [],
							status: { code: 1 },
						},
					],
				},
			],
		},
		{
			resource: resourceOf("web-2"),
			scopeSpans: [
				{
					scope,
					spans: [
						{
							traceId: requestTrace,
							spanId: answeringSpan,
							parentSpanId: askingSpan,
							name: "ping.timer",
							kind: 2,
							startTimeUnixNano: "600000",
							endTimeUnixNano: "800000",
							attributes: [
								said("text", "a text"),
								counted("whole", "-12"),
								counted("large", "9007199254740991"),
								{ key: "fraction", value: { doubleValue: 0.5 } },
								{ key: "beyond", value: { doubleValue: "-Infinity" } },
								{ key: "yes", value: { boolValue: true } },
								{ key: "bytes", value: { bytesValue: "AQL/" } },
								{ key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "2" }, {}] } } },
								{ key: "nested", value: { kvlistValue: { values: [{ key: "inner", value: { boolValue: false } }] } } },
							],
							status: { code: 2 },
						},
						{
							traceId: requestTrace,
							spanId: "8000000200000001",
							parentSpanId: answeringSpan,
							name: "message ping.reply",
							kind: 4,
							startTimeUnixNano: "700000",
							endTimeUnixNano: "1200000",
							attributes: messageAttributes({ from: "web-2", to: "web-1", sequence: "1", fate: "delivered" }),
							links: [{ traceId: requestTrace, spanId: requestMessage, attributes: [said("quorate.link", "in reply to")] }],
							status: { code: 1 },
						},
					],
				},
			],
		},
		{
			resource: resourceOf("web-3"),
			scopeSpans: [
				{
					scope,
					spans: [
						{
							traceId: "80000000000000030000000000000001",
							spanId: "8000000300000001",
							name: "message ping.request",
							kind: 4,
							startTimeUnixNano: "1400000",
							endTimeUnixNano: "1500000",
							attributes: messageAttributes({ from: "web-3", to: "web-1", sequence: "1", fate: "lost" }),
							status: { code: 2, message: "lost: partition" },
						},
						{
							traceId: "00000000000000030000000000000001",
							spanId: "0000000300000001",
							name: "ping.work",
							kind: 1,
							startTimeUnixNano: "1600000",
							endTimeUnixNano: "2000000",
							attributes: [{ key: "quorate.unfinished", value: { boolValue: true } }],
							status: { code: 2, message: "the log ends before it" },
						},
						{
							traceId: "80000000000000030000000000000002",
							spanId: "8000000300000002",
							name: "message ping.request",
							kind: 4,
							startTimeUnixNano: "1700000",
							endTimeUnixNano: "2000000",
							attributes: messageAttributes({ from: "web-3", to: "web-2", sequence: "2", fate: "underWay" }),
							status: { code: 0 },
						},
					],
				},
			],
		},
	],
};

describe("OpenTelemetry spans", () => {
	test("pass through OpenTelemetry's own message types, and are word for word the same afterwards", () => {
		expect(throughTheirTypes(traces)).toStrictEqual(traces);
		expect(spansOf(traces).length).toBeGreaterThan(300);
	});

	test("pass through them with values of every sort", async () => {
		const document = JSON.parse(await textOf(smallRun(), "otlp")) as object;
		expect(throughTheirTypes(document)).toStrictEqual(withoutEmptyLists(document));
	});

	test("would not pass with a property that the types do not know, or a number as they do not write it", () => {
		const span = { traceId: requestTrace, spanId: askingSpan, startTimeUnixNano: "5" };
		const document = (changed: object): object => ({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, ...changed }] }] }] });
		expect(throughTheirTypes(document({}))).toStrictEqual(document({}));
		expect(throughTheirTypes(document({ colour: "red" }))).not.toStrictEqual(document({ colour: "red" }));
		expect(throughTheirTypes(document({ startTimeUnixNano: 5 }))).not.toStrictEqual(document({ startTimeUnixNano: 5 }));
	});

	test("are word for word what a small run makes of them", async () => {
		expect(JSON.parse(await textOf(smallRun(), "otlp"))).toStrictEqual(smallDocument);
	});

	test("have the names, times, statuses and attributes that the log has", () => {
		const finished = lines.filter(({ kind }) => kind === "spanFinished");
		const spans = new Map(spansOf(traces).map((span) => [span.spanId, span]));
		const nodes = ["crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"];
		const hex = (value: number): string => value.toString(16).padStart(8, "0");
		for (const { node, atUs, fields, body } of finished) {
			const span = spans.get(hex(nodes.indexOf(node ?? "") + 1) + hex(Number(fields.spanSequence)));
			expect(span).toMatchObject({
				name: fields.name,
				startTimeUnixNano: String(Number(fields.startedUs) * 1_000),
				endTimeUnixNano: String(atUs * 1_000),
				status: { code: fields.status === "error" ? 2 : 1 },
			});
			const given = Object.entries((body ?? {}) as object).filter(([, value]) => value !== null);
			expect(span?.attributes.map(({ key }) => key)).toEqual(given.map(([key]) => key));
			for (const [key, value] of given) if (typeof value === "string") expect(textAt(span?.attributes ?? [], key)).toBe(value);
		}
		expect(finished.length).toBeGreaterThan(100);
	});

	test("have ids of the right length that are never zero, and no two spans share one", () => {
		const spans = spansOf(traces);
		for (const { traceId, spanId, parentSpanId } of spans) {
			expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
			expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
			if (parentSpanId !== undefined) expect(parentSpanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
		}
		expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
	});

	test("write 64-bit numbers as texts, and end no earlier than they began", () => {
		for (const { startTimeUnixNano, endTimeUnixNano } of spansOf(traces)) {
			expect([startTimeUnixNano, endTimeUnixNano].every((time) => /^\d+$/.test(time))).toBe(true);
			expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
		}
	});

	test("belong to a resource a node, by its name", () => {
		const names = new Set(traces.resourceSpans.map(({ resource }) => textAt(resource.attributes, "service.name")));
		expect(names).toEqual(new Set(["crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"]));
	});

	test("are all the spans and messages of the log: finished, failed, lost, and open at the end", () => {
		const spans = spansOf(traces);
		const count = (kind: string): number => lines.filter((line) => line.kind === kind).length;
		const messages = spans.filter(({ name }) => name.startsWith("message "));
		expect(spans.length - messages.length).toBe(count("spanStarted"));
		const fates = messages.map(({ attributes }) => textAt(attributes, "quorate.message.fate"));
		expect(fates.filter((fate) => fate === "delivered").length).toBe(count("messageDelivered"));
		expect(fates.filter((fate) => fate === "lost").length).toBe(count("messageDropped"));
		expect(fates.length).toBe(count("messageSent") + count("messageDuplicated"));
		for (const { attributes, status } of messages) if (textAt(attributes, "quorate.message.fate") === "lost") expect(status.message).toMatch(/^lost: \w+$/);
	});

	test("hang together: parents are spans of the same trace, and answers link to what they answer", () => {
		const spans = spansOf(traces);
		const byId = new Map(spans.map((span) => [span.spanId, span]));
		const children = spans.filter(({ parentSpanId }) => parentSpanId !== undefined);
		for (const { parentSpanId, traceId } of children) expect(byId.get(parentSpanId ?? "")?.traceId).toBe(traceId);
		expect(children.length).toBeGreaterThan(200);
		const linked = spans.flatMap(({ links = [] }) => links);
		for (const { spanId, traceId } of linked) expect(byId.get(spanId)?.traceId).toBe(traceId);
		expect(linked.length).toBeGreaterThan(50);
	});

	test("of a node that crashed end with it", async () => {
		const source = new MemorySource();
		logEvent(source.log, "spanStarted", { atUs: 10, node: 0 }, { spanSequence: 1, name: 3, traceNode: 0, traceSequence: 1, parentNode: -1, parentSequence: 0 });
		logEvent(source.log, "nodeCrashed", { atUs: 25, node: 0 }, { incarnation: 1, reason: 0 }, "");
		logEvent(source.log, "nodeBooted", { atUs: 90, node: 0 }, { incarnation: 2 });
		const [span] = spansOf(JSON.parse(await textOf(source, "otlp")) as Traces);
		expect(span).toMatchObject({ startTimeUnixNano: "10000", endTimeUnixNano: "25000", status: { code: 2, message: "the node crashed" } });
	});

	test("are a valid, empty document where there are none", async () => {
		const source = new MemorySource();
		logEvent(source.log, "networkHealed", { atUs: 0, node: -1 }, {});
		expect(JSON.parse(await textOf(source, "otlp"))).toEqual({ resourceSpans: [] });
		expect(eventKinds).toContain("networkHealed");
	});

	test("tell a message's copies apart, and of which branch and variant they are", async () => {
		const source = new MemorySource({ ...syntheticPlan(), variant: "twice" });
		const { log } = source;
		const sent = { sequence: 1, to: 1, name: 1, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
		logEvent(log, "messageSent", { atUs: 100, node: 0 }, sent, null);
		logEvent(log, "messageDuplicated", { atUs: 200, node: 0 }, { sequence: 1, copy: 1, link: 0 });
		for (const [copy, atUs] of [600, 900].entries())
			logEvent(log, "messageDelivered", { atUs, node: 1 }, { from: 0, sequence: 1, copy, name: 1, inReplyTo: 0, sentUs: 100 });
		const { resourceSpans } = JSON.parse(await textOf(source, "otlp", { filter: { branch: 3 } })) as Traces;
		const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scoped) => scoped.spans));
		const copyOf = ({ attributes }: Span): string | undefined => attributes.find(({ key }) => key === "quorate.message.copy")?.value.intValue;
		expect(spans.map((span) => [copyOf(span), span.endTimeUnixNano])).toEqual([
			["0", "600000"],
			["1", "900000"],
		]);
		expect(resourceSpans[0]?.resource.attributes).toEqual(expect.arrayContaining([counted("quorate.branch", "3"), said("quorate.variant", "twice")]));
	});
});
