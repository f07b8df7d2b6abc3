/**
 * Opens the lab window: as the desktop application where Electron can run, else in a browser, and says
 * in one line why. Words after it (session files) are passed on. Ctrl-C leaves nothing running.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { outDirectory, rootDirectory } from "./build-state.mjs";
import { ensureBuilt } from "./ensure-built.mjs";

const exitInternal = 70;
const exitInterrupted = 130;
const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/** The download of Electron's program is given this long. */
const downloadMsMax = 180_000;
/** A program that fails sooner than this has never shown a window. */
const failedAtOnceMs = 5_000;

function hasDisplay() {
	return process.platform === "win32" || process.platform === "darwin" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Inside the folder that Electron's program is unpacked into, by its own convention. */
const programNames = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" };

/**
 * @param {string} folder of the package
 * @returns {string | null} the path of Electron's program
 */
function installedProgram(folder) {
	const elsewhere = process.env.ELECTRON_OVERRIDE_DIST_PATH;
	const name = process.platform in programNames ? programNames[/** @type {"darwin" | "win32"} */ (process.platform)] : "electron";
	const pathFile = join(folder, "path.txt");
	const program = elsewhere ? join(elsewhere, name) : existsSync(pathFile) ? join(folder, "dist", readFileSync(pathFile, "utf8")) : null;
	return program !== null && existsSync(program) ? program : null;
}

/** What it was started with. npm runs scripts in the project's folder, and says where the user was. */
const words = process.argv
	.slice(2)
	.map((word) => (!word.startsWith("-") && word.toLowerCase().endsWith(".quorate") ? resolve(process.env.INIT_CWD ?? process.cwd(), word) : word));

/** Set by the first signal: what was begun is ended, and nothing more is begun. */
let isAsked = false;

/**
 * Runs a program that ends with us: a signal is passed on to it.
 * @param {string} program
 * @param {readonly string[]} words
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number | null>} its exit code; -1 when it could not be started
 */
function runToItsEnd(program, words, options) {
	const child = spawn(program, words, options);
	/** @param {NodeJS.Signals} signal */
	const passOn = (signal) => {
		isAsked = true;
		child.kill(signal);
	};
	for (const signal of signals) process.on(signal, passOn);
	return new Promise((resolve) => {
		/** @param {number | null} code */
		const end = (code) => {
			for (const signal of signals) process.off(signal, passOn);
			resolve(code);
		};
		child.once("error", () => end(-1));
		child.once("exit", end);
	});
}

/** @returns {Promise<string | null>} the path of Electron's program, fetched if it can be */
async function electronProgram() {
	let folder;
	try {
		folder = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
	} catch {
		return null; // only what runs was installed
	}
	const program = installedProgram(folder);
	if (program !== null || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return program;
	// A network that lets nothing through answers late or never: it is asked once until the computer starts anew.
	const asked = join(tmpdir(), `quorate-electron-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
	if (existsSync(asked)) return null;
	process.stderr.write("quorate: fetching Electron's program, once\n");
	await runToItsEnd(process.execPath, [join(folder, "install.js")], { stdio: "ignore", timeout: downloadMsMax });
	const fetched = installedProgram(folder);
	if (fetched === null && !isAsked) writeFileSync(asked, "The program of Electron could not be fetched. Remove this file to try again.\n");
	return fetched;
}

/**
 * @param {string} program
 * @returns {Promise<boolean>} false when it failed before it could show anything
 */
async function runDesktop(program) {
	const startMs = performance.now();
	// Set by editors that run on Electron themselves, this would make it a Node without a window.
	const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
	const code = await runToItsEnd(program, [rootDirectory, ...words], { stdio: "inherit", env });
	if (code !== 0 && !isAsked && performance.now() - startMs < failedAtOnceMs) return false;
	process.exitCode = code ?? 0;
	return true;
}

/** @param {string} why empty: it is said there */
async function openInBrowser(why) {
	if (why !== "") process.stderr.write(`quorate: ${why}, so the window opens in a browser\n`);
	process.argv.splice(2, Infinity, ...words);
	await import(pathToFileURL(join(outDirectory, "main", "web.js")).href);
}

async function main() {
	if (!ensureBuilt()) {
		process.exitCode = exitInternal;
		return;
	}
	const program = hasDisplay() ? await electronProgram() : null;
	if (isAsked) process.exitCode = exitInterrupted;
	else if (!hasDisplay()) await openInBrowser("");
	else if (program === null) await openInBrowser("Electron's program cannot be had here");
	else if (!(await runDesktop(program))) await openInBrowser("Electron does not run here");
}

await main();
