/**
 * The file system on the real kernel under random faults: crashes of machines and of keepers of names, pauses,
 * partitions, clocks, slow processors, losses, drives that die, are emptied, damaged, replaced, full, torn and unreadable. What
 * it promises is judged at every fact; then everything heals, and within a bound every block stands in full,
 * nothing lies about that belongs to nobody, and every file opens.
 *
 * `QUORATE_SEEDS=20000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { describe, expect, test } from "vitest";
import { decode } from "../src/shared/codec.ts";
import { bodyOf, kindId, offsetOf, recordNodeWord } from "../src/shared/event-record.ts";
import type { Plan } from "../src/shared/plan.ts";
import { FaultKinds, FaultTally } from "./support/fault-kinds.ts";
import { type FilesFaultKind, filesFaultStory } from "./support/files-faults.ts";
import { brokenIn, type FilesLab, type FilesRun, runFiles } from "./support/files-run.ts";
import { tidyPrefixes, untidy } from "./support/files-tidy.ts";
import { probed } from "./support/probe.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 500);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);

const healUs = 1_500_000;
/** A writer's lease, two rounds for a new chair, a death noticed, trash emptied, and some time to copy. */
const untilUs = healUs + 2_400_000;

interface SeedLab extends FilesLab {
	readonly machines: number;
}

function labFor(seed: number): SeedLab {
	// A coded block takes nine machines.
	const isCoded = seed % 8 === 0;
	const machines = isCoded ? 10 : 4;
	return {
		machines,
		hasProbe: true,
		untilUs,
		capacityBytes: seed % 6 === 1 ? 30_000 : 1_000_000,
		lossRatio: (seed % 4) * 0.01,
		tornRatio: (seed % 3) * 0.3,
		readErrorRatio: (seed % 4) * 0.02,
		user: { workers: 2, files: 3, bytes: 6_000, think: "90ms", codeRatio: isCoded ? 0.5 : 0, patience: "700ms", lasts: `${healUs}us` },
		steward: { copies: 2 + (seed % 2) },
		story: [
			...filesFaultStory(seed, { machines, faults: 3 + (seed % 8), fromUs: 500_000, healUs }),
			...["k1", "k2", "k3"].map((keeper) => [healUs, `set link probe ${keeper} lossRatio 0`] as const),
			[untilUs - 450_000, `ask probe "${tidyPrefixes.join(" ")}"`],
			...[0, 1, 2].map((file) => [untilUs - 400_000, `ask user "open folder/file-${file}"`] as const),
		],
	};
}

const crashedId = kindId("nodeCrashed");
const crashReason = offsetOf("nodeCrashed", "reason");
const answeredId = kindId("answered");
const factId = kindId("factStated");
const factName = offsetOf("factStated", "name");

/** What the run told besides its invariants. */
class Watch {
	readonly kindIds = new Set([crashedId, answeredId, factId]);
	readonly problems: string[] = [];
	readonly answers: string[] = [];
	probed = "nobody answers";
	saves = 0;
	readonly #plan: Plan;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	onEvent(words: Int32Array, start: number): void {
		if (words[start] === crashedId && words[start + crashReason] !== 0) this.problems.push(`a program failed: ${JSON.stringify(decode(bodyOf(words, start)))}`);
		if (words[start] === answeredId) this.#hear(String(this.#plan.nodes[words[start + recordNodeWord] as number]?.name), String(decode(bodyOf(words, start))));
		if (words[start] === factId && this.#plan.names[words[start + factName] as number] === "files.changed") {
			if ((decode(bodyOf(words, start)) as { outcome: string }).outcome === "done") this.saves++;
		}
	}

	#hear(node: string, answer: string): void {
		if (node === "user") this.answers.push(answer);
		if (node === "probe") this.probed = answer;
	}
}

/** Once all is healed: no copy missing that could be there, none that belongs to nobody. */
function restless(run: FilesRun, machines: number): readonly string[] {
	const problems: string[] = [];
	const stewards = ["k1", "k2", "k3"].map((keeper) => run.view(keeper, "files-steward")).filter(({ term }) => (term as number) > 0);
	const acting = stewards.sort((a, b) => (b.term as number) - (a.term as number))[0];
	if (acting === undefined) return ["nobody has the chair"];
	const standing = acting.standing as { readonly missing: number; readonly lost: number; readonly listed: number };
	if (standing.missing > 0) problems.push(`${standing.missing} copies are missing in the end`);
	const copies = Array.from(
		{ length: machines },
		(_, index) => (run.view(`m${index + 1}`, "files-blocks").copies as readonly unknown[] | undefined)?.length ?? 0,
	);
	const held = copies.reduce((sum, count) => sum + count, 0);
	if (held !== standing.listed) problems.push(`${held} copies lie on the machines, ${standing.listed} are listed`);
	return problems;
}

function problemsOf(lab: SeedLab, seed: number, tally: FaultTally): { readonly problems: readonly string[]; readonly saves: number } {
	let watch: Watch | undefined;
	const kinds = new FaultKinds();
	const run = runFiles(
		lab,
		seed,
		(plan) => {
			watch = new Watch(plan);
			return watch;
		},
		() => kinds,
	);
	tally.add(kinds);
	const { problems, answers, saves, probed: tidiness } = watch as Watch;
	problems.push(...brokenIn(run), ...restless(run, lab.machines), ...untidy(probed(tidiness)));
	for (const answer of answers) if (!/exactly as it was saved|^there is no file|are lost for good/.test(answer)) problems.push(`in the end: ${answer}`);
	return { problems, saves };
}

test(`${seeds} runs: nothing acknowledged is lost that need not be, no bytes are wrong, and all stands in full once it heals`, () => {
	const failures: string[] = [];
	const tally = new FaultTally();
	let saves = 0;
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const found = problemsOf(labFor(seed), seed, tally);
		saves += found.saves;
		if (found.problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=1): ${found.problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
	expect(saves).toBeGreaterThan(seeds);
	expect(seeds < 40 ? [] : tally.rarerThan(seeds / 10)).toEqual([]);
});

/** @returns the promises that were broken in any of these runs */
function brokenWith(lab: FilesLab, kinds: readonly FilesFaultKind[]): readonly string[] {
	const names = new Set<string>();
	for (let seed = 1; seed <= 6; seed++) {
		const story = filesFaultStory(seed, { machines: 3, faults: 14, fromUs: 700_000, healUs: 2_500_000, kinds });
		const user = { workers: 3, files: 3, bytes: 4_000, think: "50ms", lasts: "3s" };
		const run = runFiles({ machines: 3, untilUs: 3_500_000, ...lab, user, steward: { copies: 2, ...lab.steward }, story }, seed);
		for (const { name, breach } of run.verdicts) if (breach !== null && name.startsWith("files.")) names.add(name);
	}
	return [...names].sort();
}

describe("broken on purpose", () => {
	test("without sync, crashes take what was acknowledged", () => {
		expect(brokenWith({ tornRatio: 0.5, blocks: { sync: "off" } }, ["crash"])).toEqual(["files.acknowledgedStands", "files.noneLost"]);
	});

	test("without checksums, rot is given to readers", () => {
		expect(brokenWith({ blocks: { checksums: "off" }, steward: { checksums: "off" } }, ["rot"])).toEqual(["files.rightBytes"]);
	});

	test("and with the rules in place, the same runs hold", () => {
		expect(brokenWith({ tornRatio: 0.5 }, ["crash"])).toEqual([]);
		expect(brokenWith({}, ["rot"])).toEqual([]);
	});
});
