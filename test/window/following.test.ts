/** The event list goes where the run is looked at: scrubbed, stepped, and with an event selected elsewhere. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabWindow, openWeb } from "../e2e/targets.ts";
import { WindowHand } from "../e2e/window-hand.ts";
import { openBrowser } from "../support/browser.ts";
import { quorate } from "../support/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-following-"));
let browser: Browser;
let lab: LabWindow;
let hand: WindowHand;

beforeAll(async () => {
	const library = join(folder, "library");
	mkdirSync(library);
	await quorate(["run", "front-door", "--until", "6s", "--executor", "inline", "--save", join(library, "door.quorate")]);
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

/** In the page: the last event up to the shown instant is in sight, and what comes next is later. */
function isInstantInSight(): boolean {
	interface Element {
		readonly className: string;
		getBoundingClientRect(): { readonly top: number; readonly bottom: number };
	}
	interface Browser {
		readonly document: { querySelector(selector: string): Element | null; querySelectorAll(selector: string): Iterable<Element> };
	}
	const { document } = globalThis as unknown as Browser;
	const box = document.querySelector(".events .listbox")?.getBoundingClientRect();
	if (box === undefined) return false;
	const rows = [...document.querySelectorAll(".event-row")].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
	const past = rows.filter(({ className }) => !className.split(" ").includes("later"));
	const last = past.at(-1)?.getBoundingClientRect();
	if (last === undefined || last.bottom < box.top + 2 || last.top > box.bottom - 2) return false;
	return past.length < rows.length || document.querySelector(".clock") !== null;
}

test("the event list follows the instant that is scrubbed to and stepped to, and has the event that is selected in it", async () => {
	hand.page.setDefaultTimeout(20_000);
	await hand.page.locator(".session-open", { has: hand.page.getByText("door", { exact: true }) }).click();
	await hand.page.locator(".lab").waitFor();
	await hand.keyboard.press("End");
	await hand.page.getByRole("tab", { name: "Events" }).click();
	await hand.page.waitForFunction(isInstantInSight);
	const slider = hand.page.getByRole("slider", { name: "Instant of the run" });
	for (const us of ["1500000", "5200000", "800000"]) {
		await slider.fill(us);
		await hand.page.locator(".event-row.later").first().waitFor({ state: "attached" });
		await hand.page.waitForFunction(isInstantInSight);
	}
	await hand.page.getByRole("tab", { name: "Events" }).focus();
	await hand.keyboard.press(".");
	await hand.page.locator('.event-row[aria-selected="true"]').waitFor();
});
