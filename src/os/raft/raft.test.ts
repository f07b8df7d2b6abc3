/** Rules of the core that are numbers or times; what is a story is in test/scenarios/raft. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";

/** Three servers; `a` leads, all is quiet. */
function led(options: ConstructorParameters<typeof RaftCluster>[1] = {}): RaftCluster {
	const cluster = new RaftCluster(["a", "b", "c"], options);
	cluster.nowUs = 100;
	cluster.timeOut("a");
	cluster.deliverAll();
	return cluster;
}

test("election timeouts are drawn between the least and twice that (thesis 3.4)", () => {
	for (const draw of [0, 37, 99]) {
		const cluster = new RaftCluster(["a", "b", "c"], {}, () => draw);
		expect(cluster.server("a").raft.wakeUs).toBe(100 + draw);
	}
});

test("a server gives its one vote of a term to the first who asks, and says so again to the same (thesis 3.4)", () => {
	const cluster = new RaftCluster(["a", "b", "c"], { preVote: false });
	cluster.nowUs = 100;
	const ask = (from: string) => cluster.deliver({ from, to: "b", message: { kind: "vote", term: 1, transfer: false, lastIndex: 0, lastTerm: 0 } });
	for (const from of ["a", "c", "a"]) ask(from);
	expect(cluster.mail.map(({ to, message }) => [to, message.kind === "voteReply" && message.granted])).toEqual([
		["a", true],
		["c", false],
		["a", true],
	]);
});

test("a leader that no quorum answers steps down, and takes nothing on (thesis 6.2)", () => {
	const cluster = led();
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

describe("a lease (thesis 6.4.1)", () => {
	/** The leader's last acknowledged word was at `sentUs`; may it answer alone at `atUs`? */
	function answersAlone(driftBoundRatio: number, afterUs: number): boolean {
		const cluster = led({ driftBoundRatio });
		cluster.timeOut("a");
		cluster.deliverAll();
		const granted: number[] = [];
		cluster.onReady = (_name, { reads }) => granted.push(...reads.map(({ index }) => index));
		cluster.nowUs += afterUs;
		cluster.server("a").raft.read(1, true, cluster.nowUs);
		cluster.flush("a");
		return granted.length > 0;
	}

	test("lasts as long as nobody who acknowledged it would vote, less what clocks may drift", () => {
		expect([answersAlone(0, 99), answersAlone(0, 100)]).toEqual([true, false]);
		expect([answersAlone(0.1, 89), answersAlone(0.1, 90)]).toEqual([true, false]);
	});

	test("ends when leadership is handed over", () => {
		const cluster = led();
		const { raft } = cluster.server("a");
		raft.transfer("b");
		raft.read(1, true, cluster.nowUs);
		const ready = raft.ready(cluster.nowUs);
		expect(ready?.reads).toEqual([]);
	});
});

test("a leader takes on so much that is not committed, and then says that it is busy", () => {
	const cluster = led();
	let taken = 0;
	while (taken < 10_000 && cluster.server("a").raft.propose("x", 1) !== null) taken++;
	expect(taken).toBe(4_096);
});

test("what a follower lacks is sent in messages of the size that is allowed", () => {
	const cluster = led();
	for (let i = 0; i < 600; i++) cluster.server("a").raft.propose("x", 1_000);
	cluster.flush("a");
	const appends = cluster.mail.filter(({ to }) => to === "b").map(({ message }) => (message.kind === "append" ? message.entries.length : -1));
	expect(appends).toEqual([256, 256, 88]);
	cluster.deliverAll();
	expect(cluster.server("b").raft.log.lastIndex).toBe(601);
});

test("a follower that lost its disk is sent everything again, and believed only as far as it has it", () => {
	const cluster = led();
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
