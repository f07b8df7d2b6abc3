/**
 * Entry of the desktop application: the life of the process. Must never block and knows no lab, kernel
 * or store itself. Runs on Electron's main thread.
 */
import { app } from "electron";
import { defaultLibraryFolder } from "./lab-service/library.ts";
import { sessionFilesAmong } from "./start/session-files.ts";
import { Desktop } from "./window/desktop.ts";
import { registerPageScheme } from "./window/page-scheme.ts";

function live(): void {
	let desktop: Desktop | null = null;
	/** Files that came before there was anything to show them in. */
	let waiting: readonly string[] = sessionFilesAmong(process.argv.slice(1), process.cwd());
	let isClosed = false;
	const open = (paths: readonly string[]): void => {
		if (desktop === null) waiting = [...waiting, ...paths];
		else void desktop.open(paths);
	};

	registerPageScheme();
	app.enableSandbox();
	app.on("second-instance", (_event, words, folder) => open(sessionFilesAmong(words.slice(1), folder)));
	app.on("open-file", (event, path) => {
		event.preventDefault();
		open([path]);
	});
	app.on("activate", () => desktop?.show());
	app.on("window-all-closed", () => {
		// On macOS an application stays in the dock without a window; everywhere else it ends.
		if (process.platform !== "darwin") app.quit();
	});
	app.on("will-quit", (event) => {
		if (isClosed || desktop === null) return;
		// What is being recorded is closed first.
		event.preventDefault();
		void desktop.close().finally(() => {
			isClosed = true;
			app.quit();
		});
	});
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => app.quit());
	// Not awaited: Electron is ready only after this module has finished loading.
	void app.whenReady().then(() => {
		// The same as in a browser: what was recorded there is found here.
		desktop = new Desktop(defaultLibraryFolder());
		void desktop.open(waiting);
	});
}

if (app.requestSingleInstanceLock()) live();
else app.quit();
