/** The double's `app`: the life of the application, from the lock that lets one run to the asking whether it may end. */
import { EventEmitter } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeReady, folder, life, preventable, tell } from "./channel.ts";
import { BrowserWindow, whenWindowGoes } from "./windows.ts";

class App extends EventEmitter {
	isPackaged = true;
	readonly recent: string[] = [];
	#isQuitting = false;
	readonly #ready = Promise.withResolvers<void>();

	/**
	 * The test is the system: it says who came first, and carries the words of whoever came later. Chromium
	 * adds switches of its own to those.
	 */
	requestSingleInstanceLock(): boolean {
		if (process.env.QUORATE_DOUBLE_SECOND === undefined) return true;
		const [program = "", ...words] = process.argv;
		tell({ kind: "secondInstance", words: [program, "--allow-file-access-from-files", ...words, "--original-process-start-time=1"], folder: process.cwd() });
		return false;
	}

	enableSandbox(): void {
		beforeReady("app.enableSandbox()");
		life.isSandboxed = true;
	}

	isReady(): boolean {
		return life.isReady;
	}

	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	becomeReady(): void {
		life.isReady = true;
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

	/** As Electron does: asks, closes the windows, asks again, and leaves only when nobody objects. */
	quit(): void {
		if (this.#isQuitting) return;
		const before = preventable();
		this.emit("before-quit", before.event);
		if (before.isPrevented()) return;
		this.#isQuitting = true;
		for (const window of BrowserWindow.getAllWindows()) window.close();
		const last = preventable();
		this.emit("will-quit", last.event);
		this.#isQuitting = !last.isPrevented();
		if (!this.#isQuitting) return;
		this.emit("quit", {}, 0);
		process.exit();
	}

	/** A file that nobody says to have taken goes to another program, so that it opens twice. */
	openFile(path: string): void {
		const { event, isPrevented } = preventable();
		this.emit("open-file", event, path);
		if (!isPrevented()) throw new Error(`nobody has taken ${path}`);
	}

	windowGone(): void {
		if (!this.#isQuitting && BrowserWindow.getAllWindows().length === 0) this.emit("window-all-closed");
	}
}

export const app = new App();
whenWindowGoes(() => app.windowGone());
