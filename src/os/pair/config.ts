/** What a lab may say about `pair`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { pairService } from "./contract.ts";

/**
 * What a server needs besides silence on the cable before it takes over. - `none`: nothing. - `quorum`: the votes of
 * a majority. - `lease`: a lease from the witness. - `stonith`: the other one's power is cut.
 */
const guards = ["none", "quorum", "lease", "stonith"] as const;

export interface PairConfig {
	readonly guard: (typeof guards)[number];
	/** Between two heartbeats, and two renewals of what gives the right to lead. */
	readonly periodUs: number;
	/** Silence on the cable until the other one is taken for dead. */
	readonly timeoutUs: number;
	/** CPU time of an order: never none, as a machine that wakes without power must not get anything done. */
	readonly workUs: number;
	/** Votes that are enough; 0: a majority. */
	readonly votes: number;
	/** How much earlier than the witness the holder of a lease takes it for over. */
	readonly marginUs: number;
	/** After the other's power was cut: for its last writes to arrive. */
	readonly drainUs: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readPairConfig(config: PlainValue): PairConfig {
	const read = new ConfigReader(pairService, config);
	const pair: PairConfig = {
		guard: read.oneOf("guard", guards, "none"),
		periodUs: read.durationUs("period", { from: "1ms", to: "1h" }, "100ms"),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "600ms"),
		workUs: read.durationUs("work", { from: "1us", to: "1h" }, "200us"),
		votes: read.integer("votes", { from: 0, to: 100 }, 0),
		marginUs: read.durationUs("margin", { from: "0us", to: "1h" }, "50ms"),
		drainUs: read.durationUs("drain", { from: "0us", to: "1h" }, "200ms"),
	};
	read.end();
	return pair;
}
