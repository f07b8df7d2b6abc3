/** What a lab may say about Raft, within the options of the service that runs on it. */
import type { ConfigReader } from "../config/reader.ts";
import type { RaftOptions } from "./types.ts";

export interface RaftConfig {
	/** Without `unsafe`, which follows from the others. */
	readonly options: RaftOptions;
	/** False: answers before the disk has it. */
	readonly sync: boolean;
	/** Names of the first voters; empty: every node that runs the service. */
	readonly voters: readonly string[];
	/** A snapshot is taken when the log has this many entries. */
	readonly compactEntries: number;
	/** How reads are made safe: by a round of heartbeats, by the leader's lease, or not at all. */
	readonly reads: "index" | "lease" | "unchecked";
}

export function readRaftConfig(read: ConfigReader): RaftConfig {
	const sync = read.oneOf("sync", ["on", "off"], "on") === "on";
	const commitOldTerms = read.oneOf("commitOldTerms", ["yes", "no"], "no") === "yes";
	const quorum = read.integer("quorum", { from: 0, to: 100 }, 0);
	return {
		options: {
			electionUs: read.durationUs("electionTimeout", { from: "1ms", to: "1h" }, "150ms"),
			heartbeatUs: read.durationUs("heartbeat", { from: "1ms", to: "1h" }, "50ms"),
			driftBoundRatio: read.number("driftBound", { from: 0, to: 0.9 }, 0.1),
			batchEntries: read.integer("batchEntries", { from: 1, to: 1_000 }, 256),
			preVote: read.oneOf("preVote", ["on", "off"], "on") === "on",
			commitOldTerms,
			quorum,
			unsafe: !sync || commitOldTerms || quorum !== 0,
		},
		sync,
		voters: read.has("voters") ? read.texts("voters") : [],
		compactEntries: read.integer("compactEntries", { from: 1, to: 1_000_000 }, 1_000),
		reads: read.oneOf("reads", ["index", "lease", "unchecked"], "index"),
	};
}
