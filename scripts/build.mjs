/**
 * Builds out/ with electron-vite. Builds into a folder of its own and then moves file by file, so
 * that a program running from out/ never meets a half-written or missing file, and takes a lock,
 * so that two commands started at once build once.
 *
 * Options: --if-stale (do nothing when out/ is current), --if-possible (do nothing when the build
 * tools are not installed, as after `npm ci --omit=dev`), --verbose.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fingerprintOfSources, isBuildFresh, outDirectory, rootDirectory, stampPathOf } from "./build-state.mjs";

const options = new Set(process.argv.slice(2));
const lockPath = join(outDirectory, ".building");
const stagingDirectory = join(outDirectory, `.next-${process.pid}`);
const pollMs = 50;
/** A build takes seconds: a lock this old was left behind, whoever has its owner's number now. */
const lockAgeMsMax = 120_000;

/** @param {number} pid */
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false; // no such process: whoever held the lock is gone
	}
}

/** Waits until no other process builds; a lock whose owner died is taken over. */
async function takeLock() {
	mkdirSync(outDirectory, { recursive: true });
	for (;;) {
		try {
			writeFileSync(lockPath, String(process.pid), { flag: "wx" });
			return;
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
		}
		await sleep(pollMs);
		try {
			const owner = Number(readFileSync(lockPath, "utf8"));
			const ageMs = Date.now() - statSync(lockPath).mtimeMs;
			if ((owner > 0 && !isAlive(owner)) || ageMs > lockAgeMsMax) unlinkSync(lockPath);
		} catch {
			// the owner finished in between: try again at once
		}
	}
}

/** @param {string} directory */
function filesUnder(directory) {
	return readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

/** Replaces out/ by the staged build, one rename a file, then drops what the build no longer makes. */
function publish() {
	const built = filesUnder(stagingDirectory);
	for (const path of built) {
		mkdirSync(dirname(join(outDirectory, path)), { recursive: true });
		renameSync(join(stagingDirectory, path), join(outDirectory, path));
	}
	const kept = new Set(built);
	for (const path of filesUnder(outDirectory)) {
		if (/^(main|preload|renderer)[/\\]/.test(path) && !kept.has(path)) rmSync(join(outDirectory, path), { force: true });
	}
}

/** What builds left that were killed: the lock is ours, so nobody works there. */
function removeAbandoned() {
	for (const name of readdirSync(outDirectory)) if (name.startsWith(".next-")) rmSync(join(outDirectory, name), { recursive: true, force: true });
}

async function buildIntoOut() {
	removeAbandoned();
	const { build } = await import("electron-vite");
	const fingerprint = fingerprintOfSources();
	await build({ logLevel: options.has("--verbose") ? "info" : "warn", build: { outDir: stagingDirectory } });
	publish();
	writeFileSync(stampPathOf(), `${JSON.stringify({ fingerprint })}\n`);
}

async function main() {
	if (Number(process.versions.node.split(".")[0]) < 22) {
		throw new Error(`the build needs Node 22 or newer, this is ${process.versions.node}. Start it through npm, which uses the project's own: npm run build`);
	}
	process.chdir(rootDirectory);
	if (options.has("--if-stale") && isBuildFresh()) return;
	if (options.has("--if-possible")) {
		try {
			import.meta.resolve("electron-vite");
		} catch {
			process.stderr.write("quorate: not built, because the development packages are not installed\n");
			return;
		}
	}
	await takeLock();
	try {
		if (options.has("--if-stale") && isBuildFresh()) return;
		await buildIntoOut();
	} finally {
		rmSync(stagingDirectory, { recursive: true, force: true });
		rmSync(lockPath, { force: true });
	}
}

main().catch((error) => {
	process.stderr.write(`quorate: the build failed: ${error.message}\n`);
	process.exitCode = 1;
});
