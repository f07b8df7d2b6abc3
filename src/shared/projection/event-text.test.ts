import { describe, expect, test } from "vitest";
import { frontPlan } from "../../../test/support/plans.ts";
import { LogBuilder } from "../../../test/support/records.ts";
import { encode, type PlainValue } from "../codec.ts";
import { type DecodedEvent, decodeRecord } from "../event-record.ts";
import { type EventKind, eventKinds, eventSchema, type FieldType } from "../event-schema.ts";
import { eventText, formatInstant } from "./event-text.ts";
import { decodeOrNull, oneLine, preview } from "./preview.ts";

const plan = frontPlan();
const node = (name: string): number => plan.nodes.findIndex((candidate) => candidate.name === name);

interface Written {
	readonly atUs?: number;
	readonly node?: number;
	readonly fields?: { readonly [field: string]: number | string };
	readonly body?: PlainValue;
}

function event(kind: EventKind, { atUs = 0, node: at = -1, fields = {}, body = null }: Written = {}): DecodedEvent {
	const log = new LogBuilder();
	log.add(kind, { atUs, node: at }, fields as object, body);
	const decoded = decodeRecord(log.buffer.words, 0);
	if (typeof decoded === "string") throw new Error(decoded);
	return decoded;
}

const say = (kind: EventKind, written?: Written): string => eventText(event(kind, written), plan);

describe("the sentence of an event", () => {
	test("names nodes, messages and links as people do", () => {
		const [client, balancer, web3] = [node("client-1"), node("balancer"), node("web-3")];
		const request = plan.names.indexOf("http.request");
		expect(say("nodeCrashed", { node: web3 })).toBe("web-3 crashed");
		expect(say("nodeCrashed", { node: web3, fields: { reason: "exception" }, body: "Error: no such luck" })).toBe(
			"web-3 crashed, because its program threw: Error: no such luck",
		);
		expect(say("nodeRestarting", { node: web3, fields: { readyUs: 12_100_000 } })).toBe("web-3 is switched on and will be up at 12.100000s");
		expect(say("messageSent", { node: client, fields: { sequence: 7, to: balancer, name: request }, body: { path: "/" } })).toBe(
			'client-1#7 to balancer: http.request, { path: "/" }',
		);
		expect(say("messageSent", { node: balancer, fields: { sequence: 9, to: client, name: request, inReplyTo: 7 }, body: 200 })).toBe(
			"balancer#9 to client-1: http.request in reply to #7, 200",
		);
		expect(say("messageDelivered", { node: balancer, atUs: 1_500, fields: { from: client, sequence: 7, copy: 1, name: request, sentUs: 500 } })).toBe(
			"client-1#7 (copy 1) reaches balancer after 1ms: http.request",
		);
		expect(say("messageDropped", { node: client, fields: { sequence: 7, to: balancer, name: request, reason: "nodeDown" } })).toBe(
			"client-1#7 to balancer is lost: met a receiver that is down (http.request)",
		);
		expect(say("linkCut", { fields: { link: 0 } })).toBe("the link between client-1 and balancer is cut");
		expect(say("linkCut", { fields: { link: 0, direction: "backward" } })).toBe("the link from balancer to client-1 is cut");
		expect(say("networkPartitioned", { body: [[0, 1], [2]] })).toBe("the network falls apart into {client-1 balancer} {web-1}");
		expect(say("computeFinished", { node: web3, atUs: 9_000, fields: { askedUs: 1_000, startedUs: 5_000 } })).toBe(
			"web-3 computed for 4ms after waiting for 4ms",
		);
		expect(say("commandApplied", { fields: { origin: "user" }, body: "crash web-3" })).toBe("the user: crash web-3");
	});

	test("exists for every kind, in one line of bounded length, whatever the record holds", () => {
		const bodies: readonly PlainValue[] = [
			null,
			Array.from({ length: 500 }, () => Array.from({ length: 500 }, () => 1)),
			"x".repeat(100_000),
			"two\nlines",
			[["deep", [[[[[1]]]]]]],
			{ property: "y".repeat(9_999) },
			new Uint8Array(9),
		];
		for (const kind of eventKinds) {
			const types = Object.entries<FieldType>(eventSchema[kind].fields);
			for (const far of [0, 2_000_000_000, -2_000_000_000]) {
				const fields = Object.fromEntries(types.map(([name, type]) => [name, typeof type === "string" ? far : 0]));
				for (const body of bodies) {
					const text = say(kind, { node: far, fields, body });
					expect({ kind, lines: text.split(/[\n\r]/).length, fits: text.length >= 5 && text.length <= 500 }).toEqual({ kind, lines: 1, fits: true });
				}
			}
		}
	});

	test("survives a body that is no encoding", () => {
		const sound = event("logLine", { node: 0, body: "fine" });
		expect(eventText({ ...sound, body: new Uint8Array([0x92, 1]) }, plan)).toMatch(/^client-1 says/);
	});
});

describe("instants", () => {
	test("have one width, so that a timeline lines up", () => {
		expect([0, 1, 6_000_000, 12_345_678].map(formatInstant)).toEqual(["0.000000s", "0.000001s", "6.000000s", "12.345678s"]);
	});
});

describe("previews", () => {
	test("are one line, cut with an ellipsis", () => {
		expect(oneLine("a\tb\nc", 10)).toBe("a b c");
		expect(oneLine("abcdef", 4)).toBe("abc…");
		expect(preview({ a: [1, true, null], b: "x" })).toBe('{ a: [1, true, null], b: "x" }');
		expect(preview(Array.from({ length: 100 }, () => 1))).toMatch(/ … 88 more\]$/);
		expect(preview("y".repeat(1_000))).toHaveLength(120);
	});

	test("of nothing and of nonsense are null", () => {
		expect(decodeOrNull(new Uint8Array(0))).toBeNull();
		expect(decodeOrNull(new Uint8Array([0x92, 1]))).toBeNull(); // a list of two with one in it
		expect(decodeOrNull(encode({ a: 1 }))).toEqual({ a: 1 });
	});
});
