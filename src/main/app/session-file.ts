/** Handles session files as files: making way for a new one, without harm to anything else. */
import { closeSync, existsSync, openSync, readSync, rmSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import { lockSession } from "../store/lock.ts";
import { checkedPath } from "../store/path.ts";
import { applicationId } from "../store/schema.ts";

const applicationIdOffset = 68;
const headerBytes = 72;

/** Whether the file says of itself that it is a session; what is in it may be damaged. */
function isSession(path: string): boolean {
	const header = Buffer.alloc(headerBytes);
	const file = openSync(path, "r");
	try {
		const length = readSync(file, header, 0, headerBytes, 0);
		if (length === 0) return true; // an empty file is nobody's loss
		return length === headerBytes && header.toString("latin1", 0, 15) === "SQLite format 3" && header.readInt32BE(applicationIdOffset) === applicationId;
	} finally {
		closeSync(file);
	}
}

/**
 * Looks before anything starts whether a new session can be made there; the writer looks again.
 * @throws QuorateError `session-exists`, `session-not-found` (no such folder), `usage`
 */
export function requireRoom(given: string): void {
	const path = checkedPath(given);
	if (!existsSync(path)) return;
	throw new QuorateError("session-exists", `${given} exists already`, {
		kept: "It was not changed.",
		advice: "Save under another name, or let --force replace it.",
	});
}

/**
 * Removes the session that stands where a new one shall be.
 * @throws QuorateError `usage` for what is no session, `session-locked` for one that is being written
 */
export function makeWay(given: string): void {
	const path = checkedPath(given);
	if (!existsSync(path)) return;
	// First of all: a session that this very process writes must not be opened and closed by other means, for
	// closing any handle of a file gives up all locks that the process holds on it.
	const lock = lockSession(path);
	try {
		if (!isSession(path)) {
			throw new QuorateError("usage", `${given} is no session, so --force does not replace it`, {
				kept: "It was not changed.",
				advice: "Save under another name.",
			});
		}
		for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
	} finally {
		lock.release();
	}
}
