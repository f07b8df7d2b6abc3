/**
 * Jobs under random faults: workers and servers of the database crash, pause, slow down and are cut off;
 * then everything heals. No step takes effect twice, no answer is wrong, and within a bound every job ends.
 *
 * `QUORATE_SEEDS=5000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { expect, test } from "vitest";
import { Philox } from "../src/core/random.ts";
import { runJobs } from "./support/jobs-run.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 40);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);
const second = 1_000_000;
const healUs = 6 * second;
const untilUs = 30 * second;

/** Faults between the first second and the healing. */
function story(seed: number): [number, string][] {
	const philox = new Philox(seed);
	const lines: [number, string][] = [];
	for (let fault = 0; fault < 4 + (seed % 5); fault++) {
		philox.draw(0x70, seed, fault, 0);
		const atUs = second + (philox.w0 % (healUs - second));
		const node = ["w1", "w2", "w3", "s1", "s2", "s3"][philox.w1 % 6] as string;
		const other = ["w1", "w2", "w3", "s1", "s2", "s3"].find((name) => name !== node) as string;
		const lastsUs = 200_000 + (philox.w2 % (2 * second));
		const kinds: readonly (readonly [string, string])[] = [
			[`crash ${node}`, `restart ${node}`],
			[`pause ${node}`, `resume ${node}`],
			[`slow ${node} 30x`, `slow ${node} 1x`],
			[`partition {${node} ${other}} {laptop}`, "heal all"],
			[`clock ${node} +5s`, `drift ${node} 300ppm`],
		];
		const [begin, end] = kinds[philox.w3 % kinds.length] as readonly [string, string];
		lines.push([atUs, begin], [Math.min(healUs, atUs + lastsUs), end]);
	}
	for (const node of ["w1", "w2", "w3", "s1", "s2", "s3"])
		lines.push([healUs + 1, `resume ${node}`], [healUs + 1, `slow ${node} 1x`], [healUs + 2, `restart ${node}`]);
	return [...lines, [healUs + 1, "heal all"]];
}

/** Everything that is wrong with one run, in sentences. */
function faultsOf(seed: number): string[] {
	const lines = [
		[second, "run primes 900000"],
		[second + 400_000, "run collatz 20000"],
		[2 * second, "run primes 300000"],
	] as const;
	const jobs = { beat: "100ms", silence: "500ms", checkpointSteps: seed % 4, stragglerFactor: seed % 3 === 0 ? 3 : 6 };
	const { answers, broken } = runJobs({ lines, story: story(seed), jobs, seed, untilUs });
	const problems = [...broken];
	if (answers.length !== lines.length)
		problems.push(`${answers.length} of ${lines.length} lines were answered within ${(untilUs - healUs) / second} s of the healing`);
	for (const answer of answers)
		if (!/^(there are \d+ primes|the longest chain)|did not answer in time/.test(String(answer))) problems.push(`the user was told: ${String(answer)}`);
	return problems.map((problem) => `seed ${seed}: ${problem}`);
}

test(`jobs end once and right, whatever fails, over ${seeds} seeds`, () => {
	const problems: string[] = [];
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) problems.push(...faultsOf(seed));
	expect(problems).toEqual([]);
});
