/** The built desktop application under the double of Electron: what it allows, what it opens, how it ends. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contractVersion } from "../../src/shared/contract/calls.ts";
import { writeFrame } from "../../src/shared/contract/frames.ts";
import { windowFrameBytesMax } from "../../src/shared/contract/limits.ts";
import { rootDirectory } from "../architecture/files.ts";
import { openBrowser } from "../support/browser.ts";
import { quorate } from "../support/command-line.ts";
import { DesktopDouble, type DesktopOptions } from "../support/electron-double/desktop.ts";
import { packedFiles, readPacking } from "../support/packing.ts";
import { WindowHand } from "./window-hand.ts";

const frameChannel = "quorate:frame";
const pageUrl = "app://quorate/";
const hello = writeFrame({ kind: "hello", contractVersion });

let browser: Browser;
let folder: string;
let homework: string;
let desktop: DesktopDouble;

beforeAll(async () => {
	browser = await openBrowser();
	folder = mkdtempSync(join(tmpdir(), "quorate-desktop-"));
	homework = join(folder, "homework.quorate");
	await quorate(["run", "ping", "--save", homework, "--speed", "max"]);
});
afterAll(async () => {
	await browser.close();
	rmSync(folder, { recursive: true, force: true });
});

let count = 0;
async function start(words: readonly string[] = [], more: Pick<DesktopOptions, "root" | "openedFirst"> = {}): Promise<Page> {
	const own = join(folder, String(++count));
	mkdirSync(own);
	desktop = await DesktopDouble.open({
		browser,
		folder: join(own, "electron"),
		libraryFolder: join(own, "library"),
		words,
		...more,
	});
	return new WindowHand(await desktop.frontPage(0)).page;
}

/** The lab screen of a session, shown in this page. */
const showsSession = (page: Page): Promise<void> => page.locator(".lab").waitFor();

describe("what the page may do", () => {
	let page: Page;
	beforeAll(async () => {
		page = await start();
		await page.locator(".card").first().waitFor();
	});
	afterAll(() => desktop.close());

	test("it is isolated and sandboxed, and is shown one door of three words", async () => {
		expect(desktop.preferences()).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false });
		expect((await desktop.state()).isSandboxed).toBe(true);
		const found = await page.evaluate(() => {
			const all = globalThis as unknown as { readonly [name: string]: object | undefined };
			return {
				door: Object.keys(all.quorate ?? {}).sort(),
				others: ["require", "process", "module", "Buffer", "electron", "ipcRenderer"].filter((name) => all[name] !== undefined),
			};
		});
		expect(found).toEqual({ door: ["host", "onFrame", "send"], others: [] });
	});

	test("its door passes frames of bytes of a bearable size, and nothing else", async () => {
		const before = await desktop.sentSoFar();
		await page.evaluate((bytes) => {
			interface Door {
				readonly quorate: { send(frame: unknown): void };
			}
			const { quorate: door } = globalThis as unknown as Door;
			for (const frame of ["hello", 5, null, {}, [1, 2, 3], new Uint8Array(bytes)]) door.send(frame);
		}, windowFrameBytesMax + 1);
		expect(await desktop.sentSoFar()).toBe(before);
	});

	test("it has a scheme of its own, which knows the page's files and no other", async () => {
		expect((await desktop.state()).schemes).toMatchObject([{ scheme: "app", privileges: { standard: true, secure: true } }]);
		expect((await desktop.request(pageUrl)).status).toBe(200);
		for (const url of [
			"app://quorate/../main/electron.js",
			"app://quorate/%2e%2e/main/electron.js",
			"app://quorate/assets/../../main/electron.js",
			"app://quorate/..%5cmain",
			"app://quorate//etc/passwd",
			"app://quorate/%00",
			"app://quorate/__proto__",
			"app://other/",
			"app://quorate.example/",
			"nonsense",
		])
			expect((await desktop.request(url)).status, url).not.toBe(200);
		expect((await desktop.request(pageUrl, "POST")).status).toBe(404);
	});

	test.each(["/../main/electron.js", "/%2e%2e/main/electron.js", "/..%2fmain/electron.js", "//other/", "/package.json"])(
		"asked for by the page itself, %s is not there",
		async (path) => {
			const status = await page.evaluate(async (address) => {
				const { fetch } = globalThis as unknown as { fetch(url: string): Promise<{ readonly status: number }> };
				return fetch(address).then(
					(response) => response.status,
					() => 0,
				);
			}, path);
			expect([0, 404]).toContain(status);
		},
	);

	test("its policy lets no foreign script, picture or connection in", async () => {
		const refused = await page.evaluate(async () => {
			interface Loads {
				onload: () => void;
				onerror: () => void;
				src: string;
			}
			interface Browser {
				readonly document: { createElement(name: string): Loads; readonly head: { append(element: Loads): void } };
				fetch(url: string): Promise<unknown>;
				eval(text: string): unknown;
			}
			const { document, fetch, eval: run } = globalThis as unknown as Browser;
			const load = (name: string, src: string): Promise<boolean> =>
				new Promise((resolve) => {
					const element = document.createElement(name);
					element.onload = () => resolve(false);
					element.onerror = () => resolve(true);
					element.src = src;
					document.head.append(element);
				});
			const throws = (act: () => unknown): boolean => {
				try {
					act();
					return false;
				} catch {
					return true;
				}
			};
			return {
				script: await load("script", "https://evil.example/x.js"),
				image: await load("img", "https://evil.example/x.png"),
				connection: await fetch("https://evil.example/").then(
					() => false,
					() => true,
				),
				text: throws(() => run("1 + 1")),
			};
		});
		expect(refused).toEqual({ script: true, image: true, connection: true, text: true });
		expect(desktop.strayRequests).toEqual([]);
	});

	test("it cannot go elsewhere, by itself or by a link", async () => {
		await page.evaluate(() => {
			const { location } = globalThis as unknown as { readonly location: { href: string } };
			location.href = "https://evil.example/";
		});
		for (const event of ["will-navigate", "will-redirect", "will-attach-webview"])
			expect(await desktop.isPrevented(event, "https://evil.example/"), event).toBe(true);
		expect(await page.locator(".card").count()).toBeGreaterThan(0);
		expect(page.url()).not.toContain("evil");
	});

	test("it opens no window", async () => {
		const [popup] = await Promise.all([
			page.context().waitForEvent("page"),
			page.evaluate(() => {
				const { open } = globalThis as unknown as { open(url: string): unknown };
				open("https://evil.example/");
			}),
		]);
		if (!popup.isClosed()) await popup.waitForEvent("close");
		expect(desktop.pages).toHaveLength(1);
	});

	test("it has no permission but to put words on the clipboard", async () => {
		for (const name of ["media", "geolocation", "notifications", "clipboard-read", "usb", "serial", "fullscreen", "openExternal"])
			expect(await desktop.permission(name), name).toEqual({ requested: false, checked: false, device: false });
		expect(await desktop.permission("clipboard-sanitized-write")).toEqual({ requested: true, checked: true, device: false });
		expect(await desktop.permission("clipboard-sanitized-write", "https://evil.example/")).toEqual({ requested: false, checked: false, device: false });
	});

	test.each([
		["a frame within the page", { url: pageUrl, isMain: false }],
		["a frame that has gone", null],
		["a page of another origin", { url: "https://evil.example/app://quorate/", isMain: true }],
		["a page of another host of the scheme", { url: "app://quorate.evil/", isMain: true }],
	])("a message from %s is not listened to", async (_, frame) => {
		const before = await desktop.sentSoFar();
		desktop.forge(frameChannel, [hello], frame);
		expect(await desktop.sentSoFar()).toBe(before);
	});

	test("the same message from the page itself is answered, and what is no frame is not", async () => {
		const before = await desktop.sentSoFar();
		for (const content of ["hello", 5, null, { kind: "hello" }, [hello]]) desktop.forge(frameChannel, [content], { url: pageUrl, isMain: true });
		expect(await desktop.sentSoFar()).toBe(before);
		desktop.forge(frameChannel, [hello], { url: pageUrl, isMain: true });
		expect(await desktop.sentSoFar()).toBe(before + 1);
	});
});

describe("what it opens", () => {
	afterEach(() => desktop.close());

	test("a file it is started with", async () => {
		const page = await start(["--some-switch", homework]);
		await showsSession(page);
		expect((await desktop.state()).recent).toEqual([homework]);
	});

	test("a file it is started with again while it runs, by a path relative to where", async () => {
		const page = await start();
		await page.locator(".card").first().waitFor();
		expect(await desktop.startAgain(["homework.quorate"], folder)).toBe(0);
		await showsSession(page);
		expect(desktop.pages).toHaveLength(1);
	});

	test("a file that the system hands to it before it is ready", async () => {
		await showsSession(await start([], { openedFirst: homework }));
		expect(desktop.pages).toHaveLength(1);
	});

	test("nothing, when it is started again while it runs; its window comes up from where it was put away", async () => {
		const page = await start();
		await page.locator(".card").first().waitFor();
		desktop.minimize();
		expect(await desktop.startAgain([], folder)).toBe(0);
		expect(await desktop.frontPage(0)).toBe(page);
		expect(desktop.pages).toHaveLength(1);
	});

	test("a file that the system hands to it, in the window in front alone", async () => {
		await start();
		await desktop.clickMenu("File", "New Window");
		const pages = [await desktop.page(0), await desktop.frontPage(1)] as const;
		for (const page of pages) await page.locator(".card").first().waitFor();
		desktop.openFile(homework);
		await showsSession(pages[1]);
		expect(await pages[0].locator(".lab").count()).toBe(0);
	});

	test("a file that was opened before, from the menu, until the list is cleared", async () => {
		const page = await start([homework]);
		await showsSession(page);
		await page.getByRole("button", { name: "All labs and sessions" }).click();
		await page.locator(".card").first().waitFor();
		await desktop.clickMenu("File", "Open Recent", "homework.quorate");
		await showsSession(page);
		await desktop.clickMenu("File", "Open Recent", "Clear the List");
		const { menu, recent } = await desktop.state();
		expect(menu.filter((line) => line.includes("homework"))).toEqual([]);
		expect(recent).toEqual([]);
	});

	test("what is no session is refused in words, and not offered again", async () => {
		const essay = join(folder, "essay.quorate");
		writeFileSync(essay, "My holidays");
		const page = await start([essay]);
		await page.locator(".notice", { hasText: "essay.quorate could not be opened." }).waitFor();
		expect((await desktop.state()).menu.filter((line) => line.includes("essay"))).toEqual([]);
	});

	test("menu items do what they say in the window in front", async () => {
		const page = await start([homework]);
		await showsSession(page);
		await desktop.clickMenu("File", "Export…");
		await page.getByRole("dialog", { name: "Export" }).waitFor();
		await page.keyboard.press("Escape");
		await desktop.clickMenu("Help", "Keyboard Shortcuts");
		await page.getByRole("dialog", { name: "Keys" }).waitFor();
	});
});

test("the files that are packed are enough to run a lab, record it and open it again", async () => {
	const root = join(folder, "packed");
	const files = packedFiles(readPacking(), process.platform === "darwin" ? "mac" : process.platform === "win32" ? "win" : "linux", process.arch);
	for (const path of files) cpSync(join(rootDirectory, path), join(root, path));
	const page = await start([homework], { root });
	await showsSession(page);
	await page.getByRole("button", { name: "All labs and sessions" }).click();
	const hand = new WindowHand(page);
	await hand.start("The front door", "Start");
	await hand.rowTakes("web-1", /^[1-9]/);
	expect(hand.troubles).toEqual([]);
	expect(await desktop.quit()).toBe(0);
	expect(desktop.errors).toBe("");
});

describe("how it ends", () => {
	let page: Page;
	let hand: WindowHand;
	beforeEach(async () => {
		page = await start();
		hand = new WindowHand(page);
		await hand.start("The front door", "Start");
		await hand.rowTakes("web-1", /^[1-9]/);
	});
	afterEach(() => desktop.close());

	/** A sound session that nobody holds any more. */
	const expectClosed = async (): Promise<void> => {
		const library = join(folder, String(count), "library");
		const files = readdirSync(library);
		expect(files.filter((name) => /\.quorate-/.test(name))).toEqual([]);
		const { code, out } = await quorate(["info", join(library, files.find((name) => name.endsWith(".quorate")) ?? ""), "--json"]);
		expect([code, JSON.parse(out).damage ?? []]).toEqual([0, []]);
	};

	test("closing the last window closes what is being recorded, and leaves", async () => {
		await desktop.closeWindow();
		expect(await desktop.ended).toBe(0);
		await expectClosed();
	});

	test.each(["SIGINT", "SIGTERM"] as const)("%s closes what is being recorded, and leaves", async (signal) => {
		desktop.kill(signal);
		expect(await desktop.ended).toBe(0);
		await expectClosed();
	});

	test("asked over and over, it leaves once, when what is being recorded is closed", async () => {
		for (let i = 0; i < 3; i++) desktop.kill("SIGINT");
		desktop.kill("SIGTERM");
		expect(await desktop.ended).toBe(0);
		await expectClosed();
	});

	test("a page that died is loaded again, and shows its run going on; one that dies for ever is left", async () => {
		const isLoaded = page.waitForEvent("load");
		desktop.crash();
		await isLoaded;
		await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
		await hand.rowTakes("web-1", /^[1-9]/);
		for (let i = 0; i < 10; i++) desktop.crash();
		await desktop.state();
		expect(desktop.reloads).toBe(5);
	});
});
