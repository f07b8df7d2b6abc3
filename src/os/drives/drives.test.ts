/** Machines with drives on the real kernel: what is lost is held against what the drives really hold, and against the book. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { plainDisk, registryOf, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { InvariantWatch, invariantsOf } from "../../core/invariants.ts";
import { Kernel } from "../../core/kernel.ts";
import type { PlainValue } from "../../core/node-api.ts";
import { encode } from "../../shared/codec.ts";
import { type CodeName, codes } from "./code.ts";
import { readCoordinatorConfig, readDriveNodeConfig } from "./config.ts";
import { coordinatorDefinition } from "./coordinator.ts";
import { driveNodeDefinition } from "./drive-node.ts";
import { expectedLostTogether, lossProbability, lossTogether, meanYearsToLossOfTwo } from "./formulas.ts";

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;
const yearUs = 365 * dayUs;
const registry = registryOf(coordinatorDefinition, driveNodeDefinition);

interface Year {
	readonly machines?: number;
	readonly drives?: number;
	readonly copies?: CodeName;
	readonly annualFailures?: number;
	readonly startFailureRatio?: number;
	readonly untilUs?: number;
	readonly seed?: number;
	readonly coordinator?: { readonly [key: string]: PlainValue };
	readonly node?: { readonly [key: string]: PlainValue };
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly physics?: { readonly lossRatio?: number; readonly bitsPerSecond?: number; readonly queueBytes?: number };
	/** Keeps every event, for questions about them. */
	readonly listed?: boolean;
}

/** A machine a region, all joined to the coordinator and to each other. */
class DriveRun {
	readonly kernel: Kernel;
	readonly list: EventList;
	readonly #copies: CodeName;
	readonly #watch: InvariantWatch;

	constructor({ machines = 5, drives = 4, copies = "3", annualFailures, startFailureRatio, untilUs = 20 * dayUs, seed = 1, listed = false, ...more }: Year) {
		this.#copies = copies;
		const disk = {
			...plainDisk,
			drives,
			...(annualFailures === undefined ? {} : { annualFailures }),
			...(startFailureRatio === undefined ? {} : { startFailureRatio }),
		};
		const nodes: { [name: string]: TinyNode } = {
			boss: { services: [{ service: "drives-coordinator", config: { copies, unitsPerDrive: 6, spread: "node", ...more.coordinator } }] },
		};
		for (let i = 1; i <= machines; i++) {
			const config = { coordinator: "boss", heartbeat: "6h", unitGigabytes: 36, pieces: 1, repairMegabytesPerSecond: 10, ...more.node };
			nodes[`m${i}`] = { services: [{ service: "drives", config }], disk };
		}
		const plan = tinyPlan({ nodes, untilUs, story: more.story ?? [], physics: more.physics ?? {} }, registry);
		this.kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
		this.list = new EventList(plan);
		this.#watch = new InvariantWatch(plan, invariantsOf(plan, registry));
		this.kernel.log.observe(this.#watch);
		if (listed) this.kernel.log.observe(this.list);
		this.kernel.advance({ untilUs });
	}

	get view(): { readonly [field: string]: PlainValue } {
		return this.kernel.inspect(0)?.["drives-coordinator"] as { readonly [field: string]: PlainValue };
	}

	get holds(): boolean {
		return this.#watch.verdicts().every(({ breach }) => breach === null);
	}

	/** Units by machine and drive, as the synced catalogues say, and nothing else. */
	catalogues(): { readonly machine: string; readonly drive: number; readonly units: ReadonlySet<number> }[] {
		return this.kernel.plan.nodes.flatMap(({ name }, node) => {
			if (node === 0) return [];
			const drives = this.kernel.inspectDisks(node) as unknown as {
				drive: number;
				files: { path: string; records: { put?: number[]; drop?: number[] }[] }[];
			}[];
			return drives.flatMap(({ drive, files }) =>
				files
					.filter(({ path }) => path === "units")
					.map(({ records }) => {
						const units = new Set<number>();
						for (const { put = [], drop = [] } of records) {
							for (const unit of put) units.add(unit);
							for (const unit of drop) units.delete(unit);
						}
						return { machine: name, drive, units };
					}),
			);
		});
	}

	/** What the drives really hold: stripes that nobody can read any more, stripes short of units, units held twice. */
	truth(): { readonly lost: number; readonly missing: number; readonly twice: number } {
		const { units, needed } = codes[this.#copies];
		const held = this.catalogues().flatMap((drive) => [...drive.units]);
		const present = new Map<number, number>();
		for (const unit of new Set(held)) present.set(Math.floor(unit / units), (present.get(Math.floor(unit / units)) ?? 0) + 1);
		const stripes = this.view.stripes as number;
		const counts = Array.from({ length: stripes }, (_, stripe) => present.get(stripe) ?? 0);
		return {
			lost: counts.filter((count) => count < needed).length,
			missing: counts.filter((count) => count < units).length,
			twice: held.length - new Set(held).size,
		};
	}

	/** Crashes of programs: none, if they are right. */
	get exceptions(): PlainValue[] {
		return this.list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" ? [body] : []));
	}
}

const whole = { lost: 0, missing: 0, twice: 0 };

describe("a cluster of drives", () => {
	test.each(["1", "2", "3", "6+3"] as const)("is filled as its code says, %s, and is whole", (copies) => {
		const run = new DriveRun({ copies, machines: 9, untilUs: dayUs });
		expect(run.truth()).toEqual(whole);
		expect(run.view).toMatchObject({ stripes: Math.floor((9 * 4 * 6) / codes[copies].units), stripesMissingUnits: 0, stripesLost: 0 });
		const held = run.catalogues();
		expect(held.length).toBe(36);
		for (const { units } of held) expect(units.size).toBeLessThanOrEqual(24);
	});

	test.each(["2", "3", "6+3"] as const)("makes what a dead drive held anew elsewhere, %s", (copies) => {
		const run = new DriveRun({ copies, machines: 10, story: [[2 * dayUs, "fail drive m2 1"]], listed: true });
		expect(run.exceptions).toEqual([]);
		expect(run.truth()).toEqual(whole);
		expect(run.view).toMatchObject({ dead: 1, stripesMissingUnits: 0, stripesLost: 0 });
		expect(run.catalogues().some(({ machine, drive }) => machine === "m2" && drive === 1)).toBe(false);
		expect(run.holds).toBe(true);
	});

	test("learns of a death by the next heartbeat, and no sooner", () => {
		const run = new DriveRun({ story: [[2 * dayUs, "fail drive m2 1"]], listed: true });
		const beat = run.list.of("messageSent", "m2").find(({ atUs, fields }) => fields.name === "drives.heartbeat" && atUs >= 2 * dayUs);
		const orders = run.list.of("messageSent", "boss").filter(({ fields }) => fields.name === "drives.rebuild");
		expect(beat?.body).toEqual({ dead: [1], fitted: [], making: [] });
		expect(orders.length).toBeGreaterThan(0);
		for (const { atUs } of orders) expect(atUs).toBeGreaterThan(beat?.atUs as number);
	});

	test("sends no more for repairs than a machine may: 36 GB at 10 MB/s are an hour each", () => {
		const run = new DriveRun({ story: [[2 * dayUs, "fail drive m2 1"]], listed: true });
		for (const machine of ["m1", "m3", "m4", "m5"]) {
			const replies = run.list.of("messageSent", machine).filter(({ fields }) => fields.name === "drives.fetch" && fields.inReplyTo !== 0);
			for (const [index, { atUs }] of replies.entries()) if (index > 0) expect(atUs - (replies[index - 1]?.atUs as number)).toBeGreaterThanOrEqual(hourUs);
		}
		const rebuilt = run.list.of("messageSent").filter(({ fields }) => fields.name === "drives.rebuilt");
		const order = run.list.of("messageSent", "boss").find(({ fields }) => fields.name === "drives.rebuild");
		expect(rebuilt.length).toBeGreaterThan(3);
		expect((rebuilt[0]?.atUs as number) - (order?.atUs as number)).toBeGreaterThanOrEqual(hourUs);
	});

	test("loses nothing when a drive dies while a machine is being made anew", () => {
		const story: [number, string][] = [
			[2 * dayUs, "crash m1"],
			[2 * dayUs, "wipe m1"],
			[4.5 * dayUs, "fail drive m2 0"],
		];
		const run = new DriveRun({ machines: 6, drives: 8, story, untilUs: 30 * dayUs, coordinator: { patience: "2d" }, node: { repairMegabytesPerSecond: 4 } });
		expect(run.truth()).toMatchObject({ lost: 0, missing: 0 });
	});
});

/** Machines behind one line, on which everything that is copied must cross. */
describe("a copy on its way", () => {
	const gigabit = 20; // bits a second, when a byte stands for 50 MB

	function repairOf({ bitsPerSecond = 0, queueBytes = 1_000_000, node = {}, ...more }: Year & { bitsPerSecond?: number; queueBytes?: number }) {
		const run = new DriveRun({
			...{ machines: 6, drives: 4, listed: true, untilUs: 60 * dayUs, story: [[2 * dayUs, "fail drive m2 1"]], ...more },
			node: { unitGigabytes: 200, pieces: 4, repairMegabytesPerSecond: 1_000, megabytesPerByte: 50, ...node },
			physics: { bitsPerSecond, queueBytes },
		});
		const answers = run.list.of("messageSent").filter(({ fields }) => fields.name === "drives.rebuilt");
		const orders = run.list.of("messageSent", "boss").filter(({ fields }) => fields.name === "drives.rebuild");
		return { run, units: answers.length, tookUs: (answers.at(-1)?.atUs ?? 0) - (orders[0]?.atUs ?? 0) };
	}

	test("is as heavy as the data: 200 GB in four messages, a byte for 50 MB", () => {
		const { run, units } = repairOf({});
		const pieces = run.list.of("messageSent").filter(({ fields }) => fields.name === "drives.fetch" && fields.inReplyTo !== 0);
		expect(pieces.length).toBe(4 * units);
		// With the header of 64 bytes that every message has on the wire.
		for (const { body } of pieces) expect(encode(body).length + 64).toBe(1_000);
		expect(run.view.movedGigabytes).toBe(200 * units);
	});

	test("takes the longer the thinner the lines are: never less than its bytes need", () => {
		const took = [0, 8 * gigabit, gigabit, gigabit / 2].map((bitsPerSecond) => repairOf({ bitsPerSecond }));
		for (const { run, units } of took) {
			expect(run.truth()).toEqual(whole);
			expect(units).toBe(took[0]?.units);
		}
		const [free, wide, one, half] = took.map(({ tookUs }) => tookUs) as [number, number, number, number];
		// Lanes of 1,000 MB/s: a unit takes 200 s. A line of one gigabit a second takes 1,600 s for it.
		expect(free).toBeLessThan(wide);
		expect(wide).toBeLessThan(one);
		expect(one).toBeGreaterThanOrEqual(1_600 * 1_000_000);
		expect(half / one).toBeGreaterThan(1.8);
		expect(half / one).toBeLessThan(2.2);
	});

	test("shares a line with all others that cross it: twice as many copies take twice as long", () => {
		const one = repairOf({ bitsPerSecond: gigabit, machines: 2, copies: "2" });
		const two = repairOf({ bitsPerSecond: gigabit, machines: 2, copies: "2", coordinator: { unitsPerDrive: 12 } });
		expect(two.units / one.units).toBeGreaterThan(1.5);
		expect(two.tookUs / one.tookUs / (two.units / one.units)).toBeGreaterThan(0.85);
		expect(two.tookUs / one.tookUs / (two.units / one.units)).toBeLessThan(1.15);
	});

	test("that a full line drops is asked for again, and all is whole in the end", () => {
		const { run } = repairOf({ bitsPerSecond: gigabit, queueBytes: 2_500, machines: 3, coordinator: { streams: 8 }, node: { streams: 8 } });
		expect(run.list.of("messageDropped").some(({ fields }) => fields.reason === "queueFull")).toBe(true);
		expect(run.truth()).toEqual(whole);
		expect(run.exceptions).toEqual([]);
	});

	test("is not given to another while its machine says that it is at it", () => {
		const { run, units } = repairOf({ bitsPerSecond: gigabit / 50, coordinator: { repairTimeout: "13h" }, node: { heartbeat: "6h" } });
		const orders = run.list
			.of("messageSent", "boss")
			.flatMap(({ fields, body }) => (fields.name === "drives.rebuild" ? (body as { orders: { unit: number }[] }).orders : []));
		// A unit is under way for more than a day at that rate.
		expect(run.truth()).toEqual(whole);
		expect(orders.length).toBe(units);
		expect(new Set(orders.map(({ unit }) => unit)).size).toBe(orders.length);
	});
});

describe("spares", () => {
	const shelf = { machines: 6, drives: 6, node: { spares: 2, replaceAfter: "3d" }, listed: true } as const;

	test("hold nothing until a drive has died and somebody has come", () => {
		const early = new DriveRun({ ...shelf, untilUs: 4.9 * dayUs, story: [[2 * dayUs, "fail drive m2 1"]] });
		expect(early.view).toMatchObject({ drives: 24, stripes: 48, dead: 1, replaced: 0 });
		for (const { drive } of early.catalogues()) expect(drive).toBeLessThan(4);
		const run = new DriveRun({ ...shelf, untilUs: 30 * dayUs, story: [[2 * dayUs, "fail drive m2 1"]] });
		expect(run.view).toMatchObject({ drives: 24, dead: 1, replaced: 1, stripesMissingUnits: 0 });
		expect(run.list.of("diskWritten", "m2").filter(({ body }) => (body as PlainValue[])[0] === "fitted").length).toBe(1);
	});

	test("keep as many places filled as there were, until the shelf is empty", () => {
		const story = [0, 1, 2, 3].map((drive): [number, string] => [(2 + drive) * dayUs, `fail drive m2 ${drive}`]);
		const run = new DriveRun({ ...shelf, untilUs: 60 * dayUs, story });
		expect(run.view).toMatchObject({ dead: 4, replaced: 2, stripesMissingUnits: 0, stripesLost: 0 });
		expect(run.truth()).toEqual(whole);
	});

	test("that have died on the shelf are passed over, and counted by nobody", () => {
		const story: [number, string][] = [
			[1 * dayUs, "fail drive m2 4"],
			[2 * dayUs, "fail drive m2 1"],
		];
		const run = new DriveRun({ ...shelf, untilUs: 30 * dayUs, story });
		expect(run.view).toMatchObject({ dead: 1, replaced: 1 });
		expect(run.list.of("diskWritten", "m2").find(({ body }) => (body as PlainValue[])[0] === "fitted")?.fields.drive).toBe(5);
	});

	test("serve on after a crash of their machine, and of the coordinator: the marks are on them", () => {
		const story: [number, string][] = [
			[2 * dayUs, "fail drive m2 0"],
			[8 * dayUs, "fail drive m3 2"],
			[20 * dayUs, "restart m2 boss"],
			[22 * dayUs, "fail drive m4 1"],
		];
		const run = new DriveRun({ ...shelf, untilUs: 60 * dayUs, story });
		expect(run.view).toMatchObject({ dead: 3, replaced: 3, stripesMissingUnits: 0 });
		expect(run.truth()).toEqual(whole);
		expect(run.exceptions).toEqual([]);
	});

	test("are filled like any other drive once they serve", () => {
		const story: [number, string][] = [
			[2 * dayUs, "fail drive m1 0"],
			...[1, 2, 3].map((drive): [number, string] => [(10 + 8 * drive) * dayUs, `fail drive m2 ${drive}`]),
		];
		const run = new DriveRun({ ...shelf, untilUs: 90 * dayUs, story, coordinator: { unitsPerDrive: 20 } });
		expect(run.catalogues().find(({ machine, drive }) => machine === "m1" && drive === 4)?.units.size).toBeGreaterThan(0);
	});
});

describe("a machine", () => {
	test("that is down for less than the patience loses nothing, and nothing is copied for it", () => {
		const story: [number, string][] = [
			[2 * dayUs, "crash m3"],
			[3 * dayUs, "restart m3"],
		];
		const run = new DriveRun({ story, listed: true });
		expect(run.truth()).toEqual(whole);
		expect(run.list.of("messageSent", "boss").filter(({ fields }) => fields.name === "drives.rebuild")).toEqual([]);
	});

	test("that comes back late finds its units elsewhere and drops them; what was lost meanwhile is found", () => {
		const story: [number, string][] = [
			[2 * dayUs, "crash m3"],
			[12 * dayUs, "restart m3"],
		];
		const run = new DriveRun({ story, untilUs: 40 * dayUs });
		expect(run.truth()).toEqual(whole);
		expect(run.view).toMatchObject({ silentMachines: 0, stripesMissingUnits: 0 });
		const single = new DriveRun({ copies: "1", story, untilUs: 40 * dayUs, listed: true });
		expect(single.list.of("factStated").some(({ fields }) => fields.name === "drives.lostStripes")).toBe(true);
		expect(single.truth()).toEqual(whole);
		expect(single.view).toMatchObject({ stripesLost: 0 });
		expect(single.holds).toBe(true);
	});

	test("that burns is made anew from the others, and with one copy its data is gone and said to be", () => {
		const story: [number, string][] = [
			[2 * dayUs, "crash m3"],
			[2 * dayUs, "wipe m3"],
		];
		const run = new DriveRun({ story, untilUs: 40 * dayUs });
		expect(run.truth()).toEqual(whole);
		const single = new DriveRun({ copies: "1", story, untilUs: 40 * dayUs });
		expect(single.truth().lost).toBeGreaterThan(15);
		expect(single.view.stripesLost).toBe(single.truth().lost);
		expect(single.holds).toBe(false);
	});

	test("that dies while it makes units has forgotten its orders, and they are given anew when it is back", () => {
		const beats = new DriveRun({ listed: true }).list.of("messageSent", "m2").filter(({ fields }) => fields.name === "drives.heartbeat");
		const newsUs = beats.find(({ atUs }) => atUs > 2 * dayUs)?.atUs as number;
		const story: [number, string][] = [
			[newsUs - hourUs, "fail drive m2 1"],
			[newsUs + hourUs / 2, "restart m1 m3 m4 m5"],
		];
		const run = new DriveRun({ story, listed: true });
		expect(run.truth()).toEqual(whole);
		const hours = run.list.of("measured").filter(({ fields }) => fields.name === "drives.healedAfterHours");
		expect(hours.length).toBeGreaterThan(0);
		// Long before the week after which an order is given up.
		for (const { fields } of hours) expect(fields.value).toBeLessThan(72);
	});

	test("whose empty drives come back has what they should hold made anew", () => {
		const run = new DriveRun({ story: [[2 * dayUs, "wipe m3"]], node: { report: "3d" } });
		expect(run.truth()).toEqual(whole);
	});
});

describe("the coordinator", () => {
	test("has no map of its own: after a crash it asks, and goes on where it was", () => {
		const story: [number, string][] = [
			[2 * dayUs, "fail drive m2 1"],
			[2.4 * dayUs, "crash boss"],
			[3 * dayUs, "fail drive m4 0"],
			[4 * dayUs, "restart boss"],
		];
		const run = new DriveRun({ story, untilUs: 30 * dayUs, listed: true });
		expect(run.exceptions).toEqual([]);
		expect(run.truth()).toEqual(whole);
		expect(run.view).toMatchObject({ state: "at work", dead: 2, stripesMissingUnits: 0, stripesLost: 0 });
		expect(run.holds).toBe(true);
	});

	test("waits no longer than its patience for machines that do not come back", () => {
		const story: [number, string][] = [
			[2 * dayUs, "crash boss m1"],
			[2 * dayUs, "wipe m1"],
			[3 * dayUs, "restart boss"],
		];
		const run = new DriveRun({ story, untilUs: 40 * dayUs });
		expect(run.truth()).toEqual(whole);
		expect(run.view).toMatchObject({ silentMachines: 1, stripesLost: 0 });
	});

	test("that is asked answers in a sentence", () => {
		const run = new DriveRun({ story: [[10 * dayUs, 'ask boss "how is it?"']], listed: true });
		expect(run.list.of("answered").map(({ body }) => body)).toEqual(["0 of 20 drives are dead, 0 machines are silent, 0 of 40 stripes want units, 0 are lost"]);
	});

	test("knows in the end what the drives hold, whatever died and whatever was not heard: 24 seeds", () => {
		let lostInAll = 0;
		for (let seed = 1; seed <= 24; seed++) {
			const copies = (["1", "2", "3", "6+3"] as const)[seed % 4] as CodeName;
			const deaths = Array.from({ length: 12 }, (_, i): [number, string] => [
				(3 + i + seed / 30) * dayUs,
				`fail drive m${1 + ((seed * 7 + i * 3) % 10)} ${(i * 5 + seed) % 4}`,
			]);
			const story: [number, string][] = [
				[(5 + (seed % 3)) * dayUs, `restart m${1 + (seed % 9)}`],
				[9 * dayUs, `crash m${1 + (seed % 4)} m${6 + (seed % 3)}`],
				[(9.5 + (seed % 5)) * dayUs, `restart m${1 + (seed % 4)} m${6 + (seed % 3)}`],
				[14 * dayUs, seed % 2 === 0 ? "restart boss" : "pause boss"],
				[14.2 * dayUs, "resume boss"],
			];
			const run = new DriveRun({
				...{ copies, machines: 10, startFailureRatio: 0.1, seed, untilUs: 90 * dayUs, physics: { lossRatio: seed > 12 ? 0.03 : 0 }, listed: true },
				...{ story: [...deaths, ...story].sort((a, b) => a[0] - b[0]), node: { report: "7d" } },
			});
			const { lost, missing } = run.truth();
			lostInAll += lost;
			expect(run.exceptions, `seed ${seed}`).toEqual([]);
			expect(run.view, `seed ${seed}`).toMatchObject({ stripesLost: lost, stripesMissingUnits: missing });
			expect(missing, `seed ${seed}: what is not lost is whole`).toBe(lost);
			expect(run.holds, `seed ${seed}`).toBe(lost === 0);
		}
		expect(lostInAll).toBeGreaterThan(0);
	});
});

describe("against the book", () => {
	test("one copy: as many stripes are lost as were on the drives that died", () => {
		const story: [number, string][] = [
			[2 * dayUs, "fail drive m2 1"],
			[3 * dayUs, "fail drive m4 3"],
			[3 * dayUs, "fail drive m4 0"],
		];
		const before = new DriveRun({ copies: "1", untilUs: dayUs }).catalogues();
		const dead = before.filter(({ machine, drive }) => (machine === "m2" && drive === 1) || (machine === "m4" && (drive === 3 || drive === 0)));
		const units = dead.reduce((sum, drive) => sum + drive.units.size, 0);
		expect(units).toBeGreaterThan(5);
		expect(new DriveRun({ copies: "1", story }).view.stripesLost).toBe(units);
	});

	/**
	 * Deaths are heard of by the next heartbeat, half a period later on average; the copying itself takes a second. Few
	 * units a drive, for a copy that is asked of a dead drive brings the news before its time, which no chain knows of:
	 * over 100 seeds two copies lose 1.01 times what the chain says, three copies 0.84 times.
	 */
	function lossesIn({ copies, heartbeatDays, seeds }: { copies: "2" | "3" | "6+3"; heartbeatDays: number; seeds: number }) {
		const years = 0.5;
		let lost = 0;
		let stripes = 0;
		for (let seed = 1; seed <= seeds; seed++) {
			const run = new DriveRun({
				copies,
				machines: 120,
				drives: 30,
				annualFailures: 1,
				untilUs: years * yearUs,
				seed,
				coordinator: { unitsPerDrive: 1, patience: `${heartbeatDays * 3}d`, sample: "30d" },
				node: { heartbeat: `${heartbeatDays}d`, report: "1000d", unitGigabytes: 1, repairMegabytesPerSecond: 1_000 },
			});
			lost += run.truth().lost;
			stripes += run.view.stripes as number;
		}
		const chance = lossProbability({ ...codes[copies], failuresPerYear: 1, repairsPerYear: 365 / (heartbeatDays / 2) }, years);
		return { lost, expected: stripes * chance };
	}

	test("two copies: as many are lost as the Markov chain says, within a quarter", () => {
		const { lost, expected } = lossesIn({ copies: "2", heartbeatDays: 8, seeds: 6 });
		expect(expected).toBeGreaterThan(100);
		expect(Math.abs(lost / expected - 1)).toBeLessThan(0.25);
	});

	test("three copies: as many are lost as the Markov chain says, within a third", () => {
		const { lost, expected } = lossesIn({ copies: "3", heartbeatDays: 36, seeds: 20 });
		expect(expected).toBeGreaterThan(40);
		expect(Math.abs(lost / expected - 1)).toBeLessThan(0.34);
	});

	test("six units and three more that nobody repairs: as many are lost as the chances of nine drives say, within a quarter", () => {
		let lost = 0;
		let stripes = 0;
		for (let seed = 1; seed <= 3; seed++) {
			const run = new DriveRun({
				...{ copies: "6+3", machines: 60, drives: 30, annualFailures: 0.5, untilUs: yearUs / 2, seed },
				coordinator: { unitsPerDrive: 1, repair: "off", sample: "30d" },
				node: { heartbeat: "10d", report: "1000d" },
			});
			lost += run.truth().lost;
			stripes += run.view.stripes as number;
		}
		const expected = expectedLostTogether({ stripes, ...codes["6+3"], part: 1 - Math.exp(-0.25) });
		expect(expected).toBeGreaterThan(60);
		expect(Math.abs(lost / expected - 1)).toBeLessThan(0.25);
	});

	/** Six sources are asked for every repair, so that news of the dead comes long before its time: fewer are lost than the chain knows of. */
	test("six units and three more that are repaired: some are lost, and no more than the Markov chain says", () => {
		const { lost, expected } = lossesIn({ copies: "6+3", heartbeatDays: 36, seeds: 3 });
		expect(lost).toBeGreaterThan(0);
		expect(lost).toBeLessThan(expected);
	});

	/** All machines lose their power at once; each drive stays dead with the same chance. */
	function powerCut({ copies, placement, part, seeds }: { copies: CodeName; placement: string; part: number; seeds: number }) {
		const story: [number, string][] = [
			[2 * dayUs, "crash m*"],
			[2.1 * dayUs, "restart m*"],
		];
		const lost = Array.from({ length: seeds }, (_, seed) => {
			const run = new DriveRun({
				...{ copies, machines: 18, drives: 10, startFailureRatio: part, untilUs: 6 * dayUs, seed: seed + 1, story },
				coordinator: { unitsPerDrive: 4, placement, permutations: 1, repair: "off" },
			});
			expect(run.view.stripesLost, `seed ${seed + 1}`).toBe(run.truth().lost);
			return { lost: run.truth().lost, stripes: run.view.stripes as number, sets: run.view.sets as number };
		});
		const { stripes, sets } = lost[0] as (typeof lost)[number];
		return { mean: lost.reduce((sum, run) => sum + run.lost, 0) / seeds, often: lost.filter((run) => run.lost > 0).length / seeds, stripes, sets };
	}

	test.each([
		["2", "random", 0.1],
		["3", "random", 0.2],
		["6+3", "random", 0.2],
		["3", "copysets", 0.2],
	] as const)("a power cut takes as many stripes of %s, %s, as the chance says, a drive in %d dead: within a third", (copies, placement, part) => {
		const { mean, stripes } = powerCut({ copies, placement, part, seeds: 40 });
		const expected = expectedLostTogether({ stripes, ...codes[copies], part });
		expect(expected).toBeGreaterThan(1);
		expect(Math.abs(mean / expected - 1)).toBeLessThan(0.34);
	});

	test("a power cut takes data seldom with copysets and nearly always at random, as the chances of so many sets and stripes say", () => {
		const random = powerCut({ copies: "3", placement: "random", part: 0.1, seeds: 60 });
		const copysets = powerCut({ copies: "3", placement: "copysets", part: 0.1, seeds: 60 });
		// 240 stripes are 240 chances of 0.1^3, 60 sets are 60 of them: 21 % and 6 %, within three standard deviations of 60 tries.
		expect([random.stripes, copysets.sets]).toEqual([240, 60]);
		expect(Math.abs(random.often - lossTogether(240, 3, 0.1))).toBeLessThan(0.16);
		expect(Math.abs(copysets.often - lossTogether(60, 3, 0.1))).toBeLessThan(0.092);
		expect(copysets.often).toBeLessThan(random.often);
	});

	test("the chain agrees with its closed form: one over the mean time to a loss", () => {
		const stripe = { units: 2, needed: 1, failuresPerYear: 0.1, repairsPerYear: 50 };
		expect(lossProbability(stripe, 1) / (1 / meanYearsToLossOfTwo(0.1, 50))).toBeGreaterThan(0.96);
		expect(lossProbability(stripe, 1) / (1 / meanYearsToLossOfTwo(0.1, 50))).toBeLessThan(1.01);
		expect(lossProbability({ units: 1, needed: 1, failuresPerYear: 0.5, repairsPerYear: 50 }, 1)).toBeCloseTo(1 - Math.exp(-0.5), 3);
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readCoordinatorConfig({ copies: "4" })).toThrow("drives-coordinator: copies must be one of 1, 2, 3, 6+3");
	expect(() => readDriveNodeConfig({})).toThrow("drives: coordinator is missing");
});
