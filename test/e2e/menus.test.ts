/** Every item of the desktop's menu that is ours does what it says, in the window in front; none is there for show. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { menuActions } from "../../src/shared/contract/pushes.ts";
import { openBrowser } from "../support/browser.ts";
import { quorate } from "../support/command-line.ts";
import { DesktopDouble } from "../support/electron-double/desktop.ts";
import { WindowHand } from "./window-hand.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-menus-"));
const homework = join(folder, "homework.quorate");
const essay = join(folder, "essay.quorate");
let browser: Browser;
let desktop: DesktopDouble;
let page: Page;
let hand: WindowHand;

beforeAll(async () => {
	writeFileSync(essay, "My holidays");
	await quorate(["run", "ping", "--save", homework, "--speed", "max"]);
	browser = await openBrowser();
	mkdirSync(join(folder, "library"));
	desktop = await DesktopDouble.open({ browser, folder: join(folder, "electron"), libraryFolder: join(folder, "library") });
	hand = new WindowHand(await desktop.frontPage(0));
	page = hand.page;
	await page.locator(".card").first().waitFor();
});
afterAll(async () => {
	await desktop.close();
	await browser.close();
	rmSync(folder, { recursive: true, force: true });
});

const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
const closes = async (name: string): Promise<void> => {
	await page.keyboard.press("Escape");
	await dialog(name).waitFor({ state: "detached" });
};

/** What is done to see that an action of the menu was done, each after the one before. */
const items: { readonly [action in (typeof menuActions)[number]]: { readonly labels: readonly [string, string]; does(): Promise<unknown> } } = {
	about: { labels: ["Help", "About Quorate"], does: () => page.locator(".notice", { hasText: /^Quorate \d+\.\d+\.\d+, engine \d+/ }).waitFor() },
	shortcuts: {
		labels: ["Help", "Keyboard Shortcuts"],
		async does() {
			await dialog("Keys").waitFor();
			await closes("Keys");
		},
	},
	open: { labels: ["File", "Open…"], does: () => page.getByRole("heading", { level: 1, name: "Ping" }).waitFor() },
	export: {
		labels: ["File", "Export…"],
		async does() {
			await dialog("Export").waitFor();
			await closes("Export");
		},
	},
	palette: {
		labels: ["View", "Command Palette…"],
		async does() {
			await dialog("Command").waitFor();
			await closes("Command");
		},
	},
	toggleTheme: { labels: ["View", "Light or Dark"], does: () => page.locator('html[data-theme="dark"]').waitFor() },
	verify: { labels: ["File", "Verify"], does: () => page.getByText("Verified: the run repeats itself to the last event.").waitFor() },
	undo: { labels: ["Edit", "Fork From Before"], does: () => page.getByText("Nothing was done yet that could be taken back.").waitFor() },
	newRun: { labels: ["File", "New Run…"], does: () => page.locator(".card").first().waitFor() },
};

test.each(Object.entries(items))("%s", async (action, { labels, does }) => {
	if (action === "open") desktop.answer("open", homework);
	await desktop.clickMenu(...labels);
	await does();
	expect(hand.troubles).toEqual([]);
});

test("what is chosen there and is no session is refused in words, and who thinks better of it sees nothing", async () => {
	await desktop.clickMenu("File", "Open…");
	await expect.poll(() => desktop.dialogs.length).toBe(2);
	desktop.answer("open", essay);
	await desktop.clickMenu("File", "Open…");
	await page.locator(".notice.fault").waitFor();
	expect(await page.locator(".notice.fault").count()).toBe(1);
	expect(await page.locator(".card").count()).toBeGreaterThan(0);
});

test("the menu has an item for each of them, and no other of ours", async () => {
	expect(Object.keys(items).sort()).toEqual([...menuActions].sort());
	const { menu } = await desktop.state();
	const ours = menu.filter((line) => /…|Verify|Fork|Light|Keyboard|About/.test(line));
	expect(ours).toHaveLength(menuActions.length);
});
