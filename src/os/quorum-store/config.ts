/** What a lab may say about `quorum-store`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { quorumStoreService } from "./contract.ts";
import { type Reconciliation, reconciliations } from "./versions.ts";

export interface QuorumConfig {
	/** N: nodes that keep a key. */
	readonly replicas: number;
	/** R and W: answers that are waited for. */
	readonly read: number;
	readonly write: number;
	/** Whether others stand in for those of the N that do not answer. */
	readonly sloppy: boolean;
	readonly versions: Reconciliation;
	readonly readRepair: boolean;
	/** Between two comparisons with another node; 0: none. */
	readonly antiEntropyUs: number;
	/** Between two tries to hand over what was kept for another; 0: none. */
	readonly handoffUs: number;
	/** Wait for the answer of one node. */
	readonly timeoutUs: number;
	/** Of each node on the ring. */
	readonly places: number;
	/** False: a write is acknowledged before it is on the drive. A mistake on purpose. */
	readonly sync: boolean;
}

const onOff = ["on", "off"] as const;

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readQuorumConfig(config: PlainValue): QuorumConfig {
	const read = new ConfigReader(quorumStoreService, config);
	const quorum: QuorumConfig = {
		replicas: read.integer("replicas", { from: 1, to: 100 }, 3),
		read: read.integer("read", { from: 1, to: 100 }, 2),
		write: read.integer("write", { from: 1, to: 100 }, 2),
		sloppy: read.oneOf("sloppy", onOff, "off") === "on",
		versions: read.oneOf("versions", reconciliations, "vector"),
		readRepair: read.oneOf("readRepair", onOff, "on") === "on",
		antiEntropyUs: read.durationUs("antiEntropy", { from: "0us", to: "1h" }, "1s"),
		handoffUs: read.durationUs("handoff", { from: "0us", to: "1h" }, "500ms"),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "100ms"),
		places: read.integer("places", { from: 1, to: 1_000 }, 32),
		sync: read.oneOf("sync", onOff, "on") === "on",
	};
	if (quorum.read > quorum.replicas) read.refuse("read", "no more than replicas");
	if (quorum.write > quorum.replicas) read.refuse("write", "no more than replicas");
	read.end();
	return quorum;
}
