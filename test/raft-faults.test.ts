/**
 * The store on the real kernel under random faults: crashes of one and of all, pauses, partitions, cut and clogged
 * lines, clocks, slow processors, lossy and duplicating links, disks that tear what is not synced and fail to read. Raft's
 * properties are judged at every fact that a server states, the clients' history at the end; then all
 * faults heal, and within a bound everybody agrees and everything is answered. That the properties can
 * fail is shown in raft-mutations.test.ts.
 *
 * `QUORATE_SEEDS=20000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { expect, test } from "vitest";
import { kindId, offsetOf, readUs } from "../src/shared/event-record.ts";
import { faultStory } from "./support/fault-story.ts";
import { FaultTally } from "./support/fault-tally.ts";
import { broken, runStore, type StoreLab, type StoreRun, serverNames, storePlan } from "./support/store-run.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 2_000);
const seedFrom = Number(process.env.QUORATE_SEED_FROM ?? 1);

const healUs = 900_000;
/** After this long everything that is asked is answered at once. */
const settledUs = healUs + 700_000;
const untilUs = settledUs + 500_000;

function labFor(seed: number): StoreLab & { readonly servers: number } {
	const servers = seed % 4 === 0 ? 5 : 3;
	return {
		servers,
		untilUs,
		lossRatio: (seed % 5) * 0.02,
		tornRatio: (seed % 3) * 0.3,
		readErrorRatio: (seed % 4) * 0.05,
		syncUs: seed % 2 === 0 ? 1_000 : 6_000,
		store: { electionTimeout: "60ms", heartbeat: "20ms", compactEntries: 5 + (seed % 7) * 10 },
		load: { clients: 2, think: "12ms", keys: 2, lasts: `${untilUs - 200_000}us`, patience: "600ms" },
		story: faultStory(seed, { names: serverNames(servers), bystanders: ["c1"], faults: 3 + (seed % 8), fromUs: 30_000, healUs }),
	};
}

const crashedId = kindId("nodeCrashed");
const crashReason = offsetOf("nodeCrashed", "reason");
const finishedId = kindId("spanFinished");
const finished = { name: offsetOf("spanFinished", "name"), status: offsetOf("spanFinished", "status"), startedUs: offsetOf("spanFinished", "startedUs") };

/** Everything that is wrong with one run, in sentences. */
function faultsOf(lab: StoreLab & { readonly servers: number }, seed: number, tally: FaultTally): string[] {
	const problems: string[] = [];
	let answeredLate = 0;
	const requestName = storePlan(lab).names.indexOf("store-load.request");
	const run = runStore(lab, seed, tally, {
		kindIds: new Set([crashedId, finishedId]),
		onEvent(words, start) {
			if (words[start] === crashedId) {
				if (words[start + crashReason] !== 0) problems.push("a server's program failed");
			} else if (words[start + finished.name] === requestName && readUs(words, start + finished.startedUs) > settledUs) {
				if (words[start + finished.status] === 0) answeredLate++;
				else problems.push("a request was not answered after everything had healed");
			}
		},
	});
	problems.push(...broken(run));
	if (answeredLate === 0) problems.push("nobody was answered after everything had healed");
	const disagreement = disagreementOf(run, lab.servers);
	if (disagreement !== null) problems.push(disagreement);
	return problems;
}

function disagreementOf(run: StoreRun, servers: number): string | null {
	const views = Array.from({ length: servers }, (_, i) => run.view(`s${i + 1}`));
	const leaders = views.filter(({ role }) => role === "leader").length;
	if (leaders !== 1) return `${leaders} servers lead in the end`;
	const ends = new Set(views.map(({ term, commit, lastIndex, version }) => `${term} ${commit} ${lastIndex} ${version}`));
	return ends.size === 1 ? null : `the servers end differently: ${[...ends].join("; ")}`;
}

test(`${seeds} runs: nothing acknowledged is lost, no property fails, and all agree once it heals`, () => {
	const failures: string[] = [];
	const tally = new FaultTally();
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const problems = faultsOf(labFor(seed), seed, tally);
		if (problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=1): ${problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
	// In a search worth the name every kind of fault really happens, again and again.
	if (seeds >= 200) expect(tally.rarerThan(seeds / 40)).toEqual([]);
});
