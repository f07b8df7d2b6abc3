/** A recording is gone on with: what is done while it is looked at begins another future in its file, and it stays as it was. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabWindow, openWeb } from "../e2e/targets.ts";
import { WindowHand } from "../e2e/window-hand.ts";
import { openBrowser } from "../support/browser.ts";
import { quorate } from "../support/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-forking-"));
let browser: Browser;
let lab: LabWindow;
let hand: WindowHand;

beforeAll(async () => {
	const library = join(folder, "library");
	mkdirSync(library);
	const words = ["run", "front-door", "--seed", "1", "--set", "ratePerSecond=100", "--until", "3s", "--at", "1s crash web-2"];
	await quorate([...words, "--executor", "inline", "--save", join(library, "first.quorate")]);
	browser = await openBrowser();
	lab = await openWeb(browser, { folder, colours: "light" });
	hand = new WindowHand(lab.page);
}, 120_000);
afterAll(async () => {
	expect(hand?.troubles ?? []).toEqual([]);
	await lab?.close();
	await browser?.close();
	rmSync(folder, { recursive: true, force: true });
});

test("a command to a recording that is looked at begins another future there, and the recorded one stays as it was", async () => {
	await hand.page.locator(".session-open", { has: hand.page.getByText("first", { exact: true }) }).click();
	await hand.page.locator(".lab").waitFor();
	await hand.rowIn("web-1", "up");
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("500000");
	await hand.rowIn("web-2", "up");
	await hand.command("crash web-4");
	await hand.page.locator(".lab-head").getByText("branch 1", { exact: true }).waitFor();
	await hand.rowIn("web-4", "down");
	await hand.rowIn("web-2", "up");
	await hand.keyboard.press("Q");
	await hand.page.getByText("Ended early", { exact: true }).waitFor();
	await hand.keyboard.press("5");
	const rows = hand.page.locator(".branch-row");
	await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(2);
	await rows.filter({ hasText: "trunk" }).getByRole("button", { name: "Show trunk" }).click();
	await hand.page.locator(".lab-head").getByText("trunk", { exact: true }).waitFor();
	await hand.keyboard.press("End");
	await hand.rowIn("web-2", "down");
	await hand.rowIn("web-4", "up");
	// And once more, by the key alone.
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("700000");
	await hand.rowIn("web-2", "up");
	await hand.page.getByRole("button", { name: /^Fork here/ }).click();
	await hand.page.locator(".lab-head").getByText("branch 2", { exact: true }).waitFor();
});
