/** What a lab may say about `time-sync`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";

const timeAlgorithms = ["cristian", "berkeley", "ntp"] as const;
export type TimeAlgorithm = (typeof timeAlgorithms)[number];

/** - `ignore-travel`: takes the server's time as it comes. - `no-filter`: believes every sample. - `no-tolerance`: averages the mad clocks too. */
const timeMistakes = ["none", "ignore-travel", "no-filter", "no-tolerance"] as const;
export type TimeMistake = (typeof timeMistakes)[number];

export interface TimeConfig {
	readonly algorithm: TimeAlgorithm;
	readonly periodUs: number;
	readonly timeoutUs: number;
	/** Least delay of a message, one way; 0 is always true. */
	readonly minDelayUs: number;
	/** Berkeley: clocks further from the master's than this do not count in the mean. */
	readonly toleranceUs: number;
	/** How far clocks may be apart once they are set. */
	readonly limitUs: number;
	/** Time since its boot that a member has before that counts. */
	readonly settleUs: number;
	readonly mistake: TimeMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readTimeConfig(config: PlainValue): TimeConfig {
	const read = new ConfigReader("time-sync", config);
	const time: TimeConfig = {
		algorithm: read.oneOf("algorithm", timeAlgorithms, "cristian"),
		periodUs: read.durationUs("period", { from: "1ms", to: "1h" }, "1s"),
		timeoutUs: read.durationUs("timeout", { from: "1us", to: "1h" }, "500ms"),
		minDelayUs: read.durationUs("minDelay", { from: "0us", to: "1h" }, "0us"),
		toleranceUs: read.durationUs("tolerance", { from: "1us", to: "1d" }, "1s"),
		limitUs: read.durationUs("limit", { from: "1us", to: "1d" }, "50ms"),
		settleUs: read.durationUs("settle", { from: "0us", to: "1d" }, "5s"),
		mistake: read.oneOf("mistake", timeMistakes, "none"),
	};
	read.end();
	return time;
}
