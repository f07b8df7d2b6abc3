/** What a lab may say about `deadlock`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";

/** - `probes`: edge chasing. - `timeout`: whoever waits long must be deadlocked. - `off`: nobody looks. */
const detectors = ["probes", "timeout", "off"] as const;
export type Detector = (typeof detectors)[number];

export interface DeadlockConfig {
	readonly detector: Detector;
	/** In which order a member takes its resources: `ascending` prevents deadlock altogether. */
	readonly lockOrder: "random" | "ascending";
	/** Pieces of work that the member does. */
	readonly rounds: number;
	/** Resources that each takes, all different. */
	readonly resources: number;
	/** Mean time between them, exponential. */
	readonly thinkUs: number;
	/** Time with each resource before the next is asked for, and with all. */
	readonly holdUs: number;
	/** How long a member waits before it suspects a deadlock, and again each time. */
	readonly patienceUs: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readDeadlockConfig(config: PlainValue): DeadlockConfig {
	const read = new ConfigReader("deadlock", config);
	const deadlock: DeadlockConfig = {
		detector: read.oneOf("detector", detectors, "probes"),
		lockOrder: read.oneOf("lockOrder", ["random", "ascending"], "random"),
		rounds: read.integer("rounds", { from: 0, to: 1_000_000 }, 20),
		resources: read.integer("resources", { from: 1, to: 100 }, 2),
		thinkUs: read.durationUs("think", { from: "0us", to: "1h" }, "20ms"),
		holdUs: read.durationUs("hold", { from: "0us", to: "1h" }, "30ms"),
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "200ms"),
	};
	read.end();
	return deadlock;
}
