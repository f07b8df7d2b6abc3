/**
 * The words between clients, block servers and stewards. Bodies come from outside: whoever serves one reads
 * it as hostile (validate.ts). Plain data. Pure.
 */
import type { PartsOf } from "../../shared/body-shape.ts";

/** Client or block server to block server: one packet of a part, and who is to have it next. */
export const writeMessage = "files.write";
/** Client to block server: how far a part has come here. */
export const haveMessage = "files.have";
/** The whole of a part. */
export const readMessage = "files.read";
/** Client to block server: what you sent was wrong; look at it. */
export const doubtMessage = "files.doubt";
/** Block server to every steward: alive, with this much room and, now and then, everything held. */
export const beatMessage = "files.beat";
/** Steward to block server: your report is wanted. */
export const tellMessage = "files.tell";
/** Steward to block server: get this part from others, and keep it. */
export const makeMessage = "files.make";
/** Steward to block server: this copy is going to be listed; keep it. */
export const keepMessage = "files.keep";
/** Steward to block server: these copies are not wanted any more. */
export const dropMessage = "files.drop";

export type LastPacket = { readonly packets: number; readonly bytes: number; readonly sum: number };
export type WriteRequest = {
	readonly part: string;
	/** From 0. */
	readonly packet: number;
	readonly bytes: Uint8Array;
	readonly chunkBytes: number;
	/** CRC-32C of each chunk of the packet. */
	readonly sums: readonly number[];
	/** With the last packet. */
	readonly last: LastPacket | null;
	/** Who comes after this machine. */
	readonly rest: readonly string[];
	/** How long to wait for each of them. */
	readonly hopUs: number;
};
export type Fate =
	/** The packet has arrived and is good. */
	| { readonly kind: "taken" }
	/** All of it is on a synced drive. */
	| { readonly kind: "held"; readonly drive: number; readonly copy: number }
	/** `silent`: no answer, of this one or of one before it. `broken`: its drive failed. */
	| { readonly kind: "full" | "corrupt" | "silent" | "broken" | "refused" };
/** One fate a member of the pipeline, this machine's first. */
export type WriteReply = { readonly fates: readonly Fate[] };

export type HaveRequest = { readonly part: string };
/** `packets` from the first on without a gap. */
export type HaveReply = { readonly packets: number; readonly held: { readonly drive: number; readonly copy: number } | null };

export type ReadRequest = { readonly part: string };
export type ReadReply =
	| { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly copy: number }
	| { readonly kind: "missing" | "corrupt" | "unreadable" | "refused" };

export type DoubtRequest = { readonly part: string; readonly copy: number };

/** A copy under way is told with `isPartial`, so that what is not told is not there. */
export type ReportedCopy = readonly [part: string, copy: number, drive: number, isPartial: 0 | 1];
export const reportedCopyParts: PartsOf<ReportedCopy> = ["part", "copy", "drive", "isPartial"];
export type Report = {
	/** All copies that this machine ever began have smaller numbers. */
	readonly next: number;
	readonly copies: readonly ReportedCopy[];
	/** What became of some that are there no more. */
	readonly losses: readonly (readonly [part: string, copy: number, why: string])[];
};
export const lossParts: PartsOf<Report["losses"][number]> = ["part", "copy", "why"];
export type Beat = {
	readonly incarnation: number;
	/** Counts this boot's beats. */
	readonly number: number;
	readonly rack: string;
	readonly drives: readonly { readonly used: number; readonly capacity: number }[];
	readonly report: Report | null;
};

/** What makes an old order recognisable. */
export type Order = {
	readonly term: number;
	readonly number: number;
	/** Of the block server it was meant for. */
	readonly incarnation: number;
};
export type MakeRequest = Order & {
	readonly part: string;
	readonly bytes: number;
	readonly sum: number;
	readonly chunkBytes: number;
	/** Shards to make it from, each with the machines that have it, nearest first. Its own alone: a plain copy. */
	readonly sources: readonly { readonly shard: number; readonly bytes: number; readonly sum: number; readonly machines: readonly string[] }[];
	readonly needed: number;
	/** 0: as fast as it goes. */
	readonly bytesPerSecond: number;
	readonly waitUs: number;
};
export type MakeReply = { readonly kind: "held"; readonly drive: number; readonly copy: number } | { readonly kind: "failed"; readonly why: string };

export type KeepRequest = Order & { readonly part: string; readonly copy: number };
export type KeepReply = { readonly kept: boolean; readonly drive: number };
export type DropRequest = Order & { readonly copies: readonly (readonly [part: string, copy: number])[] };
export const droppedCopyParts: PartsOf<DropRequest["copies"][number]> = ["part", "copy"];
