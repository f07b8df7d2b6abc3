/** What a lab may say about `logical-clocks`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type StampKind, stampKinds } from "./stamp.ts";

export interface ClocksConfig {
	/** The clock whose times decide which of two writes is the last. */
	readonly stamp: StampKind;
	/** Writes that the member makes by itself. */
	readonly writes: number;
	/** Mean time between them, exponential. */
	readonly periodUs: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readClocksConfig(config: PlainValue): ClocksConfig {
	const read = new ConfigReader("logical-clocks", config);
	const clocks: ClocksConfig = {
		stamp: read.oneOf("stamp", stampKinds, "hybrid"),
		writes: read.integer("writes", { from: 0, to: 1_000_000 }, 20),
		periodUs: read.durationUs("period", { from: "1us", to: "1h" }, "200ms"),
	};
	read.end();
	return clocks;
}
