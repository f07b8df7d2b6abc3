/**
 * Raft's core on thousands of random walks: the properties of thesis figure 3.2 after every step, and
 * agreement once everything works again. Then the rules are broken one by one, and each time the
 * property that rests on the rule must be seen to fail. `QUORATE_SEEDS=100000` makes it a long search.
 */
import { describe, expect, test, vi } from "vitest";
import { RaftLog } from "../src/os/raft/log.ts";
import type { RaftOptions } from "../src/os/raft/types.ts";
import { RaftCluster } from "./support/raft-cluster.ts";
import { type Mutations, walk } from "./support/raft-walk.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 2_000);

test(`no property fails on ${seeds} random walks, and the servers agree afterwards`, () => {
	const failures: string[] = [];
	for (let seed = 1; seed <= seeds; seed++) {
		const failure = walk(seed);
		if (failure !== null) failures.push(`seed ${seed}: ${failure}`);
	}
	expect(failures).toEqual([]);
});

/** @returns the properties that were seen to fail */
function brokenBy(options: Partial<RaftOptions>, mutations: Mutations & { readonly steps?: number } = {}, seedsMax = 400): Set<string> {
	const broken = new Set<string>();
	for (let seed = 1; seed <= seedsMax; seed++) {
		const failure = walk(seed, { ...options, unsafe: true }, mutations);
		if (failure !== null) broken.add(failure.split(":")[0] as string);
	}
	return broken;
}

describe("broken on purpose", () => {
	test("a quorum of one elects two leaders in a term", () => {
		expect(brokenBy({ quorum: 1, preVote: false }, {}, 100)).toContain("election safety");
	});

	test.each([false, true])("a vote forgotten in a crash (%s) elects two leaders in a term", (forgets) => {
		const cluster = new RaftCluster(["a", "b", "c"], { preVote: false, unsafe: true });
		cluster.nowUs = 100;
		cluster.timeOut("a");
		cluster.timeOut("c");
		const deliver = (from: string, to: string) =>
			cluster.mail.filter((letter) => letter.from === from && letter.to === to).map((letter) => cluster.deliver(letter));
		deliver("a", "b");
		deliver("b", "a");
		const b = cluster.server("b");
		if (forgets) b.stored = { ...b.stored, hardState: { ...b.stored.hardState, vote: null } };
		cluster.restart("b");
		deliver("c", "b");
		deliver("b", "c");
		const leaders = ["a", "b", "c"].filter((name) => cluster.server(name).raft.role === "leader");
		expect(leaders).toEqual(forgets ? ["a", "c"] : ["a"]);
		expect(leaders.map((name) => cluster.server(name).raft.term)).toEqual(leaders.map(() => 1));
	});

	test("an entry forgotten in a crash is missed by a later leader", () => {
		expect(brokenBy({}, { forgetEntries: true })).toContain("leader completeness");
	});

	test("entries of older terms committed by counting copies are missed by a later leader", () => {
		expect(brokenBy({ commitOldTerms: true, batchEntries: 1, preVote: false }, { steps: 1_500 }, 500)).toContain("leader completeness");
	});

	test("a leader that puts another entry in the place of one of its own does not only append", () => {
		expect(brokenBy({}, { leaderOverwrites: true }, 50)).toContain("leader append-only");
	});

	test("appending without comparing the previous entry makes logs that do not match", () => {
		expect(brokenBy({}, { skipConsistencyCheck: true })).toContain("log matching");
	});

	test("a vote for whoever asks, however short its log, loses what was committed", () => {
		const upToDate = vi.spyOn(RaftLog.prototype, "isUpToDate").mockReturnValue(true);
		const broken = brokenBy({});
		upToDate.mockRestore();
		expect(broken).toContain("leader completeness");
	});

	test("a quorum of one applies different entries on different servers", () => {
		expect(brokenBy({ quorum: 1 }, {}, 100)).toContain("state-machine safety");
	});
});
