/** Transfer of leadership: a test for each rule that the thesis states of it. */
import { expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";

const three = ["a", "b", "c"];
const isTold = (cluster: RaftCluster): boolean => cluster.mail.some(({ message }) => message.kind === "timeoutNow");

function handingOver(to = "b"): RaftCluster {
	const cluster = RaftCluster.led(three);
	expect(cluster.server("a").raft.transfer(to)).toBe(true);
	cluster.flush("a");
	return cluster;
}

test("the successor is told to run once it has the whole log, and not before (thesis 3.10)", () => {
	const cluster = RaftCluster.led(three);
	cluster.propose("a", "x");
	cluster.server("a").raft.transfer("b");
	cluster.flush("a");
	expect(isTold(cluster)).toBe(false);
	cluster.deliverBetween("a", "c");
	cluster.deliverBetween("c", "a");
	expect(isTold(cluster), "committed, but not at the successor").toBe(false);
	cluster.deliverBetween("a", "b");
	cluster.deliverBetween("b", "a");
	expect(isTold(cluster)).toBe(true);
});

test("meanwhile the leader takes nothing on (thesis 3.10)", () => {
	expect(handingOver().propose("a", "x")).toBe(false);
});

test("the successor runs at once, without asking first, and is voted for though all hear the leader (thesis 3.10)", () => {
	const cluster = handingOver();
	cluster.deliverAll(({ message }) => {
		expect(message.kind).not.toBe("preVote");
		return true;
	});
	expect([cluster.leaders(), cluster.server("b").raft.term]).toEqual([["b"], 2]);
});

test("if it has not taken over within an election timeout, the leader goes on (thesis 3.10)", () => {
	const cluster = handingOver();
	const untilUs = cluster.nowUs + 100;
	cluster.mail = cluster.mail.filter(({ message }) => message.kind !== "timeoutNow");
	while (cluster.nowUs < untilUs) {
		expect(cluster.propose("a", "x")).toBe(false);
		cluster.timeOut("a");
		cluster.deliverAll(({ message }) => message.kind !== "timeoutNow");
	}
	expect(cluster.propose("a", "x")).toBe(true);
});

test("leadership goes to another voter alone, and is given by a leader alone (thesis 3.10)", () => {
	const cluster = RaftCluster.led([...three, "d"], {}, three);
	cluster.change("a", { kind: "learner", node: "d" });
	cluster.deliverAll();
	expect(["a", "d", "b"].map((to) => cluster.server("a").raft.transfer(to))).toEqual([false, false, true]);
	expect(cluster.server("b").raft.transfer("c")).toBe(false);
});
