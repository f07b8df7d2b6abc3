/**
 * The store on the real kernel under random faults: crashes, pauses, partitions, clocks, slow
 * processors, lossy and duplicating links, disks that tear what is not synced and fail to read. Raft's
 * properties are judged at every fact that a server states, the clients' history at the end; then all
 * faults heal, and within a bound everybody agrees and everything is answered.
 *
 * `QUORATE_SEEDS=20000` makes it a long search; `QUORATE_SEED_FROM` says where it begins.
 */
import { describe, expect, test, vi } from "vitest";
import { RaftLog } from "../src/os/raft/log.ts";
import { kindId, offsetOf, readUs } from "../src/shared/event-record.ts";
import { broken, type FaultKind, faultStory, runStore, type StoreLab, type StoreRun, storePlan } from "./support/store-run.ts";

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
		readErrorRatio: (seed % 4) * 0.02,
		store: { electionTimeout: "60ms", heartbeat: "20ms", compactEntries: 5 + (seed % 7) * 10 },
		load: { clients: 2, think: "12ms", keys: 2, lasts: `${untilUs - 200_000}us`, patience: "600ms" },
		story: faultStory(servers, seed, { faults: 3 + (seed % 8), fromUs: 30_000, healUs }),
	};
}

const crashedId = kindId("nodeCrashed");
const crashReason = offsetOf("nodeCrashed", "reason");
const finishedId = kindId("spanFinished");
const finished = { name: offsetOf("spanFinished", "name"), status: offsetOf("spanFinished", "status"), startedUs: offsetOf("spanFinished", "startedUs") };

/** Everything that is wrong with one run, in sentences. */
function faultsOf(lab: StoreLab & { readonly servers: number }, seed: number): string[] {
	const problems: string[] = [];
	let answeredLate = 0;
	const requestName = storePlan(lab).names.indexOf("store-load.request");
	const run = runStore(lab, seed, {
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
	for (let seed = seedFrom; seed < seedFrom + seeds; seed++) {
		const problems = faultsOf(labFor(seed), seed);
		if (problems.length > 0) failures.push(`seed ${seed} (QUORATE_SEED_FROM=${seed} QUORATE_SEEDS=1): ${problems.join(", ")}`);
	}
	expect(failures).toEqual([]);
});

/** @returns the invariants that failed in any of these runs */
function brokenWith(lab: StoreLab, runs: number, kinds: readonly FaultKind[]): Set<string> {
	const names = new Set<string>();
	for (let seed = 1; seed <= runs; seed++) {
		const story = faultStory(lab.servers ?? 3, seed, { faults: 14, fromUs: 30_000, healUs: 2_000_000, kinds });
		const run = runStore({ untilUs: 2_400_000, lossRatio: 0.02, ...lab, story, load: { clients: 4, think: "5ms", keys: 2, patience: "600ms" } }, seed);
		for (const { name, breach } of run.verdicts) if (breach !== null) names.add(name);
	}
	return names;
}

describe("broken on purpose", () => {
	const timing = { electionTimeout: "60ms", heartbeat: "20ms" };

	test("without sync, a crash takes votes and acknowledged writes with it", () => {
		const names = brokenWith({ servers: 3, store: { ...timing, sync: "off" } }, 12, ["crash"]);
		expect([...names]).toEqual(expect.arrayContaining(["raft.leaderCompleteness", "raft.stateMachineSafety", "store.linearizable"]));
	});

	test("with a quorum of one, both sides of a cut write", () => {
		const names = brokenWith({ servers: 3, store: { ...timing, quorum: 1 } }, 8, ["isolate", "partition"]);
		expect([...names]).toEqual(expect.arrayContaining(["raft.stateMachineSafety", "store.linearizable"]));
	});

	test("a leader that writes the end of its log again overwrites what it may only add to", () => {
		const { takeUnstable } = RaftLog.prototype;
		let turns = 0;
		const again = vi.spyOn(RaftLog.prototype, "takeUnstable").mockImplementation(function (this: RaftLog) {
			const taken = takeUnstable.call(this);
			const last = taken === null ? undefined : this.entryAt(taken.after);
			if (taken === null || last === undefined || ++turns % 20 !== 0) return taken;
			return { after: taken.after - 1, entries: [last, ...taken.entries] };
		});
		const names = brokenWith({ servers: 3, store: timing }, 2, ["crash"]);
		again.mockRestore();
		expect([...names]).toEqual(["raft.leaderAppendOnly"]);
	});

	test("and with the rules in place, the same runs hold", () => {
		expect([...brokenWith({ servers: 3, store: timing }, 8, ["crash", "isolate", "partition"])]).toEqual([]);
	});
});
