/**
 * The pages behind the double's windows: each a page of a real Chromium, whose preload script runs in a
 * world apart and whose requests are answered by the application. Knows no lab.
 *
 * Chromium has no scheme of the application's own, so `app://quorate/` is shown to it as an address that
 * is nowhere else: `https://quorate.app.invalid/`. This file alone knows; the application is told of the
 * addresses that it gave.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, CDPSession, Page, Request, Route } from "playwright-core";
import { decode, encode, type FrameWords, type WindowPreferences } from "./messages.ts";

const joinWorlds = readFileSync(join(import.meta.dirname, "join-worlds.mjs"), "utf8");
const worldName = "preload";
const secret = "electron_double";
const aside = ".app.invalid";

/** @returns the address that Chromium is shown */
function innerUrl(url: string): string {
	return url.replace(/^app:\/\/([^/?#]*)/, `https://$1${aside}`);
}

/** @returns the address as the application knows it */
function outerUrl(url: string): string {
	const found = /^https:\/\/([^/?#]*)\.app\.invalid(.*)$/s.exec(url);
	return found === null ? url : `app://${found[1]}${found[2]}`;
}

/** What a page wants of the application. */
export interface PageOwner {
	serve(url: string, method: string): Promise<{ readonly status: number; readonly headers: { readonly [name: string]: string }; readonly body: Uint8Array }>;
	mayNot(event: string, url: string): Promise<boolean>;
	onNavigating(url: string): void;
	onMessage(channel: string, values: readonly unknown[], frame: FrameWords): void;
	onShown(): void;
	onGone(): void;
	onCrashed(): void;
}

/** The settings that Electron would otherwise not isolate a page with. */
const demanded = { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false } as const;

export class WindowPage {
	readonly page: Page;
	readonly preferences: WindowPreferences;
	/** What the page asked for outside of the application; it was given nothing. */
	readonly strayRequests: string[] = [];
	readonly #owner: PageOwner;
	readonly #cdp: CDPSession;
	#preloadWorld: number | undefined;
	#mainFrameId = "";
	readonly #frameUrls = new Map<string, string>();
	readonly #frameOfWorld = new Map<number, string>();
	/** Navigations to come that were begun by the application or the system. */
	#sent = 0;

	private constructor(page: Page, cdp: CDPSession, preferences: WindowPreferences, owner: PageOwner) {
		this.page = page;
		this.preferences = preferences;
		this.#cdp = cdp;
		this.#owner = owner;
	}

	static async open(context: BrowserContext, preferences: WindowPreferences, owner: PageOwner): Promise<WindowPage> {
		for (const [name, wanted] of Object.entries(demanded))
			if (preferences[name] !== wanted) throw new Error(`the double shows isolated, sandboxed pages only, and ${name} is ${preferences[name]}`);
		const page = await context.newPage();
		const made = new WindowPage(page, await context.newCDPSession(page), preferences, owner);
		await made.#prepare();
		return made;
	}

	/** Shows an address, as the application asked. */
	async load(url: string): Promise<void> {
		this.#sent++;
		await this.page.goto(innerUrl(url), { waitUntil: "load" });
		this.#owner.onShown();
	}

	async reload(): Promise<void> {
		this.#sent++;
		await this.page.reload({ waitUntil: "load" }).catch((error: Error) => {
			// Overtaken by the next one.
			if (!error.message.includes("ERR_ABORTED")) throw error;
		});
	}

	/** A message from the application. A page that is on its way out does not hear it. */
	async send(channel: string, values: readonly unknown[]): Promise<void> {
		const executionContextId = this.#preloadWorld;
		if (executionContextId === undefined) return;
		await this.#cdp
			.send("Runtime.callFunctionOn", {
				executionContextId,
				functionDeclaration: `(text) => globalThis[${JSON.stringify(secret)}]?.(text)`,
				arguments: [{ value: encode({ channel, values }) }],
			})
			.catch(() => {}); // the page has gone on
	}

	async #prepare(): Promise<void> {
		const { page } = this;
		const cdp = this.#cdp;
		await page.route("**/*", (route) => this.#answer(route));
		page.on("close", () => this.#owner.onGone());
		page.on("crash", () => this.#owner.onCrashed());
		this.#listen();
		await cdp.send("Page.enable");
		await cdp.send("Runtime.enable");
		await cdp.send("Runtime.addBinding", { name: `${secret}_send`, executionContextName: worldName });
		await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${bare(joinWorlds)})("page", ${JSON.stringify(secret)});` });
		await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: preloadScript(this.preferences.preload), worldName });
	}

	#listen(): void {
		const cdp = this.#cdp;
		cdp.on("Page.frameNavigated", ({ frame }) => {
			if (frame.parentId === undefined) this.#mainFrameId = frame.id;
			this.#frameUrls.set(frame.id, outerUrl(frame.url));
		});
		cdp.on("Runtime.executionContextCreated", ({ context }) => {
			const { frameId = "" } = (context.auxData ?? {}) as { readonly frameId?: string };
			this.#frameOfWorld.set(context.id, frameId);
			if (context.name === worldName && (this.#mainFrameId === "" || frameId === this.#mainFrameId)) this.#preloadWorld = context.id;
		});
		cdp.on("Runtime.executionContextDestroyed", ({ executionContextId }) => {
			this.#frameOfWorld.delete(executionContextId);
			if (this.#preloadWorld === executionContextId) this.#preloadWorld = undefined;
		});
		cdp.on("Runtime.bindingCalled", ({ name, payload, executionContextId }) => {
			if (name !== `${secret}_send`) return;
			const { channel, values } = decode(payload) as { readonly channel: string; readonly values: readonly unknown[] };
			const frameId = this.#frameOfWorld.get(executionContextId) ?? "";
			this.#owner.onMessage(channel, values, { url: this.#frameUrls.get(frameId) ?? "", isMain: frameId === this.#mainFrameId });
		});
	}

	async #answer(route: Route): Promise<void> {
		const request = route.request();
		try {
			if (isMainNavigation(request, this.page) && !(await this.#mayNavigate(request))) await route.abort("aborted");
			else if (outerUrl(request.url()) === request.url()) {
				this.strayRequests.push(request.url());
				await route.abort("blockedbyclient");
			} else {
				const { status, headers, body } = await this.#owner.serve(outerUrl(request.url()), request.method());
				await route.fulfill({ status, headers: { ...headers }, body: Buffer.from(body) });
			}
		} catch (error) {
			if (!this.page.isClosed()) throw error;
		}
	}

	/** The page may try to go elsewhere; the application is asked, as Electron asks it. */
	async #mayNavigate(request: Request): Promise<boolean> {
		const url = outerUrl(request.url());
		const isSent = this.#sent > 0;
		if (isSent) this.#sent--;
		if (!isSent && (await this.#owner.mayNot("will-navigate", url))) return false;
		this.#owner.onNavigating(url);
		return true;
	}
}

function isMainNavigation(request: Request, page: Page): boolean {
	return request.isNavigationRequest() && request.frame() === page.mainFrame();
}

/** Without the semicolon that ends it as a statement. */
function bare(text: string): string {
	return text.trim().replace(/;$/, "");
}

/** The built preload script with what a sandboxed one may require: nothing but Electron's own module. */
function preloadScript(path: string | undefined): string {
	if (path === undefined) return "";
	return `(() => {
		const electron = (${bare(joinWorlds)})("preload", ${JSON.stringify(secret)}, globalThis[${JSON.stringify(`${secret}_send`)}]);
		if (electron === undefined) return;
		const require = (name) => { if (name === "electron") return electron; throw new Error("module not found: " + name); };
		const module = { exports: {} };
		((require, module, exports) => {${readFileSync(path, "utf8")}
		})(require, module, module.exports);
	})();`;
}
