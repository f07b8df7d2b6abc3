/** The requests of a stretch of time, the latest, the slowest or the failed first, and where the time of one went. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabWindow, openWeb } from "../e2e/targets.ts";
import { WindowHand } from "../e2e/window-hand.ts";
import { openBrowser } from "../support/browser.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-requests-"));
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

const rows = () => hand.page.locator(".request");
/** What the rows say that their requests took, in milliseconds; those that have not finished took for ever. */
const tookMs = async (): Promise<readonly number[]> =>
	(await rows().locator(".number").allTextContents()).map((text) =>
		text === "not finished" ? Number.POSITIVE_INFINITY : Number(/^([\d.]+) ms$/.exec(text)?.[1]),
	);

async function goOnTo(instant: string, clock: string): Promise<void> {
	await hand.page.getByRole("button", { name: "Run until…" }).click();
	await hand.page.getByRole("menuitem", { name: "an instant" }).click();
	await hand.page.getByRole("dialog").getByRole("textbox").fill(instant);
	await hand.keyboard.press("Enter");
	await hand.page.getByRole("dialog").waitFor({ state: "detached" });
	await hand.page.getByRole("timer").filter({ hasText: clock }).waitFor();
}

const count = () => hand.page.locator(".request-head p");

test("the latest come first, and one of them is taken apart", async () => {
	await hand.start("The front door", "Set up, paused");
	await goOnTo("2s", "00:02.000");
	await hand.page.getByRole("button", { name: "Requests", exact: true }).click();
	await count()
		.filter({ hasText: /^[\d,]{3,} requests began in the 2 s before this instant, 200 of them here\.$/ })
		.waitFor();
	const finished = rows().filter({ hasText: " ms" }).first();
	const took = (await finished.locator(".number").textContent()) ?? "nothing";
	await finished.click();
	const waterfall = hand.page.locator(".waterfall");
	await waterfall.locator(".span-time", { hasText: took }).first().waitFor();
	for (const who of ["crowd \u2192 balancer", /^balancer \u2192 web-\d$/, /^web-\d$/, /^web-\d \u2192 balancer$/, "balancer \u2192 crowd"])
		await waterfall.locator(".span strong", { hasText: who }).first().waitFor();
	await waterfall.locator(".span-bar").first().click();
	await hand.page.locator(".inspect-event").waitFor();
	expect(await hand.axe()).toEqual([]);
});

test("the slowest come first, or those that failed come alone", async () => {
	await hand.command("crash web-*");
	await goOnTo("2500ms", "00:02.500");
	await hand.page.getByRole("button", { name: "Slowest" }).click();
	const isSorted = async (): Promise<boolean> => {
		const took = await tookMs();
		return took.length === 200 && took.every((ms, i) => i === 0 || ms <= (took[i - 1] ?? 0));
	};
	await expect.poll(isSorted, { timeout: 30_000 }).toBe(true);
	await hand.page.getByRole("button", { name: "Failed" }).click();
	await count()
		.filter({ hasText: /^\d+ requests? that began in the 2 s before this instant failed/ })
		.waitFor();
	const failed = hand.page.locator(".request svg[aria-label=error]");
	await expect.poll(async () => [await rows().count(), await failed.count()], { timeout: 30_000 }).toEqual([await rows().count(), await rows().count()]);
	expect(await failed.count()).toBeGreaterThan(0);
});
