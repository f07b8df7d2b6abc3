/**
 * Windows of the application: isolated, sandboxed, and held to their own page. Must not know what is
 * drawn in them. Runs on Electron's main thread.
 */
import { join } from "node:path";
import { app, BrowserWindow, type Session } from "electron";
import { pageUrl } from "./page-scheme.ts";

/** Address of the development server; an installed application never listens to the environment. */
function developmentUrl(): string | undefined {
	return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
}

/** Whether an address shows our own page. */
export function isOurPage(url: string): boolean {
	const development = developmentUrl();
	return url.startsWith(pageUrl) || (development !== undefined && URL.parse(url)?.origin === URL.parse(development)?.origin);
}

/** Nothing of the machine is for the page: no camera, no notifications, no other window. */
export function forbidAll(session: Session): void {
	session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
	session.setPermissionCheckHandler(() => false);
	session.setDevicePermissionHandler(() => false);
}

/** @param onMade called before anything is loaded */
export function openWindow(onMade: (window: BrowserWindow) => void): BrowserWindow {
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
			spellcheck: false,
		},
	});
	const { webContents } = window;
	webContents.setWindowOpenHandler(() => ({ action: "deny" }));
	webContents.on("will-navigate", (event) => event.preventDefault());
	webContents.on("will-redirect", (event) => event.preventDefault());
	webContents.on("will-attach-webview", (event) => event.preventDefault());
	forbidAll(webContents.session);
	window.once("ready-to-show", () => window.show());
	onMade(window);
	window.loadURL(developmentUrl() ?? pageUrl).catch((error: Error) => {
		process.stderr.write(`quorate: the window's page could not be loaded: ${error.message}\n`);
	});
	return window;
}

/** Brings a window to the front. */
export function showWindow(window: BrowserWindow): void {
	if (window.isMinimized()) window.restore();
	window.focus();
}
