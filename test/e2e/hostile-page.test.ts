/** Pages that mean no good, in the very browser that has the lab open: what they get of the web host is nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { windowFrameBytesMax } from "../../src/shared/contract/limits.ts";
import { openBrowser } from "../support/browser.ts";
import { Running } from "../support/command-line.ts";
import { WindowHand } from "./window-hand.ts";

/** Names that the evil one has bound to this machine. */
const boundNames = ["evil.example", "rebound.example"] as const;

let browser: Browser;
let context: BrowserContext;
let folder: string;
let lab: Running;
let base: URL;
let hand: WindowHand;
let evil: Server;
let evilPort: number;

beforeAll(async () => {
	browser = await openBrowser(boundNames.map((name) => `MAP ${name} 127.0.0.1`));
	folder = mkdtempSync(join(tmpdir(), "quorate-hostile-"));
	lab = new Running(["serve", "--no-open", "--library", folder], { cwd: folder });
	let out = "";
	lab.child.stdout?.on("data", (text: string) => {
		out += text;
	});
	await lab.said(/token=\S+\n/);
	base = new URL(out.trim());
	context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(base.href);
	hand = new WindowHand(page);
	await hand.start("The front door", "Set up, paused");
	evil = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Free games</title>"));
	await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
	evilPort = (evil.address() as AddressInfo).port;
});

afterAll(async () => {
	await context.close();
	await browser.close();
	evil.close();
	lab.child.kill("SIGTERM");
	await lab.finished;
	rmSync(folder, { recursive: true, force: true });
});

/** The window that was open before still works, and its page has not erred. */
async function expectUnharmed(): Promise<void> {
	const before = await hand.page.locator(".clock").textContent();
	await hand.keyboard.press("m");
	await hand.page
		.locator(".clock")
		.filter({ hasNotText: before ?? "" })
		.waitFor();
	expect(hand.troubles).toEqual([]);
}

/** What a socket of this page comes to: how it closed, or what it was told. */
function socketFrom(
	page: Page,
	url: string,
	send?: { readonly bytes: number } | { readonly text: string } | { readonly values: readonly number[] },
): Promise<string> {
	return page.evaluate(
		({ address, content }) =>
			new Promise<string>((resolve) => {
				interface Socket {
					binaryType: string;
					send(data: unknown): void;
					addEventListener(name: string, listener: (event: { readonly code: number }) => void): void;
				}
				const { WebSocket } = globalThis as unknown as { readonly WebSocket: new (url: string) => Socket };
				const socket = new WebSocket(address);
				let wasOpen = false;
				socket.addEventListener("open", () => {
					wasOpen = true;
					if (content === undefined) resolve("open");
					else if ("text" in content) socket.send(content.text);
					else if ("bytes" in content) socket.send(new Uint8Array(content.bytes));
					else socket.send(new Uint8Array(content.values));
				});
				socket.addEventListener("message", () => resolve("answered"));
				socket.addEventListener("close", ({ code }) => resolve(wasOpen ? `closed ${code}` : "refused"));
			}),
		{ address: url, content: send },
	);
}

/** What a page can learn of an address by asking for it. */
function fetchedBy(page: Page, url: string, mode: "cors" | "no-cors"): Promise<string> {
	return page.evaluate(
		async ({ address, how }) => {
			interface Answer {
				readonly type: string;
				readonly status: number;
				text(): Promise<string>;
			}
			const { fetch } = globalThis as unknown as { fetch(url: string, options: object): Promise<Answer> };
			try {
				const answer = await fetch(address, { mode: how, credentials: "include" });
				return `${answer.type} ${answer.status} ${await answer.text()}`;
			} catch {
				return "nothing";
			}
		},
		{ address: url, how: mode },
	);
}

describe.each([
	["of another name", () => `http://evil.example:${evilPort}/`],
	["of this same machine, where cookies of other ports are sent along", () => `http://127.0.0.1:${evilPort}/`],
])("a page %s", (_, address) => {
	let page: Page;
	beforeAll(async () => {
		page = await context.newPage();
		await page.goto(address());
	});
	afterAll(() => page.close());

	test("reads nothing of the lab, whatever it asks for", async () => {
		for (const path of ["/", "/index.html", "/files/aaaaaaaaaaaaaaaaaaaaaaaa", "/?token=guess"]) {
			expect(await fetchedBy(page, new URL(path, base).href, "cors"), path).toBe("nothing");
			expect(await fetchedBy(page, new URL(path, base).href, "no-cors"), path).toMatch(/^(nothing|opaque 0 )$/);
		}
	});

	test("gets no socket", async () => {
		expect(await socketFrom(page, `ws://${base.host}/lab`)).toBe("refused");
		expect(await socketFrom(page, `ws://localhost:${base.port}/lab`)).toBe("refused");
	});

	test("cannot show the lab within itself", async () => {
		const shown = await page.evaluate(async (url) => {
			interface Frame {
				src: string;
				onload: () => void;
				readonly contentDocument: unknown;
			}
			const { document } = globalThis as unknown as {
				readonly document: { createElement(name: string): Frame; readonly body: { append(frame: Frame): void } };
			};
			const frame = document.createElement("iframe");
			await new Promise<void>((resolve) => {
				frame.onload = resolve;
				frame.src = url;
				document.body.append(frame);
			});
			return frame.contentDocument !== null;
		}, new URL("/", base).href);
		expect(shown).toBe(false);
		for (const frame of page.frames().slice(1)) expect(await frame.locator("#root").count()).toBe(0);
	});

	test("cannot hold on to a window of the lab that it opened", async () => {
		const [opened] = await Promise.all([
			context.waitForEvent("page"),
			page.evaluate((url) => {
				const all = globalThis as unknown as { open(url: string): { readonly closed: boolean } | null; held?: unknown };
				all.held = all.open(url);
			}, new URL("/", base).href),
		]);
		await page.waitForFunction(() => (globalThis as unknown as { readonly held: { readonly closed: boolean } | null }).held?.closed !== false);
		await opened.close();
	});

	test("has harmed nobody", expectUnharmed);
});

test("a foreign name that was bound to this machine leads nowhere, with the lab's own port", async () => {
	const page = await context.newPage();
	const answer = await page.goto(`http://rebound.example:${base.port}/`);
	expect(answer?.status()).toBe(421);
	expect(await page.locator("#root").count()).toBe(0);
	expect(await fetchedBy(page, `http://rebound.example:${base.port}/index.html`, "cors")).toMatch(/^basic 421 /);
	expect(await socketFrom(page, `ws://rebound.example:${base.port}/lab`)).toBe("refused");
	await page.close();
	await expectUnharmed();
});

test("a browser that was not invited gets nothing, nor does it with the address that was used", async () => {
	const stranger = await browser.newContext();
	const page = await stranger.newPage();
	expect((await page.goto(new URL("/", base).href))?.status()).toBe(403);
	expect((await page.goto(base.href))?.status()).toBe(403);
	expect(await socketFrom(page, `ws://${base.host}/lab`)).toBe("refused");
	await stranger.close();
	await expectUnharmed();
});

describe("frames from the lab's own origin", () => {
	let page: Page;
	beforeAll(async () => {
		page = await context.newPage();
		await page.goto(new URL("/", base).href);
		await page.locator(".card").first().waitFor();
	});
	afterAll(() => page.close());

	test.each([
		["a frame that is too large", { bytes: windowFrameBytesMax + 1 }, /^closed 10(06|09)$/],
		["text", { text: "hello" }, /^closed 1003$/],
		["bytes that are no frame", { values: [0xc1, 0xff, 0x00] }, /^answered$/],
		["an empty frame", { bytes: 0 }, /^answered$/],
	])("%s ends that socket or is refused by it, and nobody else notices", async (_, content, result) => {
		expect(await socketFrom(page, `ws://${base.host}/lab`, content)).toMatch(result);
		await expectUnharmed();
	});
});
