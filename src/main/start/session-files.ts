/** Session files that a program is given when it is started. */
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { QuorateError } from "../../shared/errors.ts";
import { openSession } from "../store/reader.ts";

/** @param words what the program was started with, switches of others among them */
export function sessionFilesAmong(words: readonly string[], folder: string): readonly string[] {
	return words
		.filter((word) => !word.startsWith("-") && word.toLowerCase().endsWith(".quorate"))
		.map((word) => (isAbsolute(word) ? word : resolve(folder, word)));
}

/**
 * Files that a person named one by one, looked into before anything is started: whatever they are called.
 * A damaged session passes, which the window shows as far as it is intact.
 * @returns their whole paths
 * @throws QuorateError `session-not-found`, `session-damaged` for what is no session, `session-unsupported`
 */
export function sessionsNamed(words: readonly string[], folder: string): readonly string[] {
	return words.map((word) => {
		const path = resolve(folder, word);
		if (!existsSync(path)) throw new QuorateError("session-not-found", `there is no file ${word}`, { kept: "Nothing was started." });
		openSession(path, { damaged: "prefix", depth: "structure" }).close();
		return path;
	});
}
