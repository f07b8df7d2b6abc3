/**
 * No message of any lab has a part that could only be told by its place: what travels without names has them in
 * its service's definition, and as many as there are parts.
 */
import { expect, test } from "vitest";
import { bodiesOf } from "../src/main/lab-service/bodies.ts";
import { acceptedShape, encodeAccepted } from "../src/os/commit/acceptor.ts";
import { electionBodies } from "../src/os/elections/elections.ts";
import { bodyOfWrite, writeShape } from "../src/os/logical-clocks/stamp.ts";
import { encodeUpdates, updatesShape } from "../src/os/membership/updates.ts";
import { registry } from "../src/os/registry.ts";
import { type BodyShape, nameBody } from "../src/shared/body-shape.ts";
import type { PlainValue } from "../src/shared/codec.ts";
import { messageShapes } from "../src/shared/contract/views.ts";
import { decodeRecord, kindId } from "../src/shared/event-record.ts";
import { decodeOrNull } from "../src/shared/projection/preview.ts";
import { labIds, labPlan, runPlan, smaller, variantsOf } from "./support/lab-run.ts";

/** Its programs hang and take all the memory. */
const tame = labIds.filter((id) => id !== "misbehaving");
const untilUs = 5_000_000;

const isList = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value);

/** @param isHeld something with a name holds it */
function isNamed(value: PlainValue, shape: BodyShape | undefined, isHeld: boolean): boolean {
	if (value === null || value instanceof Uint8Array) return true;
	if (typeof shape === "object" && "words" in shape) return typeof value === "number" && value < shape.words.length;
	if (typeof shape === "object" && "each" in shape) return isList(value) && value.every((item) => isNamed(item, shape.each, true));
	if (typeof shape === "object" && "parts" in shape) {
		return isList(value) && value.length === shape.parts.length && value.every((item, place) => isNamed(item, shape.parts[place], true));
	}
	const isTold = isHeld || typeof shape === "string";
	if (typeof value !== "object") return isTold;
	// A list within a list is a place without a name.
	if (isList(value)) return isTold && value.every((item) => !isList(item) && isNamed(item, undefined, true));
	const within = typeof shape === "object" && "within" in shape ? shape.within : {};
	// What a client keeps under a key is its own record, which the store carries as it is.
	return Object.entries(value).every(([field, item]) => (field === "value" && "key" in value) || isNamed(item, within[field], true));
}

test("every part of every message of every lab, and of its variants, has a name", () => {
	const bare = new Map<string, string>();
	for (const lab of tame) {
		for (const variant of [undefined, ...variantsOf(lab).map(({ id }) => id)]) {
			const plan = labPlan(lab, { parameters: smaller[lab] ?? {}, ...(variant === undefined ? {} : { variant }) });
			const shapes = bodiesOf(plan);
			const onEvent = (words: Int32Array, start: number): void => {
				const event = decodeRecord(words, start);
				if (typeof event === "string") throw new Error(event);
				const name = plan.names[event.fields.name as number] ?? "";
				const isAnswer = event.fields.inReplyTo !== 0;
				const body = decodeOrNull(event.body);
				const shape = isAnswer ? shapes[name]?.answer : shapes[name]?.body;
				if (!isNamed(body, shape, false)) bare.set(`${name}${isAnswer ? ", answered" : ""}`, JSON.stringify(body).slice(0, 100));
			};
			runPlan(plan, 1, { untilUs: Math.min(plan.untilUs, untilUs), observers: [{ kindIds: new Set([kindId("messageSent")]), onEvent }] });
		}
	}
	expect([...bare]).toEqual([]);
}, 120_000);

test("names stand in the order in which the code writes", () => {
	const update = { member: 3, state: "suspected", life: 5, incarnation: 7 } as const;
	expect(nameBody(encodeUpdates([update]), { name: "updates", ...updatesShape })).toEqual({ updates: [update] });
	const accepted = encodeAccepted([{ participant: 2, ballot: 9, value: "prepared" }]);
	expect(nameBody(accepted, { name: "accepted", ...acceptedShape })).toEqual({ accepted: [{ participant: 2, ballot: 9, isPrepared: true }] });
	const write = { writer: 1, sequence: 2, text: "x", stamp: [7, 8, 1] as const, wallUs: 3, lamport: 4, hybrid: { physicalUs: 5, count: 6 }, vector: [9, 9] };
	expect(nameBody(bodyOfWrite(write), writeShape)).toEqual({
		write: { writer: 1, sequence: 2, wallUs: 3, lamport: 4, hybridUs: 5, hybridCount: 6 },
		stamp: { high: 7, low: 8, writer: 1 },
		vector: [9, 9],
		text: "x",
	});
	expect(nameBody([4, 77, 2], electionBodies["election.election"]?.body)).toEqual({ round: 4, identity: 77, hops: 2 });
});

test("services describe messages that there are, no two describe one, and the window can be told of all", () => {
	const names = new Set([...registry.values()].flatMap((service) => service.names));
	const described = [...registry.values()].flatMap(({ bodies = {} }) => Object.keys(bodies));
	expect(described.filter((message) => !names.has(message))).toEqual([]);
	expect(described.length).toBe(new Set(described).size);
	for (const { bodies = {} } of registry.values()) expect(messageShapes.parse(bodies)).toEqual(bodies);
});

test("what is of another shape stays as it is", () => {
	expect(nameBody([1, 2], { parts: ["a", "b", "c"] })).toEqual([1, 2]);
	expect(nameBody("text", { parts: ["a"] })).toBe("text");
	expect(nameBody({ rows: 3 }, { within: { rows: { each: "row" } } })).toEqual({ rows: 3 });
	expect(nameBody(null, "key")).toBeNull();
	expect(nameBody(7, { name: "state", words: ["up"] })).toEqual({ state: 7 });
});
