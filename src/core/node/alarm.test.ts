/** Alarms, housekeeping and facts, as a program sees them through the context. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../inline-executor.ts";
import { Kernel } from "../kernel.ts";
import type { Message, NodeContext, Service } from "../node-api.ts";

function run(start: (ctx: NodeContext) => Service, other: (ctx: NodeContext) => Service = () => ({}), story: readonly (readonly [number, string])[] = []) {
	const names = ["p.alarm", "p.beat", "p.ask", "p.tell", "p.fact", "p.work"];
	const registry = registryOf(service("p", names, start), service("q", names, other));
	const plan = tinyPlan({ nodes: { a: { services: ["p"] }, b: { services: ["q"] } }, untilUs: 100_000, story }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return list;
}

describe("an alarm", () => {
	test("goes off once, at the time it was last set to", () => {
		const list = run((ctx) => ({
			boot() {
				const alarm = ctx.alarm("p.alarm", () => ctx.log(`off, set: ${alarm.isSet}`));
				alarm.set(5_000);
				alarm.set(9_000);
				ctx.after(3_000, "p.beat", () => alarm.set(20_000));
			},
		}));
		expect(list.of("logLine", "a").map(({ atUs, body }) => [atUs, body])).toEqual([[23_000, "off, set: false"]]);
	});

	test("that was stopped stays silent until it is set again, also from its own action", () => {
		let times = 0;
		const list = run((ctx) => ({
			boot() {
				const alarm = ctx.alarm("p.alarm", () => {
					if (++times < 3) alarm.set(1_000);
				});
				alarm.set(5_000);
				alarm.stop();
				ctx.after(10_000, "p.beat", () => alarm.set(1_000));
			},
		}));
		expect(list.of("timerFired", "a").flatMap(({ atUs, fields }) => (fields.name === "p.alarm" ? [atUs] : []))).toEqual([11_000, 12_000, 13_000]);
	});

	test("counts on the node's own clock, and is overdue at the end of a pause", () => {
		const list = run(
			(ctx) => ({
				boot() {
					const alarm = ctx.alarm("p.alarm", () => ctx.log("off"));
					alarm.set(10_000);
				},
			}),
			undefined,
			[
				[5_000, "pause a"],
				[50_000, "resume a"],
			],
		);
		expect(list.of("logLine", "a").map(({ atUs }) => atUs)).toEqual([50_000]);
	});
});

test("what alarms and periods start belongs to no request, what `after` starts does", () => {
	const list = run(
		(ctx) => ({
			boot() {
				const span = ctx.startSpan("p.work");
				ctx.send("b", "p.ask", null);
				span.finish("ok");
			},
		}),
		(ctx) => ({
			on: {
				"p.ask"(_message: Message) {
					ctx.after(1_000, "p.beat", () => ctx.send("a", "p.tell", "after"));
					const alarm = ctx.alarm("p.alarm", () => ctx.send("a", "p.tell", "alarm"));
					alarm.set(2_000);
					const beat = ctx.every(3_000, "p.beat", () => {
						ctx.send("a", "p.tell", "every");
						beat.cancel();
					});
					ctx.send("a", "p.tell", "at once");
				},
			},
		}),
	);
	const sent = list.of("messageSent", "b").map(({ body, fields }) => [body, fields.traceNode]);
	expect(sent).toEqual([
		["at once", "a"],
		["after", "a"],
		["alarm", ""],
		["every", ""],
	]);
});

test("a fact is recorded under its name, with whatever it says; every node is in `nodes`", () => {
	const list = run((ctx) => ({ boot: () => ctx.fact("p.fact", { nodes: ctx.nodes.map(({ name }) => name), self: ctx.self.name }) }));
	expect(list.of("factStated").map(({ node, fields, body }) => [node, fields.name, body])).toEqual([["a", "p.fact", { nodes: ["a", "b"], self: "a" }]]);
});
