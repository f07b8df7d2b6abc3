/**
 * Runs the built desktop application, untouched, under the double of Electron, plays a page in it, and
 * prints what happened as one line of JSON. Started by a test in a process of its own.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import { contractVersion } from "../../src/shared/contract/calls.ts";
import { LabClient } from "../../src/shared/contract/client.ts";
import { writeFrame } from "../../src/shared/contract/frames.ts";
import { app, type BrowserWindow, record } from "./electron-double.ts";

const out = join(import.meta.dirname, "..", "..", "out");
const frameChannel = "quorate:frame";

/** What the preload script shows the page. */
interface Door {
	send(frame: unknown): void;
	onFrame(take: (frame: Uint8Array) => void): () => void;
}

registerHooks({
	resolve: (specifier, context, next) =>
		specifier === "electron" ? { url: pathToFileURL(join(import.meta.dirname, "electron-double.ts")).href, shortCircuit: true } : next(specifier, context),
});

/** Loads the built preload script for a window. @returns everything it showed the page */
function preload({ webContents }: BrowserWindow): Record<string, Door> {
	const shown: Record<string, Door> = {};
	const electron = {
		contextBridge: {
			exposeInMainWorld: (name: string, door: Door) => {
				shown[name] = door;
			},
		},
		ipcRenderer: {
			send: (channel: string, value: unknown) => webContents.tellMain(channel, value),
			on: (channel: string, listener: (...words: unknown[]) => void) => webContents.page.on(channel, listener),
			off: (channel: string, listener: (...words: unknown[]) => void) => webContents.page.off(channel, listener),
		},
	};
	const script = compileFunction(readFileSync(join(out, "preload/index.cjs"), "utf8"), ["require", "exports", "module"]);
	script((name: string) => (name === "electron" ? electron : undefined), {}, {});
	return shown;
}

function clientOf(door: Door): LabClient {
	return new LabClient({ send: (frame) => door.send(frame), onFrame: (take) => void door.onFrame(take), onClose: () => {}, close: () => {} });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether anybody answers a greeting that is sent like this. */
async function isAnswered(window: BrowserWindow, send: () => void): Promise<boolean> {
	let heard = false;
	const listener = (): void => {
		heard = true;
	};
	window.webContents.page.on(frameChannel, listener);
	send();
	for (let i = 0; i < 20; i++) await turn();
	window.webContents.page.off(frameChannel, listener);
	return heard;
}

function isPrevented(window: BrowserWindow, event: string): boolean {
	let prevented = false;
	window.webContents.emit(event, {
		preventDefault: () => {
			prevented = true;
		},
	});
	return prevented;
}

async function statusOf(window: BrowserWindow, url: string, method = "GET"): Promise<number> {
	const handler = window.webContents.session.handlers.get("app");
	if (handler === undefined) return -1;
	// The platform's own Request would tidy the address up before the handler could be tried with it.
	return (await handler({ url, method } as Request)).status;
}

await import(pathToFileURL(join(out, "main/electron.js")).href);
app.becomeReady();
while (record.windows.length === 0 || record.windows[0]?.webContents.mainFrame.url === "") await turn();
const window = record.windows[0] as BrowserWindow;
const { webContents } = window;
const { preload: _, ...preferences } = window.options.webPreferences;

const shown = preload(window);
const client = clientOf(shown.quorate as Door);
const opened = new Promise<string>((resolve) => client.on("openSession", ({ session }) => resolve(session)));
const welcome = await client.welcome;
const { run } = await client.call("runs.start", {
	lab: "ping",
	variant: null,
	seed: 1,
	parameters: {},
	untilUs: null,
	detail: "full",
	story: [],
	speed: 1,
	startPaused: true,
	exploreRaces: false,
	session: null,
});
const hello = writeFrame({ kind: "hello", contractVersion });
const strangers = {
	frameInPage: await isAnswered(window, () => webContents.tellMain(frameChannel, hello, { url: "app://quorate/" })),
	noFrame: await isAnswered(window, () => webContents.tellMain(frameChannel, hello, null)),
	text: await isAnswered(window, () => webContents.tellMain(frameChannel, "hello")),
	foreignPage: await (async () => {
		webContents.navigate("https://evil.example/app://quorate/");
		return isAnswered(window, () => webContents.tellMain(frameChannel, hello));
	})(),
};
webContents.navigate("app://quorate/");
const again = clientOf(preload(window).quorate as Door);
await again.welcome;
const { runs } = await again.call("runs.list", {});

const observed = {
	preferences,
	isSandboxed: record.isSandboxed,
	schemes: record.schemes,
	url: webContents.mainFrame.url,
	shown: Object.fromEntries(Object.entries(shown).map(([name, door]) => [name, Object.keys(door).sort()])),
	welcome: { host: welcome.host, appVersion: welcome.appVersion, hasOpenDialog: welcome.hasOpenDialog },
	opened: process.argv.some((word) => word.endsWith(".quorate")) ? await opened : null,
	recent: app.recent,
	startedMode: run.mode,
	runsAfterReload: runs.map(({ run: name, mode }) => [name, mode]),
	strangers,
	openedWindow: webContents.openHandler().action,
	prevented: Object.fromEntries(["will-navigate", "will-redirect", "will-attach-webview"].map((event) => [event, isPrevented(window, event)])),
	permissions: {
		request: await new Promise((resolve) => (webContents.session.permissionRequest as (...words: unknown[]) => void)(webContents, "media", resolve)),
		check: (webContents.session.permissionCheck as () => unknown)(),
		device: (webContents.session.devicePermission as () => unknown)(),
	},
	page: {
		itself: await statusOf(window, "app://quorate/"),
		others: await Promise.all(
			[
				"app://quorate/../main/electron.js",
				"app://quorate/%2e%2e/main/electron.js",
				"app://other/",
				"app://quorate/..%5cmain",
				"app://quorate/__proto__",
				"nonsense",
			].map((url) => statusOf(window, url)),
		),
		post: await statusOf(window, "app://quorate/", "POST"),
	},
	menus: record.menu.length,
};
const left = new Promise((resolve) => app.once("test-left", resolve));
app.quit();
await left;
process.stdout.write(`${JSON.stringify({ ...observed, quits: app.quits })}\n`);
process.exit();
