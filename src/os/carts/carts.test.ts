import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Fact, NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { type HttpResponse, requestMessage } from "../http/contract.ts";
import { registry } from "../registry.ts";
import { type AnsweredFact, cartFacts, cartInvariants } from "./checks.ts";
import { CartClient, cartClientNames } from "./client.ts";

const second = 1_000_000;

/** Runs the test's own script on a node that can see the shop. */
function runScript(
	script: (ctx: NodeContext) => Task,
	{ servers = { carts: "memory" }, story = [] }: { servers?: { [key: string]: PlainValue }; story?: readonly (readonly [number, string])[] } = {},
) {
	const scripted = service("scripted", [...cartClientNames, "scripted.pause"], (ctx) => ({ boot: () => script(ctx) }));
	const own = registryOf(scripted, ...registry.values());
	const web: TinyNode = { services: [{ service: "cart-server", config: servers }] };
	const store: TinyNode = { services: [{ service: "store", config: { electionTimeout: "100ms", heartbeat: "30ms" } }] };
	const plan = tinyPlan(
		{
			nodes: { laptop: { services: ["scripted"] }, "web-1": web, "web-2": web, "db-1": store, "db-2": store, "db-3": store },
			story,
			untilUs: 10 * second,
		},
		own,
	);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	expect(list.of("nodeCrashed").filter(({ fields }) => fields.reason === "exception")).toEqual([]);
	return { kernel, list };
}

/** What a script's client was told, line by line. */
function shop(
	act: (ctx: NodeContext, at: (server: string) => CartClient, say: (line: unknown) => void) => Task,
	options: Parameters<typeof runScript>[1] = {},
) {
	const said: unknown[] = [];
	const run = runScript(function* (ctx) {
		yield* ctx.sleep(second, "scripted.pause");
		const clientAt = (target: string) => new CartClient(ctx, { target, cart: "mine", tries: 3, timeoutUs: second });
		yield* act(ctx, clientAt, (line) => said.push(line));
	}, options);
	return { said, ...run };
}

const database = { carts: "database" };

describe("a cart", () => {
	test.each(["memory", "database"])("kept in %s takes things in and out, each once", (carts) => {
		const { said } = shop(
			function* (_, at, say) {
				const web = at("web-1");
				for (const item of ["kettle", "lamp", "kettle"]) say(yield* web.add(item));
				say(yield* web.remove("kettle"));
				say(yield* web.remove("globe"));
				say(yield* web.show());
			},
			{ servers: { carts } },
		);
		const items = [["kettle"], ["kettle", "lamp"], ["kettle", "lamp"], ["lamp"], ["lamp"], ["lamp"]];
		expect(said).toEqual(items.map((items) => ({ ok: true, value: { items, by: "web-1" } })));
	});

	test("in a server's memory is not seen by another, and is gone after a crash", () => {
		const { said } = shop(
			function* (ctx, at, say) {
				yield* at("web-1").add("kettle");
				say(yield* at("web-2").show());
				yield* ctx.sleep(3 * second, "scripted.pause");
				say(yield* at("web-1").show());
			},
			{
				story: [
					[2 * second, "crash web-1"],
					[3 * second, "restart web-1"],
				],
			},
		);
		expect(said).toMatchObject([{ value: { items: [] } }, { value: { items: [] } }]);
	});

	test("in the database is seen by every server, and outlives each of them", () => {
		const { said } = shop(
			function* (ctx, at, say) {
				yield* at("web-1").add("kettle");
				say(yield* at("web-2").add("lamp"));
				yield* ctx.sleep(3 * second, "scripted.pause");
				say(yield* at("web-1").show());
			},
			{
				servers: database,
				story: [
					[2 * second, "crash web-1 web-2 db-1"],
					[2.2 * second, "crash db-2 db-3"],
					[3 * second, "restart web-1 web-2 db-1 db-2 db-3"],
				],
			},
		);
		expect(said).toMatchObject([{ value: { items: ["kettle", "lamp"], by: "web-2" } }, { value: { items: ["kettle", "lamp"], by: "web-1" } }]);
	});

	test.each([
		["compare-and-set", 12],
		["last-writer-wins", 2],
	])("changed from two servers at a time, with %s, keeps its things", (write, kept) => {
		const { said, kernel } = shop(
			function* (ctx, at, say) {
				const sides = ["web-1", "web-2"].map((server) => ({ client: at(server), done: ctx.signal<null>() }));
				function* side({ client, done }: (typeof sides)[number], items: readonly string[]): Task {
					for (const item of items) yield* client.add(item);
					done.fire(null);
				}
				sides.forEach((one, index) => {
					ctx.spawn(
						side(
							one,
							Array.from({ length: 6 }, (_, n) => `thing-${index}-${n}`),
						),
					);
				});
				for (const { done } of sides) yield* done.wait();
				const answer = yield* at("web-1").show();
				say(answer.ok ? answer.value.items.length : answer);
			},
			{ servers: { ...database, write } },
		);
		if (kept === 12) {
			expect(said).toEqual([12]);
			const collisions = [1, 2].map((node) => kernel.inspect(node)?.["cart-server"] as { collisions: number });
			expect(collisions.reduce((sum, { collisions: count }) => sum + count, 0)).toBeGreaterThan(0);
		} else expect(said[0]).toBeLessThan(12);
	});

	test("holds a hundred things and no more, and says so", () => {
		const { said } = shop(function* (_, at, say) {
			const web = at("web-1");
			for (let n = 0; n < 100; n++) yield* web.add(`thing-${n}`);
			say(yield* web.add("one too many"));
			say((yield* web.show()).ok);
		});
		expect(said).toEqual([{ ok: false, error: "unavailable", status: 507 }, true]);
	});

	test("beyond the number that fits in memory is refused; those that are there go on", () => {
		const { said } = shop(
			function* (ctx, at, say) {
				yield* at("web-1").add("kettle");
				const other = new CartClient(ctx, { target: "web-1", cart: "another", tries: 1 });
				say(yield* other.add("lamp"));
				say(yield* at("web-1").add("lamp"));
			},
			{ servers: { carts: "memory", cartsMax: 1 } },
		);
		expect(said).toMatchObject([{ ok: false, status: 507 }, { ok: true }]);
	});

	test("cannot be had while most of the database is down, and is unharmed afterwards", () => {
		const { said } = shop(
			function* (ctx, at, say) {
				yield* at("web-1").add("kettle");
				yield* ctx.sleep(2 * second, "scripted.pause");
				say(yield* at("web-1").add("lamp"));
				yield* ctx.sleep(4 * second, "scripted.pause");
				say(yield* at("web-2").show());
			},
			{
				servers: { ...database, patience: "300ms" },
				story: [
					[2 * second, "crash db-1 db-2"],
					[6 * second, "restart db-1 db-2"],
				],
			},
		);
		expect(said[0]).toEqual({ ok: false, error: "unavailable", status: 503 });
		expect((said[1] as { value: { items: string[] } }).value.items).toContain("kettle");
	});
});

describe("a server of carts", () => {
	const bad: readonly (readonly [number, PlainValue])[] = [
		[400, "GET /cart"],
		[404, { visitor: 1, path: "/basket" }],
		[400, { visitor: 1, path: "/cart" }],
		[400, { visitor: 1, path: "/cart", content: { cart: "" } }],
		[400, { visitor: 1, path: "/cart", content: { cart: "x".repeat(65) } }],
		[400, { visitor: 1, path: "/cart", method: "PUT", content: { cart: "mine" } }],
		[400, { visitor: 1, path: "/cart", method: "PUT", content: { cart: "mine", item: 3 } }],
		[405, { visitor: 1, path: "/cart", method: "PATCH", content: { cart: "mine", item: "lamp" } }],
		[400, { visitor: 1, path: "/cart", cookie: 7, content: { cart: "mine" } }],
	];

	test.each(bad)("answers %i to %j", (status, request) => {
		const heard: unknown[] = [];
		runScript(function* (ctx) {
			yield* ctx.sleep(second, "scripted.pause");
			const result = yield* ctx.call<HttpResponse>("web-1", requestMessage, request, { timeoutUs: second });
			heard.push(result.ok ? result.body.status : result);
		});
		expect(heard).toEqual([status]);
	});

	test("refuses at once what it has no room to work on", () => {
		const heard: number[] = [];
		runScript(
			function* (ctx) {
				yield* ctx.sleep(second, "scripted.pause");
				const request = { visitor: 1, path: "/cart", content: { cart: "mine" } };
				const calls = [1, 2, 3].map(() => ctx.call<HttpResponse>("web-1", requestMessage, request, { timeoutUs: second }));
				for (const call of calls) {
					const result = yield* call;
					heard.push(result.ok ? result.body.status : 0);
				}
			},
			{ servers: { carts: "memory", requestsMax: 2 } },
		);
		expect(heard).toEqual([200, 200, 503]);
	});
});

describe("the promise that nothing is lost", () => {
	const [invariant] = cartInvariants;
	const answered = (fact: Partial<AnsweredFact>): Fact => ({
		node: "shoppers",
		name: cartFacts.answered,
		value: { key: "cart-1", item: null, items: [], after: 0, lost: [], by: "web-1", ...fact },
		atUs: 5,
	});

	function judge(...facts: readonly Partial<AnsweredFact>[]): string | null {
		const fold = invariant?.start();
		let said: string | null = null;
		for (const fact of facts) said ??= fold?.onFact(answered(fact)) ?? null;
		return said;
	}

	test("is broken by a look that does not show what had been confirmed", () => {
		expect(judge({ item: "lamp", items: ["lamp"] }, { after: 1, items: ["kite"] })).toBe("the cart of cart-1 lost lamp: web-1 showed 1 thing at 5us");
	});

	test("allows a look that left before the confirmation came", () => {
		expect(judge({ item: "lamp", items: ["lamp"] }, { after: 0, items: [] })).toBeNull();
	});

	test("does not mix up carts", () => {
		expect(judge({ item: "lamp", items: ["lamp"] }, { key: "cart-2", after: 0, items: [] }, { after: 1, items: ["lamp", "kite"] })).toBeNull();
	});

	test("does not believe the shopper who says that nothing is lost", () => {
		expect(judge({ item: "lamp", items: ["lamp"] }, { after: 1, items: [], lost: [] })).not.toBeNull();
	});
});
