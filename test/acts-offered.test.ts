/** The window says beforehand what makes no sense: it must agree with the lab, which has the last word, and call a state what the lab calls it. */
import { expect, test } from "vitest";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { whyNot } from "../src/renderer/acting/why-not.ts";
import { strings } from "../src/renderer/strings.ts";
import { parseCommand } from "../src/shared/command-grammar.ts";
import { type NodeStatusView, type NodeView, nodeStatuses } from "../src/shared/projection/snapshot.ts";
import { EventList } from "./support/event-list.ts";
import { tinyPlan } from "./support/tiny-plan.ts";

/** What brings a node into a state by the instant of the act. */
const before: { readonly [status in NodeStatusView]: readonly (readonly [atUs: number, line: string])[] } = {
	up: [],
	down: [[1_000, "crash a"]],
	paused: [[1_000, "pause a"]],
	booting: [[9_999, "restart a"]],
};
const acts = ["crash a", "restart a", "pause a", "resume a", "ask a hello", "slow a 2x", "wipe a", "clock a +2s", "drift a 100ppm", "pause a b", "resume a b"];

function refusalsOf(status: NodeStatusView, line: string): readonly string[] {
	const plan = tinyPlan({ nodes: { a: { services: [] }, b: { services: [] } }, story: [...before[status], [10_000, line]] }, new Map());
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(new Map()) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: 11_000 });
	return list.of("commandRefused").map(({ body }) => String(body));
}

test.each(nodeStatuses.flatMap((status) => acts.map((line) => ({ status, line }))))("of a node that is $status: $line", ({ status, line }) => {
	const plan = tinyPlan({ nodes: { a: { services: [] }, b: { services: [] } } }, new Map());
	const nodes = [status, "up"].map((shown) => ({ status: shown }) as NodeView);
	const refusals = refusalsOf(status, line);
	expect(whyNot(parseCommand(line, plan), { plan, nodes }) !== undefined).toBe(refusals.length > 0);
	for (const refusal of refusals) expect(refusal).toContain(`a is ${/already/.test(refusal) ? "already " : ""}${strings.nodeStates[status]}`);
});
