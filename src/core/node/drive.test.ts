import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { plainDisk, registryOf, service, type TinyPlan, tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { DiskPlan } from "../../shared/plan.ts";
import { InlineExecutor } from "../inline-executor.ts";
import { Kernel } from "../kernel.ts";
import type { DiskResult, Drive, NodeContext, Task } from "../node-api.ts";

/** Runs one node whose program is the given task, at every boot, and lists what came of it. */
function onDrive(
	script: (drive: Drive, ctx: NodeContext) => Task,
	options: { readonly disk?: Partial<DiskPlan>; readonly story?: TinyPlan["story"] } = {},
): EventList {
	const scripted = service("scripted", ["scripted.wait"], (ctx) => ({ boot: () => script(ctx.drives[0] as Drive, ctx) }));
	const registry = registryOf(scripted);
	const plan = tinyPlan({ nodes: { a: { services: ["scripted"], disk: { ...plainDisk, ...options.disk } } }, links: [], story: options.story ?? [] }, registry);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return list;
}

const show = (result: DiskResult<unknown>): string => (result.ok ? JSON.stringify(result.value ?? "done") : result.error);
const lines = (list: EventList): unknown[] => list.of("logLine").map(({ body }) => body);

describe("a drive", () => {
	test("keeps files: put replaces, append adds, remove deletes, a missing one is not found", () => {
		const list = onDrive(function* (drive, ctx) {
			yield* drive.put("page", 1);
			yield* drive.put("page", 2);
			yield* drive.append("log", "a");
			yield* drive.append("log", "b");
			ctx.log(show(yield* drive.get("page")));
			ctx.log(show(yield* drive.records("log")));
			ctx.log(drive.list("").join());
			yield* drive.remove("page");
			ctx.log(show(yield* drive.get("page")));
		});
		expect(lines(list)).toEqual(["2", '["a","b"]', "log,page", "notFound"]);
	});

	test("does one thing after the other, each for its fixed time and its bytes", () => {
		const list = onDrive(
			function* (drive, ctx) {
				ctx.spawn(drive.append("log", new Uint8Array(997))); // 1,000 bytes encoded
				ctx.spawn(drive.append("log", new Uint8Array(997)));
				yield* drive.sync();
			},
			{ disk: { bytesPerSecond: 1_000_000 } },
		);
		expect(list.of("diskWritten").map(({ atUs }) => atUs)).toEqual([1_100, 2_200]);
		expect(list.of("diskSynced").map(({ atUs }) => atUs)).toEqual([4_200]);
	});

	test("that is full refuses, and keeps what it has", () => {
		const list = onDrive(
			function* (drive, ctx) {
				ctx.log(show(yield* drive.put("small", "x")));
				ctx.log(show(yield* drive.put("large", new Uint8Array(5_000))));
				ctx.log(show(yield* drive.get("small")));
				ctx.log(show(yield* drive.get("large")));
			},
			{ disk: { capacityBytes: 1_000 } },
		);
		expect(lines(list)).toEqual(['"done"', "full", '"x"', "notFound"]);
		expect(list.of("diskFailed").map(({ fields }) => fields.reason)).toEqual(["full", "notFound"]);
	});

	test("two writes under way cannot both be promised the last room", () => {
		const list = onDrive(
			function* (drive, ctx) {
				ctx.spawn(drive.put("one", new Uint8Array(400)));
				ctx.log(show(yield* drive.put("two", new Uint8Array(400))));
			},
			{ disk: { capacityBytes: 600 } },
		);
		expect(lines(list)).toEqual(["full"]);
		expect(list.of("diskWritten").length).toBe(1);
	});

	test("with bad sectors tells of the read, and the file is as it was", () => {
		const list = onDrive(
			function* (drive, ctx) {
				yield* drive.put("page", 7);
				for (let i = 0; i < 40; i++) ctx.log(show(yield* drive.get("page")));
			},
			{ disk: { readErrorRatio: 0.5 } },
		);
		expect(new Set(lines(list))).toEqual(new Set(["readError", "7"]));
	});

	test("loses or tears in a crash only what was not synced", () => {
		const list = onDrive(
			function* (drive, ctx) {
				if (ctx.incarnation === 1) {
					yield* drive.append("log", "kept");
					yield* drive.put("page", "kept");
					yield* drive.sync();
					yield* drive.append("log", "torn");
					yield* drive.put("page", "torn");
					return;
				}
				ctx.log(show(yield* drive.records("log")));
				ctx.log(show(yield* drive.get("page")));
			},
			{
				disk: { tornRatio: 1 },
				story: [
					[100_000, "crash a"],
					[200_000, "restart a"],
					[300_000, "crash a"],
				],
			},
		);
		expect(list.of("diskLost").map(({ fields }) => fields)).toEqual([{ lost: 0, torn: 2 }]);
		expect(lines(list)).toEqual(['["kept"]', "corrupt"]);
	});

	test("keeps or loses each unsynced write by a draw of its own", () => {
		const count = 200;
		const list = onDrive(
			function* (drive, ctx) {
				if (ctx.incarnation === 1) for (let i = 0; i < count; i++) yield* drive.put(`page-${i}`, i);
				else ctx.measure("scripted.wait", drive.list("page-").length);
			},
			{
				story: [
					[500_000, "crash a"],
					[600_000, "restart a"],
				],
			},
		);
		const kept = Number(list.of("measured")[0]?.fields.value);
		expect(kept + Number(list.of("diskLost")[0]?.fields.lost)).toBe(count);
		// Even odds: 200 draws lie within 60 .. 140 but once in 10^8 seeds.
		expect(kept).toBeGreaterThan(60);
		expect(kept).toBeLessThan(140);
	});

	test("a write that had not reached the drive when it crashed never happened", () => {
		const list = onDrive(
			function* (drive, ctx) {
				if (ctx.incarnation > 1) ctx.log(drive.list("").join() || "empty");
				else yield* drive.put("page", 1);
			},
			{
				story: [
					[50, "crash a"],
					[100_000, "restart a"],
				],
			},
		);
		expect(list.of("diskWritten")).toEqual([]);
		expect(lines(list)).toEqual(["empty"]);
	});

	test("is empty once wiped, for the running program and for the next", () => {
		const list = onDrive(
			function* (drive, ctx) {
				if (ctx.incarnation === 1) {
					yield* drive.put("page", 1);
					yield* drive.sync();
					yield* ctx.sleep(200_000, "scripted.wait");
				}
				ctx.log(drive.list("").join() || "empty");
			},
			{
				story: [
					[100_000, "wipe a"],
					[300_000, "restart a"],
				],
			},
		);
		expect(lines(list)).toEqual(["empty", "empty"]);
	});

	test("of a paused node stands still", () => {
		const list = onDrive(
			function* (drive) {
				yield* drive.put("page", 1);
			},
			{
				story: [
					[40, "pause a"],
					[10_040, "resume a"],
				],
			},
		);
		expect(list.of("diskWritten").map(({ atUs }) => atUs)).toEqual([10_100]);
	});

	test("that dies fails whatever is asked of it, also what was under way, and its machine's next life finds it dead", () => {
		const list = onDrive(
			function* (drive, ctx) {
				if (ctx.incarnation === 1) {
					yield* drive.put("page", 1);
					yield* drive.sync();
					ctx.log(show(yield* drive.put("page", 2)));
				}
				ctx.log(`${drive.isDead} ${drive.list("").length} ${show(yield* drive.get("page"))} ${show(yield* drive.sync())}`);
			},
			{
				story: [
					[2_150, "fail drive a 0"],
					[2_300, "fail drive a 0"],
					[100_000, "restart a"],
					[105_000, "wipe a"],
				],
			},
		);
		expect(lines(list)).toEqual(["dead", "true 0 dead dead", "true 0 dead dead"]);
		expect(list.of("driveFailed").map(({ atUs, fields }) => [atUs, fields.drive])).toEqual([[2_150, 0]]);
		expect(list.of("commandRefused").map(({ body }) => body)).toEqual(["fail drive a 0: drive 0 of a is dead already"]);
	});
});

describe("drives that wear out", () => {
	const yearUs = 365 * 86_400_000_000;
	const nodeOf = (disk: Partial<DiskPlan>, bootDelayUs = 10_000) => ({ services: ["idle"], disk: { ...plainDisk, ...disk }, bootDelayUs });
	const idle = service("idle", [], () => ({}));

	function deathsOf(nodes: { readonly [name: string]: Partial<DiskPlan> }, seed: number, options: Partial<TinyPlan> = {}) {
		const registry = registryOf(idle);
		const plan = tinyPlan(
			{ nodes: Object.fromEntries(Object.entries(nodes).map(([name, disk]) => [name, nodeOf(disk)])), untilUs: yearUs, ...options },
			registry,
		);
		const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
		const list = new EventList(plan);
		kernel.log.observe(list);
		kernel.advance({ untilUs: plan.untilUs });
		return list.of("driveFailed").map(({ atUs, node, fields }) => ({ atUs, node, drive: fields.drive, cause: fields.cause }));
	}

	test("die at the rate told: of 1,000 at half a death a year, 393 within the year (four deviations)", () => {
		const deaths = deathsOf({ a: { drives: 1_000, annualFailures: 0.5 } }, 3);
		// 1 - e^-0.5 of them, give or take the root of 1,000 x 0.393 x 0.607.
		expect(Math.abs(deaths.length - 393)).toBeLessThan(62);
		expect(new Set(deaths.map(({ drive }) => drive)).size).toBe(deaths.length);
		const firstHalf = deaths.filter(({ atUs }) => atUs < yearUs / 2).length;
		expect(Math.abs(firstHalf - 221)).toBeLessThan(53);
	});

	test("die when they would have died, whatever else there is", () => {
		const alone = deathsOf({ a: { drives: 50, annualFailures: 0.5 } }, 4);
		const among = deathsOf({ a: { drives: 50, annualFailures: 0.5 }, b: { drives: 50, annualFailures: 2 } }, 4, {
			story: [[yearUs / 2, "crash a"]],
		});
		expect(alone.length).toBeGreaterThan(10);
		expect(among.filter(({ node }) => node === "a")).toEqual(alone);
	});

	test("do not all start again after their machine lost its power, and each boot draws anew", () => {
		const deaths = deathsOf({ a: { drives: 1_000, startFailureRatio: 0.1 } }, 5, {
			untilUs: 1_000_000,
			story: [
				[100_000, "restart a"],
				[500_000, "restart a"],
			],
		});
		const [first, second] = [110_000, 510_000].map((us) => deaths.filter(({ atUs, cause }) => atUs === us && cause === "start").length) as [number, number];
		expect(first + second).toBe(deaths.length);
		expect(Math.abs(first - 100)).toBeLessThan(38);
		expect(Math.abs(second - 90)).toBeLessThan(38);
	});
});
