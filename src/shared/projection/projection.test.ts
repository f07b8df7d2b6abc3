import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { frontPlan } from "../../../test/support/plans.ts";
import { LogBuilder } from "../../../test/support/records.ts";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Message, NodeContext } from "../../core/node-api.ts";
import { RecordBuffer, recordLengthWord } from "../event-record.ts";
import { Projection } from "./projection.ts";
import type { ProjectionSnapshot } from "./snapshot.ts";

const plan = frontPlan();
const web3 = plan.nodes.findIndex(({ name }) => name === "web-3");

function view(build: (log: LogBuilder) => void, untilUs = 0): ProjectionSnapshot {
	const log = new LogBuilder();
	build(log);
	const projection = new Projection(plan);
	log.feed({ onEvent: (words, start) => projection.apply(words, start) });
	projection.advanceTo(untilUs);
	return projection.snapshot();
}

describe("nodes in the projection", () => {
	const statusAfter = (build: (log: LogBuilder) => void) => view(build).nodes[web3]?.status;

	test("live through every status", () => {
		expect(statusAfter(() => {})).toBe("booting");
		expect(statusAfter((log) => log.add("nodeBooted", { atUs: 0, node: web3 }, { incarnation: 1 }))).toBe("up");
		expect(statusAfter((log) => log.add("nodePaused", { atUs: 1, node: web3 }))).toBe("paused");
		expect(statusAfter((log) => log.add("nodeResumed", { atUs: 1, node: web3 }))).toBe("up");
		expect(statusAfter((log) => log.add("nodeCrashed", { atUs: 1, node: web3 }, { incarnation: 1 }, ""))).toBe("down");
		expect(statusAfter((log) => log.add("nodeRestarting", { atUs: 1, node: web3 }, { readyUs: 2 }))).toBe("booting");
	});

	test("keep their incarnation, slowness, crashes and last trouble", () => {
		const { nodes } = view((log) => {
			log.add("nodeBooted", { atUs: 0, node: web3 }, { incarnation: 2 });
			log.add("nodeSlowed", { atUs: 1, node: web3 }, { factorMilli: 4_000 });
			log.add("logLine", { atUs: 2, node: web3 }, { level: "error" }, "lost my way");
			log.add("logLine", { atUs: 3, node: web3 }, { level: "info" }, "all is well");
			log.add("nodeCrashed", { atUs: 4, node: web3 }, { incarnation: 2, reason: "exception" }, "Error: no such luck");
		});
		expect(nodes[web3]).toMatchObject({ incarnation: 2, factorMilli: 4_000, crashes: 1, lastError: "exception: Error: no such luck", lastErrorUs: 4 });
	});

	test("are as busy as their work in the last whole second, split where a second ends", () => {
		const busy = (log: LogBuilder): void => {
			log.add("computeFinished", { atUs: 400_000, node: web3 }, { askedUs: 0, startedUs: 100_000 });
			log.add("computeFinished", { atUs: 1_100_000, node: web3 }, { askedUs: 700_000, startedUs: 900_000 });
		};
		// Not known yet in its own second; 300 ms and 100 ms in the first; 100 ms in the second.
		expect(view((log) => log.add("computeFinished", { atUs: 400_000, node: web3 }, { askedUs: 0, startedUs: 100_000 })).nodes[web3]?.utilisationRatio).toBe(0);
		expect(view(busy).nodes[web3]?.utilisationRatio).toBeCloseTo(0.4, 12);
		expect(view(busy, 2_000_000).nodes[web3]?.utilisationRatio).toBeCloseTo(0.1, 12);
		expect(view(busy, 3_000_000).nodes[web3]?.utilisationRatio).toBe(0);
		// Two pieces of work, which waited 100 ms and 200 ms.
		expect(view(busy).nodes[web3]?.cpuWaitUs).toBe(100_000);
		expect(view(busy, 2_000_000).nodes[web3]?.cpuWaitUs).toBe(200_000);
	});

	test("count messages in all, and in the last whole second", () => {
		const traffic = (log: LogBuilder): void => {
			for (const atUs of [100, 200, 1_000_100]) {
				log.add("messageSent", { atUs, node: web3 }, {}, null);
				log.add("messageDelivered", { atUs, node: web3 });
			}
		};
		expect(view(traffic).nodes[web3]).toMatchObject({ messagesIn: 3, messagesOut: 3, messagesInPerSecond: 2, messagesOutPerSecond: 2 });
		expect(view(traffic, 2_500_000).nodes[web3]).toMatchObject({ messagesIn: 3, messagesInPerSecond: 1 });
	});
});

describe("links in the projection", () => {
	test("are cut, clogged and healed, each way", () => {
		const states = (build: (log: LogBuilder) => void) => {
			const { forward, backward } = view(build).links[1] ?? {};
			return [forward, backward];
		};
		expect(states(() => {})).toEqual(["up", "up"]);
		expect(states((log) => log.add("linkCut", { atUs: 1 }, { link: 1 }))).toEqual(["cut", "cut"]);
		expect(states((log) => log.add("linkClogged", { atUs: 1 }, { link: 1, direction: "backward" }))).toEqual(["up", "clogged"]);
		expect(
			states((log) => {
				log.add("linkCut", { atUs: 1 }, { link: 1 });
				log.add("linkHealed", { atUs: 2 }, { link: 1, direction: "forward" });
			}),
		).toEqual(["up", "cut"]);
		expect(
			states((log) => {
				log.add("linkCut", { atUs: 1 }, { link: 1 });
				log.add("networkHealed", { atUs: 2 });
			}),
		).toEqual(["up", "up"]);
	});

	test("tell what was changed and how much they lost; a partition stands until it is healed", () => {
		const build = (log: LogBuilder): void => {
			log.add("linkChanged", { atUs: 1 }, { link: 1 }, { property: "lossRatio", value: 0.1 });
			log.add("linkChanged", { atUs: 1 }, { link: 1 }, { property: "nonsense", value: 1 });
			log.add("messageDropped", { atUs: 2, node: 0 }, { link: 1, reason: "loss" });
			log.add("networkPartitioned", { atUs: 3 }, {}, [[0], [1, 2]]);
		};
		const torn = view(build);
		expect(torn.links[1]).toMatchObject({ changes: ["lossRatio 0.1"], dropped: 1 });
		expect(torn.partition).toEqual([[0], [1, 2]]);
		expect(torn.messages.dropped).toEqual({ loss: 1 });
		const healed = view((log) => {
			build(log);
			log.add("networkHealed", { atUs: 4 });
		});
		expect(healed.partition).toBeNull();
	});
});

describe("faults in the projection", () => {
	test("are told in order with their event, first boots left out", () => {
		const { faults, commandsApplied, commandsRefused } = view((log) => {
			log.add("nodeBooted", { atUs: 0, node: web3 }, { incarnation: 1 });
			log.add("commandApplied", { atUs: 5 }, {}, "crash web-3");
			log.add("nodeCrashed", { atUs: 5, node: web3 }, { incarnation: 1 }, "");
			log.add("commandRefused", { atUs: 6 }, {}, "crash web-3: web-3 is already down");
			log.add("nodeBooted", { atUs: 7, node: web3 }, { incarnation: 2 });
		});
		expect(faults.map(({ index, kind }) => [index, kind])).toEqual([
			[2, "nodeCrashed"],
			[3, "commandRefused"],
			[4, "nodeBooted"],
		]);
		expect([commandsApplied, commandsRefused]).toEqual([1, 1]);
	});

	test("are kept in bounded number, the newest of them", () => {
		const { faults } = view((log) => {
			for (let atUs = 0; atUs < 5_000; atUs++) log.add("nodePaused", { atUs, node: web3 });
		});
		expect(faults.length).toBeGreaterThanOrEqual(200);
		expect(faults.length).toBeLessThanOrEqual(400);
		expect(faults.at(-1)?.index).toBe(4_999);
	});
});

describe("the projection of a real run", () => {
	const caller = service("caller", ["say", "tick"], (ctx: NodeContext) => ({
		boot: () => void ctx.every(10_000, "tick", () => ctx.send("b", "say", null)),
	}));
	const worker = service("worker", ["say"], (ctx: NodeContext) => ({
		on: {
			*say(message: Message) {
				yield* ctx.compute(4_000);
				if (message.sequence % 10 === 0) ctx.log("tenth", "error");
			},
		},
	}));
	const registry = registryOf(caller, worker);
	const tiny = tinyPlan(
		{
			nodes: { a: { services: ["caller"] }, b: { services: ["worker"] } },
			physics: { lossRatio: 0.1, duplicateRatio: 0.1 },
			untilUs: 3_000_000,
			story: [
				[1_200_000, "crash b"],
				[1_400_000, "restart b"],
			],
		},
		registry,
	);

	function run() {
		const kernel = new Kernel({ plan: tiny, seed: 1, executor: new InlineExecutor(registry) });
		const list = new EventList(tiny);
		const live = new Projection(tiny);
		const stored = new RecordBuffer();
		kernel.log.observe(list);
		kernel.log.observe({
			onEvent(words, start) {
				live.apply(words, start);
				stored.append(words, start, words[start + recordLengthWord] as number);
			},
		});
		kernel.advance({ untilUs: tiny.untilUs });
		live.advanceTo(kernel.nowUs);
		return { list, live, stored };
	}

	test("counts what the log holds", () => {
		const { list, live } = run();
		const { events, messages, nodes } = live.snapshot();
		expect(events).toBe(list.events.length);
		expect(messages.sent).toBe(list.of("messageSent").length);
		expect(messages.delivered).toBe(list.of("messageDelivered").length);
		expect(messages.duplicated).toBe(list.of("messageDuplicated").length);
		expect(messages.dropped.loss).toBe(list.of("messageDropped").filter(({ fields }) => fields.reason === "loss").length);
		expect(messages.dropped.nodeDown).toBeGreaterThan(0);
		expect(nodes[1]).toMatchObject({ status: "up", incarnation: 2, crashes: 1 });
		const work = list.of("computeFinished", "b").filter(({ atUs }) => atUs > 2_000_000);
		expect(nodes[1]?.utilisationRatio).toBeCloseTo((work.length * 4_000) / 1_000_000, 2);
	});

	test("is the same live and replayed, and plain data", () => {
		const { live, stored } = run();
		const replayed = new Projection(tiny);
		for (let start = 0; start < stored.length; start += stored.words[start + recordLengthWord] as number) replayed.apply(stored.words, start);
		replayed.advanceTo(tiny.untilUs);
		expect(replayed.snapshot()).toEqual(live.snapshot());
		expect(structuredClone(live.snapshot())).toEqual(live.snapshot());
	});
});

describe("a log that comes from anywhere", () => {
	test("with nodes, links and reasons that do not exist harms nothing", () => {
		const snapshot = view((log) => {
			for (const node of [-1, 99, 2_000_000_000]) {
				log.add("nodeBooted", { atUs: 0, node }, { incarnation: 2 });
				log.add("nodeCrashed", { atUs: 0, node }, {}, "x");
				log.add("messageSent", { atUs: 0, node }, { to: 99 }, null);
				log.add("messageDelivered", { atUs: 0, node });
				log.add("computeFinished", { atUs: 5, node }, { startedUs: 9 });
				log.add("linkCut", { atUs: 5, node }, { link: node });
				log.add("linkChanged", { atUs: 5, node }, { link: node }, { property: "lossRatio", value: "x".repeat(9_999) });
				log.add("messageDropped", { atUs: 5, node }, { link: node });
				log.add("logLine", { atUs: 5, node }, { level: "error" }, "x");
			}
		});
		const untouched = view(() => {});
		expect(snapshot.nodes).toEqual(untouched.nodes);
		expect(snapshot.links).toEqual(untouched.links);
	});
});
