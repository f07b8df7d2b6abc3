import { expect, test } from "vitest";
import type { DecodedEvent } from "../event-record.ts";
import type { Plan } from "../plan.ts";
import { Names } from "./named-fields.ts";

const plan = {
	nodes: [{ name: "laptop" }, { name: "web-1" }],
	switches: [{ name: "hall" }],
	links: [{ name: "cable", a: 0, b: 2 }],
	names: ["shell.save"],
} as unknown as Plan;

test("numbers become the plan's names, a number that names nobody stays visible, and none is null", () => {
	const event = {
		kind: "messageSent",
		node: 0,
		fields: { sequence: 7, to: 1, name: 0, expects: "reply", inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: 9, spanSequence: 0 },
	};
	expect(new Names(plan).fields(event as unknown as DecodedEvent)).toMatchObject({
		sequence: 7,
		to: "web-1",
		name: "shell.save",
		expects: "reply",
		traceNode: null,
		spanNode: "#9",
	});
	const names = new Names(plan);
	expect([names.field("vertex", 2), names.field("link", 0), names.field("us", 2)]).toEqual(["hall", "cable", 2]);
});
