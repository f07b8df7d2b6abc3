/** How much is lost, over many drives and seeds, is what the book's chances say. */
import { expect, test } from "vitest";
import { DriveRun, dayUs } from "../../../test/support/drive-run.ts";
import { type CodeName, codes } from "./code.ts";
import { expectedLostTogether, lossProbability, lossTogether, meanYearsToLossOfTwo } from "./formulas.ts";

const yearUs = 365 * dayUs;

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
