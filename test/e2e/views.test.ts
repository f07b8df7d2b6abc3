/** Every service that has a view of its own, in a lab that runs it: the view fills, and is clean in both colours. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootDirectory } from "../architecture/files.ts";
import { openBrowser } from "../support/browser.ts";
import { type LabWindow, targets } from "./targets.ts";
import { WindowHand } from "./window-hand.ts";

const viewsFolder = join(rootDirectory, "src/renderer/views");
const labsFolder = join(rootDirectory, "resources/labs");

/** Views by the name of their file, with a lab that boots one of their services. */
function viewsAndLabs(): readonly (readonly [view: string, lab: string])[] {
	const labs = readdirSync(labsFolder).map((lab) => [lab, readFileSync(join(labsFolder, lab, "lab.yaml"), "utf8")] as const);
	return readdirSync(viewsFolder)
		.filter((name) => name.endsWith(".view.tsx"))
		.map((name) => {
			const [, listed = ""] = /\bservices:\s*\[([^\]]*)\]/.exec(readFileSync(join(viewsFolder, name), "utf8")) ?? [];
			const services = listed.match(/[\w-]+/g) ?? [];
			const [lab] = labs.find(([, text]) => services.some((service) => new RegExp(`service: ${service}\\s*$`, "m").test(text))) ?? [""];
			return [name.replace(".view.tsx", ""), lab] as const;
		});
}

const views = viewsAndLabs();
/** A lab holds eight runs at once, and a run that goes on stays. */
const runsMax = 6;

/** What a view draws does not depend on the host: past the first one, a few stand for all, unless all are asked for. */
const isWhole = process.env.QUORATE_E2E === "all";
const fewViews = 3;

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

test("every view is for a service that a lab runs", () => {
	expect(views.length).toBeGreaterThan(0);
	expect(views.filter(([, lab]) => lab === "")).toEqual([]);
});

describe.each(targets)("on %s", (_title, { name, whyNot, open }) => {
	const tried = isWhole || name === targets[0]?.[1].name ? views : views.slice(0, fewViews);
	const folder = mkdtempSync(join(tmpdir(), "quorate-views-"));
	let lab: LabWindow | undefined;
	let hand: WindowHand;
	let runs = 0;
	/** False after a test that broke off somewhere: the next one begins with a window of its own. */
	let isAtHome = false;

	const openOnce = async (): Promise<LabWindow> => {
		const own = join(folder, String(runs));
		mkdirSync(own);
		const opened = await open(browser, { folder: own, colours: "light" });
		hand = new WindowHand(opened.page);
		return opened;
	};

	afterAll(async () => {
		await lab?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test.skipIf(whyNot).each(tried)("the view of %s fills in the lab %s", async (_, id) => {
		if (runs++ % runsMax === 0 || !isAtHome) {
			await lab?.close();
			lab = await openOnce();
		}
		isAtHome = false;
		const { page } = hand;
		await page.locator(".card", { hasText: `${id} ·` }).click();
		await page.getByRole("button", { name: "Start", exact: true }).click();
		await page.locator(".lab").waitFor();
		for (let i = 0; i < 20; i++) await hand.keyboard.press(">");
		await page.getByRole("button", { name: "Services", exact: true }).click();
		const tabs = page.locator(".service-bar").getByRole("tab");
		await tabs.first().waitFor();
		for (const tab of await tabs.all()) {
			await tab.click();
			await page.locator(".service-view[data-state=active] > .view").first().waitFor();
		}
		if ((await page.getByRole("button", { name: "Pause", exact: true }).count()) > 0) await hand.keyboard.press(" ");
		expect(await hand.axe(), "light").toEqual([]);
		await page.emulateMedia({ colorScheme: "dark" });
		expect(await hand.axe(["color-contrast"]), "dark").toEqual([]);
		await page.emulateMedia({ colorScheme: "light" });
		expect(hand.troubles).toEqual([]);
		await page.getByRole("button", { name: "All labs and sessions" }).click();
		isAtHome = true;
	});
});
