/**
 * `npm run screenshots`: takes the README's pictures anew, in a browser, from runs that are the same every
 * time: a lab, a seed, an instant. Writes them and what they were taken of to docs/screenshots.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openWeb } from "../test/e2e/targets.ts";
import { WindowHand } from "../test/e2e/window-hand.ts";
import { openBrowser } from "../test/support/browser.ts";
import { ensureBuilt } from "./ensure-built.mjs";
import {
	colours,
	fileOf,
	fingerprint,
	heightPx,
	type Manifest,
	manifestPath,
	type Picture,
	pictureFolder,
	pictures,
	type Scene,
	widthPx,
} from "./screenshot-list.ts";

const still = { animations: "disabled", caret: "hide" } as const;
const triesMax = 20;

async function setScene(hand: WindowHand, { lab, seed, until, clock, stage, select, keys = [], says }: Scene): Promise<void> {
	const { page } = hand;
	await page.locator(".card", { hasText: `${lab} ·` }).click();
	await page.locator("#seed").fill(String(seed));
	await page.getByRole("button", { name: "Set up, paused" }).click();
	await page.locator(".lab").waitFor();
	for (let i = 0; i < 20; i++) await hand.keyboard.press(">");
	await page.getByRole("button", { name: "Run until…" }).click();
	await page.getByRole("menuitem", { name: "an instant" }).click();
	await page.getByRole("dialog").getByRole("textbox").fill(until);
	await hand.keyboard.press("Enter");
	await page.getByRole("dialog").waitFor({ state: "detached" });
	await page.locator(".clock", { hasText: clock }).waitFor();
	await page.getByRole("button", { name: "Play", exact: true }).waitFor();
	await page.getByRole("button", { name: stage, exact: true }).click();
	if (select !== undefined) await page.getByRole("button", { name: select, exact: true }).click();
	for (const key of keys) await hand.keyboard.press(key);
	await page.locator(".stage").getByText(new RegExp(says)).first().waitFor();
}

/** Once two in a row are the same, nothing moves any more. */
async function stillPicture(page: Page): Promise<Buffer> {
	let before = await page.screenshot(still);
	for (let tries = 0; tries < triesMax; tries++) {
		const now = await page.screenshot(still);
		if (now.equals(before)) return now;
		before = now;
	}
	throw new Error("the window does not come to rest");
}

async function take(browser: Browser, picture: Picture): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "quorate-picture-"));
	const { page, close } = await openWeb(browser, { folder, colours: "light" });
	try {
		const hand = new WindowHand(page);
		await page.locator(".card").first().waitFor();
		if (picture.scene !== null) await setScene(hand, picture.scene);
		// What was told for a moment is not part of it, nor is where the pointer was.
		for (const notice of await page.locator(".notice").getByRole("button", { name: "Dismiss" }).all()) await notice.click();
		await page.mouse.move(0, 0);
		await page.evaluate("document.activeElement?.blur()");
		for (const colour of colours) {
			writeFileSync(join(pictureFolder, fileOf(picture, colour)), await stillPicture(page));
			await hand.keyboard.press("t");
		}
	} finally {
		await close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	if (!ensureBuilt()) throw new Error("the window could not be built");
	const sources = fingerprint();
	mkdirSync(pictureFolder, { recursive: true });
	const browser = await openBrowser();
	try {
		for (const picture of pictures) await take(browser, picture);
	} finally {
		await browser.close();
	}
	const manifest: Manifest = { sources, pictures, widthPx, heightPx };
	writeFileSync(manifestPath, `${JSON.stringify(manifest, null, "\t")}\n`);
}

await main();
