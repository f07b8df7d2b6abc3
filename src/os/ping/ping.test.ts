import { expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { PlainValue } from "../../core/node-api.ts";
import type { LinkPhysics } from "../../shared/plan.ts";
import { registry } from "../registry.ts";
import { readPingConfig } from "./config.ts";

function runPing(config: PlainValue, options: { readonly physics?: Partial<LinkPhysics>; readonly story?: [number, string][] } = {}) {
	const nodes = { a: { services: [{ service: "ping", config }] }, b: { services: ["echo"] }, c: { services: ["ping"] } };
	const plan = tinyPlan({ nodes, untilUs: 1_000_000, physics: { floorUs: 3_000, ...options.physics }, story: options.story ?? [] }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return { list, spans: list.of("spanFinished", "a"), state: kernel.inspect(0)?.ping as { readonly [peer: string]: unknown } };
}

test("a round trip takes twice the delay of the link, one span and one measure each", () => {
	const { list, spans, state } = runPing({ peer: "b", period: "100ms", timeout: "50ms" });
	expect(spans).toHaveLength(10);
	for (const { body, fields } of spans) expect([fields.status, body]).toEqual(["ok", { peer: "b", rttUs: 6_000 }]);
	expect(list.of("measured", "a").map(({ fields }) => [fields.name, fields.value])).toEqual(spans.map(() => ["ping.rttUs", 6_000]));
	expect(state).toEqual({ b: { sent: 10, answered: 10, lost: 0, rttUsLast: 6_000, rttUsMin: 6_000, rttUsMax: 6_000 } });
});

test("several peers are pinged every period, and a node with ping answers too", () => {
	const { state } = runPing({ peers: ["b", "c"], period: "200ms" });
	expect(state).toMatchObject({ b: { sent: 5, answered: 5 }, c: { sent: 5, answered: 5 } });
});

test("pings stop after the count", () => {
	expect(runPing({ peer: "b", period: "10ms", count: 3 }).spans).toHaveLength(3);
	expect(runPing({ peer: "b", period: "10ms", count: 1 }).spans).toHaveLength(1);
});

test("pings to a dead peer are lost, and say so", () => {
	const { spans, state } = runPing({ peer: "b", period: "100ms", timeout: "50ms" }, { story: [[450_000, "crash b"]] });
	expect(spans.filter(({ fields }) => fields.status === "error").map(({ body }) => body)).toEqual(
		Array.from({ length: 5 }, () => ({ peer: "b", error: "timeout" })),
	);
	expect(state).toMatchObject({ b: { sent: 10, answered: 5, lost: 5 } });
});

test.each([
	[{ peer: "b", peers: ["c"] }, "ping: peer must be left out where peers is given"],
	[{ peer: 3 }, "ping: peer must be a text or a list of texts; got 3"],
	[{ pear: "b" }, 'ping: unknown key "pear"; did you mean peer?'],
])("the configuration %o is refused", (config, message) => {
	expect(() => readPingConfig(config)).toThrow(message);
});

test("a peer that does not exist is refused at boot", () => {
	expect(runPing({ peer: "z" }).list.of("nodeCrashed", "a")[0]?.body).toContain('ping: peer "z" is no other node of this lab');
});
