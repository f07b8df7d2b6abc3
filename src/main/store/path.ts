/** Turns what a person typed into a path that SQLite takes literally. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { QuorateError } from "../../shared/errors.ts";

/** @throws QuorateError `usage` for names SQLite would read otherwise, `session-not-found` for a missing folder */
export function checkedPath(given: string): string {
	const path = resolve(given);
	if (given === "" || path !== path.trim() || path.includes("\0")) throw new QuorateError("usage", `"${given}" cannot be the name of a session`);
	if (!existsSync(dirname(path))) throw new QuorateError("session-not-found", `there is no folder ${dirname(path)}`);
	return path;
}
