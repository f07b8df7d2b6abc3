/**
 * Spans in the JSON encoding of OpenTelemetry's protocol: a resource a node, and under it the spans of
 * its programs and of the messages it sent. Times are virtual, from the beginning of 1970 on, so that
 * equal runs give equal files. Spans that a crash or the end of the log left open end there and say so.
 *
 * @source OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding": ids in hexadecimal, 64-bit numbers as texts
 */
import { decode } from "../../shared/codec.ts";
import type { Held } from "../../shared/export-held.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import { heldIn } from "./held.ts";
import { type MessageEnd, MessagesUnderWay, type SentMessage } from "./messages-under-way.ts";
import { type ExportFilter, type ExportSource, type IndexedEvent, wantedEvents } from "./source.ts";
import { messageSpanId, messageTraceId, spanId, traceId } from "./span-ids.ts";

type Json = { readonly [property: string]: unknown };

/** Numbers of the protocol's own lists. */
const kinds = { internal: 1, server: 2, producer: 4 } as const;
const codes = { unset: 0, ok: 1, error: 2 } as const;

/** Spans of one node that are written together. */
const batchSpans = 64;
/** Requests whose answer may still come; the oldest are forgotten first. */
const requestsMax = 65_536;
const depthMax = 16;

interface OpenSpan {
	readonly node: number;
	readonly sequence: number;
	readonly name: string;
	readonly startedUs: number;
	readonly ids: Json;
	readonly kind: number;
}

const nanos = (us: number): string => (us === 0 ? "0" : `${us}000`);

function anyValue(value: unknown, depth = 0): Json {
	if (typeof value === "string") return { stringValue: value };
	if (typeof value === "boolean") return { boolValue: value };
	if (typeof value === "number")
		return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: Number.isFinite(value) ? value : String(value) };
	if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
	if (value === null || typeof value !== "object" || depth >= depthMax) return value === null || value === undefined ? {} : { stringValue: "..." };
	if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
	return { kvlistValue: { values: attributesOf(value, depth + 1) } };
}

function attributesOf(values: object, depth = 0): readonly Json[] {
	return Object.entries(values).flatMap(([key, value]) => (value === null || value === undefined ? [] : [{ key, value: anyValue(value, depth) }]));
}

/** Attributes that a program gave its span, under its own names. */
function givenAttributes(body: Uint8Array): readonly Json[] {
	if (body.length === 0) return [];
	try {
		const value = decode(body);
		if (value === null) return [];
		return typeof value === "object" && !Array.isArray(value) && !(value instanceof Uint8Array) ? attributesOf(value) : attributesOf({ value });
	} catch {
		return attributesOf({ "quorate.undecodable": body.slice() });
	}
}

class OtlpWriter {
	readonly #source: ExportSource;
	readonly #names: Names;
	readonly #open = new Map<string, OpenSpan>();
	readonly #messages = new MessagesUnderWay();
	/** Ids of messages that may be answered. */
	readonly #requests = new Map<string, Json>();
	readonly #batches = new Map<number, Json[]>();
	#lastUs = 0;

	readonly #held: Held;

	constructor(source: ExportSource, held: Held) {
		this.#source = source;
		this.#held = held;
		this.#names = new Names(source.plan);
	}

	/** @returns a batch that is full now, as an entry of `resourceSpans` */
	take(event: IndexedEvent): string | undefined {
		this.#lastUs = Math.max(this.#lastUs, event.atUs);
		switch (event.kind) {
			case "spanStarted":
				this.#begin(event);
				return undefined;
			case "spanFinished":
				return this.#finish(event);
			case "nodeCrashed":
				return this.#breakOff(event.node, event.atUs, "the node crashed");
			case "messageSent":
				this.#remember(event);
				this.#messages.take(event);
				return undefined;
			default: {
				const ended = this.#messages.take(event);
				return ended === undefined ? undefined : this.#message(ended, event);
			}
		}
	}

	/** What the end of the log leaves. */
	*end(): Generator<string> {
		for (const node of [...new Set([...this.#open.values()].map((span) => span.node))]) {
			const batch = this.#breakOff(node, this.#lastUs, "the log ends before it");
			if (batch !== undefined) yield batch;
		}
		for (const message of this.#messages.left) {
			const batch = this.#add(message.from, this.#messageSpan(message, 0, { endUs: this.#lastUs, status: { code: codes.unset }, fate: "underWay" }));
			if (batch !== undefined) yield batch;
		}
		for (const [node, spans] of this.#batches) if (spans.length > 0) yield this.#batch(node, spans);
	}

	#begin({ node, atUs, fields }: IndexedEvent): void {
		const sequence = Number(fields.spanSequence);
		const parentNode = Number(fields.parentNode);
		const parent = parentNode < 0 ? {} : { parentSpanId: spanId(parentNode, Number(fields.parentSequence)) };
		const ids = { traceId: traceId(Number(fields.traceNode), Number(fields.traceSequence)), spanId: spanId(node, sequence), ...parent };
		const kind = parentNode >= 0 && parentNode !== node ? kinds.server : kinds.internal;
		this.#open.set(`${node}:${sequence}`, { node, sequence, name: this.#names.field("name", fields.name ?? -1) as string, startedUs: atUs, ids, kind });
	}

	#finish({ node, atUs, fields, body }: IndexedEvent): string | undefined {
		const sequence = Number(fields.spanSequence);
		const key = `${node}:${sequence}`;
		const begun = this.#open.get(key);
		this.#open.delete(key);
		// A span whose beginning lies before what is exported is of a trace that only it tells of.
		const ids = begun?.ids ?? { traceId: traceId(node, sequence), spanId: spanId(node, sequence) };
		const status = fields.status === "error" ? { code: codes.error } : { code: codes.ok };
		return this.#add(node, {
			...ids,
			name: begun?.name ?? this.#names.field("name", fields.name ?? -1),
			kind: begun?.kind ?? kinds.internal,
			startTimeUnixNano: nanos(Math.min(atUs, begun?.startedUs ?? Number(fields.startedUs))),
			endTimeUnixNano: nanos(atUs),
			attributes: givenAttributes(body),
			status,
		});
	}

	#breakOff(node: number, atUs: number, why: string): string | undefined {
		let full: string | undefined;
		for (const [key, { node: owner, name, kind, startedUs, ids }] of this.#open) {
			if (owner !== node) continue;
			this.#open.delete(key);
			const span = {
				...ids,
				name,
				kind,
				startTimeUnixNano: nanos(startedUs),
				endTimeUnixNano: nanos(Math.max(startedUs, atUs)),
				attributes: attributesOf({ "quorate.unfinished": true }),
				status: { code: codes.error, message: why },
			};
			const batch = this.#add(node, span);
			full = full === undefined || batch === undefined ? (full ?? batch) : `${full},\n${batch}`;
		}
		return full;
	}

	#remember(event: IndexedEvent): void {
		if (event.fields.expects !== "reply") return;
		const message = { from: event.node, sequence: Number(event.fields.sequence), copy: 0 };
		this.#requests.set(`${message.from}:${message.sequence}`, this.#idsOf(event, 0));
		if (this.#requests.size <= requestsMax) return;
		for (const oldest of this.#requests.keys()) {
			this.#requests.delete(oldest);
			return;
		}
	}

	/** A message is of the request in whose course it was sent, or of its own. */
	#idsOf({ node, fields }: IndexedEvent, copy: number): Json {
		const name = { from: node, sequence: Number(fields.sequence), copy };
		const own = { spanId: messageSpanId(name) };
		const traceNode = Number(fields.traceNode);
		if (traceNode < 0) return { traceId: messageTraceId(name), ...own };
		const spanNode = Number(fields.spanNode);
		const parent = spanNode < 0 ? {} : { parentSpanId: spanId(spanNode, Number(fields.spanSequence)) };
		return { traceId: traceId(traceNode, Number(fields.traceSequence)), ...own, ...parent };
	}

	#message({ message, copy }: MessageEnd, end: IndexedEvent): string | undefined {
		const isLost = end.kind === "messageDropped";
		const status = isLost ? { code: codes.error, message: `lost: ${String(end.fields.reason)}` } : { code: codes.ok };
		return this.#add(message.from, this.#messageSpan(message, copy, { endUs: end.atUs, status, fate: isLost ? "lost" : "delivered" }));
	}

	#messageSpan(message: SentMessage, copy: number, end: { readonly endUs: number; readonly status: Json; readonly fate: string }): Json {
		const { from, to, sequence, sentUs, sent } = message;
		const answered = Number(sent.fields.inReplyTo);
		const request = answered === 0 ? undefined : this.#requests.get(`${to}:${answered}`);
		if (request !== undefined) this.#requests.delete(`${to}:${answered}`);
		const { traceId: requestTrace, spanId: requestSpan } = request ?? {};
		return {
			...this.#idsOf(sent, copy),
			name: `message ${this.#names.field("name", message.name) ?? ""}`,
			kind: kinds.producer,
			startTimeUnixNano: nanos(sentUs),
			endTimeUnixNano: nanos(Math.max(sentUs, end.endUs)),
			attributes: attributesOf({
				"quorate.message.from": this.#names.node(from),
				"quorate.message.to": this.#names.node(to),
				"quorate.message.sequence": sequence,
				"quorate.message.copy": copy,
				"quorate.message.fate": end.fate,
			}),
			...(request === undefined
				? {}
				: { links: [{ traceId: requestTrace, spanId: requestSpan, attributes: attributesOf({ "quorate.link": "in reply to" }) }] }),
			status: end.status,
		};
	}

	#add(node: number, span: Json): string | undefined {
		const batch = this.#batches.get(node);
		if (batch === undefined) {
			this.#batches.set(node, [span]);
			return undefined;
		}
		batch.push(span);
		if (batch.length < batchSpans) return undefined;
		this.#batches.set(node, []);
		return this.#batch(node, batch);
	}

	#batch(node: number, spans: readonly Json[]): string {
		const { labId, engineVersion } = this.#source.header;
		const { seed, session, branch, variant, holds, fromUs, toUs, formatVersion } = this.#held;
		const { nodes, regions } = this.#source.plan;
		const plan = nodes[node];
		const resource = {
			attributes: attributesOf({
				"service.name": this.#names.node(node) ?? "network",
				"service.namespace": labId,
				"quorate.seed": seed,
				"quorate.variant": variant ?? null,
				"quorate.session": session ?? null,
				"quorate.branch": branch,
				"quorate.holds": holds,
				"quorate.fromUs": fromUs,
				"quorate.toUs": toUs,
				"quorate.formatVersion": formatVersion,
				"quorate.role": plan?.role ?? null,
				"quorate.region": regions[plan?.region ?? -1] ?? null,
			}),
		};
		return JSON.stringify({ resource, scopeSpans: [{ scope: { name: "quorate", version: String(engineVersion) }, spans }] });
	}
}

export function* otlpText(source: ExportSource, filter: ExportFilter): Generator<string> {
	const writer = new OtlpWriter(source, heldIn(source, filter, "otlp"));
	let separator = "\n";
	yield `{"resourceSpans":[`;
	for (const event of wantedEvents(source, filter)) {
		const batch = event === null ? undefined : writer.take(event);
		if (event === null) yield "";
		if (batch === undefined) continue;
		yield separator + batch;
		separator = ",\n";
	}
	for (const batch of writer.end()) {
		yield separator + batch;
		separator = ",\n";
	}
	yield "\n]}\n";
}
