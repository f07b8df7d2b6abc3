/**
 * Entry of the desktop application: life of the process and of its window. Must never block and
 * knows no lab, kernel or store itself. Runs on Electron's main thread.
 */
import { app } from "electron";
import { openWindow } from "./window/window.ts";

if (app.requestSingleInstanceLock()) {
	app.enableSandbox();
	app.on("second-instance", openWindow);
	app.on("activate", openWindow);
	app.on("window-all-closed", () => {
		// On macOS an application stays in the dock without a window; everywhere else it ends.
		if (process.platform !== "darwin") app.quit();
	});
	// Not awaited: Electron is ready only after this module has finished loading.
	app.whenReady().then(openWindow);
} else {
	app.quit();
}
