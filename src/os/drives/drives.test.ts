/** Machines with drives on the real kernel: what dies, what is made anew, and what is lost is held against what the drives really hold. */
import { describe, expect, test } from "vitest";
import { DriveRun, dayUs, type Year } from "../../../test/support/drive-run.ts";
import type { PlainValue } from "../../core/node-api.ts";
import { encode } from "../../shared/codec.ts";
import { type CodeName, codes } from "./code.ts";
import { readCoordinatorConfig, readDriveNodeConfig } from "./config.ts";

const hourUs = dayUs / 24;

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

test("the configuration is refused with what was expected", () => {
	expect(() => readCoordinatorConfig({ copies: "4" })).toThrow("drives-coordinator: copies must be one of 1, 2, 3, 6+3");
	expect(() => readDriveNodeConfig({})).toThrow("drives: coordinator is missing");
});
