/**
 * The desktop application around the lab service: windows, menu, files given to it, and an orderly end.
 * Knows the service and Electron, and no run. Runs on Electron's main thread and never blocks it.
 */
import { isAbsolute, join, resolve } from "node:path";
import { app, BrowserWindow, session as electronSession, shell } from "electron";
import { errorViewOf } from "../../shared/contract/errors.ts";
import { LabService } from "../lab-service/lab-service.ts";
import { ElectronWindows } from "../transport/electron-windows.ts";
import { askForFile, saveFile } from "./dialogs.ts";
import { setMenu } from "./menu.ts";
import { servePage } from "./page-scheme.ts";
import { isOurPage, openWindow, showWindow } from "./window.ts";

/** Session files among the words a program was started with. */
export function filesAmong(words: readonly string[], folder: string): readonly string[] {
	return words
		.filter((word) => !word.startsWith("-") && word.toLowerCase().endsWith(".quorate"))
		.map((word) => (isAbsolute(word) ? word : resolve(folder, word)));
}

export class Desktop {
	readonly #service: LabService;
	readonly #windows: ElectronWindows;

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
		setMenu({ isMac: process.platform === "darwin", newWindow: () => this.newWindow(), act: (action) => this.#service.tell("menu", { action }) });
	}

	newWindow(): void {
		openWindow(({ webContents }) => this.#windows.add(webContents));
	}

	/** The user asked for the application: the window that is there, or a new one. */
	show(): void {
		const [window] = BrowserWindow.getAllWindows();
		if (window === undefined) this.newWindow();
		else showWindow(window);
	}

	/** Files that the user opened with the application; each is taken into the library and shown. */
	async open(paths: readonly string[]): Promise<void> {
		this.show();
		for (const path of paths) {
			try {
				const session = await this.#service.admit(path);
				app.addRecentDocument(path);
				this.#service.tell("openSession", { session });
			} catch (error) {
				this.#service.tell("notice", { run: null, tone: "warning", text: `${path} could not be opened.`, error: errorViewOf(error) });
			}
		}
	}

	close(): Promise<void> {
		return this.#service.close();
	}
}
