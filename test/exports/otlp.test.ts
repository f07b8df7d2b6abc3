/** Spans are read back by the message types that OpenTelemetry itself generates from its protocol. */
import otlp from "@opentelemetry/otlp-transformer/build/src/generated/root.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventKinds } from "../../src/shared/event-schema.ts";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { logEvent } from "../synthetic-run.ts";

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
	toObject(message: object, options: object): Traces;
	verify?(value: object): string | null;
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

/** The protocol's JSON writes ids in hexadecimal, where protobuf's own JSON would have base64. */
function asMessage(given: Traces): object {
	const bytes = (hex: string | undefined): Uint8Array | undefined => (hex === undefined ? undefined : Buffer.from(hex, "hex"));
	return {
		resourceSpans: given.resourceSpans.map((resource) => ({
			...resource,
			scopeSpans: resource.scopeSpans.map((scope) => ({
				...scope,
				spans: scope.spans.map((span) => ({
					...span,
					traceId: bytes(span.traceId),
					spanId: bytes(span.spanId),
					...(span.parentSpanId === undefined ? {} : { parentSpanId: bytes(span.parentSpanId) }),
					links: (span.links ?? []).map((link) => ({ ...link, traceId: bytes(link.traceId), spanId: bytes(link.spanId) })),
				})),
			})),
		})),
	};
}

describe("OpenTelemetry spans", () => {
	test("pass through OpenTelemetry's own message types, byte for byte the same afterwards", () => {
		const given = asMessage(traces);
		const decoded = requestType.decode(requestType.encode(requestType.fromObject(given)).finish());
		const back = requestType.toObject(decoded, { longs: String, bytes: Buffer });
		const plain = (span: object): object => {
			const { traceId, spanId, name, startTimeUnixNano, endTimeUnixNano } = span as Span;
			return { traceId: Buffer.from(traceId).toString("hex"), spanId: Buffer.from(spanId).toString("hex"), name, startTimeUnixNano, endTimeUnixNano };
		};
		const wanted = spansOf(traces).map(({ traceId, spanId, name, startTimeUnixNano, endTimeUnixNano }) => ({
			traceId,
			spanId,
			name,
			startTimeUnixNano,
			endTimeUnixNano,
		}));
		expect(spansOf(back).map(plain)).toEqual(wanted);
		expect(wanted.length).toBeGreaterThan(300);
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
});
