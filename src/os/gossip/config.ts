/** What a lab may say about `gossip`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type GossipMode, gossipModes } from "./spreading.ts";

export interface GossipConfig {
	readonly mode: GossipMode;
	readonly roundUs: number;
	/** Rounds that a member takes part in; then it is silent. */
	readonly rounds: number;
	/** Calls in vain until a member loses interest; 0: it never does. */
	readonly interest: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readGossipConfig(config: PlainValue): GossipConfig {
	const read = new ConfigReader("gossip", config);
	const gossip: GossipConfig = {
		mode: read.oneOf("mode", gossipModes, "push-pull"),
		roundUs: read.durationUs("round", { from: "1ms", to: "1h" }, "100ms"),
		rounds: read.integer("rounds", { from: 1, to: 100_000 }, 40),
		interest: read.integer("interest", { from: 0, to: 100 }, 0),
	};
	read.end();
	return gossip;
}
