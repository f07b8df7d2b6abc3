/**
 * A file taken in hand to write on: locked against a second writer, opened, its size bounded, and let go of whatever
 * happens. Knows nothing of what a session holds.
 *
 * Thread: the writer's.
 */
import { existsSync, rmSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import { Database, translateError } from "./database.ts";
import { lockSession, type SessionLock } from "./lock.ts";
import { pageBytes } from "./schema.ts";

/** @throws QuorateError `session-exists` when there is a file of that name, or what is left of one */
export function refuseExisting(path: string): void {
	for (const suffix of ["", "-wal", "-journal"]) {
		if (existsSync(path + suffix))
			throw new QuorateError("session-exists", `${path + suffix} exists already`, {
				kept: "It was not changed.",
				advice: "Save under another name, or move it away.",
			});
	}
}

/** The lock is the action's to keep; it is released when the action fails. */
export function withLock<Result>(path: string, action: (lock: SessionLock) => Result): Result {
	let lock: SessionLock | undefined;
	try {
		lock = lockSession(path);
		return action(lock);
	} catch (error) {
		lock?.release();
		throw translateError(error, path);
	}
}

/** A file that could not become a session is not left behind. */
export function makingFile<Result>(path: string, action: (database: Database) => Result): Result {
	try {
		return withDatabase(path, "create", action);
	} catch (error) {
		for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
		throw error;
	}
}

/** The database is the action's to keep; it is closed when the action fails. */
export function withDatabase<Result>(path: string, mode: "create" | "write", action: (database: Database) => Result): Result {
	const database = Database.open(path, mode);
	try {
		return action(database);
	} catch (error) {
		database.close();
		throw error;
	}
}

/** @param bytesMax the file is not to grow beyond this; undefined: no bound but the disk's */
export function limitSize(database: Database, bytesMax: number | undefined): void {
	if (bytesMax !== undefined) database.pragma(`max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`);
}
