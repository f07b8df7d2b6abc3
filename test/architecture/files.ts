/**
 * The project's own text files, read once for the tests that look at all of them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const rootDirectory = fileURLToPath(new URL("../..", import.meta.url));

const skippedNames = new Set(["node_modules", "out", "dist", "coverage", "tmp", "bench-results", ".git"]);

/** Text by path relative to the directory, with forward slashes, sorted. */
export type FileTree = ReadonlyMap<string, string>;

/**
 * @param folders relative to the directory; "." for all of it
 * @param extensions with the dot
 */
export function readTree(directory: string, folders: readonly string[], extensions: readonly string[]): FileTree {
	const paths: string[] = [];
	const visit = (folder: string): void => {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) {
				if (!skippedNames.has(entry.name)) visit(path);
			} else if (extensions.some((extension) => entry.name.endsWith(extension))) paths.push(path);
		}
	};
	for (const folder of folders) visit(join(directory, folder));
	return new Map(paths.sort().map((path) => [relative(directory, path).split(sep).join("/"), readFileSync(path, "utf8")]));
}

export function isTestFile(path: string): boolean {
	return path.startsWith("test/") || /\.test\.tsx?$/.test(path);
}
