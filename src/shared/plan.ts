/**
 * A compiled lab: everything a run needs to know besides its seed, its commands and the services'
 * code. Plain data with integer indices, so that it is written into the session, sent to threads and
 * compared byte for byte. Produced by shared/lab, consumed by core.
 *
 * Vertices of the network graph are numbered nodes first (`0 .. nodes.length - 1`), then switches
 * (a region is a switch too): vertex `nodes.length + i` is `switches[i]`.
 */
import type { PlainValue } from "./codec.ts";

/** How a clock departs from true time. All start with `offsetUs` on the wall clock. */
export type ClockModel = { readonly offsetUs: number } & (
	| { readonly kind: "perfect" }
	| { readonly kind: "linear"; readonly driftPpm: number }
	/** Drift swings as a triangle wave between plus and minus `amplitudePpm`. */
	| { readonly kind: "periodic"; readonly amplitudePpm: number; readonly periodUs: number }
	/** The wall clock jumps once, by `stepUs` at true time `atUs`. */
	| { readonly kind: "step"; readonly stepUs: number; readonly atUs: number }
	/** Every `periodUs` the drift moves by a uniform draw within plus or minus `stepPpm`, bounded by `limitPpm`. */
	| { readonly kind: "randomWalk"; readonly stepPpm: number; readonly limitPpm: number; readonly periodUs: number }
	/** The wall clock jumps back and forth by `amplitudeUs` every `periodUs`. */
	| { readonly kind: "strobe"; readonly amplitudeUs: number; readonly periodUs: number }
);

/** Delay beyond the floor; never negative. Units: microseconds. */
export type JitterModel =
	| { readonly kind: "constant"; readonly us: number }
	| { readonly kind: "uniform"; readonly maxUs: number }
	/** Normal around `meanUs`, cut off at zero. */
	| { readonly kind: "normal"; readonly meanUs: number; readonly deviationUs: number }
	/** `medianUs * exp(sigma * Z)`. */
	| { readonly kind: "lognormal"; readonly medianUs: number; readonly sigma: number }
	| { readonly kind: "exponential"; readonly meanUs: number }
	/** Quantiles at equal steps from 0 to 1, ascending; values between are interpolated. */
	| { readonly kind: "empirical"; readonly quantilesUs: readonly number[] };

/** One direction of a link. */
export interface LinkPhysics {
	/** At least 1. The smallest floor of all live links is the lookahead. */
	readonly floorUs: number;
	readonly jitter: JitterModel;
	readonly lossRatio: number;
	readonly duplicateRatio: number;
	readonly corruptRatio: number;
	/** Fraction of messages that draw an extra delay of up to `reorderUs`, so that later ones overtake. */
	readonly reorderRatio: number;
	readonly reorderUs: number;
	/** True: a message never arrives before one sent earlier on this direction. */
	readonly fifo: boolean;
	/** 0: unlimited. */
	readonly bitsPerSecond: number;
	/** Bytes that may wait for the wire; beyond them messages are dropped (`queueFull`). */
	readonly queueBytes: number;
}

export interface LinkPlan {
	readonly name: string;
	readonly a: number;
	readonly b: number;
	/** From a to b. */
	readonly forward: LinkPhysics;
	/** From b to a. */
	readonly backward: LinkPhysics;
}

export interface DiskPlan {
	readonly drives: number;
	/** Of each drive. */
	readonly capacityBytes: number;
	readonly writeUs: number;
	readonly readUs: number;
	readonly syncUs: number;
	/** 0: no limit. Added to the fixed costs. */
	readonly bytesPerSecond: number;
	readonly readErrorRatio: number;
	/** Of the unsynced writes at a crash: the chance that one is torn (half written) instead of lost or kept. */
	readonly tornRatio: number;
	/** Deaths a drive and year that it lives, at random instants; absent: drives do not wear out. */
	readonly annualFailures?: number;
	/** Part of the drives that does not start again after its machine went down by a command; absent: 0. */
	readonly startFailureRatio?: number;
}

export interface ServicePlan {
	readonly service: string;
	readonly config: PlainValue;
}

export interface NodePlan {
	readonly name: string;
	/** Free word that views draw by: client, balancer, web, ... */
	readonly role: string;
	/** Index into `regions`, or -1. */
	readonly region: number;
	readonly cores: number;
	readonly clock: ClockModel;
	readonly disk: DiskPlan;
	readonly bootDelayUs: number;
	readonly services: readonly ServicePlan[];
	/** Drawing position, if the lab gives one (0..1 of the canvas). */
	readonly position?: readonly [x: number, y: number];
}

export interface SwitchPlan {
	readonly name: string;
	readonly region: number;
}

/** A fault or a user's act of the lab's story. */
export interface ScheduledCommand {
	readonly atUs: number;
	/** Canonical text of the command grammar (shared/command). */
	readonly line: string;
}

export interface CheckPlan {
	readonly id: string;
	/** Text of the check grammar (shared/check). */
	readonly expression: string;
	/** What the property means, for people. */
	readonly shows: string;
}

export interface Plan {
	readonly labId: string;
	readonly labVersion: number;
	readonly title: string;
	readonly variant: string;
	/** Parameters as used, for the record. */
	readonly parameters: { readonly [name: string]: PlainValue };
	readonly untilUs: number;
	/** Ties at one instant are broken by a seeded hash instead of by source. */
	readonly exploreRaces: boolean;
	readonly regions: readonly string[];
	readonly nodes: readonly NodePlan[];
	readonly switches: readonly SwitchPlan[];
	readonly links: readonly LinkPlan[];
	readonly story: readonly ScheduledCommand[];
	readonly checks: readonly CheckPlan[];
	/** Every name a service may use for messages, timers, spans and measures; sorted, indexed by events. */
	readonly names: readonly string[];
}

/** What every node is told of every other, and of itself. */
export interface PeerPlan {
	readonly name: string;
	readonly role: string;
	/** Index into `regions`, or -1. */
	readonly region: number;
	readonly services: readonly { readonly service: string }[];
}

/** The part of a plan that a node's programs can notice: a thread a node has no use for the rest, two hundred times. */
export interface ProgramPlan {
	readonly exploreRaces: boolean;
	readonly regions: readonly string[];
	readonly names: readonly string[];
	readonly nodes: readonly PeerPlan[];
}

export function programPlanOf({ exploreRaces, regions, names, nodes }: Plan): ProgramPlan {
	return {
		exploreRaces,
		regions,
		names,
		nodes: nodes.map(({ name, role, region, services }) => ({ name, role, region, services: services.map(({ service }) => ({ service })) })),
	};
}

export const messageBytesMax = 1_048_576;
export const nodesMax = 1_024;
/** Of one node. */
export const drivesMax = 1_000;
/** Of all nodes together. */
export const drivesInAllMax = 20_000;
