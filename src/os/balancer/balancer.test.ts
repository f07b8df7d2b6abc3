import { describe, expect, test } from "vitest";
import { type FrontDoor, type FrontDoorRun, runFrontDoor, serverNames } from "../../../test/support/front-door.ts";
import type { PlainValue } from "../../core/node-api.ts";
import { algorithms } from "./strategies/index.ts";

const second = 1_000_000;
const servers = serverNames();

/** web-3 dies at 2 s. */
const crashing: FrontDoor = {
	crowd: { visitors: 2_000, ratePerSecond: 400, timeout: "2s" },
	balancer: { healthPeriod: "200ms", healthTimeout: "100ms", healthFailures: 2, tryTimeout: "300ms", slowStart: "3s" },
	story: [[2 * second, "crash web-3"]],
	untilUs: 8 * second,
};
const detectionUs = 2 * 200_000 + 100_000;

const overloaded: FrontDoor = { crowd: { visitors: 9_000, ratePerSecond: 1_500 }, untilUs: 8 * second };

function badVisits(run: FrontDoorRun): string[] {
	return run.visits.filter(({ ok }) => !ok).map(({ outcome, status, method }) => `${method} ${status} ${outcome}`);
}

describe("a healthy cluster", () => {
	test.each(algorithms)("with %s answers every visitor, and what it shows is what the log says", (algorithm) => {
		const run = runFrontDoor({ balancer: { algorithm } });
		expect(run.visits).toHaveLength(1_000);
		expect(badVisits(run)).toEqual([]);
		expect(run.inspect("crowd", "crowd")).toMatchObject({ come: 1_000, ok: 1_000, waiting: 0 });
		expect(run.inspect("balancer", "balancer")).toMatchObject({ algorithm, requests: 1_000, answered: 1_000, retried: 0, refused: 0 });
		for (const server of servers) {
			const sent = run.requestsTo(server).length;
			expect(run.inspect("balancer", "balancer").servers).toMatchObject({ [server]: { state: "up", sent, answered: sent, outstanding: 0 } });
			expect(run.inspect(server, "web-server")).toMatchObject({ served: sent, working: 0, waiting: 0 });
		}
	});

	test("reports the CPU time that the processor really spent", () => {
		const run = runFrontDoor({});
		for (const server of servers) {
			const spentUs = run.list.of("computeFinished", server).reduce((sum, { atUs, fields }) => sum + atUs - (fields.startedUs as number), 0);
			const { cpuUs, healthChecks } = run.inspect(server, "web-server") as { cpuUs: number; healthChecks: number };
			expect(cpuUs).toBeGreaterThanOrEqual(spentUs);
			// A request that finds a health check's 50 us on the core counts its short wait as work.
			expect(cpuUs).toBeLessThanOrEqual(spentUs + 50 * healthChecks);
		}
	});

	test("gives servers the shares their weights say", () => {
		const run = runFrontDoor({
			servers: 2,
			crowd: { visitors: 600, ratePerSecond: 100 },
			balancer: { algorithm: "weighted", weights: { "web-1": 2 }, maxUtilisation: "off" },
		});
		expect(servers.slice(0, 2).map((server) => run.requestsTo(server).length)).toEqual([400, 200]);
	});

	test("keeps a path at one server when it hashes by path", () => {
		const run = runFrontDoor({
			crowd: { ratePerSecond: 20, visitors: 150, paths: { "/a": 1, "/b": 1 } },
			balancer: { algorithm: "consistent-hash", hashBy: "path", loadFactor: "off", maxUtilisation: "off" },
		});
		const homes = new Set(run.requestsTo(undefined).map(({ body, fields }) => `${(body as { path: string }).path} ${fields.to}`));
		expect(homes.size).toBe(2);
	});

	test("is not changed by being looked at", () => {
		const door: FrontDoor = { ...crashing, untilUs: 4 * second };
		const look: FrontDoor["look"] = (kernel) => kernel.plan.nodes.forEach((_, node) => void kernel.inspect(node));
		expect(runFrontDoor({ ...door, look }).kernel.log.digest()).toBe(runFrontDoor(door).kernel.log.digest());
	});

	test("answers what a user asks for", () => {
		const run = runFrontDoor({ story: [[second, "ask balancer servers"]], untilUs: 2 * second });
		expect(run.list.of("answered", "balancer")[0]?.body).toMatch(/^web-1 up, \d+ outstanding\nweb-2 up/);
	});
});

describe("a server that crashes", () => {
	const runs = [1, 2, 3].flatMap((seed) => algorithms.map((algorithm) => ({ seed, algorithm })));

	test.each(runs)("is routed around within the bound of its health checks ($algorithm, seed $seed)", ({ seed, algorithm }) => {
		const run = runFrontDoor({ ...crashing, seed, balancer: { ...crashing.balancer, algorithm } });
		expect(run.requestsTo("web-3", 2 * second).length).toBeGreaterThan(0);
		expect(run.requestsTo("web-3", 2 * second + detectionUs)).toEqual([]);
		expect(run.lines("balancer")).toContain("web-3 is down: 2 health checks in a row failed");
		expect(badVisits(run)).toEqual([]);
		expect(run.visits).toHaveLength(2_000);
	});

	test("keeps nobody waiting once it is known to be down, however long a try may take", () => {
		const run = runFrontDoor({ ...crashing, crowd: { ...crashing.crowd, timeout: "20s" }, balancer: { ...crashing.balancer, tryTimeout: "20s" } });
		expect(badVisits(run)).toEqual([]);
		const slowest = Math.max(...run.visits.map(({ latencyUs }) => latencyUs));
		expect(slowest).toBeGreaterThan(100_000);
		expect(slowest).toBeLessThan(detectionUs + 200_000);
		expect(run.inspect("balancer", "balancer").servers).toMatchObject({ "web-3": { timedOut: 0, outstanding: 0 } });
	});

	test("is given no more work than it may have in flight before it is found out", () => {
		const run = runFrontDoor({ ...crashing, balancer: { healthPeriod: "1min", tryTimeout: "10s", outstandingWork: "40ms" } });
		const stuck = run.requestsTo("web-3", 2 * second).length;
		expect(stuck).toBeGreaterThan(0);
		expect(stuck).toBeLessThanOrEqual(40);
	});

	test("costs only requests that must not be repeated, and these are sent once and answered", () => {
		const run = runFrontDoor({ ...crashing, crowd: { ...crashing.crowd, idempotentRatio: 0.5 } });
		const failed = run.visits.filter(({ ok }) => !ok);
		expect(failed.length).toBeGreaterThan(0);
		for (const { method, status } of failed) {
			expect(method).toBe("POST");
			expect([502, 504]).toContain(status);
		}
		const posts = run.requestsTo(undefined).filter(({ body }) => (body as { method?: string }).method === "POST");
		const visitors = posts.map(({ body }) => (body as { visitor: number }).visitor);
		expect(new Set(visitors).size).toBe(visitors.length);
		expect(run.visits).toHaveLength(2_000);
	});

	test.each(algorithms)("has its requests repeated elsewhere, not at the server that failed them (%s)", (algorithm) => {
		const run = runFrontDoor({ ...crashing, balancer: { ...crashing.balancer, algorithm } });
		const tries = new Map<number, unknown[]>();
		for (const { body, fields } of run.requestsTo(undefined)) {
			const { visitor } = body as { visitor: number };
			tries.set(visitor, [...(tries.get(visitor) ?? []), fields.to]);
		}
		const repeated = [...tries.values()].filter((tried) => tried.length > 1);
		expect(repeated.length).toBeGreaterThan(0);
		for (const tried of repeated) expect(new Set(tried).size).toBe(tried.length);
	});

	test("leaves the repeated request within the visit's trace", () => {
		const run = runFrontDoor(crashing);
		const visits = new Map(run.list.of("messageSent", "crowd").map(({ body, fields }) => [(body as { visitor: number }).visitor, fields.traceSequence]));
		const retries = run.list.of("spanFinished", "balancer").filter(({ fields }) => fields.name === "balancer.retry");
		expect(retries.length).toBeGreaterThan(0);
		for (const { body, fields } of run.requestsTo(undefined)) {
			expect(fields.traceNode).toBe("crowd");
			expect(fields.traceSequence).toBe(visits.get((body as { visitor: number }).visitor));
		}
	});

	test("is eased in again: its share grows over the slow start and ends as large as the others'", () => {
		const run = runFrontDoor({
			crowd: { visitors: 20_000, ratePerSecond: 850, timeout: "4s" },
			balancer: { ...crashing.balancer, slowStart: "4s", algorithm: "least-connections" },
			story: [
				[second, "crash web-3"],
				[3 * second, "restart web-3"],
			],
			untilUs: 10 * second,
		});
		const upUs = run.list.of("logLine", "balancer").find(({ body }) => body === "web-3 is up again; slow start over 4s")?.atUs ?? 0;
		expect(upUs).toBeGreaterThan(3 * second);
		expect(upUs).toBeLessThan(4 * second);
		const shares = [0, 1, 2, 3, 4].map((after) => {
			const [fromUs, toUs] = [upUs + after * second, upUs + (after + 1) * second];
			return run.requestsTo("web-3", fromUs, toUs).length / run.requestsTo("web-1", fromUs, toUs).length;
		});
		expect(shares[0]).toBeLessThan(0.4);
		for (let after = 1; after < 4; after++) expect(shares[after]).toBeGreaterThan(shares[after - 1] as number);
		expect(shares[4]).toBeGreaterThan(0.9);
	});
});

describe("an overloaded cluster", () => {
	const shapes = [1, 2].flatMap((seed) => ["constant", "exponential", "heavy"].map((shape) => ({ seed, shape })));

	test.each(shapes)("keeps every server at or below 80 % of every second and turns the excess away ($shape work, seed $seed)", ({ shape, seed }) => {
		const run = runFrontDoor({ ...overloaded, seed, webServer: { shape } });
		for (const server of servers) {
			expect(run.maxUtilisation(server)).toBeLessThanOrEqual(0.8);
			expect(run.maxUtilisation(server)).toBeGreaterThan(0.65);
		}
		const rejected = run.visits.filter(({ outcome }) => outcome === "rejected");
		expect(rejected.length).toBeGreaterThan(1_000);
		expect(rejected.every(({ status }) => status === 503)).toBe(true);
		expect(run.visits.every(({ ok, outcome }) => ok || outcome === "rejected")).toBe(true);
		expect(run.inspect("crowd", "crowd")).toMatchObject({ rejected: rejected.length, timedOut: 0, failed: 0 });
	});

	test("counts health checks as work: dear ones leave less for visitors", () => {
		// One worker on two cores, so that checks find a free core and no request's cost includes them.
		const webServer = { healthWork: "40ms", concurrency: 1, shape: "constant" };
		const run = runFrontDoor({ ...overloaded, cores: 2, webServer, balancer: { healthPeriod: "200ms", maxUtilisation: 0.4 } });
		for (const server of servers) expect(run.maxUtilisation(server)).toBeLessThanOrEqual(0.4);
	});

	test("passes 80 % at once when admission control is off", () => {
		const run = runFrontDoor({ ...overloaded, balancer: { maxUtilisation: "off" } });
		expect(Math.max(...servers.map((server) => run.maxUtilisation(server)))).toBeGreaterThan(0.95);
	});

	test("keeps to its limit with several cores, and while a server is slowed four times", () => {
		const story = [[2 * second, "slow web-1 4x"] as const];
		const run = runFrontDoor({ servers: 2, cores: 4, crowd: { visitors: 9_000, ratePerSecond: 2_500 }, story, untilUs: 5 * second });
		expect(run.maxUtilisation("web-1")).toBeLessThanOrEqual(0.8);
		expect(run.maxUtilisation("web-2")).toBeLessThanOrEqual(0.8);
		expect(run.maxUtilisation("web-2")).toBeGreaterThan(0.65);
	});

	test("says 503 with a time to come back, once the wait in line is over", () => {
		const run = runFrontDoor({ ...overloaded, balancer: { queueTimeout: "300ms" } });
		const answers = run.list.of("messageSent", "balancer").filter(({ body, fields }) => fields.to === "crowd" && (body as { status: number }).status === 503);
		expect(answers.length).toBeGreaterThan(0);
		for (const { body } of answers) {
			const { retryAfterUs } = body as { retryAfterUs: number };
			expect(retryAfterUs).toBeGreaterThanOrEqual(100_000);
			expect(retryAfterUs).toBeLessThanOrEqual(10_000_000);
		}
		expect(Math.max(...run.visits.map(({ latencyUs }) => latencyUs))).toBeLessThan(500_000);
	});

	test("says 503 at once when the line is full", () => {
		const run = runFrontDoor({ ...overloaded, balancer: { queueLimit: 0 } });
		const rejected = run.visits.filter(({ outcome }) => outcome === "rejected");
		expect(rejected.length).toBeGreaterThan(1_000);
		expect(Math.max(...rejected.map(({ latencyUs }) => latencyUs))).toBeLessThan(10_000);
	});

	test("serves those first who came first", () => {
		const run = runFrontDoor({ ...overloaded, physics: { jitter: { kind: "constant", us: 0 }, fifo: true } });
		const visitors = run.requestsTo(undefined).map(({ body }) => (body as { visitor: number }).visitor);
		expect(visitors).toEqual([...visitors].sort((a, b) => a - b));
	});
});

describe("bad roads", () => {
	test("that lose messages cost time, not answers", () => {
		const run = runFrontDoor({ crowd: { timeout: "5s" }, balancer: { tryTimeout: "200ms", retries: 5 }, serverPhysics: { lossRatio: 0.03 } });
		expect(badVisits(run)).toEqual([]);
		expect(run.inspect("balancer", "balancer").retried).toBeGreaterThan(20);
	});

	test("that duplicate messages make nobody work twice", () => {
		const run = runFrontDoor({ crowd: { visitors: 300 }, physics: { duplicateRatio: 0.3 } });
		expect(badVisits(run)).toEqual([]);
		expect(run.requestsTo(undefined)).toHaveLength(300);
		const served = servers.reduce((sum, server) => sum + (run.inspect(server, "web-server").served as number), 0);
		expect(served).toBe(300);
	});

	test("that are all cut leave a balancer that says so, and retries no more than its budget", () => {
		const run = runFrontDoor({
			crowd: { visitors: 3_000, ratePerSecond: 1_000, timeout: "10s" },
			balancer: { maxUtilisation: "off", healthPeriod: "1min", tryTimeout: "100ms", retries: 50, retryRatio: 0.1 },
			story: servers.map((server) => [100_000, `cut balancer ${server}`] as const),
			untilUs: 6 * second,
		});
		expect(run.inspect("balancer", "balancer").retried).toBeLessThanOrEqual(100 + 0.1 * 3_000);
		expect(run.inspect("balancer", "balancer").retried).toBeGreaterThan(200);
		expect(run.visits).toHaveLength(3_000);
		expect(new Set(badVisits(run))).toEqual(new Set(["GET 504 failed"]));
	});

	test("to every server, once known, turn visitors away with 503", () => {
		const run = runFrontDoor({
			crowd: { visitors: 600, ratePerSecond: 200 },
			balancer: crashing.balancer as { readonly [key: string]: PlainValue },
			story: servers.map((server) => [second, `crash ${server}`] as const),
			untilUs: 6 * second,
		});
		const late = run.visits.filter(({ startedUs }) => startedUs > 2 * second);
		expect(late.length).toBeGreaterThan(100);
		expect(late.every(({ outcome }) => outcome === "rejected")).toBe(true);
	});
});

test("a balancer that crashes comes back with an empty memory and serves on", () => {
	const story = [
		[second, "crash balancer"],
		[2 * second, "restart balancer"],
	] as const;
	const run = runFrontDoor({ crowd: { visitors: 2_000, ratePerSecond: 400, timeout: "500ms" }, story, untilUs: 8 * second });
	const after = run.visits.filter(({ startedUs }) => startedUs > 3 * second);
	expect(after.length).toBeGreaterThan(500);
	expect(after.every(({ ok }) => ok)).toBe(true);
});

test("a balancer without servers to balance says which pattern is wrong", () => {
	const run = runFrontDoor({ balancer: { servers: "db-*" }, untilUs: second });
	expect(run.list.of("nodeCrashed", "balancer")[0]?.body).toContain('servers "db-*" matches no other node');
});
