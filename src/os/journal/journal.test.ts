import { expect, test } from "vitest";
import { runCluster } from "../../../test/support/cluster-run.ts";
import { plainDisk, service } from "../../../test/support/tiny-plan.ts";
import type { NodeContext, PlainValue, Service, Task } from "../../core/node-api.ts";
import { Journal } from "./journal.ts";

/** A counter that survives: each boot loads it and counts on, a record each time, tidying up as it goes. */
function counter(ctx: NodeContext, states: { synced: number }): Service {
	const journal = new Journal(ctx, "counter");
	function* count(): Task {
		const records: readonly PlainValue[] = yield* journal.load();
		let value = records.reduce<number>((highest, record) => Math.max(highest, record as number), 0);
		ctx.fact("counter.loaded", value);
		for (;;) {
			yield* ctx.sleep(1_000, "counter.tick");
			if (!(yield* journal.write(++value))) return;
			states.synced = value;
			ctx.fact("counter.counted", value);
			if (journal.isUntidy(1)) yield* journal.tidy([value]);
		}
	}
	return { boot: count };
}

const names = ["counter.loaded", "counter.counted", "counter.tick"];

test("what was on the drive before a crash is there after it, through any number of them and of files tidied away", () => {
	for (let seed = 1; seed <= 10; seed++) {
		const states = { synced: 0 };
		const story = Array.from({ length: 20 }, (_, index): [number, string] => [
			200_000 + (index >> 1) * 300_000 + ((seed * 7_919 + index * 104_729) % 90_000) + (index % 2) * 100_000,
			`${index % 2 === 0 ? "crash" : "restart"} n1`,
		]);
		const disk = { ...plainDisk, writeUs: 50, syncUs: 300, tornRatio: 0.7 };
		const definition = service("counter", names, (ctx) => counter(ctx, states));
		const result = runCluster([definition], { nodes: { n1: { services: ["counter"], disk } }, story, untilUs: 4_000_000 }, seed);
		expect(result.exceptions).toEqual([]);
		let counted = 0;
		for (const { body } of [...result.facts("counter.counted"), ...result.facts("counter.loaded")].sort((a, b) => a.atUs - b.atUs)) {
			expect(body as number).toBeGreaterThanOrEqual(counted);
			counted = body as number;
		}
		expect(counted).toBeGreaterThan(500);
	}
});

test("a full drive is told", () => {
	const states = { synced: 0 };
	const disk = { ...plainDisk, capacityBytes: 100, syncUs: 100, writeUs: 10 };
	const definition = service("counter", names, (ctx) => counter(ctx, states));
	const result = runCluster([definition], { nodes: { n1: { services: ["counter"], disk } }, untilUs: 400_000 }, 1);
	expect(result.exceptions).toEqual([]);
	expect(states.synced).toBeGreaterThan(10);
	expect(states.synced).toBeLessThan(60);
});
