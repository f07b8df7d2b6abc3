/**
 * Every lab of resources/labs, and every variant of each, is held to its word: the checks of the lab hold, and a
 * variant breaks the check that it is there to break, for several seeds; and a thread a node gives, to the byte,
 * the run that no thread gives. A new lab is found by itself. `QUORATE_SEEDS=50` makes it a long search.
 */
import { describe, expect, test } from "vitest";
import { ThreadsExecutor } from "../src/main/threads/threads-executor.ts";
import type { LabOverrides } from "../src/shared/lab/compile.ts";
import { builtThreads } from "./support/built-threads.ts";
import { lastObject, quorate, type RunObject } from "./support/command-line.ts";
import { failuresOf, labIds, labPlan, runPlan, smaller, variantsOf } from "./support/lab-run.ts";

const seedsMax = Number(process.env.QUORATE_SEEDS ?? 5);
/** A lab of many events gets fewer seeds, and a very long one a single seed: the number of events is the same on any machine. */
const eventsOfAllSeeds = 150_000 * (seedsMax / 5);
const longEvents = 500_000;
/** With threads a run is cut short where it would be long, for a variant sooner, and sooner still where every start costs dozens of threads. */
const threadEvents = { lab: 6_000, variant: 3_000, many: 1_000 } as const;
const manyNodes = 24;
/** A long search has time for variants on the cluster that the lab has. */
const isSearch = seedsMax > 5;

/** Its programs hang and take all the memory, so it runs in a process of its own. */
const hostile = "misbehaving";
const tame = labIds.filter((id) => id !== hostile);

interface Story {
	readonly name: string;
	readonly overrides: LabOverrides;
	/** The check that must fail; null: none may. */
	readonly breaks: string | null;
}

function storiesOf(lab: string): readonly Story[] {
	const parameters = isSearch ? {} : (smaller[lab] ?? {});
	const variants = variantsOf(lab).map(({ id, breaks }) => ({ name: `variant ${id} breaks ${breaks}`, overrides: { variant: id, parameters }, breaks }));
	return [{ name: "every check holds", overrides: {}, breaks: null }, ...variants];
}

function judge({ breaks }: Story, failures: readonly string[], seed: number): void {
	if (breaks === null) expect(failures, `seed ${seed}`).toEqual([]);
	else expect(failures, `seed ${seed}`).toContain(breaks);
}

test("there are labs, and each has a variant that breaks something", () => {
	expect(labIds.length).toBeGreaterThan(15);
	expect(labIds.filter((lab) => variantsOf(lab).length === 0)).toEqual([]);
});

describe.each(tame)("%s", (lab) => {
	test.each(storiesOf(lab).map((story) => [story.name, story] as const))("%s", async (_, story) => {
		const plan = labPlan(lab, story.overrides);
		const first = runPlan(plan, 1);
		judge(story, first.failures, 1);
		const seedsMin = first.events > longEvents ? 1 : 2;
		const seeds = Math.max(seedsMin, Math.min(seedsMax, Math.floor(eventsOfAllSeeds / first.events)));
		for (let seed = 2; seed <= seeds; seed++) judge(story, runPlan(plan, seed).failures, seed);

		const size = story.breaks === null ? "lab" : plan.nodes.length > manyNodes ? "many" : "variant";
		const untilUs = Math.max(1, Math.ceil(plan.untilUs * Math.min(1, threadEvents[size] / first.events)));
		const inline = untilUs === plan.untilUs ? first : runPlan(plan, 1, { untilUs });
		const executor = new ThreadsExecutor({ files: builtThreads });
		const threaded = runPlan(plan, 1, { executor, untilUs });
		await executor.closed;
		expect(threaded).toEqual(inline);
	});
});

describe(hostile, () => {
	test.each(storiesOf(hostile).map((story) => [story.name, story] as const))("%s", async (_, story) => {
		const { variant } = story.overrides;
		// A program that takes memory needs a moment for it: only the watchdog of one that loops may be impatient.
		const watchdog = variant === "loops" ? "700ms" : "60s";
		const words = ["run", hostile, ...(variant === undefined ? [] : ["--variant", variant]), "--watchdog", watchdog, "--heap-mb", "48", "--json"];
		const runs = ["inline", "threads"].map(async (executor) => lastObject<RunObject>(await quorate([...words, "--executor", executor])));
		const [inline, threads] = (await Promise.all(runs)) as [RunObject, RunObject];
		for (const { checks, seed } of [inline, threads])
			judge(
				story,
				checks.flatMap(({ id, ok }) => (ok ? [] : [id])),
				seed,
			);
		expect(threads.digest).toBe(inline.digest);
	});
});

/** Every choice that is no mistake keeps every check. */
test.each([
	["front-door", { algorithm: "weighted" }],
	["front-door", { algorithm: "least-connections" }],
	["front-door", { algorithm: "power-of-two" }],
	["front-door", { algorithm: "consistent-hash" }],
	["elections", { algorithm: "ring" }],
	["mutual-exclusion", { algorithm: "central" }],
	["mutual-exclusion", { algorithm: "token-ring" }],
	["mutual-exclusion", { algorithm: "maekawa" }],
	["deadlock", { lockOrder: "ascending", detector: "off" }],
	["two-phase-commit", { protocol: "three-phase" }],
	["two-phase-commit", { protocol: "paxos" }],
	// Every guard that is no mistake saves the data even if the database checks nothing.
	["split-brain", { guard: "quorum", tokens: "ignored" }],
	["split-brain", { guard: "lease", tokens: "ignored" }],
	["split-brain", { guard: "stonith", tokens: "ignored" }],
	["gossip", { mode: "push" }],
	["gossip", { mode: "pull" }],
	["clock-sync", { algorithm: "ntp" }],
	["clock-sync", { algorithm: "berkeley" }],
	["which-came-first", { stamp: "lamport" }],
	["leader-election", { electionTimeout: "50ms", heartbeat: "20ms" }],
	["leader-election", { electionTimeout: "400ms", heartbeat: "20ms" }],
])("%s keeps every check with %o", (lab, parameters) => {
	const seeds = lab === "front-door" || lab === "leader-election" ? [4] : [1, 2, 3, 4, 5];
	for (const seed of seeds) expect(failuresOf(lab, seed, { parameters }), `seed ${seed}`).toEqual([]);
});
