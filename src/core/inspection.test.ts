/** What the inspector is told of a node besides its services: timers that are set, and messages that wait. */
import { describe, expect, test } from "vitest";
import { registryOf, service, tinyPlan } from "../../test/support/tiny-plan.ts";
import { InlineExecutor } from "./inline-executor.ts";
import { Kernel } from "./kernel.ts";
import type { NodeContext, Service } from "./node-api.ts";

const names = ["p.soon", "p.late", "p.beat", "p.ask", "p.tell"];

function kernelOf(start: (ctx: NodeContext) => Service, story: readonly (readonly [number, string])[] = []): Kernel {
	const registry = registryOf(
		service("p", names, start),
		service("q", names, (ctx: NodeContext) => ({
			boot() {
				ctx.every(1_000, "p.beat", () => {
					ctx.send("a", "p.tell", 1);
					ctx.send("a", "p.tell", 2);
				});
			},
		})),
	);
	const plan = tinyPlan({ nodes: { a: { services: ["p"] }, b: { services: ["q"] } }, untilUs: 100_000, story }, registry);
	return new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
}

function timersOf(kernel: Kernel): readonly (readonly [string, number])[] {
	return (kernel.inspectNode(0)?.timers ?? []).map(({ name, dueUs }) => [kernel.plan.names[name] ?? "", dueUs]);
}

describe("timers", () => {
	const twoTimers = (ctx: NodeContext): Service => ({
		boot() {
			ctx.after(20_000, "p.late", () => {});
			ctx.after(5_000, "p.soon", () => {});
			ctx.after(4_000, "p.soon", () => {}).cancel();
		},
	});

	test("are told with their names, the next one first; a cancelled one and one that fired are gone", () => {
		const kernel = kernelOf(twoTimers);
		kernel.advance({ untilUs: 1_000 });
		expect(timersOf(kernel)).toEqual([
			["p.soon", 5_000],
			["p.late", 20_000],
		]);
		kernel.advance({ untilUs: 6_000 });
		expect(timersOf(kernel)).toEqual([["p.late", 20_000]]);
	});

	test("are due when the node's clock says so, however that is changed", () => {
		const kernel = kernelOf(twoTimers, [[10_000, "drift a 1000000ppm"]]);
		kernel.advance({ untilUs: 11_000 });
		expect(timersOf(kernel)).toEqual([["p.late", 15_000]]);
	});

	test("are bounded, and the rest is counted", () => {
		const kernel = kernelOf((ctx) => ({
			boot() {
				for (let i = 1; i <= 1_500; i++) ctx.after(10_000 + i, "p.late", () => {});
			},
		}));
		kernel.advance({ untilUs: 1_000 });
		expect(timersOf(kernel).at(-1)).toEqual(["p.late", 11_000]);
		expect(kernel.inspectNode(0)?.timersOmitted).toBe(500);
	});

	test("of a node that is down are none", () => {
		const kernel = kernelOf(twoTimers, [[2_000, "crash a"]]);
		kernel.advance({ untilUs: 3_000 });
		expect(kernel.inspectNode(0)).toBeNull();
	});
});

describe("messages that wait", () => {
	test("stand at a paused node's door in the order in which they came, until it goes on", () => {
		const kernel = kernelOf(
			() => ({}),
			[
				[10_500, "pause a"],
				[20_500, "resume a"],
			],
		);
		kernel.advance({ untilUs: 10_400 });
		expect(kernel.inbox(0)).toEqual([]);
		kernel.advance({ untilUs: 20_000 });
		const waiting = kernel.inbox(0);
		expect(waiting.length).toBeGreaterThan(5);
		expect(waiting.map(({ from, atUs }) => [from, atUs > 10_500])).toEqual(waiting.map(() => [1, true]));
		expect(waiting.map(({ sequence }) => sequence)).toEqual(waiting.map((_, i) => (waiting[0]?.sequence ?? 0) + i));
		kernel.advance({ untilUs: 21_000 });
		expect(kernel.inbox(0)).toEqual([]);
	});

	test("are those of the same instant, when a run was stopped within it", () => {
		const kernel = kernelOf(() => ({}));
		kernel.advance({ untilUs: 5_000 });
		for (let steps = 0; kernel.inbox(0).length === 0 && steps < 100; steps++) kernel.step();
		expect(kernel.inbox(0)).toHaveLength(1);
		kernel.step();
		expect(kernel.inbox(0)).toEqual([]);
	});
});
