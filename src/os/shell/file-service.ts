/**
 * What the shell asks of a file system, whichever it is: names to contents, and every answer a plain
 * word. The store-backed one (store-files.ts) keeps small files whole in the shared database, the other
 * (block-files.ts) is the distributed file system.
 */
import type { Task } from "../../core/node-api.ts";
import type { SaveOptions } from "../files/contract.ts";

export interface FileInfo {
	readonly name: string;
	readonly bytes: number;
	/** When it was saved, by the clock of the machine that saved it. */
	readonly savedUs: number;
	/** Of the content, so that whoever opens it knows that it is what was saved. */
	readonly checksum: number;
}

export interface FileContent extends FileInfo {
	readonly content: Uint8Array;
}

export interface SavedInfo extends FileInfo {
	/** What stands of it, such as `3 of 3 copies`; empty where that is not to be chosen. */
	readonly kept: string;
}

export type FileResult<Value> =
	| { readonly ok: true; readonly value: Value }
	/**
	 * `unavailable`: no answer in time, and a change may or may not have happened, unless `detail` says otherwise.
	 * Everything else is certain, and nothing was changed. `damaged`: what is there is not what was saved. `refused`:
	 * `detail` says why.
	 */
	| { readonly ok: false; readonly error: "unavailable" | "notFound" | "full" | "tooLarge" | "damaged" | "refused"; readonly detail?: string };

export interface FileService {
	/** The largest file it takes. */
	readonly bytesMax: number;
	/** Whether names have folders. */
	readonly folders: boolean;
	/** Whether a user may say how a file is to be kept. */
	readonly layouts: boolean;
	/** Saves a file, in the place of one of that name. */
	save(name: string, content: Uint8Array, layout: SaveOptions): Task<FileResult<SavedInfo>>;
	open(name: string): Task<FileResult<FileContent>>;
	/** Files whose names begin so, in order; `more` when there are others. */
	list(prefix: string): Task<FileResult<{ readonly files: readonly FileInfo[]; readonly more: boolean }>>;
	remove(name: string): Task<FileResult<void>>;
	/** Which machines and drives hold it at this moment, a sentence a part. */
	whereis(name: string): Task<FileResult<readonly string[]>>;
}
