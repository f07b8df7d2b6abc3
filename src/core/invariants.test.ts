import { describe, expect, test } from "vitest";
import { registryOf, tinyPlan } from "../../test/support/tiny-plan.ts";
import { CheckBoard } from "./checks/create-check-folds.ts";
import { InlineExecutor } from "./inline-executor.ts";
import { Kernel } from "./kernel.ts";
import type { NodeContext, ServiceDefinition } from "./node-api.ts";

/** States 1, 2, 3 ... every 10 ms; promises to stay below five, and in the end to have come to three. */
const counter: ServiceDefinition = {
	name: "counter",
	summary: "counts",
	names: ["counter.tick", "counter.at", "counter.low", "counter.done"],
	configure: (config) => config,
	start(ctx: NodeContext) {
		let count = 0;
		return { boot: () => void ctx.every(10_000, "counter.tick", () => ctx.fact("counter.at", ++count)) };
	},
	invariants: [
		{
			name: "counter.low",
			shows: "stays below five",
			facts: ["counter.at"],
			start: () => ({ onFact: ({ node, value }) => ((value as number) < 5 ? null : `${node} is at ${value}`) }),
		},
		{
			name: "counter.done",
			shows: "comes to three",
			facts: ["counter.at"],
			start() {
				let highest = 0;
				return {
					onFact({ value }) {
						highest = Math.max(highest, value as number);
						return null;
					},
					end: () => (highest >= 3 ? null : `only came to ${highest}`),
				};
			},
		},
	],
};

const registry = registryOf(counter);

function verdictsAt(untilUs: number, lookUs = untilUs, services = registry) {
	const checks = ["counter.low", "counter.done"].map((name) => ({ id: name, expression: `holds ${name}`, shows: "" }));
	const plan = tinyPlan({ nodes: { a: { services: ["counter"] } }, links: [], untilUs, checks }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const board = new CheckBoard(plan, services);
	kernel.log.observe(board);
	kernel.advance({ untilUs: lookUs });
	return board.verdicts(lookUs).map(({ ok, final, observed, evidence }) => ({ ok, final, observed, events: evidence.map(({ atUs }) => atUs) }));
}

describe("holds NAME", () => {
	test("is judged by the service from what its nodes state", () => {
		expect(verdictsAt(45_000)).toEqual([
			{ ok: true, final: true, observed: "it holds", events: [] },
			{ ok: true, final: true, observed: "it holds", events: [] },
		]);
	});

	test("names the first event that broke it", () => {
		expect(verdictsAt(75_000)[0]).toEqual({ ok: false, final: true, observed: "a is at 5", events: [50_000] });
	});

	test("has its last word at the end of the run and not before", () => {
		expect(verdictsAt(25_000)[1]).toMatchObject({ ok: false, observed: "only came to 2" });
		expect(verdictsAt(45_000, 25_000)[1]).toMatchObject({ ok: true, final: false });
	});

	test("fails where nobody can judge it, rather than pass unseen", () => {
		expect(verdictsAt(45_000, 45_000, new Map())[0]).toMatchObject({ ok: false, observed: "no service here promises that" });
	});
});
