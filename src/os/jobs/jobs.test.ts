import { describe, expect, test } from "vitest";
import { type JobsLab, runJobs } from "../../../test/support/jobs-run.ts";
import { checkpointPath, isStale } from "./checkpoints.ts";
import { answerOf, countPrimes, programs } from "./programs.ts";
import type { JobRecord } from "./records.ts";

const second = 1_000_000;
/** There are 41,538 primes up to half a million; known since long before computers. */
const answer = "there are 41538 primes up to 500000";
const job = (lab: Partial<JobsLab>): JobsLab => ({ lines: [[second, "run primes 500000"]], jobs: { checkpointSteps: 2 }, ...lab });

describe("a program", () => {
	test("counts primes in segments as it does at once", () => {
		expect([10, 100, 1_000, 100_000].map((last) => countPrimes(0, last + 1))).toEqual([4, 25, 168, 9_592]);
		const parts = [0, 1, 2, 3, 17, 100, 5_000, 9_999, 10_001];
		const sum = parts.slice(1).reduce((total, to, index) => total + countPrimes(parts[index] as number, to), 0);
		expect(sum).toBe(1_229);
	});

	test("finds the longest chain of the 3n+1 rule", () => {
		const collatz = programs.get("collatz");
		expect(collatz === undefined ? "" : answerOf(collatz, 10_000)).toBe("the longest chain below 10000 starts at 6171 and has 262 numbers");
	});
});

describe("a job", () => {
	test("is answered, and every step of it takes effect once", () => {
		const { answers, facts, broken } = runJobs(job({}));
		expect(answers).toEqual([answer]);
		expect(facts("jobs.effect").map(({ value }) => value.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
		expect(broken).toEqual([]);
	});

	test("survives the machine that runs it: another goes on from the last checkpoint, and the user sees an answer", () => {
		const undisturbed = runJobs(job({}));
		const owner = undisturbed.facts("jobs.effect")[0]?.node ?? "";
		const { answers, facts, broken } = runJobs(job({ story: [[1_400_000, `crash ${owner}`]], jobs: { checkpointSteps: 2, stragglerFactor: 0 } }));
		expect(answers).toEqual([answer]);
		expect(broken).toEqual([]);
		const effects = facts("jobs.effect");
		expect(new Set(effects.map(({ node }) => node)).size).toBe(2);
		expect(new Set(effects.map(({ value }) => value.step)).size).toBe(11);
		const [takeover] = facts("jobs.takeover");
		expect(takeover?.value).toMatchObject({ from: owner, why: `${owner} has been silent` });
		expect(takeover?.value.step).toBeGreaterThanOrEqual(2);
	});

	test("survives every machine but one, one after the other", () => {
		const { answers, broken } = runJobs(
			job({
				story: [
					[1_300_000, "crash w1"],
					[1_300_000, "crash w2"],
				],
				untilUs: 30 * second,
			}),
		);
		expect(answers).toEqual([answer]);
		expect(broken).toEqual([]);
	});

	test("goes on where it was when its machine was only away: what it does too late changes nothing", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const { answers, facts, broken } = runJobs(
			job({
				story: [
					[1_400_000, `pause ${owner}`],
					[6_000_000, `resume ${owner}`],
				],
			}),
		);
		expect(answers).toEqual([answer]);
		expect(broken).toEqual([]);
		expect(facts("jobs.takeover").length).toBe(1);
	});

	test("on a machine that is slow is run a second time, and the faster has the effects", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const story = [[1_200_000, `slow ${owner} 60x`]] as const;
		const alone = runJobs(job({ story, jobs: { checkpointSteps: 2, stragglerFactor: 0 }, untilUs: 60 * second }));
		const helped = runJobs(job({ story, untilUs: 60 * second }));
		expect(helped.answers).toEqual([answer]);
		expect(helped.broken).toEqual([]);
		expect(new Set(helped.facts("jobs.effect").map(({ node }) => node)).size).toBe(2);
		const endOf = (run: typeof alone): number => run.list.of("answered", "laptop")[0]?.atUs ?? Number.POSITIVE_INFINITY;
		expect(endOf(helped)).toBeLessThan(endOf(alone) / 2);
	});

	test("moves by hand, and goes on from where it was", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const target = owner === "w2" ? "w3" : "w2";
		const { answers, facts, broken } = runJobs(
			job({
				lines: [
					[second, "run primes 500000"],
					[1_250_000, `move 1 ${target}`],
				],
			}),
		);
		expect(answers).toEqual([`job 1 goes on at ${target} from where it is`, answer]);
		expect(broken).toEqual([]);
		expect(facts("jobs.effect").at(-1)?.node).toBe(target);
		expect(facts("jobs.effect").map(({ value }) => value.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
	});

	test("that is moved to a machine which never showed a sign of life goes on all the same", () => {
		const owner = runJobs(job({ story: [[0, "crash w3"]] })).facts("jobs.effect")[0]?.node ?? "";
		const { answers, broken } = runJobs(
			job({
				lines: [
					[second, "run primes 500000"],
					[1_250_000, "move 1 w3"],
				],
				story: [[0, "crash w3"]],
			}),
		);
		expect(owner).not.toBe("w3");
		expect(answers).toEqual(["job 1 goes on at w3 from where it is", answer]);
		expect(broken).toEqual([]);
	});

	test("that is moved to a machine which has died since stays where it is", () => {
		const { answers, list, broken } = runJobs(
			job({
				lines: [
					[3 * second, "run primes 500000"],
					[3_250_000, "move 1 w3"],
				],
				story: [[1_500_000, "crash w3"]],
			}),
		);
		expect(answers[1]).toBe(answer);
		expect(list.of("logLine").map(({ body }) => body)).toContain("job 1 stays here: w3 has been silent");
		expect(broken).toEqual([]);
	});

	test("keeps its steps in their turn when a user changes its record while a step is being noted", () => {
		for (let i = 0; i < 12; i++) {
			const move = [3_200_000 + i * 5_000, "move 1 w3"] as const;
			const { answers, facts, broken } = runJobs(job({ lines: [[3 * second, "run primes 500000"], move], story: [[1_500_000, "crash w3"]] }));
			expect(answers.at(-1)).toBe(answer);
			expect(facts("jobs.effect").map(({ value }) => value.count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
			expect(broken).toEqual([]);
		}
	});

	test("moves by load: who has several gives one to who has none", () => {
		const lines = [1, 2, 3, 4].map((number) => [second + number, `run primes ${1_000_000 + number}`] as const);
		const { facts, broken } = runJobs({
			lines,
			story: [
				[500_000, "crash w2"],
				[2_000_000, "restart w2"],
			],
			workers: 2,
			cores: 4,
		});
		expect(broken).toEqual([]);
		expect(facts("jobs.effect").some(({ node }) => node === "w2")).toBe(true);
		expect(facts("jobs.job").some(({ value }) => value.wanted === "w2")).toBe(true);
	});

	test("that never ends is ended, and said so", () => {
		const { answers } = runJobs({ lines: [[second, "run forever"]], untilUs: 120 * second });
		expect(answers).toEqual(["job 1: ended after 1000 steps: it would not have ended by itself"]);
	});

	test("is listed, killed, and refused when it makes no sense", () => {
		const { answers } = runJobs({
			lines: [
				[second, "run primes 20000000"],
				[2 * second, "ps"],
				[3 * second, "kill 1"],
				[4 * second, "ps"],
				[5 * second, "kill 1"],
				[6 * second, "kill 7"],
				[7 * second, "run prims 10"],
				[8 * second, "run primes 99999999999"],
				[9 * second, "run primes ten"],
				[10 * second, "move 1 nowhere"],
			],
		});
		expect(answers[0]).toMatch(/^ {2}1 {2}primes 20000000 {2}running, \d %$/);
		expect(answers.slice(1)).toEqual([
			"job 1 is ended",
			"job 1: killed by its user",
			"  1  primes 20000000  killed  killed by its user",
			"job 1 is at an end: killed by its user",
			"there is no job 7",
			"no program is called prims; there are primes, collatz, forever",
			"primes takes a whole number from 1 to 20000000",
			"ten is no whole number",
			"no machine called nowhere runs jobs; there are w1, w2, w3",
		]);
	});
});

describe("the x-ray of a run", () => {
	/** Machines that a line's trace says have tried its job. */
	function triedBy({ list }: ReturnType<typeof runJobs>): readonly string[] {
		const [root] = list.of("spanStarted", "laptop").filter(({ fields }) => fields.name === "shell.run");
		const attempts = list.of("spanStarted").filter(({ fields }) => fields.name === "jobs.attempt");
		return attempts.filter(({ fields }) => fields.traceNode === "laptop" && fields.traceSequence === root?.fields.traceSequence).map(({ node }) => node);
	}

	test("shows the takeover: the machine that burnt, and the one that went on, whenever it burns", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		for (let i = 0; i < 8; i++) {
			const run = runJobs(job({ story: [[1_300_000 + i * 37_000, `crash ${owner}`]] }));
			const [takeover] = run.facts("jobs.takeover");
			expect(triedBy(run)).toEqual([owner, takeover?.value.to]);
		}
	});

	test("shows the second machine that runs a job because the first is slow", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const run = runJobs(job({ story: [[1_200_000, `slow ${owner} 60x`]], untilUs: 60 * second }));
		expect(new Set(triedBy(run)).size).toBe(2);
	});
});

describe("without the rule", () => {
	const pauses = (owner: string) =>
		[
			[1_400_000, `pause ${owner}`],
			[4_000_000, `resume ${owner}`],
		] as const;

	test("that changes are conditional, a machine that comes back does a job's steps again", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const found = Array.from({ length: 10 }, (_, seed) => {
			const lab = { ...job({ jobs: { checkpointSteps: 2, fencing: "off", silence: "600ms" }, story: pauses(owner) }), seed: seed + 1 };
			return runJobs({ ...lab, lines: [[second, "run primes 2500000"]] }).broken;
		});
		expect(found.flat().join("\n")).toMatch(/took effect at w\d .* and again at w\d/);
	});

	test("that effect and note are one, a death in between does a step twice", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const found = Array.from(
			{ length: 30 },
			(_, i) => runJobs(job({ jobs: { checkpointSteps: 2, atomicEffects: "off" }, story: [[1_350_000 + i * 2_000, `crash ${owner}`]] })).broken,
		);
		expect(found.flat().join("\n")).toMatch(/took effect/);
	});

	test("of taking over, a job dies with its machine", () => {
		const owner = runJobs(job({})).facts("jobs.effect")[0]?.node ?? "";
		const { answers } = runJobs(job({ jobs: { takeOver: "off", stragglerFactor: 0 }, story: [[1_400_000, `crash ${owner}`]] }));
		expect(answers).toEqual([]);
	});
});

describe("a checkpoint that nobody can go on from", () => {
	const job = (saved: number | null, state: JobRecord["state"] = "running"): JobRecord => ({
		...{ id: "7", program: "primes", argument: 1, state, owner: "w1", helper: null, wanted: null, moves: 0, done: 9, steps: 10 },
		saved: saved === null ? null : { path: checkpointPath("7", saved, "w1"), done: saved },
		answer: null,
	});

	test("is one that is older than the job's, of another machine, or of a job that is over or forgotten", () => {
		const of = (done: number, worker = "w1"): string => checkpointPath("7", done, worker);
		expect([of(4), of(5), of(5, "w2"), of(6, "w2")].map((path) => isStale(path, job(5)))).toEqual([true, false, true, false]);
		expect(isStale(of(4), job(null))).toBe(false);
		expect(isStale(of(5), job(5, "killed"))).toBe(true);
		expect(isStale(of(5), null)).toBe(true);
	});

	test("is not just any file whose name looks a little like one's", () => {
		for (const path of ["jobs/last", "jobs/7/notes", "jobs/7/5-", "photos/jobs/7/5-w1", "jobs/x/5-w1"]) expect(isStale(path, null)).toBe(false);
	});
});
