import { expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Message, NodeContext, PlainValue } from "../../core/node-api.ts";
import { registry } from "../registry.ts";

/** Answers the n-th request it ever gets with the n-th status, then with 200; 0 stays silent. */
const scripted = service("scripted", ["http.request"], (ctx: NodeContext, config: never) => {
	const statuses = [...(config as readonly number[])];
	return {
		on: {
			"http.request"(message: Message) {
				const status = statuses.shift() ?? 200;
				if (status !== 0) ctx.reply(message, status === 503 ? { status, retryAfterUs: 50_000 } : { status });
			},
		},
	};
});

const own = registryOf(scripted, ...registry.values());

function runCrowd(
	crowd: { readonly [key: string]: PlainValue },
	statuses: readonly number[] = [],
	options: { story?: [number, string][]; untilUs?: number; seed?: number } = {},
) {
	const nodes = {
		crowd: { services: [{ service: "crowd", config: { target: "server", visitors: 1, ratePerSecond: 10, timeout: "200ms", ...crowd } }] },
		server: { services: [{ service: "scripted", config: statuses }] },
	};
	const plan = tinyPlan({ nodes, untilUs: options.untilUs ?? 5_000_000, story: options.story ?? [] }, own);
	const kernel = new Kernel({ plan, seed: options.seed ?? 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	const visits = list.of("spanFinished").filter(({ fields }) => fields.name === "visit");
	const requests = list.of("messageSent", "crowd");
	return { list, visits, requests, state: kernel.inspect(0)?.crowd };
}

test.each([
	[200, "ok", { status: 200 }, "ok"],
	[302, "ok", { status: 302 }, "ok"],
	[503, "error", { status: 503, outcome: "rejected", method: "GET", tries: 1 }, "rejected"],
	[500, "error", { status: 500, outcome: "failed", method: "GET", tries: 1 }, "failed"],
	[404, "error", { status: 404, outcome: "failed", method: "GET", tries: 1 }, "failed"],
	[0, "error", { status: 0, outcome: "timeout", method: "GET", tries: 1 }, "timedOut"],
])("a visit answered with %i ends with span status %s and says why", (status, spanStatus, attributes, counter) => {
	const { visits, state } = runCrowd({}, [status]);
	expect(visits.map(({ body, fields }) => [fields.status, body])).toEqual([[spanStatus, attributes]]);
	expect(state).toMatchObject({ come: 1, waiting: 0, [counter]: 1 });
});

test("a rejected visitor with retries comes back when Retry-After has passed, and is then content", () => {
	const { visits, requests } = runCrowd({ retries: 2 }, [503, 503]);
	expect(visits.map(({ fields }) => fields.status)).toEqual(["ok"]);
	expect(requests).toHaveLength(3);
	const gaps = requests.slice(1).map(({ atUs }, index) => atUs - (requests[index]?.atUs ?? 0));
	for (const gapUs of gaps) expect(gapUs).toBeGreaterThanOrEqual(50_000);
});

test("a visitor without an answer asks again only if that is harmless", () => {
	expect(runCrowd({ retries: 2 }, [0, 0]).requests).toHaveLength(3);
	expect(runCrowd({ retries: 2, idempotentRatio: 0 }, [0, 0]).requests).toHaveLength(1);
});

test("a failure is no reason to ask again", () => {
	expect(runCrowd({ retries: 2 }, [500]).requests).toHaveLength(1);
});

test("as many visitors come as were announced, numbered from 1, then the crowd is still", () => {
	const { requests, list } = runCrowd({ visitors: 100, ratePerSecond: 100 });
	expect(requests.map(({ body }) => (body as { visitor: number }).visitor)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
	const lastTimerUs = list.of("timerFired", "crowd").at(-1)?.atUs ?? 0;
	expect(lastTimerUs).toBeLessThan(3_000_000);
});

test("one arrival timer runs at a time", () => {
	const { list } = runCrowd({ visitors: 50, ratePerSecond: 100 });
	expect(list.of("timerFired", "crowd").filter(({ fields }) => fields.name === "crowd.arrival")).toHaveLength(50);
});

test("nobody comes before the start", () => {
	const { requests } = runCrowd({ visitors: 20, ratePerSecond: 100, start: "2s" });
	expect(requests[0]?.atUs).toBeGreaterThan(2_000_000);
});

test("every visit is a trace of its own, also of visitors who come together", () => {
	const { requests } = runCrowd({ visitors: 200, ratePerSecond: 1_000_000 });
	expect(new Set(requests.map(({ fields }) => fields.traceSequence)).size).toBe(200);
});

test("paths, methods and work follow their ratios", () => {
	const { requests } = runCrowd({
		visitors: 2_000,
		ratePerSecond: 2_000,
		paths: { "/a": 3, "/b": 1 },
		idempotentRatio: 0.75,
		meanWork: "4ms",
		workShape: "uniform",
	});
	const bodies = requests.map(({ body }) => body as { path: string; method?: string; workUs: number });
	expect(bodies.filter(({ path }) => path === "/a").length / 2_000).toBeCloseTo(0.75, 1);
	expect(bodies.filter(({ method }) => method === undefined).length / 2_000).toBeCloseTo(0.75, 1);
	expect(bodies.reduce((sum, { workUs }) => sum + workUs, 0) / 2_000 / 4_000).toBeCloseTo(1, 1);
});

test("a crowd that stood still goes on at its own pace, without a rush", () => {
	const story: [number, string][] = [
		[1_000_000, "pause crowd"],
		[3_000_000, "resume crowd"],
	];
	const { requests } = runCrowd({ visitors: 400, ratePerSecond: 100 }, [], { story });
	const afterwards = requests.filter(({ atUs }) => atUs >= 3_000_000 && atUs < 3_500_000).length;
	expect(afterwards).toBeGreaterThan(25);
	expect(afterwards).toBeLessThan(80);
});

test("a crowd whose target does not exist says so", () => {
	const { list } = runCrowd({ target: "nobody" });
	expect(list.of("nodeCrashed", "crowd")[0]?.body).toContain('crowd: target "nobody" is no other node of this lab');
});

test("a web server in front of everything refuses with 503 what its waiting room does not hold", () => {
	const nodes = {
		crowd: { services: [{ service: "crowd", config: { target: "web", visitors: 100, shape: "uniform", ratePerSecond: 1_000, meanWork: "10ms" } }] },
		web: { services: [{ service: "web-server", config: { concurrency: 1, queueLimit: 5 } }] },
	};
	const plan = tinyPlan({ nodes, untilUs: 3_000_000 }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	kernel.advance({ untilUs: 3_000_000 });
	// Visitors come from 1 to 100 ms; answers leave at 11, 21, ... 91 ms, and six requests are held at the end.
	expect(kernel.inspect(0)?.crowd).toMatchObject({ ok: 15, rejected: 85 });
	expect(kernel.inspect(1)?.["web-server"]).toMatchObject({ served: 15, refused: 85, cpuUs: 150_000 });
});
