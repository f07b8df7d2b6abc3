/** What a lab may say about `store`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type RaftConfig, readRaftConfig } from "../raft/config.ts";

export interface StoreConfig {
	readonly raft: RaftConfig;
	/** CPU time of one request. */
	readonly workUs: number;
	/** Keys and values together; beyond it the store says that it is full. */
	readonly capacityBytes: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readStoreConfig(config: PlainValue): StoreConfig {
	const read = new ConfigReader("store", config);
	const store: StoreConfig = {
		raft: readRaftConfig(read),
		workUs: read.durationUs("work", { from: "0us", to: "1h" }, "50us"),
		capacityBytes: read.integer("capacityBytes", { from: 1, to: 1_000_000_000 }, 16_777_216),
	};
	read.end();
	return store;
}
