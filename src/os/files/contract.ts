/**
 * What callers of the file system are told: files, where their blocks lie, and every way in which a
 * request can end. Plain data. Pure.
 */

/** How the bytes of a file are kept: whole copies, or six shards of data and three of parity (any six restore it). */
export type FileLayout = { readonly kind: "copies"; readonly copies: number } | { readonly kind: "code" };

/** At most one of the two; neither: the file system's own default. */
export interface SaveOptions {
	/** Whole copies of every block, 1 to 9. */
	readonly replication?: number;
	/** Reed-Solomon (6,3) in the place of copies. */
	readonly code?: boolean;
}

export interface FileInfo {
	/** The path. */
	readonly name: string;
	/** Of this content: saving again under the same name gives another. */
	readonly id: string;
	readonly bytes: number;
	/** When it was saved, by the clock of the machine that saved it. */
	readonly savedUs: number;
	/** `contentSum` of the content. */
	readonly checksum: number;
	readonly layout: FileLayout;
}

export interface SavedFile extends FileInfo {
	/** The fewest copies (or shards) that any block had on synced drives when the save was acknowledged. */
	readonly standing: number;
	/** How many there are to be; what is missing is made up for later. */
	readonly wanted: number;
}

export interface OpenedFile extends FileInfo {
	readonly content: Uint8Array;
}

/** One copy of a block, or one of its shards, on one drive of one machine. */
export interface PlacedCopy {
	readonly machine: string;
	/** Index into the machine's drives. */
	readonly drive: number;
	readonly region: string;
	readonly rack: string;
	/** 0 to 8 of a coded block; 0 of a copied one. */
	readonly shard: number;
	/** As the file system sees the machine at the moment. */
	readonly state: "live" | "silent" | "draining";
}

export interface PlacedBlock {
	readonly block: string;
	readonly bytes: number;
	/** Different copies or shards that reading it takes: 1, or 6. */
	readonly needed: number;
	readonly wanted: number;
	readonly places: readonly PlacedCopy[];
	/** Copies that are no more, the latest last, such as "shard 3 at tokyo-1, drive 0: the drive came back empty". */
	readonly gone: readonly string[];
}

export interface Whereabouts extends FileInfo {
	readonly blocks: readonly PlacedBlock[];
}

/** A block that cannot be had any more. */
export interface LostBlock {
	readonly block: string;
	/** Which part of the file: bytes `from` up to, but without, `to`. */
	readonly from: number;
	readonly to: number;
	readonly why: string;
}

/**
 * `unavailable`: no answer in time; a change may or may not have happened, and for `open` the machines that hold
 * the file are out of reach now. After everything else nothing was changed.
 * `busy`: somebody else is writing this file. `lost`: some blocks are gone for good (`blocks` says which and
 * why). `full`: no drives have room. `quota`: the folder has used up what it may. `badName`, `tooLarge`: `detail` says it.
 */
export type FilesError = "unavailable" | "notFound" | "busy" | "full" | "quota" | "tooLarge" | "badName" | "lost";

export type FilesResult<Value> =
	| { readonly ok: true; readonly value: Value }
	/** `detail` is a sentence for people. */
	| { readonly ok: false; readonly error: FilesError; readonly detail: string; readonly blocks?: readonly LostBlock[] };

export interface FileList {
	readonly files: readonly FileInfo[];
	/** There are others. */
	readonly more: boolean;
}
