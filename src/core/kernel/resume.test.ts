/** What waits at a paused node's door is handled when it goes on, and by nobody if the node fails as it wakes. */
import { expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../inline-executor.ts";
import { Kernel } from "../kernel.ts";

const sender = service("sender", ["word", "sender.next"], (ctx) => ({
	boot(): void {
		let number = 0;
		ctx.every(1_000, "sender.next", () => ctx.send("b", "word", ++number));
	},
}));
/** Fails at the tenth word. */
const listener = service("listener", ["word"], () => ({
	on: {
		word: ({ body }: { readonly body: unknown }) => {
			if (body === 10) throw new Error("too much");
		},
	},
}));

test("a node that fails as it wakes has handled what came before, and the rest finds it down; time goes on from there", () => {
	const registry = registryOf(sender, listener);
	const story = [
		[5_500, "pause b"],
		[20_500, "resume b"],
	] as const;
	const plan = tinyPlan({ nodes: { a: { services: ["sender"] }, b: { services: ["listener"] } }, physics: { floorUs: 50 }, story, untilUs: 22_000 }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	let horizonUs = 0;
	while (kernel.advance({ untilUs: plan.untilUs, windowsMax: 1 }) !== "until") {
		expect(kernel.nowUs).toBeGreaterThanOrEqual(horizonUs);
		horizonUs = kernel.nowUs;
	}
	const sent = list.of("messageSent", "a").filter(({ atUs }) => atUs < 20_450).length;
	expect(list.of("messageDelivered", "b")).toHaveLength(9);
	expect(list.of("nodeCrashed").map(({ atUs }) => atUs)).toEqual([20_500]);
	expect(list.of("messageDropped").filter(({ atUs, fields }) => atUs === 20_500 && fields.reason === "nodeDown")).toHaveLength(sent - 9);
});
