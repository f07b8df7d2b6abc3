/**
 * What the file system keeps in the replicated store: names, blocks and where they lie, who writes what, what
 * is to be deleted, which machines there are. Whoever knows these keys and rules may act; there is no server
 * in between, so names outlive whatever a majority of the store outlives. Pure.
 *
 * A file in the making is an `open` record alone. One transaction turns it into a name and its blocks. A block's
 * record is there from that transaction until the block may be forgotten, and is changed by the steward only.
 */
import type { PlainValue } from "../../shared/codec.ts";
import type { FileLayout } from "./contract.ts";

const root = "files/";

/** Keys of the store; a prefix ends in a slash. */
export const keys = {
	settings: `${root}settings`,
	chair: `${root}chair`,
	chairBeat: `${root}chair-beat`,
	rebalance: `${root}rebalance`,
	client: `${root}client`,
	names: `${root}name/`,
	opens: `${root}open/`,
	blocks: `${root}block/`,
	trash: `${root}trash/`,
	machines: `${root}machine/`,
	drains: `${root}drain/`,
	quotas: `${root}quota/`,
	usages: `${root}usage/`,
} as const;

/** The first key after all that begin with a prefix ending in a slash. */
export function afterPrefix(prefix: string): string {
	return `${prefix.slice(0, -1)}0`;
}

export const blocksMax = 100;

/** A file's blocks are found by this prefix, and lie there in order. */
export function blockPrefix(fileId: string): string {
	return `${keys.blocks}${fileId}/`;
}

export function blockName(fileId: string, index: number): string {
	return `${fileId}/${String(index).padStart(2, "0")}`;
}

/** What block servers hold: one block, or one shard of it. */
export function partName(block: string, shard: number): string {
	return `${block}/${shard}`;
}

export interface PartAddress {
	readonly fileId: string;
	readonly block: string;
	readonly shard: number;
}

/** @returns null for what is no part's name */
export function parsePart(part: string): PartAddress | null {
	const match = /^(([0-9]+-[0-9]+)\/[0-9]{2})\/([0-8])$/.exec(part);
	return match === null ? null : { block: match[1] as string, fileId: match[2] as string, shard: Number(match[3]) };
}

/** Holder, term. Its version is the fence: what a steward writes is conditional on it. */
export type ChairRecord = { readonly holder: string; readonly term: number };

export type FileRecord = {
	readonly id: string;
	readonly bytes: number;
	readonly savedUs: number;
	readonly checksum: number;
	/** 0: coded. */
	readonly copies: number;
	readonly blocks: number;
};

export function layoutOf({ copies }: FileRecord): FileLayout {
	return copies === 0 ? { kind: "code" } : { kind: "copies", copies };
}

/** Machine, drive, and the machine's own number for this copy: never used twice. */
export type Place = readonly [machine: string, drive: number, copy: number];

export type ShardRecord = {
	readonly bytes: number;
	/** CRC-32C of all of it. */
	readonly sum: number;
	readonly at: readonly Place[];
};

export type BlockRecord = {
	readonly path: string;
	readonly bytes: number;
	/** Shards that restore it. */
	readonly needed: number;
	/** Copies of each shard that there are to be. */
	readonly wanted: number;
	readonly chunkBytes: number;
	readonly shards: readonly ShardRecord[];
	/** What became of copies that are listed no more; the latest last. */
	readonly gone: readonly string[];
};
export const goneMax = 12;

/** A file that is being written, under its path: nobody else may. Its version shows that the writer lives. */
export type OpenRecord = { readonly id: string; readonly writer: string; readonly beats: number };

/** Of a file without a name, by its id: kept a while for those who are reading. */
export type TrashRecord = { readonly path: string; readonly blocks: number };

export type MachineState = "live" | "silent" | "draining";
export type MachineRecord = {
	readonly region: string;
	readonly rack: string;
	readonly state: MachineState;
	readonly drives: readonly { readonly free: number; readonly capacity: number }[];
};

export type UsageRecord = { readonly bytes: number };
export type QuotaRecord = { readonly bytes: number };

/** What all who use the file system go by; written by the steward from its configuration. */
export type Settings = {
	readonly blockBytes: number;
	/** What one checksum guards. */
	readonly chunkBytes: number;
	/** What travels at once. */
	readonly packetBytes: number;
	/** Of a file that says nothing else; 0: coded. */
	readonly copies: number;
	/** Copies (or shards) beyond those needed that must stand before a save is acknowledged, if the layout has them. */
	readonly spare: number;
	readonly spread: Spread;
	readonly checksums: boolean;
	/** How long one machine of a pipeline waits for the next. */
	readonly hopUs: number;
	/** A writer shows that it lives each third of this. */
	readonly writeLeaseUs: number;
};

/** How copies are spread: over regions and racks, or wherever it is nearest. */
export const spreads = ["regions", "nearest"] as const;
export type Spread = (typeof spreads)[number];

/** For values of this module's types, which are plain but wider than the compiler sees. */
export function plain(record: object): PlainValue {
	return record as PlainValue;
}
