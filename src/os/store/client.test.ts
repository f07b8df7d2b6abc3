/** The client library against real servers: it finds the leader, goes on through failures, and does nothing twice. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { StoreClient, type StoreClientOptions, storeClientNames } from "./client.ts";
import { storeDefinition } from "./store.ts";

type Story = readonly (readonly [number, string])[];

/** Three servers and one program with a client; what it logs is what it found. */
function run(
	program: (store: StoreClient, ctx: NodeContext) => Task,
	{
		story = [],
		lossRatio = 0,
		floorUs = 1_000,
		options = {},
		store = {},
		untilUs = 10_000_000,
	}: {
		story?: Story;
		lossRatio?: number;
		floorUs?: number;
		options?: StoreClientOptions;
		store?: { readonly [key: string]: PlainValue };
		untilUs?: number;
	} = {},
) {
	const user = service("user", [...storeClientNames, "user.wait"], (ctx) => ({ boot: () => program(new StoreClient(ctx, options), ctx) }));
	const registry = registryOf(storeDefinition, user);
	const server = { services: [{ service: "store", config: store }] };
	const physics = { floorUs, lossRatio, duplicateRatio: lossRatio, reorderRatio: lossRatio, reorderUs: 20_000 };
	const plan = tinyPlan({ nodes: { s1: server, s2: server, s3: server, user: { services: ["user"] } }, physics, story, untilUs }, registry);
	const kernel = new Kernel({ plan, seed: 11, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs });
	const view = (name: string) => kernel.inspect(plan.nodes.findIndex((node) => node.name === name))?.store ?? {};
	return { said: list.of("logLine", "user").map(({ body }) => JSON.parse(String(body)) as unknown), list, view };
}

describe("a client", () => {
	test("gets, puts, deletes, swaps, ranges and transacts, before there is a leader even", () => {
		const { said } = run(function* (store, ctx) {
			const results: unknown[] = [
				yield* store.put("a", 1),
				yield* store.get("a"),
				yield* store.compareAndSet({ key: "a", is: "value", value: 1 }, 2),
				yield* store.compareAndSet({ key: "a", is: "value", value: 1 }, 3),
				yield* store.compareAndSet({ key: "b", is: "absent" }, "new"),
				yield* store.range("a", "z"),
				yield* store.delete("a"),
				yield* store.delete("a"),
				yield* store.get("a"),
				yield* store.transact({ when: [{ key: "b", is: "version", version: 3 }], run: [{ do: "get", key: "b" }], otherwise: [] }),
			];
			ctx.log(JSON.stringify(results.map((result) => (result as { readonly value: unknown }).value)));
		});
		expect(said).toEqual([
			[
				1,
				{ key: "a", value: 1, version: 1 },
				true,
				false,
				true,
				[
					{ key: "a", value: 2, version: 2 },
					{ key: "b", value: "new", version: 3 },
				],
				true,
				false,
				null,
				{ kind: "ran", held: true, version: 5, results: [[{ key: "b", value: "new", version: 3 }]] },
			],
		]);
	});

	test("learns how far away the leader is, and does not take it for dead with every request", () => {
		const { said, list } = run(
			function* (store, ctx) {
				yield* store.put("first", 0);
				const fromUs = ctx.monoUs();
				for (let i = 1; i <= 10; i++) yield* store.put("again", i);
				ctx.log(JSON.stringify([fromUs, ctx.monoUs()]));
			},
			{ floorUs: 200_000, store: { electionTimeout: "4s", heartbeat: "700ms" }, options: { patienceUs: 60_000_000 }, untilUs: 60_000_000 },
		);
		const [[fromUs, toUs] = []] = said as [number, number][];
		const asked = list.of("messageSent", "user").filter(({ atUs, fields }) => fields.name === "store.run" && atUs >= (fromUs ?? 0) && atUs < (toUs ?? 0));
		expect(asked).toHaveLength(10);
		expect((toUs ?? 0) - (fromUs ?? 0)).toBeLessThan(10_000_000);
	});

	test("adds one a hundred times through loss, doubling and two crashes, and it is a hundred", () => {
		const { said } = run(
			function* (store, ctx) {
				for (let i = 1; i <= 100; ) {
					const now = yield* store.get("count");
					if (!now.ok) continue;
					const condition =
						now.value === null ? ({ key: "count", is: "absent" } as const) : ({ key: "count", is: "version", version: now.value.version } as const);
					const before = now.value === null ? 0 : (now.value.value as number);
					const swapped = yield* store.compareAndSet(condition, before + 1);
					if (swapped.ok && swapped.value) i++;
					else ctx.log(JSON.stringify("it was changed under the only one who changes it"));
				}
				const end = yield* store.get("count");
				ctx.log(JSON.stringify(end.ok ? end.value?.value : end.error));
			},
			{
				lossRatio: 0.1,
				untilUs: 60_000_000,
				story: [
					[1_000_000, "crash s1"],
					[3_000_000, "restart s1"],
					[5_000_000, "crash s2"],
					[8_000_000, "restart s2"],
				],
			},
		);
		expect(said).toEqual([100]);
	});

	test("many at once share a session, and each is done once", () => {
		const { said, view } = run(function* (store, ctx) {
			const done: boolean[] = [];
			for (let i = 0; i < 50; i++) {
				ctx.spawn(
					(function* () {
						done.push((yield* store.put(`key-${String(i).padStart(2, "0")}`, i)).ok);
					})(),
				);
			}
			while (done.length < 50) yield* ctx.sleep(10_000, "user.wait");
			const range = yield* store.range("key-", "key-~");
			ctx.log(JSON.stringify([done.every(Boolean), range.ok ? range.value.map(({ value }) => value) : null]));
		});
		expect(said).toEqual([[true, Array.from({ length: 50 }, (_, i) => i)]]);
		expect(view("s1")).toMatchObject({ sessions: 1, version: 50 });
	});

	test("says in its time that nobody answers, and that the store is full or refuses", () => {
		const { said } = run(
			function* (store, ctx) {
				const tell = (result: { readonly ok: boolean; readonly error?: string }) =>
					ctx.log(JSON.stringify([result.ok ? "ok" : result.error, ctx.monoUs() > 4_000_000]));
				tell(yield* store.put("a", "x".repeat(50)));
				tell(yield* store.put("b", "x".repeat(50)));
				tell(yield* store.put("", 1));
				yield* ctx.sleep(3_000_000, "user.wait");
				tell(yield* store.put("c", 1));
			},
			{
				store: { capacityBytes: 80 },
				options: { patienceUs: 1_500_000 },
				story: [
					[2_000_000, "crash s1"],
					[2_000_000, "crash s2"],
				],
			},
		);
		expect(said).toEqual([
			["ok", false],
			["full", false],
			["refused", false],
			["unavailable", true],
		]);
	});

	test("that cannot reach the leader gets through by a server that can", () => {
		for (const far of ["s1", "s2", "s3"]) {
			const { said } = run(
				function* (store, ctx) {
					yield* ctx.sleep(2_000_000, "user.wait");
					const put = yield* store.put("a", 1);
					const get = yield* store.get("a");
					ctx.log(JSON.stringify([put.ok, get.ok]));
				},
				{ story: [[1_000_000, `cut user ${far}`]] },
			);
			expect(said).toEqual([[true, true]]);
		}
	});
});
