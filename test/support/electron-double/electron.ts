/**
 * Stands in for the `electron` module under the built desktop application, in the application's own
 * process. Windows are pages of a real Chromium, which the test at the other end of the channel drives;
 * messages, requests and questions cross to it as data. Only what the application uses is here; anything
 * else is missing, and says so by failing.
 */
import { EventEmitter } from "node:events";
import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { AppWords, FrameWords, FromApp, PermissionWords, Questions, Served, ToApp, WindowPreferences } from "./messages.ts";

const folder = process.env.QUORATE_DOUBLE_FOLDER ?? "";

function tell(message: FromApp): void {
	process.send?.(message);
}

let asks = 0;
const waiting = new Map<number, (value: unknown) => void>();

/** Asks the other end, and waits for its answer. */
function ask<Reply>(say: (ask: number) => FromApp): Promise<Reply> {
	const number = ++asks;
	return new Promise<Reply>((resolve) => {
		waiting.set(number, (value) => resolve(value as Reply));
		tell(say(number));
	});
}

/** An event that can be prevented. */
function preventable(): { readonly event: { preventDefault(): void }; isPrevented(): boolean } {
	let prevented = false;
	return {
		event: {
			preventDefault: () => {
				prevented = true;
			},
		},
		isPrevented: () => prevented,
	};
}

let isSandboxed = false;
let isReady = false;

class App extends EventEmitter {
	isPackaged = true;
	readonly recent: string[] = [];
	#isQuitting = false;
	readonly #ready = Promise.withResolvers<void>();

	/** The test is the system: it says who came first, and carries the words of whoever came later. */
	requestSingleInstanceLock(): boolean {
		if (process.env.QUORATE_DOUBLE_SECOND === undefined) return true;
		tell({ kind: "secondInstance", words: process.argv, folder: process.cwd() });
		return false;
	}

	enableSandbox(): void {
		if (isReady) throw new Error("app.enableSandbox() after the application was ready");
		isSandboxed = true;
	}

	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	becomeReady(): void {
		isReady = true;
		this.#ready.resolve();
		this.emit("ready");
	}

	getVersion(): string {
		return "1.2.3";
	}

	getPath(name: string): string {
		const path = join(folder, name);
		mkdirSync(path, { recursive: true });
		return path;
	}

	addRecentDocument(path: string): void {
		this.recent.push(path);
	}

	clearRecentDocuments(): void {
		this.recent.splice(0);
	}

	setAppUserModelId(): void {}

	/** As Electron does: closes the windows, asks, and leaves only when nobody objects. */
	quit(): void {
		this.#isQuitting = true;
		this.emit("before-quit", preventable().event);
		for (const window of BrowserWindow.getAllWindows()) window.close();
		const { event, isPrevented } = preventable();
		this.emit("will-quit", event);
		if (isPrevented()) return;
		this.emit("quit", {}, 0);
		process.exit();
	}

	windowGone(): void {
		if (!this.#isQuitting && BrowserWindow.getAllWindows().length === 0) this.emit("window-all-closed");
	}
}

export const app = new App();
export const ipcMain = new EventEmitter();

const schemes: unknown[] = [];
export const protocol = {
	registerSchemesAsPrivileged: (more: readonly unknown[]) => {
		if (isReady) throw new Error("protocol.registerSchemesAsPrivileged() after the application was ready");
		schemes.push(...more);
	},
};

type PermissionRequest = (contents: WebContents, permission: string, answer: (may: boolean) => void, details: object) => void;
type PermissionCheck = (contents: WebContents | null, permission: string, origin: string, details: object) => boolean;

class Session {
	readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
	readonly protocol = {
		handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
			if (!isReady) throw new Error("session.protocol.handle() before the application was ready");
			this.handlers.set(scheme, handler);
		},
	};
	// Electron grants what nobody has decided upon.
	permissionRequest: PermissionRequest = (_contents, _permission, answer) => answer(true);
	permissionCheck: PermissionCheck = () => true;
	devicePermission: () => boolean = () => true;

	setPermissionRequestHandler(handler: PermissionRequest): void {
		this.permissionRequest = handler;
	}

	setPermissionCheckHandler(handler: PermissionCheck): void {
		this.permissionCheck = handler;
	}

	setDevicePermissionHandler(handler: () => boolean): void {
		this.devicePermission = handler;
	}
}

export const session = { defaultSession: new Session() };

class WebContents extends EventEmitter {
	readonly id: number;
	readonly session = session.defaultSession;
	readonly mainFrame = { url: "", parent: null };
	openHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: "allow" });
	#isDestroyed = false;

	constructor(id: number) {
		super();
		this.id = id;
	}

	setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
		this.openHandler = handler;
	}

	isDestroyed(): boolean {
		return this.#isDestroyed;
	}

	destroy(): void {
		this.#isDestroyed = true;
		this.emit("destroyed");
	}

	getURL(): string {
		return this.mainFrame.url;
	}

	send(channel: string, ...values: unknown[]): void {
		if (this.#isDestroyed) throw new TypeError("Object has been destroyed");
		tell({ kind: "send", window: this.id, channel, values: structuredClone(values) });
	}

	reload(): void {
		tell({ kind: "reload", window: this.id });
	}

	receive(channel: string, values: readonly unknown[], frame: FrameWords | null): void {
		if (frame?.isMain === true) this.mainFrame.url = frame.url;
		const senderFrame = frame === null ? null : frame.isMain ? this.mainFrame : { url: frame.url, parent: this.mainFrame };
		ipcMain.emit(channel, { sender: this, senderFrame }, ...values);
	}
}

interface WindowOptions {
	readonly webPreferences?: WindowPreferences;
}

const windows = new Map<number, BrowserWindow>();
let windowCount = 0;
let focused = 0;

export class BrowserWindow extends EventEmitter {
	readonly id = ++windowCount;
	readonly webContents = new WebContents(this.id);

	constructor({ webPreferences = {} }: WindowOptions = {}) {
		super();
		if (!isReady) throw new Error("a window before the application was ready");
		windows.set(this.id, this);
		tell({ kind: "window", window: this.id, preferences: webPreferences });
	}

	static getAllWindows(): readonly BrowserWindow[] {
		return [...windows.values()];
	}

	static getFocusedWindow(): BrowserWindow | null {
		return windows.get(focused) ?? null;
	}

	static fromWebContents(contents: WebContents): BrowserWindow | null {
		return windows.get(contents.id) ?? null;
	}

	loadURL(url: string): Promise<void> {
		return ask((number) => ({ kind: "load", window: this.id, url, ask: number }));
	}

	isDestroyed(): boolean {
		return !windows.has(this.id);
	}

	isMinimized(): boolean {
		return false;
	}

	focus(): void {
		focused = this.id;
		tell({ kind: "focused", window: this.id });
		this.emit("focus");
	}

	show(): void {
		this.focus();
	}

	close(): void {
		tell({ kind: "close", window: this.id });
		this.gone();
	}

	gone(): void {
		if (!windows.delete(this.id)) return;
		this.webContents.destroy();
		this.emit("closed");
		app.windowGone();
	}
}

interface MenuItem {
	readonly label?: string;
	readonly role?: string;
	readonly type?: string;
	readonly accelerator?: string;
	readonly enabled?: boolean;
	readonly submenu?: readonly MenuItem[];
	readonly click?: () => void;
}

let menu: readonly MenuItem[] = [];

export const Menu = {
	buildFromTemplate: (template: readonly MenuItem[]) => template,
	setApplicationMenu: (items: readonly MenuItem[]) => {
		menu = items;
	},
};

function menuLines(items: readonly MenuItem[], above = ""): readonly string[] {
	return items.flatMap(({ label, role, type, accelerator, submenu }) => {
		if (type === "separator") return [];
		const line = `${above}${label ?? role ?? ""}`;
		return [[line, accelerator].filter((part) => part !== undefined).join("\t"), ...menuLines(submenu ?? [], `${line} > `)];
	});
}

function click(items: readonly MenuItem[], [label, ...rest]: readonly string[]): boolean {
	const item = items.find((one) => one.label === label || one.role === label);
	if (item === undefined || item.enabled === false) return false;
	if (rest.length > 0) return click(item.submenu ?? [], rest);
	item.click?.();
	return item.click !== undefined;
}

/** With or without a window to belong to. */
const optionsOf = (words: readonly unknown[]): unknown => words.at(-1);

export const dialog = {
	showOpenDialog: (...words: readonly unknown[]) => ask((number) => ({ kind: "dialog", ask: number, dialog: "open", options: optionsOf(words) })),
	showSaveDialog: (...words: readonly unknown[]) => ask((number) => ({ kind: "dialog", ask: number, dialog: "save", options: optionsOf(words) })),
};

export const shell = {
	trashItem: async (path: string) => {
		mkdirSync(join(folder, "trash"), { recursive: true });
		renameSync(path, join(folder, "trash", basename(path)));
	},
};

// --- the other end

async function serve({ url, method }: { readonly url: string; readonly method: string }): Promise<Served> {
	const handler = session.defaultSession.handlers.get(url.split(":")[0] ?? "");
	if (handler === undefined) return { status: -1, headers: {}, body: new Uint8Array() };
	// The platform's own Request would tidy the address up before the handler could be tried with it.
	const response = await handler({ url, method } as Request);
	return { status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) };
}

/** As Chromium writes the origin of a standard scheme, with a slash. */
function originOf(url: string): string {
	return /^\w+:\/\/[^/]*/.exec(url)?.[0].concat("/") ?? url;
}

async function permission({ window, name, url }: Questions["permission"]["asked"]): Promise<PermissionWords> {
	const contents = windows.get(window)?.webContents;
	if (contents === undefined) throw new Error(`there is no window ${window}`);
	const { defaultSession } = session;
	const details = { requestingUrl: url, isMainFrame: true };
	return {
		requested: await new Promise<boolean>((resolve) => defaultSession.permissionRequest(contents, name, resolve, details)),
		checked: defaultSession.permissionCheck(contents, name, originOf(url), details),
		device: defaultSession.devicePermission(),
	};
}

const answers: { readonly [Name in keyof Questions]: (asked: Questions[Name]["asked"]) => Questions[Name]["reply"] | Promise<Questions[Name]["reply"]> } = {
	request: serve,
	permission,
	mayNot: ({ window, event, url }) => {
		const tried = preventable();
		windows.get(window)?.webContents.emit(event, { ...tried.event, url, isMainFrame: true }, url);
		return tried.isPrevented();
	},
	mayOpen: ({ window, url }) => windows.get(window)?.webContents.openHandler({ url }).action !== "deny",
	clickMenu: ({ labels }) => click(menu, labels),
	state: (): AppWords => ({ isSandboxed, schemes, recent: app.recent, menu: menuLines(menu) }),
};

async function answer(message: Extract<ToApp, { readonly kind: "ask" }>): Promise<void> {
	try {
		const reply = answers[message.what] as (asked: unknown) => unknown;
		tell({ kind: "answer", ask: message.ask, value: await reply(message.asked) });
	} catch (error) {
		tell({ kind: "answer", ask: message.ask, error: String(error) });
	}
}

function onWindow({ window: id, event, url }: Extract<ToApp, { readonly kind: "window" }>): void {
	const window = windows.get(id);
	if (window === undefined) return;
	const { webContents } = window;
	switch (event) {
		case "navigating":
			webContents.mainFrame.url = url;
			webContents.emit("did-start-navigation", { url, isMainFrame: true, isSameDocument: false });
			return;
		case "shown":
			window.emit("ready-to-show");
			return;
		case "crashed":
			webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
			return;
		case "gone":
			window.gone();
	}
}

process.on("message", (message: ToApp) => {
	switch (message.kind) {
		case "ready":
			app.becomeReady();
			return;
		case "window":
			onWindow(message);
			return;
		case "message":
			windows.get(message.window)?.webContents.receive(message.channel, message.values, message.frame);
			return;
		case "secondInstance":
			app.emit("second-instance", {}, message.words, message.folder);
			return;
		case "openFile":
			app.emit("open-file", preventable().event, message.path);
			return;
		case "activate":
			app.emit("activate", {}, windows.size > 0);
			return;
		case "quit":
			app.quit();
			return;
		case "ask":
			void answer(message);
			return;
		case "answer":
			waiting.get(message.ask)?.(message.value);
			waiting.delete(message.ask);
	}
});
// Nobody is left to show anything to.
process.on("disconnect", () => process.exit(1));
