/** The double's windows: each the application's end of a page that the test shows in a real Chromium. */
import { EventEmitter } from "node:events";
import { afterReady, ask, tell } from "./channel.ts";
import type { FrameWords, ToApp, WindowPreferences } from "./messages.ts";
import { session } from "./session.ts";

export const ipcMain = new EventEmitter();

type OpenHandler = (details: { readonly url: string }) => { readonly action: string };

export class WebContents extends EventEmitter {
	readonly id: number;
	readonly session = session.defaultSession;
	readonly mainFrame = { url: "", parent: null };
	openHandler: OpenHandler = () => ({ action: "allow" });
	#isDestroyed = false;

	constructor(id: number) {
		super();
		this.id = id;
	}

	setWindowOpenHandler(handler: OpenHandler): void {
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
		this.#demandLife();
		tell({ kind: "send", window: this.id, channel, values: structuredClone(values) });
	}

	reload(): void {
		this.#demandLife();
		tell({ kind: "reload", window: this.id });
	}

	receive(channel: string, values: readonly unknown[], frame: FrameWords | null): void {
		if (frame?.isMain === true) this.mainFrame.url = frame.url;
		const senderFrame = frame === null ? null : frame.isMain ? this.mainFrame : { url: frame.url, parent: this.mainFrame };
		ipcMain.emit(channel, { sender: this, senderFrame }, ...values);
	}

	#demandLife(): void {
		if (this.#isDestroyed) throw new TypeError("Object has been destroyed");
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
	readonly webContents: WebContents;
	#isMinimized = false;

	constructor({ webPreferences = {} }: WindowOptions = {}) {
		super();
		afterReady("a window");
		this.webContents = new WebContents(this.id);
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
		this.#demandLife();
		return ask((number) => ({ kind: "load", window: this.id, url, ask: number }));
	}

	isDestroyed(): boolean {
		return !windows.has(this.id);
	}

	isMinimized(): boolean {
		this.#demandLife();
		return this.#isMinimized;
	}

	minimize(): void {
		this.#demandLife();
		this.#isMinimized = true;
		focused = 0;
	}

	restore(): void {
		this.#demandLife();
		this.#isMinimized = false;
	}

	/** A window that lies in the dock or the bar is not brought up by the focus alone. */
	focus(): void {
		this.#demandLife();
		if (this.#isMinimized) return;
		focused = this.id;
		tell({ kind: "focused", window: this.id });
		this.emit("focus");
	}

	show(): void {
		this.focus();
	}

	close(): void {
		this.#demandLife();
		tell({ kind: "close", window: this.id });
		this.gone();
	}

	gone(): void {
		if (!windows.delete(this.id)) return;
		this.webContents.destroy();
		this.emit("closed");
		onGone();
	}

	#demandLife(): void {
		if (this.isDestroyed()) throw new TypeError("Object has been destroyed");
	}
}

let onGone: () => void = () => {};

/** What becomes of the application when a window of it has gone. */
export function whenWindowGoes(then: () => void): void {
	onGone = then;
}

export function windowOf(id: number): BrowserWindow | undefined {
	return windows.get(id);
}

/** The system, or the page itself, has done something to a window. */
export function onWindow({ window: id, event, url }: Extract<ToApp, { readonly kind: "window" }>): void {
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
		case "minimized":
			window.minimize();
			return;
		case "crashed":
			webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
			return;
		case "gone":
			window.gone();
	}
}
