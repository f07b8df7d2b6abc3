/** Reads without the log: a test for each rule that the thesis states of them. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";
import type { ReadPermit } from "./types.ts";

const three = ["a", "b", "c"];

/** Notes what every server is permitted. */
function noted(cluster: RaftCluster): ReadPermit[] {
	const permits: ReadPermit[] = [];
	cluster.onReady = (_name, { reads }) => permits.push(...reads.map(({ id, index }) => ({ id, index })));
	return permits;
}

function ask(cluster: RaftCluster, name: string, id: number, byLease = false): void {
	cluster.server(name).raft.read(id, byLease, cluster.nowUs);
	cluster.flush(name);
}

describe("by a round of heartbeats", () => {
	test("a read is answered at the commit index of when it came, once a majority has acknowledged a word said after it (thesis 6.4)", () => {
		const cluster = RaftCluster.led(three);
		const permits = noted(cluster);
		ask(cluster, "a", 1);
		expect(
			cluster.mail.map(({ to, message }) => [to, message.kind]),
			"at once, not at the next heartbeat",
		).toEqual([
			["b", "append"],
			["c", "append"],
		]);
		expect(permits).toEqual([]);
		cluster.deliverBetween("a", "b");
		cluster.deliverBetween("b", "a");
		expect(permits).toEqual([{ id: 1, index: 1 }]);
	});

	test("an acknowledgement of a word said before the read does not count (thesis 6.4)", () => {
		const cluster = RaftCluster.led(three);
		const permits = noted(cluster);
		cluster.timeOut("a");
		ask(cluster, "a", 1);
		const [early, late] = cluster.mail.filter(({ to }) => to === "b");
		cluster.mail = [];
		cluster.deliver(early as NonNullable<typeof early>);
		cluster.deliverBetween("b", "a");
		expect(permits).toEqual([]);
		cluster.deliver(late as NonNullable<typeof late>);
		cluster.deliverBetween("b", "a");
		expect(permits).toEqual([{ id: 1, index: 1 }]);
	});

	test("a leader that has committed nothing of its own term answers no read until it has (thesis 6.4)", () => {
		const cluster = RaftCluster.led(three);
		cluster.propose("a", "x");
		cluster.deliverAll();
		cluster.elect("b", ["c"]);
		const permits = noted(cluster);
		// b knows nothing of x being committed: an answer from before would be one of the past.
		expect(cluster.server("b").raft.commit).toBe(1);
		ask(cluster, "b", 1);
		cluster.deliver({ from: "c", to: "b", message: { kind: "appendReply", term: 2, round: 99, ok: true, index: 2 } });
		expect(permits, "its own entry is not at c").toEqual([]);
		cluster.deliverAll();
		expect(permits).toEqual([{ id: 1, index: 3 }]);
	});

	test("a leader that was replaced meanwhile, and a follower, send the asker away (thesis 6.4)", () => {
		const cluster = RaftCluster.led(three);
		const permits = noted(cluster);
		ask(cluster, "b", 1);
		ask(cluster, "a", 2);
		cluster.mail = [];
		cluster.elect("b", ["c"]);
		cluster.deliverAll();
		expect(permits).toEqual([
			{ id: 1, index: -1 },
			{ id: 2, index: -1 },
		]);
	});
});

describe("by the lease", () => {
	/** The leader's last acknowledged word was said now; may it answer alone after so long? */
	function answersAlone(driftBoundRatio: number, afterUs: number): boolean {
		const cluster = RaftCluster.led(three, { driftBoundRatio });
		cluster.timeOut("a");
		cluster.deliverAll();
		const permits = noted(cluster);
		cluster.nowUs += afterUs;
		ask(cluster, "a", 1, true);
		return permits.length > 0;
	}

	test("it lasts as long as nobody who acknowledged it would vote, less what clocks may drift (thesis 6.4.1)", () => {
		expect([answersAlone(0, 99), answersAlone(0, 100)]).toEqual([true, false]);
		expect([answersAlone(0.1, 89), answersAlone(0.1, 90)]).toEqual([true, false]);
	});

	test("it ends when leadership is handed over, for good: the word to run may arrive long after the leader has given it up (thesis 6.4.1)", () => {
		const cluster = RaftCluster.led(three);
		const { raft } = cluster.server("a");
		raft.transfer("b");
		cluster.flush("a");
		const permits = noted(cluster);
		ask(cluster, "a", 1, true);
		expect(permits).toEqual([]);
		const word = cluster.mail.find(({ message }) => message.kind === "timeoutNow");
		const untilUs = cluster.nowUs + 150;
		while (cluster.nowUs < untilUs) {
			cluster.timeOut("a");
			cluster.deliverAll(({ message }) => message.kind !== "timeoutNow");
		}
		cluster.deliver(word as NonNullable<typeof word>);
		cluster.deliverAmong(["b", "c"]);
		expect(cluster.leaders(), "of two terms").toEqual(["a", "b"]);
		permits.length = 0;
		ask(cluster, "a", 2, true);
		expect(permits).toEqual([]);
	});
});
