/** What a lab may say about `elections`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type ElectionAlgorithm, type ElectionMistake, electionAlgorithms, electionMistakes } from "./election.ts";

export interface ElectionConfig {
	readonly algorithm: ElectionAlgorithm;
	/** On the ring: numbered in the lab's order, or drawn. */
	readonly identities: "order" | "drawn";
	/** How often a member asks the leader whether it lives. */
	readonly checkPeriodUs: number;
	/** Longest time that a message and its answer may take, disks included; safety of the bully rests on it. */
	readonly answerTimeoutUs: number;
	/** Longest time until a winner is known, once somebody else has taken over. */
	readonly coordinatorTimeoutUs: number;
	readonly mistake: ElectionMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readElectionConfig(config: PlainValue): ElectionConfig {
	const read = new ConfigReader("elections", config);
	const election: ElectionConfig = {
		algorithm: read.oneOf("algorithm", electionAlgorithms, "bully"),
		identities: read.oneOf("identities", ["order", "drawn"], "order"),
		checkPeriodUs: read.durationUs("checkPeriod", { from: "1ms", to: "1h" }, "500ms"),
		answerTimeoutUs: read.durationUs("answerTimeout", { from: "1us", to: "1h" }, "100ms"),
		coordinatorTimeoutUs: read.durationUs("coordinatorTimeout", { from: "1us", to: "1h" }, "1s"),
		mistake: read.oneOf("mistake", electionMistakes, "none"),
	};
	read.end();
	return election;
}
