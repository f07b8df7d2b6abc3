/** What a lab may say about `commit`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type CommitProtocol, commitProtocols } from "./protocol.ts";

/**
 * - `unsynced-vote`: promises before the promise is on disk. - `ignore-votes`: commits although somebody said no.
 * - `hasty-leader`: who leads a ballot does not ask what was accepted before it (paxos).
 */
const commitMistakes = ["none", "unsynced-vote", "ignore-votes", "hasty-leader"] as const;
export type CommitMistake = (typeof commitMistakes)[number];

export interface CommitConfig {
	readonly protocol: CommitProtocol;
	/** Transactions that the first member coordinates. */
	readonly transactions: number;
	readonly periodUs: number;
	/** Chance that a participant votes yes. */
	readonly yesRatio: number;
	/** Longest wait of anybody for the next step of the protocol; also how often a step is tried again. */
	readonly timeoutUs: number;
	/** Paxos: acceptors that may fail; there are twice as many and one. */
	readonly faults: number;
	readonly mistake: CommitMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readCommitConfig(config: PlainValue): CommitConfig {
	const read = new ConfigReader("commit", config);
	const commit: CommitConfig = {
		protocol: read.oneOf("protocol", commitProtocols, "two-phase"),
		transactions: read.integer("transactions", { from: 0, to: 100_000 }, 20),
		periodUs: read.durationUs("period", { from: "1ms", to: "1h" }, "250ms"),
		yesRatio: read.number("yesRatio", { from: 0, to: 1 }, 0.9),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "300ms"),
		faults: read.integer("faults", { from: 0, to: 100 }, 1),
		mistake: read.oneOf("mistake", commitMistakes, "none"),
	};
	read.end();
	return commit;
}
