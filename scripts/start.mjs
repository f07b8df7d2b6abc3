/**
 * Opens the lab window: as the desktop application where Electron can run, else in a browser, and says
 * in one line why. Words after it (session files) are passed on. Ctrl-C leaves nothing running.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { outDirectory, rootDirectory } from "./build-state.mjs";
import { ensureBuilt } from "./ensure-built.mjs";

const exitInternal = 70;
/** The download of Electron's program is given this long. */
const downloadMsMax = 180_000;
/** A program that fails sooner than this has never shown a window. */
const failedAtOnceMs = 5_000;

/** @returns {string} why there can be no window of the desktop here; empty when there can */
function whyNoDisplay() {
	if (process.platform === "win32" || process.platform === "darwin") return "";
	return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? "" : "there is no display";
}

/** @param {string} folder of the package */
function installedProgram(folder) {
	const pathFile = join(folder, "path.txt");
	if (!existsSync(pathFile)) return null;
	const program = join(folder, "dist", readFileSync(pathFile, "utf8"));
	return existsSync(program) ? program : null;
}

/** @returns {string | null} the path of Electron's program, fetched if it can be */
function electronProgram() {
	let folder;
	try {
		folder = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
	} catch {
		return null; // only what runs was installed
	}
	const program = installedProgram(folder);
	if (program !== null || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return program;
	process.stderr.write("quorate: fetching Electron's program, once\n");
	spawnSync(process.execPath, [join(folder, "install.js")], { stdio: "ignore", timeout: downloadMsMax });
	return installedProgram(folder);
}

/**
 * @param {string} program
 * @returns {Promise<boolean>} false when it failed before it could show anything
 */
function runDesktop(program) {
	const startMs = performance.now();
	let isAsked = false;
	const child = spawn(program, [rootDirectory, ...process.argv.slice(2)], { stdio: "inherit" });
	for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
		process.on(signal, () => {
			isAsked = true;
			child.kill(signal);
		});
	}
	return new Promise((resolve) => {
		child.once("error", () => resolve(false));
		child.once("exit", (code) => {
			const failedAtOnce = code !== 0 && !isAsked && performance.now() - startMs < failedAtOnceMs;
			if (!failedAtOnce) process.exitCode = code ?? 0;
			resolve(!failedAtOnce);
		});
	});
}

/** @param {string} why */
async function openInBrowser(why) {
	process.stderr.write(`quorate: ${why}, so the window opens in a browser\n`);
	await import(pathToFileURL(join(outDirectory, "main", "web.js")).href);
}

async function main() {
	if (!ensureBuilt()) {
		process.exitCode = exitInternal;
		return;
	}
	const why = whyNoDisplay();
	const program = why === "" ? electronProgram() : null;
	if (why !== "") await openInBrowser(why);
	else if (program === null) await openInBrowser("Electron's program cannot be had here");
	else if (!(await runDesktop(program))) await openInBrowser("Electron does not run here");
}

await main();
