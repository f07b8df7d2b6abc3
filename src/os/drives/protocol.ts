/**
 * What the coordinator and the machines with drives say to each other. A unit is known by its number:
 * stripe times units a stripe, plus its place in the stripe. Drives of a machine are numbered from 0.
 */
import type { PartsOf } from "../../shared/body-shape.ts";

export const nodeService = "drives";
export const coordinatorService = "drives-coordinator";

export const messages = {
	/** Coordinator to machine, a call: who are you? */
	describe: "drives.describe",
	/** Coordinator to machine, a call: take these units, without their data coming from anywhere (the first filling). */
	store: "drives.store",
	/** Machine to coordinator: I live, and these of my drives do not. */
	heartbeat: "drives.heartbeat",
	/** Machine to coordinator: what is on my drives. */
	report: "drives.report",
	/** Coordinator to machine: look what is on your drives, and tell. */
	tell: "drives.tell",
	/** Coordinator to machine: make these units anew. */
	rebuild: "drives.rebuild",
	/** Machine to machine, a call: send me a piece of a unit. The answer weighs what the piece weighs. */
	fetch: "drives.fetch",
	/** Machine to coordinator: it is made and synced, or not. */
	rebuilt: "drives.rebuilt",
	/** Coordinator to machine: these units are elsewhere by now. */
	drop: "drives.drop",
} as const;

export const timers = {
	heartbeat: "drives.heartbeatDue",
	report: "drives.reportDue",
	watch: "drives.watch",
	sample: "drives.sampleDue",
	lane: "drives.lane",
	replace: "drives.replaceDue",
	retry: "drives.retry",
} as const;

export const measures = {
	/** Drives known to have died while they were in service. */
	dead: "drives.dead",
	/** Spares put in the place of dead drives. */
	replaced: "drives.replaced",
	/** Stripes with fewer units than they should have. */
	missing: "drives.missing",
	/** Stripes with fewer units than are needed to read them. */
	lost: "drives.lost",
	/** Gigabytes that came through the network to make units anew, since the last sample. */
	moved: "drives.movedGigabytes",
	/** How long a stripe was short of units, from the news to the last unit; begun hours count. */
	healedAfter: "drives.healedAfterHours",
} as const;

export const facts = {
	laidOut: "drives.laidOut",
	sample: "drives.sample",
	lost: "drives.lostStripes",
	found: "drives.foundStripes",
} as const;

/** The last `spares` of its drives lie on the shelf. */
export type DescribeReply = { readonly rack: string; readonly drives: number; readonly spares: number };
/** Units for some of a machine's drives. */
export type DriveUnits = readonly (readonly [drive: number, units: readonly number[]])[];
export const driveUnitsParts: PartsOf<DriveUnits[number]> = ["drive", "units"];
/** `fitted`: spares in service and alive; `making`: units that it was told to make and has not done with. */
export type HeartbeatBody = { readonly dead: readonly number[]; readonly fitted: readonly number[]; readonly making: readonly number[] };
/** Dead drives are not in it. `isLast`: every live drive has been told of. `life` counts the machine's boots. */
export type ReportBody = {
	readonly drives: DriveUnits;
	readonly dead: readonly number[];
	readonly fitted: readonly number[];
	readonly isFirst: boolean;
	readonly isLast: boolean;
	readonly life: number;
};
export type Source = { readonly node: string; readonly drive: number; readonly unit: number };
export type RebuildOrder = { readonly unit: number; readonly drive: number; readonly sources: readonly Source[] };
export type RebuildBody = { readonly orders: readonly RebuildOrder[] };
/** `piece`: from 0. */
export type FetchBody = { readonly unit: number; readonly drive: number; readonly piece: number };
/** `data` has the piece's weight, and stands for what is in it. */
export type FetchReply = { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false };
/** `deaf`: machines that did not send what they were asked for. */
export type RebuiltBody = { readonly unit: number; readonly drive: number; readonly ok: boolean; readonly gigabytes: number; readonly deaf: readonly string[] };
export type DropBody = { readonly units: readonly number[] };

/** Numbers in one message: far below the limit of a message, whatever they are. */
export const numbersMax = 50_000;

/** What happened, as the daily sample tells it; `key` is the day, so that a view finds them all. */
export type SampleFact = {
	readonly key: string;
	readonly day: number;
	readonly drives: number;
	readonly dead: number;
	readonly replaced: number;
	readonly silent: number;
	readonly stripes: number;
	readonly missing: number;
	readonly lost: number;
	readonly movedGigabytes: number;
};
/** `total`: stripes that are lost now, all together. */
export type LostFact = { readonly key: string; readonly why: string; readonly count: number; readonly total: number; readonly stripes: readonly number[] };
/** Units of lost stripes turned up again. */
export type FoundFact = { readonly count: number; readonly total: number };
export type LaidOutFact = { readonly drives: number; readonly stripes: number; readonly units: number; readonly needed: number; readonly sets: number };
