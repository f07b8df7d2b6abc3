/** Session files that a program is given when it is started. */
import { isAbsolute, resolve } from "node:path";

/** @param words what the program was started with, switches of others among them */
export function sessionFilesAmong(words: readonly string[], folder: string): readonly string[] {
	return words
		.filter((word) => !word.startsWith("-") && word.toLowerCase().endsWith(".quorate"))
		.map((word) => (isAbsolute(word) ? word : resolve(folder, word)));
}
