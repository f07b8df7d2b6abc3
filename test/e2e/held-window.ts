/** One window for all tests of a group: opened before the first on a target that can run, closed after the last. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser } from "../support/browser.ts";
import type { LabWindow, Target } from "./targets.ts";
import { WindowHand } from "./window-hand.ts";

export interface HeldWindow {
	readonly folder: string;
	readonly lab: LabWindow;
	readonly hand: WindowHand;
}

/** To be called where tests are told of. The window is there while they run. */
export function holdWindow({ whyNot, open }: Target): HeldWindow {
	const folder = mkdtempSync(join(tmpdir(), "quorate-window-"));
	let browser: Browser | undefined;
	let lab: LabWindow | undefined;
	let hand: WindowHand | undefined;
	beforeAll(async () => {
		if (whyNot !== null) return;
		browser = await openBrowser();
		lab = await open(browser, { folder, colours: "light" });
		hand = new WindowHand(lab.page);
	});
	afterAll(async () => {
		await lab?.close();
		await browser?.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const there = <Part>(part: Part | undefined): Part => {
		if (part === undefined) throw new Error("there is no window yet, or none at all");
		return part;
	};
	return {
		folder,
		get lab() {
			return there(lab);
		},
		get hand() {
			return there(hand);
		},
	};
}
