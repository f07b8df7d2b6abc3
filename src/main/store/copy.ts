/**
 * Copies a session while others may be reading it. Through SQLite: on most systems a process that opens and
 * closes a file by other means loses every lock it holds there, and with them the safety of its other readers
 * and writers.
 */
import { constants, copyFileSync, existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { QuorateError } from "../../shared/errors.ts";
import { Database, isUnreadable, needsWriting, translateError } from "./database.ts";

const companions = ["-wal", "-shm", "-journal"];

/**
 * The copy is one file, with what a killed run left in its journal. What is no sound database is copied byte
 * for byte, and so is what may not be written where it lies: none of us can hold a lock there.
 *
 * @param target must not exist
 * @throws QuorateError `disk-full`, `session-locked`, `session-not-found`; nothing is left of the copy then
 */
export async function copySession(path: string, target: string): Promise<void> {
	try {
		const obstacle = await copyPages(path, target);
		if (obstacle !== null) copyBytes(path, target);
		if (!isUnreadable(obstacle)) becomeOneFile(target);
	} catch (error) {
		for (const suffix of ["", ...companions]) rmSync(target + suffix, { force: true });
		throw inWords(error, path);
	}
}

/** @returns why SQLite cannot read it there; null when it is copied */
async function copyPages(path: string, target: string): Promise<unknown> {
	try {
		const database = Database.open(path, "read");
		try {
			// One state of it, whatever is written meanwhile.
			database.execute("BEGIN; SELECT count(*) FROM sqlite_schema");
			await database.copyTo(target);
			return null;
		} finally {
			database.close();
		}
	} catch (error) {
		if (!isUnreadable(error) && !needsWriting(error)) throw error;
		for (const suffix of ["", ...companions]) rmSync(target + suffix, { force: true });
		return error;
	}
}

function copyBytes(path: string, target: string): void {
	for (const suffix of ["-wal", ""]) if (existsSync(path + suffix)) copyFileSync(path + suffix, target + suffix, constants.COPYFILE_EXCL);
}

function becomeOneFile(path: string): void {
	const database = Database.open(path, "write");
	try {
		database.pragma("journal_mode = DELETE");
	} finally {
		database.close();
	}
}

function inWords(error: unknown, path: string): Error {
	const said = translateError(error, path);
	const { code } = said as Partial<NodeJS.ErrnoException>;
	if (code !== "disk-full" && code !== "ENOSPC" && code !== "EFBIG" && code !== "EDQUOT") return said;
	return new QuorateError("disk-full", `there is no room left on the disk for a copy of ${basename(path)}`, {
		kept: "The session is as it was, and nothing of the copy was kept.",
		advice: "Make room, and try again.",
	});
}
