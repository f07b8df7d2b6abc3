/**
 * The built desktop application, untouched, in a process of its own under the double of Electron; its
 * windows are pages of a real Chromium. This end is the system around it: it shows windows, answers
 * dialogs, opens files with it, and starts it a second time. For tests.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { rootDirectory } from "../../architecture/files.ts";
import type { AppWords, FrameWords, FromApp, PermissionWords, Questions, Served, ToApp, WindowEvent } from "./messages.ts";
import { type PageOwner, WindowPage } from "./pages.ts";

const register = join(import.meta.dirname, "register.mjs");

export interface DesktopOptions {
	readonly browser: Browser;
	/** For everything that Electron would keep for the application. */
	readonly folder: string;
	readonly libraryFolder: string;
	/** After the program's own name. */
	readonly words?: readonly string[];
	readonly colours?: "light" | "dark";
	/** A file that the system hands over before the application is ready, as it does when it starts it with one. */
	readonly openedFirst?: string;
	/** The folder that holds the application; the checkout when left out. */
	readonly root?: string;
}

export class DesktopDouble {
	readonly #child: ChildProcess;
	readonly #context: BrowserContext;
	readonly #options: DesktopOptions;
	readonly #windows = new Map<number, WindowPage>();
	readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
	/** Answers that dialogs get, the next first; without one they are cancelled. */
	readonly #dialogs: { readonly dialog: "open" | "save"; readonly path: string }[] = [];
	readonly #wakes = new Set<() => void>();
	#asks = 0;
	#making = 0;
	#front = 0;
	#failure: Error | null = null;
	#errors = "";
	/** Messages that the application sent to its pages. */
	messagesSent = 0;
	/** How often the application has loaded a page again. */
	reloads = 0;
	/** Options of the dialogs that were shown. */
	readonly dialogs: unknown[] = [];
	/** Addresses that pages wanted a window for. */
	readonly popups: string[] = [];
	/** Resolves with the exit code. */
	readonly ended: Promise<number | null>;

	private constructor(context: BrowserContext, child: ChildProcess, options: DesktopOptions) {
		this.#context = context;
		this.#child = child;
		this.#options = options;
		child.on("message", (message) => {
			this.#hear(message as FromApp).catch((error: Error) => this.#fail(error));
		});
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#errors += text;
		});
		this.ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
		void this.ended.then((code) => this.#fail(new Error(`the application has left with ${code}\n${this.#errors}`)));
		context.on("page", (page) => {
			this.#onPage(page).catch((error: Error) => this.#fail(error));
		});
	}

	static async open(options: DesktopOptions): Promise<DesktopDouble> {
		const { browser, colours = "light" } = options;
		const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: colours, reducedMotion: "reduce" });
		const desktop = new DesktopDouble(context, DesktopDouble.#start(options, {}), options);
		if (options.openedFirst !== undefined) desktop.#tell({ kind: "openFile", path: options.openedFirst });
		desktop.#tell({ kind: "ready" });
		return desktop;
	}

	/** What the application said on its standard error. */
	get errors(): string {
		return this.#errors;
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	get pages(): readonly Page[] {
		return [...this.#windows.values()].map(({ page }) => page);
	}

	/** The page of a window, as soon as there are so many. */
	async page(index = 0): Promise<Page> {
		await this.#until(() => this.#windows.size > index);
		return (this.#window(index) as WindowPage).page;
	}

	/** The page of a window that is in front. */
	async frontPage(index: number): Promise<Page> {
		await this.#until(() => this.#windows.size > index && this.#front === this.#idAt(index));
		return this.page(index);
	}

	/** How many messages the application has sent to its pages, once it has heard everything so far. */
	async sentSoFar(): Promise<number> {
		await this.state();
		return this.messagesSent;
	}

	preferences(index = 0): { readonly [name: string]: unknown } {
		return (this.#window(index) as WindowPage).preferences;
	}

	/** What its pages asked for outside of the application. */
	get strayRequests(): readonly string[] {
		return [...this.#windows.values()].flatMap(({ strayRequests }) => strayRequests);
	}

	/** The next dialog of this kind gets this path. */
	answer(dialog: "open" | "save", path: string): void {
		this.#dialogs.push({ dialog, path });
	}

	/** As by the user's hand. @param labels from the bar down */
	async clickMenu(...labels: readonly string[]): Promise<void> {
		if (!(await this.#ask("clickMenu", { labels }))) throw new Error(`nothing to click at ${labels.join(" > ")}`);
	}

	state(): Promise<AppWords> {
		return this.#ask("state", {});
	}

	/** A request exactly as it is written: nothing tidies it up. */
	request(url: string, method = "GET"): Promise<Served> {
		return this.#ask("request", { url, method });
	}

	permission(name: string, url = "app://quorate/", index = 0): Promise<PermissionWords> {
		return this.#ask("permission", { window: this.#idAt(index), name, url });
	}

	isPrevented(event: string, url: string, index = 0): Promise<boolean> {
		return this.#ask("mayNot", { window: this.#idAt(index), event, url });
	}

	/** A message that claims to come from a frame; null: from one that has gone. */
	forge(channel: string, values: readonly unknown[], frame: FrameWords | null, index = 0): void {
		this.#tell({ kind: "message", window: this.#idAt(index), channel, values, frame });
	}

	/** The user loads the window again. */
	async reload(index = 0): Promise<void> {
		await this.#window(index)?.reload();
	}

	/** The system tells the application that a page has died. */
	crash(index = 0): void {
		this.#tell({ kind: "window", window: this.#idAt(index), event: "crashed", url: "" });
	}

	async closeWindow(index = 0): Promise<void> {
		await this.#window(index)?.page.close();
	}

	/** The system starts the program again while it runs. @returns the exit code of the second one */
	async startAgain(words: readonly string[], folder: string): Promise<number | null> {
		const second = DesktopDouble.#start({ ...this.#options, words }, { QUORATE_DOUBLE_SECOND: "1" }, folder);
		second.on("message", (message: FromApp) => {
			if (message.kind === "secondInstance") this.#tell({ kind: "secondInstance", words: message.words, folder: message.folder });
		});
		return new Promise((resolve) => second.once("exit", resolve));
	}

	/** The system opens a file with the application, as macOS does. */
	openFile(path: string): void {
		this.#tell({ kind: "openFile", path });
	}

	/** The user puts a window away. */
	minimize(index = 0): void {
		this.#front = 0;
		this.#tell({ kind: "window", window: this.#idAt(index), event: "minimized", url: "" });
	}

	activate(): void {
		this.#tell({ kind: "activate" });
	}

	/** @returns the exit code */
	async quit(): Promise<number | null> {
		this.#tell({ kind: "quit" });
		const code = await this.ended;
		await this.#context.close();
		return code;
	}

	/** Whatever is still there is ended. */
	async close(): Promise<void> {
		if (this.#child.exitCode === null && this.#child.signalCode === null) await this.quit();
		else await this.#context.close();
	}

	kill(signal: NodeJS.Signals): void {
		this.#child.kill(signal);
	}

	static #start({ folder, libraryFolder, words = [], root = rootDirectory }: DesktopOptions, env: NodeJS.ProcessEnv, cwd = root): ChildProcess {
		const { NODE_OPTIONS: _, VITEST: __, ...around } = process.env;
		return fork(join(root, "out", "main", "electron.js"), [...words], {
			execArgv: ["--disable-warning=ExperimentalWarning", "--import", register],
			serialization: "advanced",
			cwd,
			env: { ...around, ...env, QUORATE_LIBRARY: libraryFolder, QUORATE_DOUBLE_FOLDER: folder },
			stdio: ["ignore", "inherit", "pipe", "ipc"],
		});
	}

	#idAt(index: number): number {
		return [...this.#windows.keys()][index] ?? 0;
	}

	#window(index: number): WindowPage | undefined {
		return [...this.#windows.values()][index];
	}

	#tell(message: ToApp): void {
		// An application that has just left hears nothing more, which is no fault.
		if (this.#child.connected) this.#child.send(message, () => {});
	}

	#ask<Name extends keyof Questions>(what: Name, asked: Questions[Name]["asked"]): Promise<Questions[Name]["reply"]> {
		const ask = ++this.#asks;
		return new Promise((resolve, reject) => {
			this.#waiting.set(ask, { resolve: resolve as (value: unknown) => void, reject });
			this.#tell({ kind: "ask", ask, what, asked } as ToApp);
		});
	}

	/** Whoever waits for something hears that it will not come. */
	#fail(error: Error): void {
		this.#failure ??= error;
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
		this.#wake();
	}

	async #until(isSo: () => boolean): Promise<void> {
		while (!isSo()) {
			if (this.#failure !== null) throw this.#failure;
			await new Promise<void>((resolve) => this.#wakes.add(resolve));
		}
	}

	#wake(): void {
		for (const wake of this.#wakes) wake();
		this.#wakes.clear();
	}

	async #hear(message: FromApp): Promise<void> {
		switch (message.kind) {
			case "window":
				await this.#openWindow(message.window, message.preferences);
				return;
			case "load":
				await this.#load(message);
				return;
			case "reload":
				this.reloads++;
				await this.#windows.get(message.window)?.reload();
				return;
			case "close":
				await this.#windows.get(message.window)?.page.close();
				return;
			case "focused":
				this.#front = message.window;
				this.#wake();
				return;
			case "send":
				this.messagesSent++;
				await this.#windows.get(message.window)?.send(message.channel, message.values);
				return;
			case "dialog":
				this.#tell({ kind: "answer", ask: message.ask, value: this.#answerDialog(message.dialog, message.options) });
				return;
			case "secondInstance":
				throw new Error("the first instance was not given its lock");
			case "answer": {
				const asked = this.#waiting.get(message.ask);
				this.#waiting.delete(message.ask);
				if (message.error === undefined) asked?.resolve(message.value);
				else asked?.reject(new Error(message.error));
			}
		}
	}

	/** Windows that are being made; what is said to them meanwhile waits. */
	readonly #opening = new Map<number, Promise<void>>();

	#openWindow(id: number, preferences: { readonly [name: string]: unknown }): Promise<void> {
		const event = (name: WindowEvent, url = ""): void => this.#tell({ kind: "window", window: id, event: name, url });
		const owner: PageOwner = {
			serve: (url, method) => this.#ask("request", { url, method }),
			mayNot: (name, url) => this.#ask("mayNot", { window: id, event: name, url }),
			onNavigating: (url) => event("navigating", url),
			onMessage: (channel, values, frame) => this.#tell({ kind: "message", window: id, channel, values, frame }),
			onShown: () => event("shown"),
			onCrashed: () => event("crashed"),
			onGone: () => {
				this.#windows.delete(id);
				event("gone");
			},
		};
		const opened = (async () => {
			this.#making++;
			try {
				this.#windows.set(id, await WindowPage.open(this.#context, preferences, owner));
			} finally {
				this.#making--;
			}
			this.#wake();
		})();
		this.#opening.set(id, opened);
		return opened;
	}

	async #load({ window, url, ask }: Extract<FromApp, { readonly kind: "load" }>): Promise<void> {
		await this.#opening.get(window);
		await this.#windows.get(window)?.load(url);
		this.#tell({ kind: "answer", ask, value: undefined });
	}

	#answerDialog(dialog: "open" | "save", options: unknown): unknown {
		this.dialogs.push(options);
		const at = this.#dialogs.findIndex((one) => one.dialog === dialog);
		const [given] = at < 0 ? [] : this.#dialogs.splice(at, 1);
		if (dialog === "open") return given === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [given.path] };
		return given === undefined ? { canceled: true, filePath: "" } : { canceled: false, filePath: given.path };
	}

	/** A page that no window of the application asked for: one of its pages did. */
	async #onPage(page: Page): Promise<void> {
		if (this.#making > 0) return;
		await page.route("**/*", (route) => route.abort("blockedbyclient"));
		const url = page.url();
		this.popups.push(url);
		const opener = await page.opener().catch(() => null);
		const window = [...this.#windows].find(([, known]) => known.page === opener)?.[0] ?? this.#idAt(0);
		if (await this.#ask("mayOpen", { window, url })) throw new Error(`the application lets ${url} have a window`);
		await page.close();
		this.#wake();
	}
}
