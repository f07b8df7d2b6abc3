import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { broadcastDefinition } from "./broadcast.ts";
import { readBroadcastConfig } from "./config.ts";
import { type Broadcast, type DeliveryOrder, DeliveryQueue } from "./delivery.ts";

const queue = (order: DeliveryOrder, me = 2) => new DeliveryQueue({ me, members: 3, order });
const question: Broadcast = { sender: 0, vector: [1, 0, 0], text: "question" };
const answer: Broadcast = { sender: 1, vector: [1, 1, 0], text: "answer" };
const second: Broadcast = { sender: 0, vector: [2, 0, 0], text: "second" };
const texts = (broadcasts: readonly Broadcast[]) => broadcasts.map(({ text }) => text);

describe("the rule of Birman, Schiper and Stephenson", () => {
	test("a message waits for what its sender had delivered, then both come", () => {
		const causal = queue("causal");
		expect(texts(causal.receive(answer))).toEqual([]);
		expect(causal.heldBack).toBe(1);
		expect(texts(causal.receive(question))).toEqual(["question", "answer"]);
		expect(causal.heldBack).toBe(0);
	});

	test("a message waits for its sender's earlier one", () => {
		for (const order of ["causal", "fifo"] as const) {
			const ordered = queue(order);
			expect(texts(ordered.receive(second))).toEqual([]);
			expect(texts(ordered.receive(question))).toEqual(["question", "second"]);
		}
	});

	test("messages that know nothing of each other do not wait", () => {
		const causal = queue("causal");
		expect(texts(causal.receive({ ...answer, vector: [0, 1, 0] }))).toEqual(["answer"]);
		expect(texts(causal.receive(question))).toEqual(["question"]);
	});

	test("a message that comes twice is delivered once, held back or not", () => {
		const causal = queue("causal");
		causal.receive(answer);
		expect(texts(causal.receive(answer))).toEqual([]);
		expect(texts(causal.receive(question))).toEqual(["question", "answer"]);
		expect(texts(causal.receive(question))).toEqual([]);
		expect(causal.heldBack).toBe(0);
	});

	test("the order of senders alone, or none, gives the answer first", () => {
		expect(texts(queue("fifo").receive(answer))).toEqual(["answer"]);
		expect(texts(queue("plain").receive(answer))).toEqual(["answer"]);
	});
});

const seeds = [1, 2, 3, 4, 5];

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({
		definition: broadcastDefinition,
		count: 4,
		physics: { jitter: { kind: "exponential", meanUs: 20_000 } },
		untilUs: 20_000_000,
		...options,
	});
}

test("causal order holds on a network that reorders and duplicates, and everybody is told everything once", () => {
	for (const seed of seeds) {
		const result = run({ seed, physics: { jitter: { kind: "exponential", meanUs: 20_000 }, duplicateRatio: 0.1 } });
		expect(result.exceptions).toEqual([]);
		expect(result.broken("broadcast.causalOrder")).toBeNull();
		expect(result.broken("broadcast.everyoneIsTold")).toBeNull();
		expect(Math.max(...result.measured("broadcast.heldBack"))).toBeGreaterThan(0);
	}
});

test.each(["fifo", "plain"])("%s broadcast gives somebody an answer before its question", (order) => {
	for (const seed of seeds) expect(run({ seed, config: { order } }).broken("broadcast.causalOrder")).not.toBeNull();
});

test("a message that is lost keeps back all that follow it", () => {
	for (const seed of seeds) {
		const result = run({ seed, physics: { lossRatio: 0.05 } });
		expect(result.broken("broadcast.causalOrder")).toBeNull();
		expect(result.broken("broadcast.everyoneIsTold")).not.toBeNull();
	}
});

test.each([2, 4, 9])("a post to %i members takes N-1 messages", (count) => {
	const result = run({ count, config: { posts: 3 } });
	expect(result.sent("broadcast.message")).toHaveLength((count - 1) * result.facts("broadcast.posted").length);
});

test("a member that has lost its memory stays out, and says so", () => {
	const story: [number, string][] = [
		[500_000, "restart n4"],
		[1_500_000, "ask n4 hello"],
	];
	const result = run({ story });
	expect(result.broken("broadcast.causalOrder")).toBeNull();
	expect(result.list.of("answered").map(({ body }) => body)).toEqual(["this node has forgotten what it had delivered, and is no member any more"]);
});

test("the configuration is refused with what was expected", () => {
	expect(() => readBroadcastConfig({ order: "total" })).toThrow("broadcast: order must be one of causal, fifo, plain");
});
