/**
 * Knows whether out/ was built from the sources as they are now. Cheap enough (a few
 * milliseconds) to ask before every run of the command line. Must not import the bundler: the
 * answer is usually "fresh", and then nothing heavy should have been loaded.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const rootDirectory = fileURLToPath(new URL("..", import.meta.url));
export const outDirectory = join(rootDirectory, "out");
/**
 * @param {string} [root]
 * @returns {string}
 */
export const stampPathOf = (root = rootDirectory) => join(root, "out", "build-stamp.json");

/** What the bundles are made from, besides the files under src. */
export const extraInputs = [
	"electron.vite.config.ts",
	"package.json",
	"package-lock.json",
	"scripts/build.mjs",
	"scripts/node-program.ts",
	"scripts/bundled.ts",
];

/**
 * @param {string} directory
 * @param {string[]} found
 */
function collectFiles(directory, found) {
	for (const entry of readdirSync(directory, { withFileTypes: true })) {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) collectFiles(path, found);
		else if (!/\.test\.tsx?$/.test(entry.name)) found.push(path);
	}
}

/**
 * One line for all the sources: changes when any is added, removed, renamed or written. Tests are
 * left out, because they are in no bundle.
 * @param {string} [root]
 * @returns {string} hexadecimal
 */
export function fingerprintOfSources(root = rootDirectory) {
	/** @type {string[]} */
	const files = extraInputs.map((path) => join(root, path));
	collectFiles(join(root, "src"), files);
	const hash = createHash("sha256");
	for (const path of files.sort()) {
		const { mtimeMs, size } = statSync(path);
		hash.update(`${relative(root, path)} ${mtimeMs} ${size}\n`);
	}
	return hash.digest("hex");
}

/**
 * @param {string} [root]
 * @returns {boolean} true when out/ needs no build
 */
export function isBuildFresh(root = rootDirectory) {
	let stamp;
	try {
		stamp = JSON.parse(readFileSync(stampPathOf(root), "utf8"));
	} catch {
		return false; // never built, or cut short while the stamp was written: build it
	}
	return stamp.fingerprint === fingerprintOfSources(root);
}
