import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { type HttpResponse, requestMessage } from "../http/contract.ts";
import { registry } from "../registry.ts";

interface Sessions {
	readonly sessions: number;
	readonly gapUs: number;
	/** Of the first request. */
	readonly cookie?: string;
	/** Visitors up to this number have that cookie; all, unless told. */
	readonly homebound?: number;
	readonly keepsCookies?: boolean;
	readonly workUs?: number;
	readonly method?: string;
	/** Requests of each; endless, unless told. */
	readonly asks?: number;
}

/** Visitors who ask again and again, and send back whatever cookie they were given. */
const sessionsDefinition = service("sessions", [requestMessage, "sessions.pause", "sessions.heard"], (ctx: NodeContext, config: never) => {
	const {
		sessions,
		gapUs,
		cookie: firstCookie,
		homebound = sessions,
		keepsCookies = true,
		workUs,
		method,
		asks = Number.POSITIVE_INFINITY,
	} = config as Sessions;
	function* live(visitor: number): Task {
		let cookie = visitor <= homebound ? firstCookie : undefined;
		for (let asked = 0; asked < asks; asked++) {
			yield* ctx.sleep(1 + ctx.random.below(2 * gapUs), "sessions.pause");
			const own = { ...(cookie !== undefined && { cookie }), ...(workUs !== undefined && { workUs }), ...(method !== undefined && { method }) };
			const result = yield* ctx.call<HttpResponse>("balancer", requestMessage, { visitor, path: "/", ...own }, { timeoutUs: 5_000_000 });
			const answer = result.ok ? result.body : undefined;
			if (keepsCookies) cookie = answer?.cookie ?? cookie;
			ctx.fact("sessions.heard", { visitor, status: answer?.status ?? 0, cookie: answer?.cookie ?? "" });
		}
	}
	return {
		boot() {
			for (let visitor = 1; visitor <= sessions; visitor++) ctx.spawn(live(visitor));
		},
	};
});

const own = registryOf(sessionsDefinition, ...registry.values());
const second = 1_000_000;

interface Shop {
	readonly visitors?: Partial<Sessions>;
	readonly balancer?: { readonly [key: string]: PlainValue };
	readonly story?: readonly (readonly [number, string])[];
	readonly untilUs?: number;
}

function run({ visitors = {}, balancer = {}, story = [], untilUs = 6 * second }: Shop) {
	const web: TinyNode = { services: [{ service: "web-server", config: { meanWork: "2ms" } }] };
	const config = { sessions: 20, gapUs: 100_000, ...visitors } as { readonly [key: string]: PlainValue };
	const health = { healthPeriod: "100ms", healthTimeout: "50ms", healthFailures: 2, slowStart: "0us" };
	const nodes = {
		visitors: { services: [{ service: "sessions", config }] },
		balancer: { services: [{ service: "balancer", config: { servers: "web-*", sticky: "cookie", ...health, ...balancer } }] },
		"web-1": web,
		"web-2": web,
		"web-3": web,
	};
	const plan = tinyPlan({ nodes, story, untilUs }, own);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs });
	const requests = list
		.of("messageSent", "balancer")
		.filter(({ fields }) => fields.name === requestMessage && fields.inReplyTo === 0)
		.map(({ atUs, body, fields }) => ({ atUs, to: String(fields.to), visitor: (body as { visitor: number }).visitor }));
	const heard = list.of("factStated", "visitors").map(({ atUs, body }) => ({ atUs, ...(body as { visitor: number; status: number; cookie: string }) }));
	/** Servers that a visitor was sent to, in order, repetitions left out. */
	const stations = (visitor: number, fromUs = 0): string[] => {
		const all = requests.filter((request) => request.visitor === visitor && request.atUs >= fromUs).map(({ to }) => to);
		return all.filter((to, index) => to !== all[index - 1]);
	};
	const busyUs = (server: string): number => list.of("computeFinished", server).reduce((sum, { atUs, fields }) => sum + atUs - (fields.startedUs as number), 0);
	return { requests, heard, stations, busyUs };
}

const everybody = Array.from({ length: 20 }, (_, index) => index + 1);

describe("a visitor with a cookie", () => {
	test("stays at one server, and visitors are spread over all", () => {
		const { requests, stations, heard } = run({});
		expect(requests.length).toBeGreaterThan(500);
		for (const visitor of everybody) expect(stations(visitor)).toHaveLength(1);
		expect(new Set(requests.map(({ to }) => to)).size).toBe(3);
		// One cookie each: it is given when the server is new to the visitor, and not again.
		expect(heard.filter(({ cookie }) => cookie !== "")).toHaveLength(20);
	});

	test("moves once when its server dies, gets the new name, and does not come back", () => {
		const story = [
			[2 * second, "crash web-2"],
			[4 * second, "restart web-2"],
		] as const;
		const { stations, heard } = run({ story, untilUs: 8 * second });
		const moved = everybody.filter((visitor) => stations(visitor)[0] === "web-2");
		expect(moved.length).toBeGreaterThan(2);
		for (const visitor of everybody) expect(stations(visitor)).toHaveLength(moved.includes(visitor) ? 2 : 1);
		for (const visitor of moved) expect(stations(visitor, 5 * second)).not.toContain("web-2");
		expect(heard.every(({ status }) => status === 200)).toBe(true);
	});

	test("finds its server again though the balancer has crashed: the balancer remembers nothing", () => {
		const story = [
			[2 * second, "crash balancer"],
			[2.5 * second, "restart balancer"],
		] as const;
		const { stations, requests } = run({ story, untilUs: 9 * second });
		expect(requests.filter(({ atUs }) => atUs > 8 * second).length).toBeGreaterThan(20);
		for (const visitor of everybody) expect(stations(visitor)).toHaveLength(1);
	});

	test("that names nobody is sent to anybody, and told a name", () => {
		const { heard, requests } = run({ visitors: { cookie: "web-2; drop" } });
		expect(heard.every(({ status }) => status === 200)).toBe(true);
		expect(new Set(requests.map(({ to }) => to)).size).toBe(3);
	});

	test("waits for its server while that is full", () => {
		// Requests of 60 ms: a server takes some twelve a second, and all twenty come with the cookie of one.
		const visitors = { sessions: 20, cookie: "web-2", workUs: 60_000, gapUs: 200_000 };
		const patient = { queueTimeout: "5s", tryTimeout: "5s", healthPeriod: "1s", healthTimeout: "900ms" };
		const { requests, heard, busyUs } = run({ visitors, balancer: patient });
		expect(new Set(requests.map(({ to }) => to))).toEqual(new Set(["web-2"]));
		expect(heard.every(({ status }) => status === 200)).toBe(true);
		expect(busyUs("web-2")).toBeLessThan(0.8 * 6 * second);
		const free = run({ visitors, balancer: { ...patient, sticky: "off" } });
		expect(free.heard.length).toBeGreaterThan(1.5 * heard.length);
	});

	test("holds up nobody else while it waits", () => {
		const visitors = { sessions: 24, homebound: 16, cookie: "web-2", workUs: 60_000, gapUs: 100_000 };
		const { heard } = run({ visitors, balancer: { queueTimeout: "5s", tryTimeout: "5s", healthPeriod: "1s", healthTimeout: "900ms" } });
		const [bound, free] = [heard.filter(({ visitor }) => visitor <= 16), heard.filter(({ visitor }) => visitor > 16)];
		// Sixteen share one server, eight the rest: in one line, all would be served equally often.
		expect(free.length / 8).toBeGreaterThan((2 * bound.length) / 16);
	});

	test("who waits for a server that dies is let out to another as soon as that is known", () => {
		const visitors = { sessions: 20, cookie: "web-2", workUs: 60_000, gapUs: 100_000, method: "POST", asks: 1 };
		const patient = { queueTimeout: "20s", tryTimeout: "20s", healthTimeout: "90ms", outstandingWork: "60ms" };
		const { requests, heard } = run({ visitors, balancer: patient, story: [[300_000, "crash web-2"]] });
		const detectedUs = 300_000 + 2 * 100_000 + 90_000;
		const moved = requests.filter(({ to }) => to !== "web-2");
		expect(moved.length).toBeGreaterThan(10);
		expect(moved[0]?.atUs).toBeLessThanOrEqual(detectedUs);
		expect(heard).toHaveLength(20);
		// Nobody knows whether those at the dead server were done, and so they are not done again.
		expect(heard.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(moved.length);
	});
});

test("without stickiness nobody is given a cookie, and visitors wander", () => {
	const { heard, stations } = run({ balancer: { sticky: "off" } });
	expect(heard.every(({ cookie }) => cookie === "")).toBe(true);
	for (const visitor of everybody) expect(stations(visitor).length).toBeGreaterThan(3);
});

test("a visitor that throws its cookies away is given one every time", () => {
	const { heard } = run({ visitors: { keepsCookies: false } });
	expect(heard.every(({ cookie }) => cookie.startsWith("web-"))).toBe(true);
});
