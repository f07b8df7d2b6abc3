import { describe, expect, test } from "vitest";
import { EventList } from "../../test/support/event-list.ts";
import { registryOf, service, type TinyPlan, tinyPlan } from "../../test/support/tiny-plan.ts";
import { InlineExecutor } from "./inline-executor.ts";
import { Kernel, type RecordedCommand } from "./kernel.ts";
import type { Message, NodeContext } from "./node-api.ts";

const echo = service("echo", ["echo.say"], (ctx: NodeContext) => ({ on: { "echo.say": (message: Message) => ctx.reply(message, message.body) } }));

/** Calls the echo every 10 ms and logs what comes back. */
const caller = service("caller", ["echo.say", "caller.tick"], (ctx: NodeContext) => ({
	boot() {
		ctx.every(10_000, "caller.tick", function* () {
			const span = ctx.startSpan("caller.tick");
			const result = yield* ctx.call("b", "echo.say", { n: ctx.random.below(100) }, { timeoutUs: 5_000 });
			span.finish(result.ok ? "ok" : "error");
			ctx.log(result.ok ? `got ${JSON.stringify(result.body)}` : result.error);
		});
	},
}));

const worker = service("worker", ["worker.work"], (ctx: NodeContext) => ({
	on: {
		*"worker.work"(message: Message<number>) {
			yield* ctx.compute(message.body);
			ctx.reply(message, ctx.monoUs());
		},
	},
}));

/** Appends the boot number, syncs it, then appends without syncing; logs what the disk held at boot. */
const diary = service("diary", [], (ctx: NodeContext) => ({
	*boot() {
		const drive = ctx.drives[0];
		if (drive === undefined) return;
		const before = yield* drive.records("diary");
		ctx.log(before.ok ? `held ${JSON.stringify(before.value)}` : before.error);
		yield* drive.append("diary", ctx.incarnation);
		yield* drive.sync();
		yield* drive.append("diary", -ctx.incarnation);
		ctx.log("written");
	},
}));

const bomb = service("bomb", ["bomb.tick"], (ctx: NodeContext) => ({
	boot() {
		ctx.after(7_000, "bomb.tick", () => {
			ctx.log("never in the log");
			throw new Error("no such luck");
		});
	},
}));

const registry = registryOf(echo, caller, worker, diary, bomb);

function run(
	tiny: TinyPlan,
	options: {
		readonly seed?: number;
		readonly commands?: readonly RecordedCommand[];
		readonly untilUs?: number;
		readonly drive?: (kernel: Kernel) => void;
	} = {},
) {
	const plan = tinyPlan(tiny, registry);
	const kernel = new Kernel({ plan, seed: options.seed ?? 1, executor: new InlineExecutor(registry), commands: options.commands ?? [] });
	const list = new EventList(plan);
	kernel.log.observe(list);
	if (options.drive) options.drive(kernel);
	else kernel.advance({ untilUs: options.untilUs ?? plan.untilUs });
	return { kernel, list, digest: kernel.log.digest() };
}

const pair: TinyPlan = {
	nodes: { a: { services: ["caller"] }, b: { services: ["echo"] } },
	physics: { jitter: { kind: "uniform", maxUs: 500 }, lossRatio: 0.05 },
};

describe("a run", () => {
	test("calls, answers and timeouts reach the programs", () => {
		const { list } = run(pair);
		const answers = list.of("logLine", "a").map(({ body }) => body);
		expect(answers.length).toBe(99);
		expect(answers.filter((text) => text === "timeout").length).toBeGreaterThan(0);
		expect(answers.filter((text) => String(text).startsWith('got {"n":')).length).toBeGreaterThan(80);
	});

	test("repeats itself to the byte, and another seed gives another run", () => {
		expect(run(pair).digest).toBe(run(pair).digest);
		expect(run(pair, { seed: 2 }).digest).not.toBe(run(pair).digest);
	});

	test("does not depend on how it is driven: in one go, by windows, by instants or by single steps", () => {
		const whole = run(pair, { untilUs: 200_000 }).digest;
		const byWindows = run(pair, {
			drive(kernel) {
				while (kernel.advance({ untilUs: 200_000, windowsMax: 1 }) !== "until");
			},
		}).digest;
		const byInstants = run(pair, {
			drive(kernel) {
				for (let us = 0; us <= 200_000; us += 37) kernel.advance({ untilUs: us });
				kernel.advance({ untilUs: 200_000 });
			},
		}).digest;
		const bySteps = run(pair, {
			drive(kernel) {
				while (kernel.step(200_000));
			},
		}).digest;
		expect([byWindows, byInstants, bySteps]).toEqual([whole, whole, whole]);
	});

	test("accounts for every message: sent = delivered + dropped + still on its way", () => {
		const { list, kernel } = run({
			...pair,
			physics: { ...pair.physics, duplicateRatio: 0.1, corruptRatio: 0.1 },
			story: [
				[300_000, "crash b"],
				[500_000, "restart b"],
			],
		});
		const sent = list.of("messageSent").length + list.of("messageDuplicated").length;
		expect(sent).toBe(list.of("messageDelivered").length + list.of("messageDropped").length + kernel.inFlight().length);
		expect(new Set(list.of("messageDropped").map(({ fields }) => fields.reason))).toEqual(new Set(["loss", "corruption", "nodeDown"]));
	});

	test("stamps events so that every message is received later than it was sent (Lamport)", () => {
		const { list } = run(pair);
		const sentAt = new Map(list.of("messageSent").map(({ node, fields, lamport }) => [`${node}#${fields.sequence}`, lamport]));
		for (const { fields, lamport } of list.of("messageDelivered"))
			expect(lamport).toBeGreaterThan(sentAt.get(`${fields.from}#${fields.sequence}`) ?? Number.NaN);
	});
});

describe("commands", () => {
	test("a crash empties the RAM, a restart boots after its delay with the next incarnation", () => {
		const { list } = run({
			...pair,
			story: [
				[100_000, "crash b"],
				[200_000, "restart b"],
			],
		});
		expect(list.of("nodeCrashed").map(({ atUs, node }) => [atUs, node])).toEqual([[100_000, "b"]]);
		expect(list.of("nodeBooted", "b").map(({ atUs, fields }) => [atUs, fields.incarnation])).toEqual([
			[0, 1],
			[210_000, 2],
		]);
		expect(list.of("messageDelivered", "b").some(({ atUs }) => atUs >= 100_000 && atUs < 210_000)).toBe(false);
	});

	test("one that makes no sense is refused with a reason and changes nothing", () => {
		const { list } = run({ ...pair, story: [[100_000, "resume b"]] });
		expect(list.of("commandRefused").map(({ body }) => body)).toEqual(["resume b: b is up, not paused"]);
		expect(list.of("nodeResumed")).toEqual([]);
	});

	test("given while running, they are recorded, and the record repeats the run", () => {
		const first = run(pair, {
			drive(kernel) {
				kernel.advance({ untilUs: 123_456 });
				kernel.command("crash b");
				kernel.advance({ untilUs: 300_000 });
				kernel.command("restart b");
				kernel.advance({ untilUs: 1_000_000 });
			},
		});
		expect(first.kernel.commands.map(({ atUs, line }) => [atUs, line])).toEqual([
			[123_456, "crash b"],
			[300_000, "restart b"],
		]);
		expect(run(pair, { commands: first.kernel.commands }).digest).toBe(first.digest);
	});

	test("given after a single step, they land after all that has happened, and repeat", () => {
		const first = run(pair, {
			drive(kernel) {
				kernel.advance({ untilUs: 100_000 });
				for (let i = 0; i < 7; i++) kernel.step();
				kernel.command("crash b");
				kernel.command("ask a hello");
				kernel.advance({ untilUs: 1_000_000 });
			},
		});
		expect(run(pair, { commands: first.kernel.commands }).digest).toBe(first.digest);
	});

	test("a paused node loses nothing: what came is handled at its resumption", () => {
		const { list } = run({
			...pair,
			physics: {},
			story: [
				[100_000, "pause b"],
				[150_000, "resume b"],
			],
		});
		const late = list.of("messageDelivered", "b").filter(({ atUs }) => atUs === 150_000);
		expect(late.length).toBe(5);
		expect(list.of("messageDelivered", "b").some(({ atUs }) => atUs >= 100_000 && atUs < 150_000)).toBe(false);
		expect(list.of("messageDropped")).toEqual([]);
	});

	test("messages at a paused node's door are lost when it crashes", () => {
		const { list, kernel } = run({
			...pair,
			physics: {},
			story: [
				[100_000, "pause b"],
				[150_000, "crash b"],
			],
		});
		expect(list.of("messageDropped").filter(({ atUs, fields }) => atUs === 150_000 && fields.reason === "nodeDown").length).toBe(5);
		expect(list.of("messageSent").length).toBe(list.of("messageDelivered").length + list.of("messageDropped").length + kernel.inFlight().length);
	});
});

describe("a node", () => {
	const askWork = service("asker", ["worker.work"], (ctx: NodeContext) => ({
		boot() {
			for (let i = 0; i < 3; i++) ctx.send("b", "worker.work", 10_000);
		},
	}));
	const workRegistry = registryOf(askWork, worker);
	const finishes = (cores: number, story: TinyPlan["story"] = []): number[] => {
		const plan = tinyPlan({ nodes: { a: { services: ["asker"] }, b: { services: ["worker"], cores } }, story }, workRegistry);
		const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(workRegistry) });
		const list = new EventList(plan);
		kernel.log.observe(list);
		kernel.advance({ untilUs: plan.untilUs });
		return list.of("computeFinished", "b").map(({ atUs }) => atUs);
	};

	test("works on as many things at once as it has cores, the rest queue", () => {
		expect(finishes(1)).toEqual([11_000, 21_000, 31_000]);
		expect(finishes(2)).toEqual([11_000, 11_000, 21_000]);
	});

	test("slowed four times takes four times as long for what is left", () => {
		expect(finishes(1, [[6_000, "slow b 4x"]])).toEqual([6_000 + 4 * 5_000, 26_000 + 40_000, 66_000 + 40_000]);
	});

	test("paused stands still: its work ends later by the pause", () => {
		expect(
			finishes(1, [
				[6_000, "pause b"],
				[106_000, "resume b"],
			]),
		).toEqual([111_000, 121_000, 131_000]);
	});

	test("keeps what it synced through a crash, and not what it only wrote", () => {
		const disk = { drives: 1, capacityBytes: 10_000, writeUs: 100, readUs: 100, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 1 };
		const { list } = run({
			nodes: { a: { services: ["diary"], disk } },
			links: [],
			story: [
				[100_000, "restart a"],
				[200_000, "restart a"],
			],
		});
		expect(list.of("logLine").map(({ body }) => body)).toEqual(["notFound", "written", "held [1]", "written", "held [1]", "written"]);
		expect(list.of("diskLost").map(({ fields }) => fields)).toEqual([
			{ lost: 0, torn: 1 },
			{ lost: 0, torn: 1 },
		]);
	});

	test("that sends itself a message while handling one from itself gets each as it was sent", () => {
		const counter = service("counter", ["counter.next"], (ctx: NodeContext) => ({
			boot() {
				ctx.startSpan("counter.next");
				ctx.send("a", "counter.next", 1);
			},
			on: {
				"counter.next"(message: Message<number>) {
					ctx.log(String(message.body));
					if (message.body < 3) ctx.send("a", "counter.next", message.body + 1);
				},
			},
		}));
		const own = registryOf(counter);
		const plan = tinyPlan({ nodes: { a: { services: ["counter"] } }, links: [] }, own);
		const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
		const list = new EventList(plan);
		kernel.log.observe(list);
		kernel.advance({ untilUs: 1_000 });
		expect(list.of("logLine").map(({ body }) => body)).toEqual(["1", "2", "3"]);
		expect(list.of("messageDelivered").map(({ fields }) => fields.sequence)).toEqual([1, 2, 3]);
	});

	test("whose program throws crashes at that handler, whose effects never happened", () => {
		const { list } = run({ nodes: { a: { services: ["bomb"] } }, links: [] });
		expect(list.of("logLine")).toEqual([]);
		expect(list.of("nodeCrashed").map(({ atUs, fields, body }) => [atUs, fields.reason, body])).toEqual([[7_000, "exception", "Error: no such luck"]]);
	});

	test("stops instead of running the handler that a recorded verdict names", () => {
		const commands: RecordedCommand[] = [{ atUs: 0, line: "halt b incarnation 1 step 4 hung", origin: "watchdog" }];
		const { list } = run({ ...pair, physics: {} }, { commands });
		expect(list.of("messageDelivered", "b").length).toBe(2);
		expect(list.of("nodeCrashed").map(({ node, fields, atUs }) => [node, fields.reason, atUs])).toEqual([["b", "hung", 31_000]]);
		expect(list.of("messageDropped", "a")[0]).toMatchObject({ atUs: 31_000, fields: { reason: "nodeDown" } });
	});
});
