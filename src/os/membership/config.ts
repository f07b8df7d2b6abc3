/** What a lab may say about `membership`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { phiMax } from "./phi.ts";
import { type TargetChoice, targetChoices } from "./targets.ts";

/** - `hearsay`: old news takes a suspicion back, though the suspect itself has said nothing. */
const membershipMistakes = ["none", "hearsay"] as const;
export type MembershipMistake = (typeof membershipMistakes)[number];

const detectors = ["fixed", "phi", "swim"] as const;

export interface MembershipConfig {
	readonly detector: (typeof detectors)[number];
	/** Between two heartbeats, or two pings, of a member. */
	readonly periodUs: number;
	/** Fixed: silence after which a member is suspected. */
	readonly timeoutUs: number;
	/** Phi: suspected from this phi on. */
	readonly threshold: number;
	readonly samplesMax: number;
	readonly deviationUsMin: number;
	/** Swim: wait for an answer before others are asked to ping too. */
	readonly pingTimeoutUs: number;
	/** Swim: how many are asked. */
	readonly indirect: number;
	/** Fixed, phi: from suspected to dead. */
	readonly suspicionUs: number;
	/** Swim: the same, in periods times log2 of the group's size; 0: at once. */
	readonly suspicionFactor: number;
	/** Swim: news is sent lambda log2 n times. */
	readonly lambda: number;
	/** Swim: news a message. */
	readonly piggyback: number;
	readonly targets: TargetChoice;
	readonly mistake: MembershipMistake;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readMembershipConfig(config: PlainValue): MembershipConfig {
	const read = new ConfigReader("membership", config);
	const membership: MembershipConfig = {
		detector: read.oneOf("detector", detectors, "swim"),
		periodUs: read.durationUs("period", { from: "1ms", to: "1h" }, "200ms"),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "1s"),
		threshold: read.number("threshold", { from: 0.5, to: phiMax }, 8),
		samplesMax: read.integer("samples", { from: 2, to: 1_000 }, 100),
		deviationUsMin: read.durationUs("deviation", { from: "1us", to: "1h" }, "10ms"),
		pingTimeoutUs: read.durationUs("pingTimeout", { from: "1ms", to: "1h" }, "60ms"),
		indirect: read.integer("indirect", { from: 0, to: 100 }, 3),
		suspicionUs: read.durationUs("suspicion", { from: "0us", to: "1h" }, "1s"),
		suspicionFactor: read.number("suspicionFactor", { from: 0, to: 1_000 }, 3),
		lambda: read.integer("lambda", { from: 1, to: 100 }, 3),
		piggyback: read.integer("piggyback", { from: 1, to: 1_000 }, 8),
		targets: read.oneOf("targets", targetChoices, "round-robin"),
		mistake: read.oneOf("mistake", membershipMistakes, "none"),
	};
	if (membership.detector === "swim" && membership.pingTimeoutUs >= membership.periodUs) read.refuse("pingTimeout", "shorter than period");
	read.end();
	return membership;
}
