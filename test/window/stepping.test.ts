/** A step back goes to the event before, however short a time ago that was: the file may be behind what is shown. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabWindow, openWeb } from "../e2e/targets.ts";
import { WindowHand } from "../e2e/window-hand.ts";
import { openBrowser } from "../support/browser.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-stepping-"));
let browser: Browser;
let lab: LabWindow;
let hand: WindowHand;

beforeAll(async () => {
	browser = await openBrowser();
	lab = await openWeb(browser, { folder, colours: "light" });
	hand = new WindowHand(lab.page);
});
afterAll(async () => {
	expect(hand.troubles).toEqual([]);
	await lab.close();
	await browser.close();
	rmSync(folder, { recursive: true, force: true });
});

const timer = () => hand.page.getByRole("timer");
/** What the clock of the window says, in microseconds. */
const shownUs = async (): Promise<number> => {
	const [, minutes = "0", seconds = "0"] = /^(\d+):([\d.]+)/.exec((await timer().textContent()) ?? "") ?? [];
	return Number(minutes) * 60_000_000 + Math.round(Number(seconds) * 1_000_000);
};

test("right after a step, time and again, in a run that has only just begun", async () => {
	await hand.start("The front door", "Set up, paused");
	let beforeUs = 0;
	for (let round = 0; round < 4; round++) {
		await hand.keyboard.press("m");
		await expect.poll(shownUs, { timeout: 30_000 }).toBeGreaterThan(beforeUs);
		const stoodUs = await shownUs();
		await hand.keyboard.press(",");
		await hand.page.getByText("Looking back").waitFor();
		const lookedUs = await shownUs();
		// There is an event between any two deliveries here.
		expect(lookedUs).toBeGreaterThan(0);
		expect(lookedUs).toBeLessThan(stoodUs);
		expect(lookedUs).toBeGreaterThanOrEqual(beforeUs);
		await hand.keyboard.press("End");
		await hand.page.getByText("Looking back").waitFor({ state: "detached" });
		beforeUs = stoodUs;
	}
});

test("in the middle of a run that goes on, it stands still where the step was asked for", async () => {
	await hand.keyboard.press(" ");
	await hand.rowTakes("web-1", /^[1-9]/);
	const askedUs = await shownUs();
	await hand.keyboard.press(",");
	await hand.page.getByText("Looking back").waitFor();
	// Something happens every few milliseconds there; the run may not have gone on between the look and the key.
	expect(await shownUs()).toBeGreaterThan(askedUs - 50_000);
});
