/**
 * Windows of the application: isolated, sandboxed, and held to their own page. Must not know what is
 * drawn in them. Runs on Electron's main thread.
 */
import { join } from "node:path";
import { app, BrowserWindow, type Session } from "electron";
import { pageUrl } from "./page-scheme.ts";

const revivalsMax = 5;

/** Address of the development server; an installed application never listens to the environment. */
function developmentUrl(): string | undefined {
	return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
}

/** Whether an address shows our own page. */
export function isOurPage(url: string): boolean {
	const development = developmentUrl();
	return url.startsWith(pageUrl) || (development !== undefined && URL.parse(url)?.origin === URL.parse(development)?.origin);
}

/** The page's button copies the seed; it puts words on the clipboard, and never reads any. */
function mayHave(permission: string, url: string): boolean {
	return permission === "clipboard-sanitized-write" && isOurPage(url.endsWith("/") ? url : `${url}/`);
}

/** Nothing else of the machine is for the page: no camera, no notifications, no other window. */
function forbidMost(session: Session): void {
	session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => answer(mayHave(permission, requestingUrl)));
	session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin));
	session.setDevicePermissionHandler(() => false);
}

/** A page that died is loaded again, and finds its runs going on; one that dies again and again is left. */
function reviveAfterCrash({ webContents }: BrowserWindow): void {
	let revivals = 0;
	webContents.on("render-process-gone", (_event, { reason }) => {
		if (reason === "clean-exit" || webContents.isDestroyed() || ++revivals > revivalsMax) return;
		process.stderr.write(`quorate: the window's page has gone (${reason}); it is loaded again\n`);
		webContents.reload();
	});
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
	forbidMost(webContents.session);
	reviveAfterCrash(window);
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
