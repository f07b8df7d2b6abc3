/** Compaction: a test for each rule that the thesis states of it; a story is test/scenarios/raft/snapshot.txt. */
import { describe, expect, test } from "vitest";
import { RaftCluster } from "../../../test/support/raft-cluster.ts";
import type { MessageOf } from "./types.ts";

const three = ["a", "b", "c"];
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

function piece(own: Partial<MessageOf<"snapshot">> = {}): MessageOf<"snapshot"> {
	const members = { voters: three, learners: [] };
	return { kind: "snapshot", term: 3, round: 1, index: 4, lastTerm: 2, members, offset: 0, data: bytes(0), done: true, ...own };
}

function hear(cluster: RaftCluster, message: MessageOf<"snapshot">): unknown {
	cluster.deliver({ from: "a", to: "b", message });
	return cluster.mail.pop()?.message;
}

test("a snapshot takes the place of the entries before it, with the members as of there; what is behind stays (thesis 5.1)", () => {
	const cluster = RaftCluster.led([...three, "d"], {}, three);
	cluster.change("a", { kind: "learner", node: "d" });
	cluster.deliverAll();
	const { raft } = cluster.server("a");
	cluster.propose("a", "x");
	cluster.deliverAll();
	cluster.change("a", { kind: "voter", node: "d" });
	const snapshot = raft.compact(3, bytes(9));
	expect(snapshot).toMatchObject({ index: 3, term: 1, members: { voters: three, learners: ["d"] } });
	expect(cluster.logOf("a")).toBe("[..3] 1:members");
	expect(raft.log.termAt(3), "the entry before the next is still known").toBe(1);
	expect(() => raft.compact(4, bytes(0)), "what is not applied is not compacted").toThrow("only what was applied");
});

describe("InstallSnapshot", () => {
	test("who needs an entry that is gone is sent the snapshot, in pieces, each where the last one ended (thesis 5.3)", () => {
		const cluster = RaftCluster.led(three);
		cluster.propose("a", "x");
		cluster.deliverAmong(["a", "b"]);
		const a = cluster.server("a");
		a.raft.compact(2, bytes(300_000));
		const offsets: number[] = [];
		for (let beats = 0; beats < 4; beats++) {
			cluster.timeOut("a");
			cluster.deliverAll(({ message }) => {
				if (message.kind === "snapshot") offsets.push(message.offset);
				return true;
			});
		}
		expect(offsets).toEqual([0, 131_072, 262_144]);
		expect(cluster.server("c").stored.snapshot).toMatchObject({ index: 2, term: 1, data: bytes(300_000) });
		expect(cluster.server("c").raft.commit).toBe(2);
	});

	test("a piece that was lost is sent again with the next heartbeat (thesis 5.3)", () => {
		const cluster = RaftCluster.led(three);
		cluster.propose("a", "x");
		cluster.deliverAmong(["a", "b"]);
		cluster.server("a").raft.compact(2, bytes(200_000));
		let pieces = 0;
		for (let beats = 0; beats < 8; beats++) {
			cluster.timeOut("a");
			// Every other piece gets lost.
			cluster.deliverAll(({ message }) => message.kind !== "snapshot" || ++pieces % 2 === 0);
		}
		expect(cluster.server("c").stored.snapshot.data).toEqual(bytes(200_000));
	});

	test("pieces of one snapshot are not joined with those of another, nor out of order (thesis figure 5.3)", () => {
		const cluster = new RaftCluster(three);
		expect(hear(cluster, piece({ data: bytes(10), done: false }))).toMatchObject({ kind: "snapshotReply", offset: 10 });
		expect(hear(cluster, piece({ offset: 20, data: bytes(10), done: true })), "a piece between is missing").toMatchObject({ offset: 10 });
		expect(hear(cluster, piece({ index: 5, offset: 10, data: bytes(10), done: true })), "of another").toMatchObject({ offset: 0 });
		expect(cluster.server("b").raft.commit).toBe(0);
	});

	test("the snapshot takes the place of a log that says something else (thesis figure 5.3)", () => {
		const cluster = new RaftCluster(three, {}, () => 0, three, { b: [1, 1, 1, 1, 1, 1] });
		expect(hear(cluster, piece())).toMatchObject({ kind: "appendReply", ok: true, index: 4 });
		expect([cluster.logOf("b"), cluster.server("b").raft.commit, cluster.server("b").stored.entries]).toEqual(["[..4]", 4, []]);
	});

	test("what the log has already is kept, with all behind it (thesis figure 5.3)", () => {
		const cluster = new RaftCluster(three, {}, () => 0, three, { b: [1, 1, 2, 2, 3] });
		expect(hear(cluster, piece())).toMatchObject({ kind: "appendReply", ok: true, index: 4 });
		const { raft } = cluster.server("b");
		expect([raft.log.snapshotIndex, raft.log.lastIndex, raft.commit]).toEqual([0, 5, 4]);
	});
});
