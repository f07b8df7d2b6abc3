/**
 * What users do that cannot be done, at two laptops of one system with files and jobs: each time a sentence that they
 * understand, and what was there before is there still, to the byte.
 */
import { describe, expect, test } from "vitest";
import type { Story } from "./support/files-run.ts";
import { type Typed, typeAtLaptops } from "./support/two-laptops.ts";

const second = 1_000_000;
const type = (lines: Story, typed: Typed = {}): readonly string[] => typeAtLaptops(lines, typed).told;

/** One line after the other, with time for an answer. */
const inTurn = (lines: readonly string[]): Story => lines.map((line, index) => [2 * second + index * 300_000, line] as const);

describe("a user is told what is wrong, and loses nothing, who", () => {
	test("asks for an unknown file", () => {
		expect(type(inTurn(["open holiday.jpg", "rm holiday.jpg", "whereis holiday.jpg"]))).toEqual(Array(3).fill("there is no file called holiday.jpg"));
	});

	test("gives a name with slashes, or one that is 10 MB long", () => {
		const slash = "a slash stands between two names: not at an end, and not beside another";
		expect(type(inTurn(["save /a", "save a/", "save a//b", "save ../a", "save a/b/c 1KB", "open a/b/c", `save ${"n".repeat(300)}`]))).toEqual([
			slash,
			slash,
			slash,
			"a name is not . or ..",
			expect.stringMatching(/^a\/b\/c is saved/),
			expect.stringMatching(/^a\/b\/c: 1.0 KB, exactly as it was saved/),
			"the name has 300 characters; 255 are the most",
		]);
		expect(type(inTurn([`save ${"n".repeat(100_000)}`]))).toEqual(["the line is too long: 4096 characters are the most"]);
	});

	test("saves a file that is 10 MB long, where there is no room for it", () => {
		expect(type(inTurn(["save film.mp4 10MB", "save film.mp4 100MB"]))).toEqual([
			"the file would have 10.0 MB; 400.0 KB is the most for one file here; nothing was changed",
			"film.mp4 would be too large: 16.0 MB is the most for one file",
		]);
	});

	test("saves more than the drives have room for", () => {
		const [full, gone, small] = type(inTurn(["save film.mp4 60KB", "open film.mp4", "save note.txt 1KB"]), { capacityBytes: 40_000 });
		expect(full).toMatch(/^no drives have room for block \d+ of film.mp4; nothing was changed$/);
		expect(gone).toBe("there is no file called film.mp4");
		expect(small).toMatch(/^note.txt is saved/);
	});

	test("saves more than a quota allows", () => {
		const lines = inTurn(["save school/a 8KB", "save school/b 8KB", "open school/b", "rm school/a", "save school/b 8KB"]);
		const told = type(lines, { story: [[1.8 * second, 'ask k1 "quota school 10KB"']] });
		expect(told).toEqual([
			expect.stringMatching(/^school\/a is saved/),
			"the folder school may have 10.0 KB and has 8.0 KB; nothing was changed",
			"there is no file called school/b",
			"school/a is deleted",
			expect.stringMatching(/^school\/b is saved/),
		]);
	});

	test("has a job run that never ends", () => {
		const told = type([[2 * second, "run forever"], ...inTurn(["ben: ps", "ben: run primes 1000"]).map(([atUs, line]) => [atUs + second, line] as const)], {
			untilUs: 80 * second,
		});
		expect(told).toEqual([
			"job 1: ended after 1000 steps: it would not have ended by itself",
			expect.stringMatching(/^ {2}1 {2}forever 0 {2}running, \d %$/),
			"there are 168 primes up to 1000",
		]);
	});

	test("writes a file that somebody else is writing", () => {
		const told = type([
			[2 * second, "ben: save warm.txt 1KB"],
			[3 * second, "save report.txt 200KB"],
			[3_030_000, "ben: save report.txt 1KB"],
			[6 * second, "ben: open report.txt"],
			[7 * second, "ben: save report.txt 1KB"],
		]);
		expect(told[2]).toBe("report.txt is being written by anna just now; nothing was changed");
		const checksum = /^report.txt is saved \(200.0 KB, 3 of 3 copies, checksum (\w+)\)$/.exec(told[1] ?? "")?.[1];
		expect(told[3]).toBe(`report.txt: 200.0 KB, exactly as it was saved (checksum ${checksum})`);
		expect(told[4]).toMatch(/^report.txt is saved \(1.0 KB/);
	});

	test("deletes a file that somebody else is reading", () => {
		const told = type([
			[2 * second, "save report.txt 300KB"],
			[5 * second, "ben: save warm.txt 1KB"],
			[6 * second, "ben: open report.txt"],
			[6_012_000, "rm report.txt"],
			[7 * second, "ben: open report.txt"],
		]);
		expect(told[2]).toMatch(/^report.txt: 300.0 KB, exactly as it was saved/);
		expect(told.slice(3)).toEqual(["report.txt is deleted", "there is no file called report.txt"]);
	});

	test("types nonsense", () => {
		const nonsense: readonly (readonly [string, string])[] = [
			["flurb the gnarl", 'no command is called "flurb"; there is save, open, ls, rm, whereis, put, get, run and 6 more'],
			["opne precious.txt", 'no command is called "opne"; did you mean open?'],
			["", "type help to see what can be done"],
			['save "a', "a quote is left open"],
			["save", "which file? save FILE"],
			["save a 1KB 2KB 3KB", "too many words after save; a name with spaces goes in quotes"],
			["save a lots", "a size is a number and B, KB or MB, such as 40KB"],
			["save a --copies 12", "--copies is a whole number from 1 to 9, such as --copies 3"],
			["save a --layout raid", "a layout is copies-1 to copies-9, or rs-6-3"],
			["save jobs/1/5-m1", "the folder jobs/ is the system's own; choose another"],
			["rm jobs/1/5-m1", "the folder jobs/ is the system's own; choose another"],
			[
				"run",
				"which program? primes N: how many primes there are up to N; collatz N: the longest chain of the 3n+1 rule that starts below N; forever: never ends by itself",
			],
			["run primes -1", "-1 is no whole number"],
			["kill everything", "which job? kill JOB, with a number that ps shows"],
			["move 1", "move JOB MACHINE"],
			["help save me", "too many words after help; a name with spaces goes in quotes"],
			["\u0000\u0007", 'no command is called "\u0000\u0007"; there is save, open, ls, rm, whereis, put, get, run and 6 more'],
		];
		expect(type(inTurn(nonsense.map(([line]) => line)))).toEqual(nonsense.map(([, answer]) => answer));
	});
});
