/** Questions under way, as a program sees them through the context. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../inline-executor.ts";
import { Kernel } from "../kernel.ts";
import type { Message, NodeContext, Service } from "../node-api.ts";

const answerAfterUs = 2_000;

/** What `a` logs when it runs this program beside a `b` that answers a little later. */
function logOf(start: (ctx: NodeContext) => Service): readonly unknown[] {
	const names = ["p.beat", "p.ask"];
	const answering = (ctx: NodeContext): Service => ({
		on: { "p.ask": (message: Message) => void ctx.after(answerAfterUs, "p.beat", () => ctx.reply(message, "yes")) },
	});
	const registry = registryOf(service("p", names, start), service("q", names, answering));
	const plan = tinyPlan({ nodes: { a: { services: ["p"] }, b: { services: ["q"] } }, untilUs: 100_000 }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	expect(list.of("nodeCrashed", "a")).toEqual([]);
	return list.of("logLine", "a").map(({ body }) => body);
}

describe("a call that is cancelled", () => {
	test("goes on with that news once the handler has returned, and its answer finds nobody", () => {
		const lines = logOf((ctx) => ({
			*boot() {
				const call = ctx.call("b", "p.ask", null, { timeoutUs: 50_000 });
				ctx.after(1_000, "p.beat", () => {
					call.cancel();
					ctx.log("handler ends");
				});
				ctx.log(JSON.stringify(yield* call));
			},
		}));
		expect(lines).toEqual(["handler ends", '{"ok":false,"error":"cancelled"}']);
	});

	test("has no timeout left to fire, and cannot be cancelled twice", () => {
		const lines = logOf((ctx) => ({
			*boot() {
				const call = ctx.call("b", "p.ask", null, { timeoutUs: 1_500 });
				ctx.after(1_000, "p.beat", () => {
					call.cancel();
					call.cancel();
				});
				ctx.log(JSON.stringify(yield* call));
				yield* ctx.sleep(5_000, "p.beat");
				ctx.log("still alone");
			},
		}));
		expect(lines).toEqual(['{"ok":false,"error":"cancelled"}', "still alone"]);
	});

	test("after its answer keeps its answer", () => {
		const lines = logOf((ctx) => ({
			*boot() {
				const call = ctx.call("b", "p.ask", null, { timeoutUs: 50_000 });
				yield* ctx.sleep(40_000, "p.beat");
				call.cancel();
				ctx.log(JSON.stringify(yield* call));
			},
		}));
		expect(lines).toEqual(['{"ok":true,"from":"b","body":"yes"}']);
	});

	test("because it was too large to be sent is over already", () => {
		const lines = logOf((ctx) => ({
			*boot() {
				const call = ctx.call("b", "p.ask", new Uint8Array(2_000_000), { timeoutUs: 50_000 });
				call.cancel();
				ctx.log(JSON.stringify(yield* call));
			},
		}));
		expect(lines).toEqual(['{"ok":false,"error":"tooLarge"}']);
	});
});
