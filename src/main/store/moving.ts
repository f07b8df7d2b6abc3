/** Gives a session's file another name while it is in hand, and says why it has the one it had. Knows no database. */
import { renameSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import { identityOf } from "./identity.ts";

const kept = "It has the name it had, and the recording goes on.";

/** @param identity of the file that is meant @throws QuorateError `session-not-found` when another file, or none, is there */
export function requireSame(path: string, identity: string): void {
	if (identityOf(path) !== identity) throw cannotMove(path, "another file, or none, is there");
}

/** @throws QuorateError `session-not-found` */
export function renameTo(path: string, target: string): void {
	try {
		renameSync(path, target);
	} catch (error) {
		throw cannotMove(path, (error as NodeJS.ErrnoException).code ?? "unknown");
	}
}

export function isBeingRead(path: string): QuorateError {
	return new QuorateError("session-locked", `${path} is being read`, {
		kept,
		advice: "Wait until what reads it is done, an export perhaps, and try again.",
	});
}

function cannotMove(path: string, why: string): QuorateError {
	return new QuorateError("session-not-found", `${path} cannot be given another name (${why})`, { kept, advice: "Check the rights to its folder." });
}
