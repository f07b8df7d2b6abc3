/**
 * The application's one window: isolated, sandboxed, and held to its own page. Must not know what
 * is drawn in it. Runs on Electron's main thread.
 */
import { join } from "node:path";
import { app, BrowserWindow } from "electron";

let current: BrowserWindow | undefined;

function createWindow(): BrowserWindow {
	const window = new BrowserWindow({
		width: 1280,
		height: 800,
		minWidth: 640,
		minHeight: 480,
		show: false,
		title: "Quorate",
		webPreferences: {
			preload: join(import.meta.dirname, "../preload/index.cjs"),
			contextIsolation: true,
			sandbox: true,
			nodeIntegration: false,
			webviewTag: false,
		},
	});
	const { webContents } = window;
	webContents.setWindowOpenHandler(() => ({ action: "deny" }));
	webContents.on("will-navigate", (event) => event.preventDefault());
	webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
	webContents.session.setPermissionCheckHandler(() => false);
	window.once("ready-to-show", () => window.show());
	window.once("closed", () => {
		current = undefined;
	});
	return window;
}

/** Address of the development server; an installed application never listens to the environment. */
function developmentUrl(): string | undefined {
	return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
}

/** Opens the window, or brings the open one to the front. */
export function openWindow(): void {
	if (current) {
		if (current.isMinimized()) current.restore();
		current.focus();
		return;
	}
	current = createWindow();
	const url = developmentUrl();
	const loading = url === undefined ? current.loadFile(join(import.meta.dirname, "../renderer/index.html")) : current.loadURL(url);
	loading.catch((error: Error) => {
		process.stderr.write(`quorate: the window's page could not be loaded: ${error.message}\n`);
	});
}
