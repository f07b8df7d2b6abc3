/**
 * Finds a browser and opens an address in it: as a window of its own in Chrome, Chromium or Edge, else
 * in whatever the desktop opens addresses with. Starts one process and knows nothing of the lab.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface OpenBrowser {
	/** Closes the window, if it is one of ours. Resolves when nothing of it runs any more. */
	close(): Promise<void>;
}

export interface WindowListener {
	/** The user closed a window of ours. */
	onClosed(): void;
	/** The browser ended before it can have shown anything. */
	onFailed(): void;
}

/** A browser that fails sooner than this has shown nothing. */
const failedAtOnceMs = 5_000;
/** A browser that was asked to end is given this long. */
const endMsMax = 3_000;

interface Surroundings {
	readonly platform: NodeJS.Platform;
	readonly env: NodeJS.ProcessEnv;
	isProgram(path: string): boolean;
}

const linuxNames = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable"];
const macPlaces = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
const windowsPlaces = ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false; // not there, or not to be run
	}
}

const here: Surroundings = { platform: process.platform, env: process.env, isProgram };

/** Whether anything can be shown here at all. */
export function hasDisplay({ platform, env }: Pick<Surroundings, "platform" | "env"> = here): boolean {
	return platform === "win32" || platform === "darwin" || (env.DISPLAY ?? "") !== "" || (env.WAYLAND_DISPLAY ?? "") !== "";
}

/** @returns the path of a browser that can show a window without its own bars, or null */
export function findChromium({ platform, env, isProgram: isThere }: Surroundings = here): string | null {
	const candidates =
		platform === "darwin"
			? macPlaces
			: platform === "win32"
				? ["LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"].flatMap((name) => {
						const folder = env[name];
						return folder === undefined ? [] : windowsPlaces.map((place) => `${folder}\\${place}`);
					})
				: (env.PATH ?? "").split(delimiter).flatMap((folder) => (folder === "" ? [] : linuxNames.map((name) => join(folder, name))));
	return candidates.find(isThere) ?? null;
}

/** The desktop's own way to open an address, and what it is told. */
export function desktopOpener(platform: NodeJS.Platform, url: string): readonly [program: string, words: readonly string[]] {
	switch (platform) {
		case "darwin":
			return ["open", [url]];
		case "win32":
			return ["rundll32", ["url.dll,FileProtocolHandler", url]];
		default:
			return ["xdg-open", [url]];
	}
}

/** With a group of its own, so that it can be ended with all that it starts; Windows has none. */
const hasGroups = process.platform !== "win32";

function start(program: string, words: readonly string[]): ChildProcess | null {
	const child = spawn(program, words, { stdio: "ignore", detached: hasGroups });
	child.on("error", () => {}); // told by its exit, or not at all: the address is on the screen
	return child.pid === undefined ? null : child;
}

/** Ends a program and whatever it has started. @returns false when nothing of it is left */
function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
	try {
		return pid !== undefined && process.kill(hasGroups ? -pid : pid, signal);
	} catch {
		return false; // all of it has gone
	}
}

/** Chromium with a folder of its own, so that the window is ours to close and nothing of it stays. */
function openApp(program: string, url: string, { onClosed, onFailed }: WindowListener): OpenBrowser | null {
	const folder = mkdtempSync(join(tmpdir(), "quorate-window-"));
	const tidy = (): void => {
		try {
			rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
		} catch {
			// A system that holds on to the files of a program that has ended clears its temporary folder some day.
		}
	};
	const child = start(program, [
		`--app=${url}`,
		`--user-data-dir=${folder}`,
		"--no-first-run",
		"--no-default-browser-check",
		"--disable-sync",
		"--window-size=1280,800",
	]);
	if (child === null) {
		tidy();
		return null;
	}
	const startMs = performance.now();
	let isClosing = false;
	// However this process leaves, the window does not outlive it.
	const onExit = (): void => void endGroup(child, "SIGKILL");
	process.once("exit", onExit);
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	child.once("exit", (code) => {
		process.off("exit", onExit);
		endGroup(child, "SIGKILL");
		tidy();
		if (isClosing) return;
		if (code !== 0 && performance.now() - startMs < failedAtOnceMs) onFailed();
		else onClosed();
	});
	return {
		async close() {
			isClosing = true;
			if (!endGroup(child, "SIGTERM")) return;
			const timer = setTimeout(() => endGroup(child, "SIGKILL"), endMsMax);
			await ended;
			clearTimeout(timer);
		},
	};
}

/** What it opens is the user's own browser, and stays; it has done its work when it ends. */
function openWithDesktop(url: string, { onFailed }: WindowListener): OpenBrowser | null {
	const [program, words] = desktopOpener(process.platform, url);
	const opener = start(program, words);
	if (opener === null) return null;
	opener.once("exit", (code) => (code === 0 ? undefined : onFailed()));
	opener.unref();
	return { close: async () => {} };
}

/** @returns null when there is nothing to open it with */
export function openBrowser(url: string, listener: WindowListener): OpenBrowser | null {
	if (!hasDisplay()) return null;
	const chromium = findChromium();
	const onFailed = (): void => {
		if (openWithDesktop(url, listener) === null) listener.onFailed();
	};
	const app = chromium === null ? null : openApp(chromium, url, { ...listener, onFailed });
	return app ?? openWithDesktop(url, listener);
}
