/**
 * Stands in for the `electron` module under the built desktop application: windows without pictures,
 * messages that really cross (copied, as between processes), and handles for a test to pull. Only what
 * the application uses is here; anything else is missing, and says so by failing.
 */
import { EventEmitter } from "node:events";
import { tmpdir } from "node:os";

type Listener = (...words: never[]) => unknown;

class App extends EventEmitter {
	isPackaged = true;
	readonly recent: string[] = [];
	quits = 0;
	readonly #ready = Promise.withResolvers<void>();

	requestSingleInstanceLock(): boolean {
		return true;
	}

	enableSandbox(): void {
		record.isSandboxed = true;
	}

	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	becomeReady(): void {
		this.#ready.resolve();
	}

	getVersion(): string {
		return "1.2.3";
	}

	getPath(): string {
		return tmpdir();
	}

	addRecentDocument(path: string): void {
		this.recent.push(path);
	}

	/** As Electron does: asks, and leaves only when nobody objects. */
	quit(): void {
		this.quits++;
		let isPrevented = false;
		this.emit("will-quit", {
			preventDefault: () => {
				isPrevented = true;
			},
		});
		if (!isPrevented) this.emit("test-left");
	}
}

/** What was asked of Electron, for the test to read. */
export const record: { isSandboxed: boolean; schemes: unknown[]; menu: unknown[]; windows: BrowserWindow[] } = {
	isSandboxed: false,
	schemes: [],
	menu: [],
	windows: [],
};

export const app = new App();
export const ipcMain = new EventEmitter();
export const protocol = { registerSchemesAsPrivileged: (schemes: unknown[]) => record.schemes.push(...schemes) };

class Session {
	readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
	readonly protocol = {
		handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
			this.handlers.set(scheme, handler);
		},
	};
	permissionRequest: Listener = () => {};
	permissionCheck: Listener = () => true;
	devicePermission: Listener = () => true;

	setPermissionRequestHandler(handler: Listener): void {
		this.permissionRequest = handler;
	}

	setPermissionCheckHandler(handler: Listener): void {
		this.permissionCheck = handler;
	}

	setDevicePermissionHandler(handler: Listener): void {
		this.devicePermission = handler;
	}
}

export const session = { defaultSession: new Session() };

let contentsCount = 0;

class WebContents extends EventEmitter {
	readonly id = ++contentsCount;
	readonly session = session.defaultSession;
	readonly mainFrame = { url: "" };
	/** The page's end, as its preload script sees it. */
	readonly page = new EventEmitter();
	openHandler: () => { readonly action: string } = () => ({ action: "allow" });

	setWindowOpenHandler(handler: () => { readonly action: string }): void {
		this.openHandler = handler;
	}

	isDestroyed(): boolean {
		return false;
	}

	send(channel: string, value: unknown): void {
		const copy = structuredClone(value);
		setImmediate(() => this.page.emit(channel, {}, copy));
	}

	reload(): void {
		this.navigate(this.mainFrame.url);
	}

	navigate(url: string): void {
		this.mainFrame.url = url;
		this.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false });
	}

	/** A message from this page, or from one that claims to be in it. */
	tellMain(channel: string, value: unknown, senderFrame: { readonly url: string } | null = this.mainFrame): void {
		const copy = structuredClone(value);
		setImmediate(() => ipcMain.emit(channel, { sender: this, senderFrame }, copy));
	}
}

export class BrowserWindow extends EventEmitter {
	readonly webContents = new WebContents();
	readonly options: { readonly webPreferences: Record<string, unknown> };

	constructor(options: { readonly webPreferences: Record<string, unknown> }) {
		super();
		this.options = options;
		record.windows.push(this);
	}

	static getAllWindows(): readonly BrowserWindow[] {
		return record.windows;
	}

	static getFocusedWindow(): null {
		return null;
	}

	async loadURL(url: string): Promise<void> {
		this.webContents.navigate(url);
	}

	isMinimized(): boolean {
		return false;
	}

	focus(): void {}
	show(): void {}
}

export const Menu = {
	buildFromTemplate: (template: unknown[]) => template,
	setApplicationMenu: (menu: unknown[]) => {
		record.menu = menu;
	},
};
export const dialog = {
	showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
	showSaveDialog: async () => ({ canceled: true, filePath: "" }),
};
export const shell = { trashItem: async () => {} };
