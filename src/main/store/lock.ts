/**
 * One writer a session: a small database beside the file, `name.quorate-lock`, whose exclusive lock
 * the writer holds for as long as it lives. The operating system drops that lock however the process
 * ends, so a killed writer locks nobody out, and readers of the session never touch it. SQLite's own
 * exclusive mode was the other choice; it would have shut readers out of a running session.
 *
 * The lock file holds nothing. It is removed when the writer is done; one that a kill left behind is
 * harmless and used again.
 */
import { rmSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import { Database } from "./database.ts";
import { identityOf } from "./identity.ts";

export interface SessionLock {
	release(): void;
}

const attemptsMax = 8;

function tryLock(path: string): Database | "busy" | "moved" {
	const before = identityOf(path);
	const database = Database.open(path, "create");
	try {
		database.execute("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
	} catch (error) {
		database.close();
		if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY")) return "busy";
		throw error;
	}
	// Whoever held the lock before may have removed the file between our opening and our locking it.
	if (before !== "" && identityOf(path) === before) return database;
	database.close();
	return "moved";
}

function release(path: string, database: Database): void {
	try {
		rmSync(path, { force: true }); // while still locked, so that nobody can have taken it meanwhile
	} catch {
		// Windows removes no open file; below it is tried again
	}
	database.close();
	if (process.platform !== "win32") return;
	try {
		rmSync(path, { force: true });
	} catch {
		// another writer has opened it already: it is theirs now
	}
}

/** @throws QuorateError `session-locked` when another writer holds the session */
export function lockSession(sessionPath: string): SessionLock {
	const path = `${sessionPath}-lock`;
	for (let attempt = 0; attempt < attemptsMax; attempt++) {
		const outcome = tryLock(path);
		if (outcome === "busy") break;
		if (outcome === "moved") continue;
		let held = true;
		return {
			release: () => {
				if (held) release(path, outcome);
				held = false;
			},
		};
	}
	throw new QuorateError("session-locked", `${sessionPath} is being written by another program`, {
		kept: "The file was not changed.",
		advice: "Wait until that program is done, or save under another name. Reading it is possible meanwhile.",
	});
}
