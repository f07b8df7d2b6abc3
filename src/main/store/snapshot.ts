/**
 * Opens a connection that reads one settled state of a session file, without a byte written to it.
 *
 * - As a rule the file itself is read, in one transaction that lasts as long as the reader does: a
 *   writer may go on meanwhile, and this reader sees none of it.
 * - A run that was killed leaves its last commits in a journal beside the file. SQLite reads them from
 *   there; where it may not (the folder cannot be written, and an index of the journal belongs there),
 *   a copy in the folder for temporary files is read.
 * - A file that has lost its end is not read by SQLite at all. A copy that is filled up with zeros is,
 *   and the chains then tell how far it is still sound.
 */
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Database, isUnreadable, needsWriting } from "./database.ts";
import { identityOf } from "./identity.ts";

export interface Snapshot {
	readonly database: Database;
	/** What is missing of a file that has lost its end; empty for all others. */
	readonly cutOff: string;
	/** The file was not closed by its writer, and the journal that should lie beside it does not. */
	readonly journalIsMissing: boolean;
	/**
	 * Goes on to what the file holds by now.
	 * @returns false when it cannot: it reads a copy, or another file stands in the place of this one
	 * @throws the raw error of SQLite
	 */
	renew(): boolean;
	close(): void;
}

/** A lie in the header may not make us fill the disk or look at zeros for ever. */
const paddingFactorMax = 64;

const beginning = "BEGIN; SELECT count(*) FROM sqlite_schema";

function begin(path: string, mode: "read" | "write"): Database {
	const database = Database.open(path, mode);
	try {
		database.execute(beginning);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** Reads a copy, which is removed with the snapshot. */
function beginCopy(path: string, change: (copy: string) => void): Omit<Snapshot, "cutOff"> {
	const folder = mkdtempSync(join(tmpdir(), "quorate-"));
	const remove = () => rmSync(folder, { recursive: true, force: true });
	try {
		const copy = join(folder, basename(path));
		for (const suffix of ["", "-wal", "-journal"]) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
		change(copy);
		const database = begin(copy, "write");
		const close = () => {
			database.close();
			remove();
		};
		return { database, journalIsMissing: false, renew: () => false, close };
	} catch (error) {
		remove();
		throw error;
	}
}

/** @returns the size the file's own header tells, or 0 when it is no header */
function claimedBytes(path: string): number {
	const header = Buffer.alloc(100);
	const file = openSync(path, "r");
	try {
		if (readSync(file, header, 0, 100, 0) < 100 || header.toString("latin1", 0, 15) !== "SQLite format 3") return 0;
	} finally {
		closeSync(file);
	}
	const pageBytes = header.readUInt16BE(16);
	return (pageBytes === 1 ? 65_536 : pageBytes) * header.readUInt32BE(28);
}

/** @returns a snapshot of a filled-up copy, or undefined when the file has not lost its end */
function beginPadded(path: string): Snapshot | undefined {
	const bytes = statSync(path).size;
	const claimed = claimedBytes(path);
	if (claimed <= bytes || claimed > bytes * paddingFactorMax) return undefined;
	const cutOff = `it has lost its end: ${bytes} bytes are there of ${claimed}`;
	return { ...beginCopy(path, (copy) => truncateSync(copy, claimed)), cutOff };
}

/** @throws the raw error of SQLite or of the file system; callers choose the words */
export function openSnapshot(path: string): Snapshot {
	const journal = statSync(`${path}-wal`, { throwIfNoEntry: false });
	try {
		const database = begin(path, "read");
		const journalIsMissing = (journal === undefined || journal.size === 0) && database.pragma("journal_mode") === "wal";
		const identity = identityOf(path);
		const renew = (): boolean => {
			if (identityOf(path) !== identity) return false;
			database.execute(`COMMIT; ${beginning}`);
			return true;
		};
		return { database, cutOff: "", journalIsMissing, renew, close: () => database.close() };
	} catch (error) {
		if (needsWriting(error)) return { ...beginCopy(path, () => {}), cutOff: "" };
		const padded = isUnreadable(error) ? beginPadded(path) : undefined;
		if (padded === undefined) throw error;
		return padded;
	}
}
