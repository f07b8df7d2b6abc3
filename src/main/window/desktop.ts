/**
 * The desktop application around the lab service: windows, menu, files given to it, and an orderly end.
 * Knows the service and Electron, and no run. Runs on Electron's main thread and never blocks it.
 */
import { join } from "node:path";
import { app, BrowserWindow, session as electronSession, shell } from "electron";
import { errorViewOf } from "../../shared/contract/errors.ts";
import type { Push } from "../../shared/contract/pushes.ts";
import { LabService } from "../lab-service/lab-service.ts";
import { ElectronWindows } from "../transport/electron-windows.ts";
import { askForFile, saveFile } from "./dialogs.ts";
import { setMenu } from "./menu.ts";
import { servePage } from "./page-scheme.ts";
import { RecentFiles } from "./recent-files.ts";
import { isOurPage, openWindow, showWindow } from "./window.ts";

export class Desktop {
	readonly #service: LabService;
	readonly #windows: ElectronWindows;
	#lastInFront: BrowserWindow | null = null;
	readonly #recent = new RecentFiles(join(app.getPath("userData"), "recent.json"));

	constructor(libraryFolder: string) {
		this.#service = new LabService({
			host: {
				name: "electron",
				appVersion: app.getVersion(),
				platform: process.platform,
				saveFile,
				askForFile,
				trashFile: (path) => shell.trashItem(path),
			},
			libraryFolder,
		});
		this.#windows = new ElectronWindows(this.#service, isOurPage);
		servePage(electronSession.defaultSession, join(import.meta.dirname, "../renderer"));
		this.#showMenu();
	}

	newWindow(): void {
		openWindow((window) => {
			window.on("focus", () => {
				this.#lastInFront = window;
			});
			this.#windows.add(window.webContents);
		});
	}

	/** The user asked for the application: the window that was used last, or a new one. */
	show(): void {
		const window = this.#front;
		if (window === null) this.newWindow();
		else showWindow(window);
	}

	/** Files that the user opened with the application; each is taken into the library and shown. */
	async open(paths: readonly string[]): Promise<void> {
		this.show();
		for (const path of paths) {
			try {
				const session = await this.#service.admit(path);
				app.addRecentDocument(path);
				this.#recent.add(path);
				this.#tell("openSession", { session });
			} catch (error) {
				this.#recent.remove(path);
				this.#tell("notice", { run: null, tone: "warning", text: `${path} could not be opened.`, error: errorViewOf(error) });
			}
		}
		if (paths.length > 0) this.#showMenu();
	}

	/** The application may be behind others, and have no window in front at all. */
	get #front(): BrowserWindow | null {
		const last = this.#lastInFront;
		return last !== null && !last.isDestroyed() ? last : (BrowserWindow.getAllWindows()[0] ?? null);
	}

	/** To the window in front alone: what is asked of one is not done by all. */
	#tell<Name extends "openSession" | "menu" | "notice">(push: Name, content: Push<Name>): void {
		const window = this.#front;
		if (window === null || !this.#windows.tell(window.webContents, push, content)) this.#service.tell(push, content);
	}

	#showMenu(): void {
		setMenu({
			isMac: process.platform === "darwin",
			recent: this.#recent.files,
			newWindow: () => this.newWindow(),
			openFile: (path) => void this.open([path]),
			clearRecent: () => {
				app.clearRecentDocuments();
				this.#recent.clear();
				this.#showMenu();
			},
			act: (action) => {
				// On macOS there is a menu without a window.
				if (BrowserWindow.getAllWindows().length === 0) this.newWindow();
				this.#tell("menu", { action });
			},
		});
	}

	close(): Promise<void> {
		return this.#service.close();
	}
}
