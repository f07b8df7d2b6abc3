/**
 * The one door to SQLite: opens a file with every guard up, runs prepared statements, and turns
 * SQLite's codes into errors a person can act on. Must not know what a session is.
 *
 * Thread: whichever owns the connection (recorder thread for writing, any for reading).
 */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { QuorateError } from "../../shared/errors.ts";

export type SqlValue = null | number | string | Uint8Array;
/** A row as it came from a file: every column is to be looked at before it is believed. */
export type Row = { readonly [column: string]: unknown };

export interface Statement {
	run(...values: readonly SqlValue[]): void;
	get(...values: readonly SqlValue[]): Row | undefined;
	all(...values: readonly SqlValue[]): readonly Row[];
}

const freeBytesOfFullDisk = 65_536;

function diskIsFull(path: string): boolean {
	try {
		const { bavail, bsize } = statfsSync(dirname(path));
		return bavail * bsize < freeBytesOfFullDisk;
	} catch {
		return false; // the question cannot be asked here; the error is then reported as it came
	}
}

function diskFull(path: string): QuorateError {
	return new QuorateError("disk-full", `there is no room left on the disk for ${path}`, {
		kept: "Everything up to the last commit is in the file and can be read.",
		advice: "Make room and run again, or save elsewhere.",
	});
}

/** Words of SQLite, of a parser or of a file, fit to be shown: no control characters, no endless lines. */
export function shownText(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}

/** @returns what a person should hear about an error of SQLite; other errors pass unchanged */
export function translateError(error: unknown, path: string): Error {
	if (!(error instanceof Sqlite.SqliteError)) return error as Error;
	const { code } = error;
	const message = shownText(error.message);
	if (code === "SQLITE_FULL") return diskFull(path);
	if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
		return new QuorateError("session-locked", `${path} is in use`, { advice: "Wait until the other program is done with it." });
	// A stick that was pulled says nothing about what is on it.
	if (code === "SQLITE_IOERR_READ")
		return new QuorateError("session-not-found", `the disk does not give what it holds of ${path}`, {
			kept: "The file was not changed.",
			advice: "Plug the disk in again, or check it; the session itself may be sound.",
		});
	if (/^SQLITE_(CORRUPT|NOTADB|FORMAT|IOERR_SHORT_READ|IOERR_CORRUPTFS)/.test(code))
		return new QuorateError("session-damaged", `${path} is damaged: ${message}`, { kept: "The file was not changed." });
	if (code.startsWith("SQLITE_IOERR")) {
		if (diskIsFull(path)) return diskFull(path);
		return new QuorateError("disk-full", `the disk did not take what was written to ${path} (${code})`, {
			kept: "Everything up to the last commit is in the file.",
			advice: "Check the disk, or save elsewhere.",
		});
	}
	if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY") || code === "SQLITE_PERM" || code === "SQLITE_AUTH")
		return new QuorateError("session-not-found", `${path} cannot be opened: ${message}`, { advice: "Check the path and the rights to its folder." });
	return new QuorateError("session-damaged", `${path} cannot be read: ${message} (${code})`, { kept: "The file was not changed." });
}

/** True for the codes that say: this connection may not write what reading needs (a journal, shared memory). */
export function needsWriting(error: unknown): boolean {
	return error instanceof Sqlite.SqliteError && (error.code.startsWith("SQLITE_READONLY") || error.code.startsWith("SQLITE_CANTOPEN"));
}

/** True for the codes that say: these bytes are no sound database. */
export function isUnreadable(error: unknown): boolean {
	return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/**
 * A session is shut to everybody for the moment in which its writer changes the way it is written: whoever comes then
 * waits. Other writers are kept out by the lock beside the file, at once.
 */
const othersWaitMs = 1_000;

export class Database {
	readonly path: string;
	readonly #database: Sqlite.Database;
	readonly #statements = new Map<string, Statement>();

	private constructor(path: string, database: Sqlite.Database) {
		this.path = path;
		this.#database = database;
	}

	/**
	 * @param mode `create`: the file is made if need be; `write`, `read`: it must be there
	 * @throws the raw SQLite error; callers choose the words
	 */
	static open(path: string, mode: "create" | "write" | "read"): Database {
		const database = new Sqlite(path, { readonly: mode === "read", fileMustExist: mode !== "create", timeout: mode === "create" ? 0 : othersWaitMs });
		try {
			// The library switches on SQLite's defensive mode by itself; the rest of the guards are these.
			database.pragma("trusted_schema = OFF");
			database.pragma("cell_size_check = ON");
			database.pragma("mmap_size = 0");
			database.pragma("temp_store = MEMORY");
			return new Database(path, database);
		} catch (error) {
			database.close();
			throw error;
		}
	}

	/** Statements are prepared once and kept; the text must be a constant of the program. */
	prepare(sql: string): Statement {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const raw = this.#database.prepare<SqlValue[], Row>(sql);
		const statement: Statement = {
			run: (...values) => void raw.run(...values),
			get: (...values) => raw.get(...values),
			all: (...values) => raw.all(...values),
		};
		this.#statements.set(sql, statement);
		return statement;
	}

	execute(sql: string): void {
		this.#database.exec(sql);
	}

	/** @returns the first column of the first row */
	pragma(text: string): unknown {
		return this.#database.pragma(text, { simple: true });
	}

	/** Copies the database, page by page, as this connection sees it. @throws the raw SQLite error */
	async copyTo(target: string): Promise<void> {
		await this.#database.backup(target);
	}

	get inTransaction(): boolean {
		return this.#database.inTransaction;
	}

	close(): void {
		this.#statements.clear();
		this.#database.close();
	}
}
