/**
 * Jobs under random faults: machines and keepers of the database crash, pause, slow down, are cut off, have wrong
 * clocks and bad drives; links lose. What is promised is judged at every fact; then everything heals, and within a
 * bound every job is at an end, every user has the right answer, each step has had one effect, and no checkpoint is
 * left behind.
 *
 * `QUORATE_SEEDS=5000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { describe, expect, test } from "vitest";
import { FaultTally } from "./support/fault-kinds.ts";
import type { Story } from "./support/files-run.ts";
import { type JobsFaultRun, jobsBoundUs, jobsFaultLab, machines, runJobsFaults } from "./support/jobs-faults.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 300);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);

const second = 1_000_000;

/** All that may be answered to a line; a user is never told of a fault. */
const right: { readonly [line: string]: RegExp } = {
	"run primes 400000": /^there are 33860 primes up to 400000$/,
	"run collatz 8000": /^the longest chain below 8000 starts at 6171 and has 262 numbers$/,
	"run primes 300000": /^there are 25997 primes up to 300000$/,
	"move 1": /^job 1 goes on at m\d from where it is$|^job 1 is at an end|^there is no job 1$/,
	"kill 2": /^job 2 is ended$|^job 2 is at an end|^there is no job 2$/,
	ls: /^no files$/,
};

function problemsOf({ problems, told }: JobsFaultRun): readonly string[] {
	const isKilling = told.some(({ line }) => line === "kill 2");
	const wrong = told.flatMap(({ line, answer }) => {
		if (answer === null) return [`${line} was not answered within ${jobsBoundUs / second} s of the healing`];
		const known = Object.entries(right).find(([begin]) => line.startsWith(begin))?.[1];
		if (isKilling && line.startsWith("run") && answer === "job 2: killed by its user") return [];
		return known?.test(answer) ? [] : [`${line} was answered ${answer}`];
	});
	return [...problems, ...wrong];
}

test(`${seeds} runs: jobs end once and right, whatever fails, and nothing of them is left behind`, () => {
	const failures: string[] = [];
	const tally = new FaultTally();
	let takeovers = 0;
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const run = runJobsFaults(jobsFaultLab(seed), seed);
		const problems = problemsOf(run);
		tally.add(run.kinds);
		takeovers += run.takeovers;
		if (problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=1): ${problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
	expect(seeds < 40 ? [] : tally.rarerThan(seeds / 10)).toEqual([]);
	expect(takeovers).toBeGreaterThan(seeds < 40 ? -1 : seeds / 10);
});

describe("what machines leave behind", () => {
	const allDie = (atUs: number): Story => [
		[atUs, "crash m1 m2 m3"],
		[2_200_000, "restart m1 m2 m3"],
	];
	const jobs = { checkpointSteps: 1 };

	test("when they die at any moment of saving a checkpoint or of ending a job is gone soon", () => {
		const problems = Array.from({ length: 24 }, (_, i) => {
			const hasFiles = i % 3 > 0;
			const lines: Story = [[300_000, "run primes 400000"], ...(hasFiles ? ([[5_500_000, "ls"]] as const) : [])];
			return problemsOf(runJobsFaults({ lines, story: allDie(600_000 + i * 61_000), jobs, hasFiles, untilUs: 6_500_000 }, 1));
		});
		expect(problems.flat()).toEqual([]);
	});

	test("of a job that was killed while its machine was down is gone soon, and would stay if nobody looked for it", () => {
		const lines: Story = [
			[300_000, "run primes 400000"],
			[1_200_000, "kill 1"],
			[5_500_000, "ls"],
		];
		const left = (sweep: string): unknown =>
			runJobsFaults({ lines, story: allDie(1_000_000), jobs: { ...jobs, sweep }, hasFiles: true, untilUs: 6_500_000 }, 1).told.at(-1)?.answer;
		expect(left("500ms")).toBe("no files");
		expect(left("100h")).toMatch(/^jobs\/1\/\d-m\d/);
	});
});

test("a checkpoint that is lost with every drive that had it is computed anew, once, and the user notices nothing", () => {
	const story: Story = [
		...machines.map((machine) => [650_000, `ask ${machine} "scrap 0"`] as const),
		...machines.map((machine) => [650_000, `ask ${machine} "scrap 1"`] as const),
		[660_000, "crash m1 m2 m3"],
		[700_000, "restart m1 m2 m3"],
	];
	const run = runJobsFaults({ lines: [[300_000, "run primes 400000"]], story, jobs: { checkpointSteps: 1 }, hasFiles: true, untilUs: 6_000_000 }, 1);
	expect(problemsOf(run)).toEqual([]);
	expect(run.lostCheckpoints).toBe(1);
});
