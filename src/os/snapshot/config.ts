/** What a lab may say about `snapshot`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";

/** - `no-markers`: everybody writes down its balance when told to. - `forget-channels`: what is under way is not counted. */
const snapshotMistakes = ["none", "no-markers", "forget-channels"] as const;
export type SnapshotMistake = (typeof snapshotMistakes)[number];

export interface SnapshotConfig {
	/** Each member's at the start. */
	readonly balance: number;
	/** Transfers that the member makes. */
	readonly transfers: number;
	/** Mean time between them, exponential. */
	readonly transferPeriodUs: number;
	/** Snapshots that the first member takes. */
	readonly snapshots: number;
	readonly snapshotPeriodUs: number;
	readonly mistake: SnapshotMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readSnapshotConfig(config: PlainValue): SnapshotConfig {
	const read = new ConfigReader("snapshot", config);
	const snapshot: SnapshotConfig = {
		balance: read.integer("balance", { from: 0, to: 1_000_000_000 }, 1_000),
		transfers: read.integer("transfers", { from: 0, to: 1_000_000 }, 200),
		transferPeriodUs: read.durationUs("transferPeriod", { from: "1us", to: "1h" }, "20ms"),
		snapshots: read.integer("snapshots", { from: 0, to: 10_000 }, 5),
		snapshotPeriodUs: read.durationUs("snapshotPeriod", { from: "1ms", to: "1h" }, "500ms"),
		mistake: read.oneOf("mistake", snapshotMistakes, "none"),
	};
	read.end();
	return snapshot;
}
