/** Elections: a test for each rule that the thesis states of them; stories of several are in test/scenarios/raft. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";
import type { RaftMessage } from "./types.ts";

const three = ["a", "b", "c"];

const vote = (term: number, own: { lastIndex?: number; lastTerm?: number; transfer?: boolean } = {}): RaftMessage => ({
	kind: "vote",
	term,
	transfer: false,
	lastIndex: 0,
	lastTerm: 0,
	...own,
});

/** What a server answered, oldest first. */
function answersOf(cluster: RaftCluster, from: string): readonly (readonly [to: string, granted: boolean, term: number])[] {
	return cluster.mail.flatMap((letter) => {
		const { message } = letter;
		return letter.from === from && (message.kind === "voteReply" || message.kind === "preVoteReply")
			? [[letter.to, message.granted, message.term] as const]
			: [];
	});
}

describe("running for leader", () => {
	test("election timeouts are drawn between the least and twice that (thesis 3.4)", () => {
		for (const draw of [0, 37, 99]) expect(new RaftCluster(three, {}, () => draw).server("a").raft.wakeUs).toBe(100 + draw);
	});

	test("a follower that hears nothing for an election timeout runs: a new term, its own vote, a request to all (thesis 3.4)", () => {
		const cluster = new RaftCluster(three, { preVote: false });
		const { raft } = cluster.server("a");
		raft.tick(99);
		cluster.flush("a");
		expect([raft.role, cluster.mail]).toEqual(["follower", []]);
		raft.tick(100);
		cluster.flush("a");
		expect([raft.role, raft.hardState]).toEqual(["candidate", { term: 1, vote: "a", amnesiac: false }]);
		expect(cluster.mail).toEqual(["b", "c"].map((to) => ({ from: "a", to, message: vote(1) })));
	});

	test("a leader's word and a vote that was given put an election off (thesis 3.4)", () => {
		for (const heard of [vote(1), { kind: "append", term: 1, round: 1, previousIndex: 0, previousTerm: 0, entries: [], commit: 0 } as const]) {
			const cluster = new RaftCluster(three, { preVote: false });
			cluster.nowUs = 100;
			cluster.deliver({ from: "b", to: "a", message: heard });
			expect(cluster.server("a").raft.wakeUs, heard.kind).toBe(200);
		}
	});

	test("a candidate that is not elected in time runs again, in a new term (thesis 3.4)", () => {
		const cluster = new RaftCluster(three, { preVote: false });
		for (const term of [1, 2, 3]) {
			cluster.timeOut("a");
			expect(cluster.server("a").raft.hardState).toMatchObject({ term, vote: "a" });
		}
	});
});

describe("voting", () => {
	test("a server gives its one vote of a term to the first who asks, and says so again to the same (thesis 3.4)", () => {
		const cluster = new RaftCluster(three, { preVote: false });
		cluster.nowUs = 100;
		for (const from of ["a", "c", "a"]) cluster.deliver({ from, to: "b", message: vote(1) });
		expect(answersOf(cluster, "b")).toEqual([
			["a", true, 1],
			["c", false, 1],
			["a", true, 1],
		]);
		expect(cluster.server("b").stored.hardState.vote).toBe("a");
	});

	test.each([
		["an older last term, however long", { lastTerm: 1, lastIndex: 9 }, false],
		["the same term, shorter", { lastTerm: 2, lastIndex: 2 }, false],
		["the same log", { lastTerm: 2, lastIndex: 3 }, true],
		["the same term, longer", { lastTerm: 2, lastIndex: 4 }, true],
		["a later last term, however short", { lastTerm: 3, lastIndex: 1 }, true],
	])("a vote is only for a log at least as complete as the voter's own (thesis 3.6.1): %s", (_, end, granted) => {
		const cluster = new RaftCluster(three, { preVote: false }, () => 0, three, { b: [1, 2, 2] });
		cluster.nowUs = 100;
		cluster.deliver({ from: "a", to: "b", message: vote(5, end) });
		expect(answersOf(cluster, "b")).toEqual([["a", granted, 5]]);
	});

	test("who hears from a leader leaves a vote for another unanswered, and the term as it is, unless the leader asked for it (thesis 4.2.3)", () => {
		const cluster = RaftCluster.led(three);
		const { nowUs } = cluster;
		cluster.nowUs = nowUs + 99;
		cluster.deliver({ from: "c", to: "b", message: vote(7, { lastIndex: 9, lastTerm: 6 }) });
		expect([cluster.server("b").raft.term, answersOf(cluster, "b")]).toEqual([1, []]);
		cluster.deliver({ from: "c", to: "b", message: vote(7, { lastIndex: 9, lastTerm: 6, transfer: true }) });
		expect(answersOf(cluster, "b")).toEqual([["c", true, 7]]);
		cluster.nowUs = nowUs + 100;
		cluster.deliver({ from: "b", to: "a", message: vote(7, { lastIndex: 9, lastTerm: 6 }) });
		expect(cluster.server("a").raft.term, "a leader never hears itself fall silent").toBe(1);
	});
});

describe("winning", () => {
	test("a majority of votes makes a leader, and with its first word, an entry of its own term, all others know (thesis 3.4)", () => {
		const cluster = new RaftCluster(["a", "b", "c", "d", "e"], { preVote: false });
		cluster.timeOut("a");
		cluster.mail = [];
		const elects = (from: string) => cluster.deliver({ from, to: "a", message: { kind: "voteReply", term: 1, granted: true } });
		elects("b");
		elects("b");
		expect(cluster.server("a").raft.role, "two votes of five, one of them told twice").toBe("candidate");
		elects("c");
		expect(cluster.server("a").raft.role).toBe("leader");
		expect(cluster.mail.map(({ to, message }) => [to, message.kind, message.kind === "append" && message.entries.map(({ body }) => body.kind)])).toEqual(
			["b", "c", "d", "e"].map((to) => [to, "append", ["noop"]]),
		);
	});

	test("votes of another term are not counted (thesis 3.4)", () => {
		const cluster = new RaftCluster(three, { preVote: false });
		cluster.timeOut("a");
		cluster.timeOut("a");
		cluster.deliver({ from: "b", to: "a", message: { kind: "voteReply", term: 1, granted: true } });
		expect(cluster.server("a").raft.role).toBe("candidate");
	});

	test("a candidate that hears a leader of its term follows it (thesis 3.4)", () => {
		const cluster = new RaftCluster(three, { preVote: false });
		cluster.timeOut("a");
		cluster.deliver({ from: "b", to: "a", message: { kind: "append", term: 1, round: 1, previousIndex: 0, previousTerm: 0, entries: [], commit: 0 } });
		expect(cluster.server("a").raft).toMatchObject({ role: "follower", leader: "b", term: 1, vote: "a" });
	});

	test("a leader speaks at least once a heartbeat (thesis 3.4)", () => {
		const cluster = RaftCluster.led(three);
		const { raft } = cluster.server("a");
		cluster.deliverAll();
		const dueUs = raft.wakeUs;
		raft.tick(dueUs - 1);
		cluster.flush("a");
		expect(cluster.mail).toEqual([]);
		cluster.nowUs = dueUs;
		raft.tick(dueUs);
		cluster.flush("a");
		expect(cluster.mail.map(({ to, message }) => [to, message.kind])).toEqual([
			["b", "append"],
			["c", "append"],
		]);
		expect(raft.wakeUs).toBe(dueUs + 20);
	});

	test("a leader that no quorum answers steps down, and takes nothing on (thesis 6.2)", () => {
		const cluster = RaftCluster.led(three);
		const { raft } = cluster.server("a");
		const { nowUs } = cluster;
		for (let beats = 0; raft.role === "leader" && beats < 100; beats++) {
			cluster.timeOut("a");
			cluster.mail = [];
		}
		expect(raft.role).toBe("follower");
		// Two election timeouts after the last answer, at the next heartbeat.
		expect(cluster.nowUs - nowUs).toBe(220);
		expect(cluster.propose("a", "x")).toBe(false);
	});
});

describe("terms", () => {
	const newer: readonly RaftMessage[] = [
		vote(4, { transfer: true }),
		{ kind: "voteReply", term: 4, granted: false },
		{ kind: "preVoteReply", term: 4, granted: false },
		{ kind: "append", term: 4, round: 1, previousIndex: 0, previousTerm: 0, entries: [], commit: 0 },
		{ kind: "appendReply", term: 4, round: 0, ok: false, refused: 0, hintIndex: 0, hintTerm: 0 },
		{ kind: "snapshotReply", term: 4, round: 0, index: 1, offset: 0 },
	];

	test.each(newer.map((message) => [message.kind, message] as const))("whoever meets a newer term takes it on and follows (thesis 3.3): %s", (_, message) => {
		const leader = RaftCluster.led(three);
		const candidate = new RaftCluster(three, { preVote: false });
		candidate.timeOut("a");
		for (const cluster of [leader, candidate]) {
			cluster.deliver({ from: "b", to: "a", message });
			expect(cluster.server("a").raft).toMatchObject({ role: "follower", term: 4 });
			expect(cluster.server("a").stored.hardState.term, "on the disk too").toBe(4);
		}
	});

	const past: readonly RaftMessage[] = [vote(1), { kind: "append", term: 1, round: 1, previousIndex: 0, previousTerm: 0, entries: [], commit: 0 }];

	test.each(past.map((message) => [message.kind, message] as const))(
		"who speaks of a term that is past is told which it is, and not heard (thesis 3.3): %s",
		(_, message) => {
			const cluster = new RaftCluster(three, {}, () => 0, three, { b: [3] });
			const before = cluster.server("b").raft.wakeUs;
			cluster.nowUs = 50;
			cluster.deliver({ from: "c", to: "b", message });
			expect(cluster.mail.map(({ to, message: { term } }) => [to, term])).toEqual([["c", 3]]);
			expect(cluster.server("b").raft).toMatchObject({ term: 3, leader: null, vote: null, wakeUs: before });
			cluster.deliverAll();
			expect(cluster.server("c").raft.term).toBe(3);
		},
	);
});

describe("pre-vote", () => {
	test("nothing is promised by a pre-vote: who is asked keeps its term, its vote and its patience (thesis 9.6)", () => {
		const cluster = new RaftCluster(three);
		const { raft } = cluster.server("b");
		cluster.nowUs = 100;
		const { hardState, wakeUs } = raft;
		for (const from of ["a", "c"]) cluster.deliver({ from, to: "b", message: { kind: "preVote", term: 1, lastIndex: 0, lastTerm: 0 } });
		expect(answersOf(cluster, "b")).toEqual([
			["a", true, 1],
			["c", true, 1],
		]);
		expect([raft.hardState, raft.wakeUs]).toEqual([hardState, wakeUs]);
	});

	test("the term rises only once a majority would vote (thesis 9.6)", () => {
		const cluster = new RaftCluster(["a", "b", "c", "d", "e"]);
		cluster.timeOut("a");
		const would = (from: string, granted: boolean) => cluster.deliver({ from, to: "a", message: { kind: "preVoteReply", term: granted ? 1 : 0, granted } });
		would("b", true);
		would("c", false);
		expect(cluster.server("a").raft).toMatchObject({ role: "preCandidate", term: 0 });
		would("d", true);
		expect(cluster.server("a").raft).toMatchObject({ role: "candidate", term: 1 });
	});

	test("nobody would vote who hears a leader, or whose log is more complete (thesis 9.6)", () => {
		const cluster = RaftCluster.led(three);
		const { nowUs } = cluster;
		const ask = (atUs: number, lastIndex: number) => {
			cluster.nowUs = nowUs + atUs;
			cluster.deliver({ from: "c", to: "b", message: { kind: "preVote", term: 2, lastIndex, lastTerm: 1 } });
		};
		ask(99, 1);
		ask(100, 0);
		ask(100, 1);
		expect(answersOf(cluster, "b").map(([, granted]) => granted)).toEqual([false, false, true]);
	});
});
