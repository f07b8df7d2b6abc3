/**
 * Files that were opened with the application, the latest first, so that the menu can offer them again.
 * Kept in one small file of the application's own; what cannot be kept is no reason to disturb anybody.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";

const filesMax = 10;
const bytesMax = 65_536;

export class RecentFiles {
	readonly #path: string;
	#files: readonly string[];

	constructor(path: string) {
		this.#path = path;
		this.#files = read(path);
	}

	get files(): readonly string[] {
		return this.#files;
	}

	add(file: string): void {
		this.#keep([file, ...this.#files.filter((known) => known !== file)].slice(0, filesMax));
	}

	remove(file: string): void {
		this.#keep(this.#files.filter((known) => known !== file));
	}

	clear(): void {
		this.#keep([]);
	}

	#keep(files: readonly string[]): void {
		this.#files = files;
		try {
			mkdirSync(dirname(this.#path), { recursive: true });
			writeFileSync(`${this.#path}.next`, JSON.stringify(files));
			renameSync(`${this.#path}.next`, this.#path);
		} catch {
			// The list lasts as long as the application, then.
		}
	}
}

/** Whatever lies there: absolute paths are taken from it, everything else is left. */
function read(path: string): readonly string[] {
	try {
		const text = readFileSync(path, "utf8");
		const found: unknown = text.length > bytesMax ? [] : JSON.parse(text);
		return Array.isArray(found) ? found.filter((file): file is string => typeof file === "string" && isAbsolute(file)).slice(0, filesMax) : [];
	} catch {
		return []; // nothing was opened yet, or the list was cut short
	}
}
