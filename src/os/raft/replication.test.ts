/** Replication: a test for each rule that the thesis states of it; stories of several are in test/scenarios/raft. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";
import type { Entry, MessageOf } from "./types.ts";

const three = ["a", "b", "c"];

const entries = (from: number, ...terms: readonly number[]): Entry[] =>
	terms.map((term, i) => ({ index: from + i, term, body: { kind: "command", command: `${from + i}@${term}` }, bytes: 1 }));

function append(term: number, previous: readonly [index: number, term: number], sent: readonly Entry[] = [], commit = 0): MessageOf<"append"> {
	return { kind: "append", term, round: 1, previousIndex: previous[0], previousTerm: previous[1], entries: sent, commit };
}

const termsOf = (cluster: RaftCluster, name: string): readonly number[] => {
	const { log } = cluster.server(name).raft;
	return log.slice(1, log.lastIndex).map(({ term }) => term);
};

/** Answers of a follower to a leader of another making. */
function follower(terms: readonly number[]): { cluster: RaftCluster; hear(message: MessageOf<"append">): MessageOf<"appendReply"> } {
	const cluster = new RaftCluster(three, {}, () => 0, three, { b: terms });
	return {
		cluster,
		hear(message) {
			cluster.deliver({ from: "a", to: "b", message });
			return cluster.mail.pop()?.message as MessageOf<"appendReply">;
		},
	};
}

describe("the leader", () => {
	test("a command goes to all, is committed once a majority has it, and followers learn so with the next word (thesis 3.5)", () => {
		const cluster = RaftCluster.led(["a", "b", "c", "d", "e"]);
		const commits = () => three.map((name) => cluster.server(name).raft.commit);
		cluster.timeOut("a");
		cluster.deliverAll();
		expect(commits()).toEqual([1, 1, 1]);
		cluster.propose("a", "x");
		expect(cluster.mail.map(({ to, message }) => [to, message.kind === "append" && message.entries.map(({ index }) => index)])).toEqual(
			["b", "c", "d", "e"].map((to) => [to, [2]]),
		);
		cluster.deliverBetween("a", "b");
		cluster.deliverBetween("b", "a");
		expect(commits(), "two copies of five").toEqual([1, 1, 1]);
		cluster.deliverBetween("a", "c");
		cluster.deliverBetween("c", "a");
		expect(commits()).toEqual([2, 1, 1]);
		expect(cluster.server("a").applied).toEqual(["x"]);
		cluster.timeOut("a");
		cluster.deliverAll();
		expect(commits()).toEqual([2, 2, 2]);
	});

	test("what is committed is applied in the order of the log, once (thesis 3.5)", () => {
		const cluster = RaftCluster.led(three);
		for (const text of ["x", "y", "z"]) cluster.propose("a", text);
		cluster.deliverAll();
		cluster.timeOut("a");
		cluster.deliverAll();
		for (const name of three) expect(cluster.server(name).applied, name).toEqual(["x", "y", "z"]);
	});

	test("an entry of an older term is not committed by copies, but by the first of the leader's own after it (thesis 3.6.2)", () => {
		const cluster = new RaftCluster(three, { preVote: false, batchEntries: 1 }, () => 0, three, { a: [1, 1] });
		cluster.elect("a", ["b"]);
		const { raft } = cluster.server("a");
		const agrees = (index: number) => cluster.deliver({ from: "b", to: "a", message: { kind: "appendReply", term: 2, round: 0, ok: true, index } });
		agrees(2);
		expect([raft.term, raft.commit, raft.log.lastIndex]).toEqual([2, 0, 3]);
		agrees(3);
		expect(raft.commit).toBe(3);
	});

	test("a word that was lost is said again with the next heartbeat (thesis 3.7)", () => {
		const cluster = RaftCluster.led(three);
		cluster.propose("a", "x");
		cluster.mail = [];
		for (let beats = 0; beats < 3; beats++) {
			cluster.timeOut("a");
			cluster.deliverAll();
		}
		expect(termsOf(cluster, "b")).toEqual([1, 1]);
	});

	test("the leader steps back over a whole term at a time (thesis 3.5)", () => {
		const cluster = new RaftCluster(three, { preVote: false }, () => 0, three, { a: [1, 1, 1, 4, 4], b: [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3], c: [1] });
		cluster.elect("a", ["c"]);
		const refusals: number[] = [];
		cluster.deliverAll(({ from, message }) => {
			if (from === "b" && message.kind === "appendReply" && !message.ok) refusals.push(message.refused);
			return true;
		});
		expect(refusals.length).toBeLessThanOrEqual(2);
		expect(cluster.logOf("b")).toBe(cluster.logOf("a"));
	});

	test("entries are sent ahead of their acknowledgement (thesis 10.2.1)", () => {
		const cluster = RaftCluster.led(three);
		for (const text of ["x", "y", "z"]) cluster.propose("a", text);
		const sent = cluster.mail.filter(({ to }) => to === "b").map(({ message }) => (message.kind === "append" ? message.entries.map(({ index }) => index) : []));
		expect(sent).toEqual([[2], [3], [4]]);
	});

	test("what a follower lacks is sent in messages of the size that is allowed (thesis 10.2.2)", () => {
		const cluster = RaftCluster.led(three);
		for (let i = 0; i < 600; i++) cluster.server("a").raft.propose("x", 1_000);
		cluster.flush("a");
		const appends = cluster.mail.filter(({ to }) => to === "b").map(({ message }) => (message.kind === "append" ? message.entries.length : -1));
		expect(appends).toEqual([256, 256, 88]);
		cluster.deliverAll();
		expect(cluster.server("b").raft.log.lastIndex).toBe(601);
	});

	test("a leader takes on so much that is not committed, and then says that it is busy", () => {
		const cluster = RaftCluster.led(three);
		let taken = 0;
		while (taken < 10_000 && cluster.server("a").raft.propose("x", 1) !== null) taken++;
		expect(taken).toBe(4_096);
	});

	test("a follower that lost its disk is sent everything again, and believed only as far as it has it", () => {
		const cluster = RaftCluster.led(three);
		for (const text of ["x", "y", "z"]) cluster.propose("a", text);
		cluster.deliverAll();
		const c = cluster.server("c");
		c.stored = { ...c.stored, hardState: { term: 0, vote: null, amnesiac: true }, entries: [] };
		cluster.restart("c");
		for (let beat = 0; beat < 3; beat++) {
			cluster.timeOut("a");
			cluster.deliverAll();
		}
		expect(cluster.logOf("c")).toBe(cluster.logOf("a"));
		expect(cluster.server("c").raft.wakeUs).toBe(Number.POSITIVE_INFINITY);
	});
});

describe("a follower", () => {
	test("refuses what does not follow an entry that both have (thesis 3.5)", () => {
		const { cluster, hear } = follower([1, 1, 2]);
		expect(hear(append(4, [4, 2], entries(5, 4))), "nothing there").toMatchObject({ ok: false, refused: 4, hintIndex: 4, hintTerm: 0 });
		expect(hear(append(4, [3, 3], entries(4, 4))), "another term there").toMatchObject({ ok: false, refused: 3, hintIndex: 3, hintTerm: 2 });
		expect(termsOf(cluster, "b")).toEqual([1, 1, 2]);
		expect(hear(append(4, [3, 2], entries(4, 4)))).toMatchObject({ ok: true, index: 4 });
	});

	test("gives up what conflicts, with all behind it (thesis 3.5)", () => {
		const { cluster, hear } = follower([1, 1, 2, 2, 2]);
		hear(append(4, [2, 1], entries(3, 4)));
		expect(termsOf(cluster, "b")).toEqual([1, 1, 4]);
		expect(
			cluster.server("b").stored.entries.map(({ term }) => term),
			"on the disk too",
		).toEqual([1, 1, 4]);
	});

	test("keeps what it has already: an old word that comes late cuts nothing (thesis 3.5)", () => {
		const { cluster, hear } = follower([1, 1]);
		hear(append(2, [2, 1], entries(3, 2, 2, 2)));
		expect(hear(append(2, [2, 1], entries(3, 2)))).toMatchObject({ ok: true, index: 3 });
		expect(termsOf(cluster, "b")).toEqual([1, 1, 2, 2, 2]);
	});

	test("takes the same word twice as once (thesis 3.7)", () => {
		const { cluster, hear } = follower([1]);
		const word = append(2, [1, 1], entries(2, 2), 2);
		const [first, second] = [hear(word), hear(word)];
		expect(second).toEqual(first);
		expect([termsOf(cluster, "b"), cluster.server("b").applied]).toEqual([
			[1, 2],
			["1@1", "2@2"],
		]);
	});

	test("agrees to what it knows to be committed, though the entries are gone from its log", () => {
		const cluster = RaftCluster.led(three);
		for (const text of ["x", "y", "z"]) cluster.propose("a", text);
		cluster.deliverAll();
		cluster.timeOut("a");
		cluster.deliverAll();
		cluster.compact("b");
		cluster.deliver({ from: "a", to: "b", message: append(1, [1, 1], entries(2, 1, 1)) });
		expect(cluster.mail.pop()?.message).toMatchObject({ kind: "appendReply", ok: true, index: 4 });
		expect(cluster.logOf("b")).toBe("[..4]");
	});

	test("commits no further than the last entry that it was sent (thesis 3.5)", () => {
		const { cluster, hear } = follower([1, 1, 1, 1]);
		hear(append(2, [1, 1], entries(2, 1), 9));
		expect(cluster.server("b").raft.commit, "3 and 4 may not be the leader's").toBe(2);
		hear(append(2, [2, 1], entries(3, 2, 2), 3));
		expect(cluster.server("b").raft.commit).toBe(3);
	});
});
