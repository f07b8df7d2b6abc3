import { describe, expect, test } from "vitest";
import { belowOf, Philox } from "../../core/random.ts";
import { codes } from "./code.ts";
import type { Spread } from "./config.ts";
import { type Chooser, Fleet, type Member } from "./fleet.ts";
import { lossTogether } from "./formulas.ts";
import { Ledger } from "./ledger.ts";
import { copysetPlacement, type Placement, randomPlacement } from "./placement.ts";
import { RepairQueue } from "./repair-queue.ts";
import { UnitMap } from "./unit-map.ts";

const purpose = 97;

function chooserOf(seed: number): Chooser {
	const philox = new Philox(seed);
	let draws = 0;
	return {
		below(below) {
			philox.draw(purpose, ++draws, 0, 0);
			return belowOf(philox.w0, below);
		},
	};
}

function members(shape: { readonly regions: number; readonly racks: number; readonly machines: number; readonly drives: number }): Member[] {
	const list: Member[] = [];
	for (let region = 0; region < shape.regions; region++)
		for (let rack = 0; rack < shape.racks; rack++)
			for (let machine = 0; machine < shape.machines; machine++)
				list.push({ name: `m${region}-${rack}-${machine}`, region: `r${region}`, rack: `${rack}`, drives: shape.drives, spares: 0 });
	return list;
}

const fleetOf = (spread: Spread, shape = { regions: 5, racks: 2, machines: 5, drives: 4 }, roomUnits = 1_000) =>
	new Fleet(members(shape), { spread, roomUnits });
const placeOf = (fleet: Fleet, drives: readonly number[], what: "region" | "rack" | "name") =>
	drives.map((drive) => {
		const member = fleet.members[fleet.memberOf(drive)] as Member;
		return what === "rack" ? `${member.region} ${member.rack}` : member[what];
	});
const different = (names: readonly string[]): number => new Set(names).size;

describe.each([
	["at random", (fleet: Fleet, units: number) => randomPlacement(fleet, units, chooserOf(7))],
	["in copysets", (fleet: Fleet, units: number) => copysetPlacement(fleet, units, 3, chooserOf(7))],
] as const)("placed %s", (_, placementOf) => {
	const placed = (fleet: Fleet, units: number): readonly (readonly number[])[] => {
		const placement: Placement = placementOf(fleet, units);
		return Array.from({ length: 500 }, () => placement.place() as readonly number[]);
	};

	test("copies are in as many regions as there are copies, nine units in nine racks, at most two to a region", () => {
		for (const drives of placed(fleetOf("region"), 3)) expect(different(placeOf(fleetOf("region"), drives, "region"))).toBe(3);
		for (const drives of placed(fleetOf("region"), 9)) {
			const regions = placeOf(fleetOf("region"), drives, "region");
			expect(different(placeOf(fleetOf("region"), drives, "rack"))).toBe(9);
			expect(Math.max(...regions.map((region) => regions.filter((other) => other === region).length))).toBe(2);
		}
	});

	test("copies that only shun each other's machine share a rack at times", () => {
		const fleet = fleetOf("node");
		const all = placed(fleet, 3);
		for (const drives of all) expect(different(placeOf(fleet, drives, "name"))).toBe(3);
		expect(all.some((drives) => different(placeOf(fleet, drives, "rack")) < 3)).toBe(true);
	});

	test("no drive is chosen that is dead, full or in a machine that is silent", () => {
		const fleet = fleetOf("region", undefined, 2);
		const placement = placementOf(fleet, 3);
		fleet.kill(0);
		fleet.loaded(1, 2);
		fleet.setSilent(1, true);
		for (let turn = 0; turn < 300; turn++) {
			const drive = placement.replace([fleet.driveAt(30, 0), fleet.driveAt(40, 1)]);
			expect([0, 1]).not.toContain(drive);
			expect(fleet.memberOf(drive)).not.toBe(1);
		}
	});
});

test("a full cluster has no place for another stripe", () => {
	const fleet = fleetOf("region", { regions: 3, racks: 1, machines: 1, drives: 2 }, 1);
	const placement = randomPlacement(fleet, 3, chooserOf(1));
	for (let stripe = 0; stripe < 2; stripe++) for (const drive of placement.place() as readonly number[]) fleet.loaded(drive, 1);
	expect(placement.place()).toBeNull();
	expect(placement.replace([])).toBe(-1);
});

describe("copysets", () => {
	test("deal drives into one set a permutation, but for a few that are left over, and fill the sets evenly", () => {
		const fleet = fleetOf("region");
		const placement = copysetPlacement(fleet, 3, 4, chooserOf(3));
		expect(placement.sets).toBeGreaterThanOrEqual(4 * 60);
		expect(placement.sets).toBeLessThanOrEqual(4 * Math.floor(200 / 3));
		const inSets = new Map<number, number>();
		const seen = new Map<string, number>();
		for (let stripe = 0; stripe < placement.sets * 5; stripe++) {
			const key = (placement.place() as readonly number[]).join();
			seen.set(key, (seen.get(key) ?? 0) + 1);
		}
		for (const drive of [...seen.keys()].flatMap((key) => key.split(",").map(Number))) inSets.set(drive, (inSets.get(drive) ?? 0) + 1);
		expect(Math.max(...inSets.values())).toBeLessThanOrEqual(4);
		expect(seen.size).toBe(placement.sets);
		expect(new Set(seen.values())).toEqual(new Set([5]));
	});

	test("stay together: all stripes of a set that lost a drive get the same one in its place", () => {
		const fleet = fleetOf("region");
		const placement = copysetPlacement(fleet, 3, 2, chooserOf(3));
		const [, ...others] = placement.place() as readonly number[];
		const drive = placement.replace(others);
		for (let stripe = 0; stripe < 20; stripe++) expect(placement.replace([...others].reverse())).toBe(drive);
		fleet.kill(drive);
		expect(placement.replace(others)).not.toBe(drive);
	});
});

/** Stripes that nobody can read after `part` of all drives died together, over many seeds. */
function lossesOf(
	placementOf: (fleet: Fleet, chooser: Chooser) => Placement,
	{ stripes, part, seeds }: { stripes: number; part: number; seeds: number },
): number[] {
	return Array.from({ length: seeds }, (_, seed) => {
		const chooser = chooserOf(seed + 1);
		const fleet = fleetOf("region", { regions: 3, racks: 2, machines: 5, drives: 10 });
		const placement = placementOf(fleet, chooser);
		const where = Array.from({ length: stripes }, () => placement.place() as readonly number[]);
		for (let drive = 0; drive < fleet.count; drive++) if (chooser.below(1_000_000) < part * 1_000_000) fleet.kill(drive);
		return where.filter((drives) => drives.every((drive) => fleet.isDead(drive))).length;
	});
}

test("drives that die together: random placement loses often and little, copysets rarely and much, and both the same on average", () => {
	const shape = { stripes: 500, part: 0.08, seeds: 400 };
	const random = lossesOf((fleet, chooser) => randomPlacement(fleet, 3, chooser), shape);
	const copysets = lossesOf((fleet, chooser) => copysetPlacement(fleet, 3, 1, chooser), shape);
	const often = (losses: readonly number[]): number => losses.filter((lost) => lost > 0).length / losses.length;
	const mean = (losses: readonly number[]): number => losses.reduce((sum, lost) => sum + lost, 0) / losses.length;
	const size = (losses: readonly number[]): number => mean(losses.filter((lost) => lost > 0));
	// 500 chances of 0.08^3 against 100: 22.6 % and 5.0 %, within four standard deviations of 400 tries.
	expect(Math.abs(often(random) - lossTogether(500, 3, 0.08))).toBeLessThan(0.084);
	expect(Math.abs(often(copysets) - lossTogether(100, 3, 0.08))).toBeLessThan(0.044);
	expect(size(random)).toBeLessThan(1.5);
	expect(size(copysets)).toBeGreaterThanOrEqual(5);
	// 500 x 0.08^3 = 0.256 stripes, give or take four times 0.025 and, in lumps of five, 0.056.
	expect(Math.abs(mean(random) - 0.256)).toBeLessThan(0.1);
	expect(Math.abs(mean(copysets) - 0.256)).toBeLessThan(0.225);
});

describe("the map of units", () => {
	test("counts a stripe as lost below the units it needs, and as missing below all of them", () => {
		const map = new UnitMap(codes["6+3"], 2);
		expect([map.lostStripes, map.missingStripes]).toEqual([2, 2]);
		for (let unit = 0; unit < 9; unit++) map.set(unit, unit + 100);
		expect([map.lostStripes, map.missingStripes, map.spare(0)]).toEqual([1, 1, 3]);
		for (const unit of [0, 4, 8]) map.clear(unit);
		expect([map.lostStripes, map.missingStripes, map.spare(0)]).toEqual([1, 2, 0]);
		map.clear(5);
		expect([map.lostStripes, map.isLost(0), map.missingUnit(0)]).toEqual([2, true, 0]);
		expect(map.unitsOf(0)).toEqual([1, 2, 3, 6, 7]);
		expect(map.unitsOn((drive) => drive < 103)).toEqual([1, 2]);
	});
});

describe("the queue of repairs", () => {
	test("gives first what is nearest to its loss, then what waits longest, and each once", () => {
		const queue = new RepairQueue(10, 3);
		for (const [stripe, spare] of [
			[1, 2],
			[2, 1],
			[3, 2],
			[1, 0],
			[4, 0],
			[1, 1],
		] as const)
			queue.add(stripe, spare);
		expect(Array.from({ length: 5 }, () => queue.take())).toEqual([1, 4, 2, 3, undefined]);
		queue.add(1, 2);
		expect(queue.take()).toBe(1);
	});
});

describe("the books", () => {
	const drives = [0, 20, 100];

	function books(): Ledger {
		const ledger = new Ledger(fleetOf("region"), codes["3"], 2);
		for (let unit = 0; unit < 6; unit++) ledger.place(unit, drives[unit % 3] as number, 0);
		return ledger;
	}

	test("say which stripes a death takes, and how long a stripe was short", () => {
		const ledger = books();
		expect(ledger.forget([0, 3], 10)).toEqual([]);
		expect(ledger.forget([1, 2], 30)).toEqual([0]);
		expect(ledger.place(3, 50, 70)).toBe(60);
		expect(ledger.place(0, 50, 80)).toBe(-1);
		expect(ledger.place(1, 60, 90)).toBe(-1);
		expect(ledger.place(2, 70, 100)).toBe(90);
	});

	test("give a stripe to one repair at a time, and one tried in vain only when asked again", () => {
		const ledger = books();
		ledger.forget([0, 1], 10);
		expect(ledger.takeUrgent()).toBe(0);
		ledger.forget([2], 20);
		ledger.place(2, 100, 30);
		expect(ledger.takeUrgent()).toBeUndefined();
		ledger.release(0, true);
		expect(ledger.takeUrgent()).toBeUndefined();
		ledger.retry();
		expect(ledger.takeUrgent()).toBe(0);
		ledger.release(0, false);
		expect(ledger.takeUrgent()).toBe(0);
	});
});
