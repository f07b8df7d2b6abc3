/** What a lab may say about `mutual-exclusion`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type MutexAlgorithm, type MutexMistake, mutexAlgorithms, mutexMistakes } from "./algorithm.ts";

export interface MutexConfig {
	readonly algorithm: MutexAlgorithm;
	/** How often the member enters, in all. */
	readonly entries: number;
	/** Mean time outside, exponential. */
	readonly thinkUs: number;
	/** Time inside. */
	readonly holdUs: number;
	/** One rule left out, to see what it is for. */
	readonly mistake: MutexMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readMutexConfig(config: PlainValue): MutexConfig {
	const read = new ConfigReader("mutual-exclusion", config);
	const mutex: MutexConfig = {
		algorithm: read.oneOf("algorithm", mutexAlgorithms, "ricart-agrawala"),
		entries: read.integer("entries", { from: 0, to: 1_000_000 }, 10),
		thinkUs: read.durationUs("think", { from: "0us", to: "1h" }, "100ms"),
		holdUs: read.durationUs("hold", { from: "1us", to: "1h" }, "10ms"),
		mistake: read.oneOf("mistake", mutexMistakes, "none"),
	};
	read.end();
	return mutex;
}
