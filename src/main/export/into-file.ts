/**
 * An export on its way into a file: every byte, or no file. It grows under another name and gets its
 * own when it is whole; whatever goes wrong, and when it is called off, nothing of it stays.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import type { ExportSink } from "./export.ts";

/** Takes some of the bytes from `offset` on and says how many, as `writeSync` does. */
export type WriteSome = (bytes: Uint8Array, offset: number) => number;

/**
 * Writes until everything is written: a call may take less than it was given, and a full disk says so
 * only to the next one.
 * @throws QuorateError `disk-full` where no byte is taken any more
 */
export function writeWhole(bytes: Uint8Array, writeSome: WriteSome): void {
	for (let offset = 0; offset < bytes.length; ) {
		const taken = writeSome(bytes, offset);
		if (!(taken > 0))
			throw new QuorateError("disk-full", "the disk takes no more", { kept: "No half-written export was left.", advice: "Make room, or write elsewhere." });
		offset += taken;
	}
}

/** What a file is called while it grows. */
export function unfinished(path: string): string {
	return `${path}.partial`;
}

export interface FileOptions {
	/** Called now and then; what it throws ends the export. */
	readonly rest?: () => void | Promise<void>;
	/** Who may read it, as far as the user's own mask allows. */
	readonly mode?: number;
}

/** @throws QuorateError `disk-full`, `usage` (no such folder, no right to write there), or what `write` throws */
export async function writeIntoFile(path: string, write: (sink: ExportSink) => Promise<void>, { rest, mode = 0o666 }: FileOptions = {}): Promise<number> {
	const partial = unfinished(path);
	let file: number | undefined;
	let bytesWritten = 0;
	try {
		file = openSync(partial, "w", mode);
		const opened = file;
		await write({
			write: (bytes) => {
				writeWhole(bytes, (whole, offset) => writeSync(opened, whole, offset));
				bytesWritten += bytes.length;
				return rest?.();
			},
			...(rest === undefined ? {} : { rest }),
		});
		fsyncSync(file);
		closeSync(file);
		file = undefined;
		renameSync(partial, path);
		return bytesWritten;
	} catch (error) {
		if (file !== undefined) closeSync(file);
		rmSync(partial, { force: true });
		throw cannotWrite(path, error);
	}
}

const fullCodes = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const usageCodes = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ENAMETOOLONG"]);

/** An error of the file system in our words; any other stays what it is. */
function cannotWrite(path: string, error: unknown): unknown {
	const { code, message } = error as NodeJS.ErrnoException;
	const isFull = typeof code === "string" && fullCodes.has(code);
	if (error instanceof QuorateError || !(isFull || (typeof code === "string" && usageCodes.has(code)))) return error;
	return new QuorateError(isFull ? "disk-full" : "usage", `${path} cannot be written: ${message}`, {
		kept: "The saved run was not changed, and no half-written export was left.",
		advice: isFull ? "Make room, or write elsewhere." : "Check the path and the rights to its folder.",
	});
}
