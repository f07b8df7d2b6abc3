/**
 * The worst moments of the file system: deaths in the middle of a save, a writer that comes back too late, a name that
 * is deleted while it is written, a machine that is given up and was only slow. Each at many instants; the promises are
 * judged at every fact, and in the end names, blocks, copies and room agree.
 */
import { expect, test } from "vitest";
import { keys } from "../src/os/files/records.ts";
import type { Story } from "./support/files-run.ts";
import { untidy } from "./support/files-tidy.ts";
import { under } from "./support/probe.ts";
import { type Typed, type TypedRun, typeAtLaptops } from "./support/two-laptops.ts";

const second = 1_000_000;
/** Of the precious file: two blocks, three copies each. */
const preciousCopies = 6;

function type(lines: Story, typed: Typed): TypedRun {
	const run = typeAtLaptops(lines, typed);
	expect(untidy(run.entries)).toEqual([]);
	return run;
}

/** Copies that are listed. */
function listedIn({ entries }: TypedRun): number {
	const blocks = under<{ readonly shards: readonly { readonly at: readonly unknown[] }[] }>(entries, keys.blocks);
	return blocks.reduce((sum, [, { shards }]) => sum + shards.reduce((count, { at }) => count + at.length, 0), 0);
}

test("a keeper of names and a machine of the pipeline die in the middle of a save, whenever: it is saved, or it is said that it is not", () => {
	for (let i = 0; i < 9; i++) {
		const atUs = 3_000_000 + i * 21_000;
		const keeper = `k${1 + (i % 3)}`;
		const machine = `m${1 + (i % 4)}`;
		const run = type(
			[
				[3 * second, "save report.txt 100KB"],
				[9 * second, "ben: open report.txt"],
			],
			{
				machines: 4,
				untilUs: 11 * second,
				story: [
					[atUs, `crash ${keeper}`],
					[atUs + 5_000, `crash ${machine}`],
					[atUs + 2 * second, `restart ${keeper} ${machine}`],
				],
			},
		);
		const [saved = "", opened = ""] = run.told;
		if (saved.includes("is saved"))
			expect(opened).toBe(saved.replace(/ is saved \((.*), \d of 3 copies, checksum (.*)\)/, ": $1, exactly as it was saved (checksum $2)"));
		else expect(saved).toMatch(/nothing was changed|did not answer in time/);
		expect([i, run.copies]).toEqual([i, listedIn(run)]);
	}
});

test("a writer that was away for longer than its right lasted changes nothing when it comes back", () => {
	for (let i = 0; i < 5; i++) {
		const run = type(
			[
				[3 * second, "save report.txt 200KB"],
				[6 * second, "ben: save report.txt 1KB"],
				[10 * second, "ben: open report.txt"],
			],
			{
				untilUs: 12 * second,
				story: [
					[3_020_000 + i * 15_000, "pause anna"],
					[7 * second, "resume anna"],
				],
			},
		);
		const [late, saved = "", opened] = run.told;
		expect(late).toMatch(
			/^the right to write report.txt was lost|^report.txt is saved \(200.0 KB|^block \d+ was on \d machines? in time|did not answer in time/,
		);
		expect(saved).toMatch(/^report.txt is saved \(1.0 KB, 3 of 3 copies/);
		expect(opened).toBe(saved.replace(/ is saved \((.*), 3 of 3 copies, checksum (.*)\)/, ": $1, exactly as it was saved (checksum $2)"));
		expect(run.copies).toBe(preciousCopies + 3);
	}
});

test("a name that is deleted while it is written anew, whenever, is the new file or none, and room is counted right", () => {
	const seen = new Set<string>();
	for (let i = 0; i < 10; i++) {
		const run = type(
			[
				[2 * second, "save report.txt 10KB"],
				[2.5 * second, "ben: save warm.txt 1KB"],
				[3 * second, "save report.txt 20KB"],
				[2_990_000 + i * 15_000, "ben: rm report.txt"],
				[6 * second, "ben: open report.txt"],
			].sort(([a], [b]) => (a as number) - (b as number)) as unknown as Story,
			{},
		);
		const opened = run.told.at(-1) ?? "";
		expect(run.told.filter((answer) => answer === "report.txt is deleted" || answer === "there is no file called report.txt")).not.toEqual([]);
		expect(opened).toMatch(/^report.txt: 20.0 KB|^there is no file called report.txt$/);
		seen.add(opened.slice(0, 12));
	}
	expect(seen.size).toBe(2);
});

test("a machine that is given up in the middle of a save, and was only slow, leaves no copy that nobody knows of", () => {
	for (let i = 0; i < 6; i++) {
		const machine = `m${1 + (i % 4)}`;
		const run = type(
			[
				[3 * second, "save report.txt 60KB"],
				[8 * second, "ben: open report.txt"],
			],
			{
				machines: 4,
				untilUs: 10 * second,
				story: [
					[3_010_000 + i * 7_000, `pause ${machine}`],
					[3_600_000 + i * 90_000, `resume ${machine}`],
				],
			},
		);
		expect(run.told[0]).toMatch(/^report.txt is saved/);
		expect(run.told[1]).toMatch(/exactly as it was saved/);
		expect(run.copies).toBe(listedIn(run));
		expect(run.copies).toBe(preciousCopies + 45);
	}
});

test("the steward loses its chair while copies are made anew, whenever: each block has its three again, and none is over", () => {
	for (let i = 0; i < 5; i++) {
		const run = type([[3 * second, "save report.txt 40KB"]], {
			machines: 5,
			untilUs: 11 * second,
			story: [
				[4 * second, "crash m1 m2"],
				[4_900_000 + i * 60_000, "pause k1"],
				[4_930_000 + i * 60_000, "pause k2"],
				[6 * second, "resume k1 k2"],
				[7 * second, "restart m1 m2"],
			],
		});
		expect(run.copies).toBe(listedIn(run));
		expect(run.copies).toBe(preciousCopies + 30);
	}
});
