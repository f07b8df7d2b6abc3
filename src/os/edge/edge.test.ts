import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { contentFor } from "../content.ts";
import { type HttpResponse, requestMessage } from "../http/contract.ts";
import type { FilmContent } from "./contract.ts";
import { edgeDefinition } from "./edge-server.ts";

import { originDefinition } from "./origin.ts";

const second = 1_000_000;
type Answer = { readonly status: number; readonly did: string; readonly hops: number; readonly data: Uint8Array | null };

interface World {
	readonly edge?: { readonly [key: string]: PlainValue };
	readonly origin?: { readonly [key: string]: PlainValue };
	readonly originDisk?: Partial<NonNullable<TinyNode["disk"]>>;
	readonly story?: readonly (readonly [number, string])[];
	readonly untilUs?: number;
	readonly script: (ctx: NodeContext, get: (path: string) => Task<Answer>) => Task;
}

function run({ edge = {}, origin = {}, originDisk, story = [], untilUs = 10 * second, script }: World) {
	const viewer = service("viewer", [requestMessage, "viewer.pause"], (ctx) => {
		function* get(path: string): Task<Answer> {
			const result = yield* ctx.call<HttpResponse>("edge", requestMessage, { visitor: 1, path }, { timeoutUs: 5 * second });
			if (!result.ok) return { status: 0, did: "", hops: 0, data: null };
			const content = result.body.content as FilmContent | undefined;
			return { status: result.body.status, did: content?.hops[0]?.did ?? "", hops: content?.hops.length ?? 0, data: content?.data ?? null };
		}
		return {
			*boot() {
				yield* ctx.sleep(second, "viewer.pause");
				yield* script(ctx, get);
			},
		};
	});
	const own = registryOf(viewer, edgeDefinition, originDefinition);
	const disk = {
		drives: 1,
		capacityBytes: 1_000_000,
		writeUs: 20,
		readUs: 100,
		syncUs: 1_000,
		bytesPerSecond: 0,
		readErrorRatio: 0,
		tornRatio: 0,
		...originDisk,
	};
	const nodes: { readonly [name: string]: TinyNode } = {
		viewer: { services: ["viewer"] },
		edge: { services: [{ service: "edge", config: edge }] },
		origin: { disk, services: [{ service: "origin", config: { films: ["movie"], filmSeconds: 20, kilobitsPerSecond: 8, work: "10ms", ...origin } }] },
	};
	const plan = tinyPlan({ nodes, story, untilUs }, own);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs });
	const fetches = list.of("messageSent", "edge").filter(({ fields }) => fields.name === requestMessage && fields.inReplyTo === 0);
	return {
		list,
		fetches,
		edge: kernel.inspect(1)?.edge as { readonly [field: string]: PlainValue },
		origin: kernel.inspect(2)?.origin as { readonly [field: string]: PlainValue },
	};
}

/** Asks for these paths one after the other. */
function gets(paths: readonly string[], heard: Answer[]): World["script"] {
	return function* (_, get): Task {
		for (const path of paths) heard.push(yield* get(path));
	};
}

describe("an edge", () => {
	test("fetches what it has not, once, and has it then: the same bytes that the origin has", () => {
		const heard: Answer[] = [];
		const { fetches, edge } = run({ script: gets(["/movie/3", "/movie/3", "/movie/4", "/movie/3"], heard) });
		expect(heard.map(({ status, did, hops }) => [status, did, hops])).toEqual([
			[200, "miss", 2],
			[200, "hit", 1],
			[200, "miss", 2],
			[200, "hit", 1],
		]);
		expect(heard[1]?.data).toEqual(contentFor("movie", 3, 1_000));
		expect(fetches).toHaveLength(2);
		expect(edge).toMatchObject({ hits: 2, misses: 2, joined: 0, things: 2, bytes: 2_000 });
	});

	test.each([
		["on", 1],
		["off", 30],
	])("asked by thirty at a time, with coalescing %s, asks the origin %i times", (coalesce, times) => {
		const heard: Answer[] = [];
		const { fetches, edge } = run({
			edge: { coalesce },
			*script(ctx, get) {
				function* one(): Task {
					heard.push(yield* get("/movie/7"));
				}
				for (let n = 0; n < 30; n++) ctx.spawn(one());
				yield* ctx.sleep(2 * second, "viewer.pause");
			},
		});
		expect(heard).toHaveLength(30);
		for (const { status, data } of heard) expect([status, data]).toEqual([200, contentFor("movie", 7, 1_000)]);
		expect(fetches).toHaveLength(times);
		expect(edge).toMatchObject({ misses: times, joined: 30 - times, underWay: 0 });
	});

	test("that keeps nothing fetches every time", () => {
		const heard: Answer[] = [];
		const { fetches } = run({ edge: { cache: "off" }, script: gets(["/movie/3", "/movie/3", "/movie/3"], heard) });
		expect(fetches).toHaveLength(3);
		expect(heard.map(({ did }) => did)).toEqual(["miss", "miss", "miss"]);
	});

	test("throws away what it has no room for, and has it no more", () => {
		const heard: Answer[] = [];
		const { edge } = run({ edge: { capacityBytes: 2_500 }, script: gets(["/movie/1", "/movie/2", "/movie/3", "/movie/1"], heard) });
		expect(heard.map(({ did }) => did)).toEqual(["miss", "miss", "miss", "miss"]);
		expect(edge).toMatchObject({ evicted: 2, things: 2, bytes: 2_000 });
	});

	test("gives nothing out that is stale", () => {
		const heard: Answer[] = [];
		run({
			edge: { freshFor: "1s" },
			*script(ctx, get) {
				for (const pauseUs of [1, 500_000, 600_000]) {
					yield* ctx.sleep(pauseUs, "viewer.pause");
					heard.push(yield* get("/movie/1"));
				}
			},
		});
		expect(heard.map(({ did }) => did)).toEqual(["miss", "hit", "miss"]);
	});

	test("has forgotten everything after a crash, and the origin, which keeps it on its drive, nothing", () => {
		const heard: Answer[] = [];
		const { origin, list } = run({
			story: [
				[2 * second, "crash edge origin"],
				[3 * second, "restart edge origin"],
			],
			*script(ctx, get) {
				heard.push(yield* get("/movie/1"));
				yield* ctx.sleep(4 * second, "viewer.pause");
				heard.push(yield* get("/movie/1"));
			},
		});
		expect(heard.map(({ did }) => did)).toEqual(["miss", "miss"]);
		expect(heard[1]?.data).toEqual(contentFor("movie", 1, 1_000));
		expect(origin).toMatchObject({ ready: true, served: 1 });
		// Twenty pieces were written at the first boot, and none at the second.
		expect(list.of("diskWritten", "origin")).toHaveLength(20);
	});

	test("says 504 when the origin is dead, 404 for what the origin has not, and keeps neither", () => {
		const heard: Answer[] = [];
		const { edge, fetches } = run({
			story: [[2 * second, "crash origin"]],
			*script(ctx, get) {
				for (const path of ["/movie/99", "/books/1", "/etc", "/health"]) heard.push(yield* get(path));
				yield* ctx.sleep(2 * second, "viewer.pause");
				heard.push(yield* get("/movie/1"));
			},
		});
		expect(heard.map(({ status }) => status)).toEqual([404, 404, 404, 200, 504]);
		expect(edge.things).toBe(0);
		// Two that the origin has not, and two tries at a dead one.
		expect(fetches).toHaveLength(4);
	});

	test("goes on giving out what it has while the origin is dead", () => {
		const heard: Answer[] = [];
		run({
			story: [[2 * second, "crash origin"]],
			*script(ctx, get) {
				heard.push(yield* get("/movie/1"));
				yield* ctx.sleep(2 * second, "viewer.pause");
				heard.push(yield* get("/movie/1"));
			},
		});
		expect(heard.map(({ status, did }) => [status, did])).toEqual([
			[200, "miss"],
			[200, "hit"],
		]);
	});

	test("refuses what it has no room to work on", () => {
		const heard: Answer[] = [];
		run({
			edge: { requestsMax: 2 },
			*script(ctx, get) {
				function* one(segment: number): Task {
					heard.push(yield* get(`/movie/${segment}`));
				}
				for (let n = 0; n < 5; n++) ctx.spawn(one(n));
				yield* ctx.sleep(second, "viewer.pause");
			},
		});
		expect(heard.map(({ status }) => status).sort()).toEqual([200, 200, 503, 503, 503]);
	});
});

describe("an origin", () => {
	test("whose drive cannot be read says so, and the edge passes it on", () => {
		const heard: Answer[] = [];
		run({ originDisk: { readErrorRatio: 1 }, script: gets(["/movie/1"], heard) });
		expect(heard.map(({ status }) => status)).toEqual([500]);
	});

	test("whose films do not fit on its drive never opens, and says why", () => {
		const heard: Answer[] = [];
		const { list } = run({ originDisk: { capacityBytes: 5_000 }, script: gets(["/movie/1"], heard) });
		expect(heard.map(({ status }) => status)).toEqual([503]);
		expect(list.of("logLine", "origin").map(({ body }) => body)).toEqual(["movie does not fit on the drive: full"]);
	});
});
