/** Change of members: a test for each rule that the thesis states of it; stories of several are in test/scenarios/raft. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";

const three = ["a", "b", "c"];
const four = [...three, "d"];

/** `d` is there, and no member. */
const withStranger = (): RaftCluster => RaftCluster.led(four, {}, three);

describe("one server at a time", () => {
	test("a change counts from the moment it is in the log, committed or not (thesis 4.1)", () => {
		const cluster = withStranger();
		cluster.change("a", { kind: "voter", node: "d" });
		const { raft } = cluster.server("a");
		expect([raft.members.voters, raft.quorum, raft.commit]).toEqual([four, 3, 1]);
		cluster.deliverBetween("a", "b");
		cluster.deliverBetween("b", "a");
		expect([raft.commit, cluster.server("b").raft.quorum], "two of four are no majority").toEqual([1, 3]);
		cluster.deliverBetween("a", "c");
		cluster.deliverBetween("c", "a");
		expect(raft.commit).toBe(2);
	});

	test("the next change waits until the last one is committed (thesis 4.1)", () => {
		const cluster = withStranger();
		cluster.change("a", { kind: "learner", node: "d" });
		expect(cluster.change("a", { kind: "remove", node: "c" })).toBe("another change of members is not yet committed");
		cluster.deliverAll();
		expect(cluster.change("a", { kind: "remove", node: "c" })).toBeNull();
	});

	test("nothing changes before the leader has committed an entry of its own term (correction of 2015)", () => {
		const cluster = withStranger();
		cluster.elect("b", ["c"]);
		expect(cluster.change("b", { kind: "voter", node: "d" })).toBe("the leader has not yet committed an entry of its own term");
		cluster.deliverAmong(["b", "c"]);
		expect(cluster.change("b", { kind: "voter", node: "d" })).toBeNull();
	});

	test("a change that is cut from the log is undone (thesis 4.1)", () => {
		const cluster = withStranger();
		cluster.change("a", { kind: "remove", node: "c" });
		cluster.mail = [];
		expect(cluster.server("a").raft.members.voters).toEqual(["a", "b"]);
		cluster.elect("b", ["c"]);
		cluster.deliverAll();
		cluster.timeOut("b");
		cluster.deliverAll();
		expect(cluster.server("a").raft.members.voters).toEqual(three);
	});

	test("only the leader changes members, and the last voter cannot go", () => {
		const cluster = RaftCluster.led(["a"]);
		expect(cluster.change("a", { kind: "remove", node: "a" })).toBe("the last voter cannot go");
		expect(cluster.change("a", { kind: "voter", node: "a" })).toBe("nothing would change");
		expect(withStranger().change("b", { kind: "voter", node: "d" })).toBe("not the leader");
	});
});

test("a learner receives the log, and counts neither for elections nor for commitment (thesis 4.2.1)", () => {
	const cluster = withStranger();
	cluster.change("a", { kind: "learner", node: "d" });
	cluster.deliverAll();
	cluster.timeOut("a");
	cluster.deliverAll();
	expect(cluster.logOf("d")).toBe(cluster.logOf("a"));
	expect([cluster.server("a").raft.quorum, cluster.server("d").raft.wakeUs]).toEqual([2, Number.POSITIVE_INFINITY]);
	cluster.propose("a", "x");
	cluster.deliverAmong(["a", "d"]);
	expect(cluster.server("a").raft.commit, "a copy at the learner is none").toBe(2);
	cluster.nowUs += 100;
	cluster.timeOut("b");
	expect(cluster.mail.some(({ to }) => to === "d")).toBe(false);
});

describe("a leader that is removed", () => {
	test("leads on until that is committed, without counting itself, and goes (thesis 4.2.2)", () => {
		const cluster = RaftCluster.led(four);
		const { raft } = cluster.server("a");
		expect(cluster.change("a", { kind: "remove", node: "a" })).toBeNull();
		cluster.deliverBetween("a", "b");
		cluster.deliverBetween("b", "a");
		expect([raft.role, raft.commit], "it and b would be two of three, if it counted").toEqual(["leader", 1]);
		cluster.deliverBetween("a", "c");
		cluster.deliverBetween("c", "a");
		expect([raft.role, raft.commit, raft.wakeUs]).toEqual(["follower", 2, Number.POSITIVE_INFINITY]);
	});

	test("may still be the only one that can win, as long as its going is not committed (thesis 4.2.2)", () => {
		const cluster = RaftCluster.led(["a", "b"]);
		cluster.change("a", { kind: "remove", node: "a" });
		cluster.mail = [];
		cluster.restart("a");
		expect(cluster.server("a").raft.wakeUs).toBeLessThan(Number.POSITIVE_INFINITY);
		cluster.elect("a");
		cluster.deliverAll();
		expect(cluster.server("a").raft.role).toBe("follower");
		expect(cluster.server("b").raft.members.voters).toEqual(["b"]);
	});
});

test("a server that was removed, and does not know, disturbs nobody (thesis 4.2.3)", () => {
	for (const preVote of [true, false]) {
		const cluster = RaftCluster.led(three, { preVote });
		cluster.change("a", { kind: "remove", node: "c" });
		cluster.deliverAmong(["a", "b"]);
		for (let times = 0; times < 5; times++) {
			cluster.timeOut("a");
			cluster.deliverAmong(["a", "b"]);
			cluster.server("c").raft.tick(cluster.nowUs + 1_000);
			cluster.flush("c");
			cluster.deliverAll();
		}
		expect(cluster.server("a").raft, `pre-vote ${preVote}`).toMatchObject({ role: "leader", term: 1 });
	}
});
