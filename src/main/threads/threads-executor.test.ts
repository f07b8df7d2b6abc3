import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { threadsOf } from "../../../test/support/built-threads.ts";
import { type BundledThread, bundleThread } from "../../../test/support/bundle-thread.ts";
import { EventList } from "../../../test/support/event-list.ts";
import { hardRegistry } from "../../../test/support/hard-services.ts";
import { type TinyPlan, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../../core/kernel.ts";
import { ThreadsExecutor, type ThreadsExecutorOptions } from "./threads-executor.ts";

let bundle: BundledThread;
beforeAll(async () => {
	bundle = await bundleThread(new URL("../../../test/support/hard-thread.ts", import.meta.url));
});
afterAll(() => rmSync(bundle.folder, { recursive: true, force: true }));

/** On a machine that is busy with other things, a verdict on an innocent program would fail a test. */
const patient = { handlerMsMax: 60_000 } as const;
/** For programs that are meant to be given up. */
const impatient = { handlerMsMax: 1_000 } as const;

const opened: ThreadsExecutor[] = [];
afterEach(async () => {
	for (const executor of opened.splice(0)) {
		executor.close();
		await executor.closed;
	}
});

function threads(options: Partial<ThreadsExecutorOptions> = {}): ThreadsExecutor {
	const executor = new ThreadsExecutor({ files: threadsOf(bundle.entry), ...patient, ...options });
	opened.push(executor);
	return executor;
}

function run(tiny: TinyPlan, executor: ThreadsExecutor | InlineExecutor, commands: readonly RecordedCommand[] = []) {
	const plan = tinyPlan(tiny, hardRegistry);
	const kernel = new Kernel({ plan, seed: 5, executor, commands });
	const list = new EventList(plan);
	kernel.log.observe(list);
	return {
		kernel,
		list,
		until(untilUs: number): string {
			kernel.advance({ untilUs });
			return `${kernel.log.eventCount} ${kernel.log.digest()}`;
		},
	};
}

function lines(list: EventList, node: string): unknown[] {
	return list.of("logLine", node).flatMap(({ body, fields }) => (fields.level === "debug" ? [] : [body]));
}

const inline = (): InlineExecutor => new InlineExecutor(hardRegistry);
const node = (service: string, config: number | string = 0) => ({ services: [{ service, config }] });

describe("a thread a node", () => {
	test("gives the log that no thread gives, however small the rings", () => {
		const tiny: TinyPlan = { nodes: { a: node("twoMemories"), b: node("ticker", -1), c: node("shouter", 5_000) }, physics: { lossRatio: 0.1 } };
		const expected = run(tiny, inline()).until(60_000);
		expect(run(tiny, threads()).until(60_000)).toBe(expected);
		expect(run(tiny, threads({ inboxBytes: 128, outboxBytes: 128 })).until(60_000)).toBe(expected);
	});

	test("carries messages of almost a mebibyte through rings of four kibibytes", () => {
		const tiny: TinyPlan = { nodes: { a: node("shouter", 1_048_000), b: node("shouter", 1_000_000) } };
		const threaded = run(tiny, threads({ inboxBytes: 4_096, outboxBytes: 4_096 }));
		expect(threaded.until(35_000)).toBe(run(tiny, inline()).until(35_000));
		expect(lines(threaded.list, "b")).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^1048000 bytes/)));
	});

	test("forgets its memory in a crash and keeps its disk", () => {
		const tiny: TinyPlan = {
			nodes: { a: node("twoMemories"), b: node("ticker") },
			story: [
				[23_500, "crash a"],
				[24_000, "restart a"],
			],
		};
		const threaded = run(tiny, threads());
		const without = run(tiny, inline());
		expect(threaded.until(50_000)).toBe(without.until(50_000));
		expect(threaded.kernel.inspectNode(0)).toEqual(without.kernel.inspectNode(0));
		expect(threaded.kernel.inspectNode(0)?.timers).toHaveLength(1);
		expect(lines(threaded.list, "a")).toEqual(["ram 1, disk 1", "ram 2, disk 2", "ram 3, disk 3", "ram 4, disk 4", "ram 1, disk 5", "ram 2, disk 6"]);
		expect(threaded.kernel.inspect(0)).toEqual({ twoMemories: { inRam: 3 } });
	});

	test("survives forty crashes and restarts of its node", () => {
		const story = Array.from({ length: 40 }, (_, index) => [index * 20_000 + 15_000, "restart a"] as const);
		const tiny: TinyPlan = { nodes: { a: node("ticker", -1), b: node("ticker", -1) }, story };
		expect(run(tiny, threads()).until(800_000)).toBe(run(tiny, inline()).until(800_000));
	});

	test("is empty after a crash: inspection finds nobody", () => {
		const { kernel, until } = run({ nodes: { a: node("ticker") }, story: [[5_000, "crash a"]] }, threads());
		until(4_000);
		expect(kernel.inspect(0)).toEqual({ ticker: { tick: 3 } });
		until(6_000);
		expect(kernel.inspect(0)).toBeNull();
	});

	test("tells what an inspection threw, and goes on", () => {
		const { kernel, until, list } = run({ nodes: { a: node("shy", "throw") } }, threads());
		until(3_500);
		expect(kernel.inspect(0)).toEqual({ error: { thrown: "Error: do not look" } });
		until(5_500);
		expect(lines(list, "a")).toHaveLength(5);
	});
});

describe("a program that never returns", () => {
	const faults = [
		{ service: "looper", reason: "hung" },
		{ service: "hoarder", reason: "outOfMemory" },
	] as const;
	/** A heap takes a while to fill: the watchdog must not be first. */
	const patience = { looper: impatient, hoarder: { ...patient, heapMbMax: 24 } } as const;

	test.each(faults)("($service) fails alone, keeps what it did before, and its verdict repeats the run without threads and with", ({ service, reason }) => {
		const tiny: TinyPlan = { nodes: { a: node(service, 7), b: node("ticker", -1) }, story: [[12_000, "restart a"]] };
		const live = run(tiny, threads(patience[service]));
		const digest = live.until(40_000);
		expect(lines(live.list, "a").slice(0, 7)).toEqual([1, 2, 3, 4, 5, 6, 1].map((tick) => `tick ${tick}`));
		expect(lines(live.list, "b")).toHaveLength(39);
		expect(live.list.of("nodeCrashed").map(({ atUs, node, fields }) => [atUs, node, fields.reason])).toEqual([[7_000, "a", reason]]);
		expect(live.kernel.commands.map(({ origin }) => origin)).toEqual(["watchdog"]);
		expect(run(tiny, inline(), live.kernel.commands).until(40_000)).toBe(digest);
		expect(run(tiny, threads(), live.kernel.commands).until(40_000)).toBe(digest);
	});

	test.each(faults)("($service) may do so in its very first handler", ({ service }) => {
		const tiny: TinyPlan = { nodes: { a: node(service, 0), b: node("ticker", -1) } };
		const live = run(tiny, threads(patience[service]));
		const digest = live.until(5_000);
		expect(live.list.of("nodeCrashed", "a")).toHaveLength(1);
		expect(run(tiny, inline(), live.kernel.commands).until(5_000)).toBe(digest);
	});

	test("loses none of the handlers before it, though they said more than the ring holds", () => {
		const tiny: TinyPlan = { nodes: { a: node("talker", 50), b: node("talker", 1) } };
		const live = run(tiny, threads({ ...impatient, outboxBytes: 512 }));
		const digest = live.until(20_000);
		expect(lines(live.list, "a")).toHaveLength(500);
		expect(lines(live.list, "b")).toHaveLength(10);
		expect(run(tiny, inline(), live.kernel.commands).until(20_000)).toBe(digest);
	});

	test("is not confused with one that throws", () => {
		const tiny: TinyPlan = { nodes: { a: node("thrower", 3), b: node("ticker", -1) } };
		const live = run(tiny, threads());
		expect(live.until(9_000)).toBe(run(tiny, inline()).until(9_000));
		expect(live.kernel.commands).toEqual([]);
	});

	test("counts for nothing if it returns after it was given up", () => {
		const tiny: TinyPlan = { nodes: { a: node("slow", 3_000), b: node("ticker", -1) } };
		const live = run(tiny, threads(impatient));
		const digest = live.until(30_000);
		expect(lines(live.list, "a")).toEqual(["tick", "tick"]);
		expect(run(tiny, inline(), live.kernel.commands).until(30_000)).toBe(digest);
	});

	test("takes its node with it if it was an inspection, from the next event on", () => {
		const tiny: TinyPlan = { nodes: { a: node("shy", "hang"), b: node("ticker", -1) } };
		const live = run(tiny, threads(impatient));
		live.until(3_500);
		expect(live.kernel.inspect(0)).toBeNull();
		const digest = live.until(9_000);
		expect(live.list.of("nodeCrashed").map(({ atUs, node, fields }) => [atUs, node, fields.reason])).toEqual([[4_000, "a", "hung"]]);
		expect(run(tiny, inline(), live.kernel.commands).until(9_000)).toBe(digest);
	});
});

describe("the executor", () => {
	test("leaves no thread behind: a process that closed it ends by itself", () => {
		const script = fileURLToPath(new URL("../../../test/support/run-and-close.ts", import.meta.url));
		const { status, stdout, stderr } = spawnSync(process.execPath, [script, bundle.entry.href], { encoding: "utf8", timeout: 60_000 });
		expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "closed\n", stderr: "" });
	});

	test("says so when its threads are not built", () => {
		const executor = new ThreadsExecutor({ files: threadsOf(new URL("./no-such-thread.js", bundle.entry)) });
		expect(() => run({ nodes: { a: node("ticker") } }, executor)).toThrow(/no-such-thread.js/);
	});

	test("ends the run when a thread ends that nobody asked to, and says whose it was", () => {
		const { until } = run({ nodes: { a: node("ticker"), b: node("quitter") } }, threads());
		expect(() => until(5_000)).toThrow(/the thread of node 1 failed/);
	});
});
