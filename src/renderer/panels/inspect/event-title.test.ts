import { expect, test } from "vitest";
import { tinyPlan } from "../../../../test/support/tiny-plan.ts";
import { encode } from "../../../shared/codec.ts";
import type { DecodedEvent } from "../../../shared/event-record.ts";
import { eventTitle } from "./event-title.ts";

const plan = { ...tinyPlan({ nodes: { a: { services: [] }, b: { services: [] } }, links: [] }, new Map()), names: ["what.was"] };
const event = (kind: string, fields: object, body: unknown): DecodedEvent =>
	({
		kind,
		node: 0,
		atUs: 0,
		lamport: 0,
		index: 0,
		fields: { name: 0, ...fields },
		body: body === undefined ? new Uint8Array() : encode(body as never),
	}) as unknown as DecodedEvent;

test("a heading leaves out what the event carries, and nothing else", () => {
	expect(eventTitle(event("factStated", {}, { key: "k" }), plan)).toBe("a states what.was");
	expect(eventTitle(event("messageSent", { to: 1, sequence: 7, inReplyTo: 0 }, ["x", "y"]), plan)).toBe("a#7 to b: what.was");
	expect(eventTitle(event("measured", { value: 3 }, undefined), plan)).toBe("a measures what.was = 3");
});
