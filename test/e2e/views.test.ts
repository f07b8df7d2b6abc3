/**
 * Every service that has a view of its own, at a telling instant of a lab that runs it: the view says in one line
 * what one sees, shows what the run stated, and is clean in both colours. The runs are recorded once, by the command
 * line; each target opens them one after the other in one window.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootDirectory } from "../architecture/files.ts";
import { record } from "../support/command-line.ts";
import { type ToldView, toldViews as told } from "../support/told-views.ts";
import { holdWindow } from "./held-window.ts";
import { targets } from "./targets.ts";

const viewsFolder = join(rootDirectory, "src/renderer/views");

/** A run that is over is read from its file, whatever window shows it: a row of the library. */
const sessionOf = ({ lab, variant }: ToldView): string => (variant === undefined ? lab : `${lab} ${variant}`);

/** In the page: how much of it lies beyond its right edge. */
function cutOffAt(element: unknown): number {
	const { scrollWidth, clientWidth } = element as { readonly scrollWidth: number; readonly clientWidth: number };
	return scrollWidth - clientWidth;
}

const recorded = mkdtempSync(join(tmpdir(), "quorate-recorded-"));

beforeAll(async () => {
	for (const one of told) {
		const variant = one.variant === undefined ? [] : ["--variant", one.variant];
		await record(join(recorded, `${sessionOf(one)}.quorate`), [one.lab, ...variant, "--until", one.until]);
	}
}, 180_000);
afterAll(() => rmSync(recorded, { recursive: true, force: true }));

test("every view is told of here, in a lab that boots its service, and says in one line what one sees", () => {
	const names = readdirSync(viewsFolder).filter((name) => name.endsWith(".view.tsx"));
	expect(told.map(({ view }) => `${view}.view.tsx`).sort()).toEqual(names.sort());
	for (const { view, lab } of told) {
		const text = readFileSync(join(viewsFolder, `${view}.view.tsx`), "utf8");
		const [, listed = ""] = /\bservices:\s*\[([^\]]*)\]/.exec(text) ?? [];
		const services = listed.match(/[\w-]+/g) ?? [];
		const labText = readFileSync(join(rootDirectory, "resources/labs", lab, "lab.yaml"), "utf8");
		expect(services.some((service) => new RegExp(`service: ${service}\\b`).test(labText))).toBe(true);
	}
});

describe.each(targets)("on %s", (_title, target) => {
	const { whyNot } = target;
	const { hand } = holdWindow({ target, prepare: ({ library }) => cpSync(recorded, library, { recursive: true }) });

	/** Waits for the text, wherever in the view it stands and however it is put together. */
	const says = (view: Locator, pattern: RegExp): Promise<void> =>
		view
			.filter({ hasText: pattern })
			.waitFor()
			.catch(async () => {
				throw new Error(`the view does not say ${pattern}:\n${await view.innerText()}`);
			});

	test.skipIf(whyNot).each(told.map((one) => [one.view, one] as const))("the view of %s shows what was stated", async (_, one) => {
		const { page } = hand;
		if ((await page.locator(".lab").count()) > 0) await hand.home();
		await hand.openSession(sessionOf(one));
		await hand.button("Services").click();
		// Before a tab has the keys: End means the last tab there.
		await hand.keyboard.press("End");
		await page.locator(".service-bar").getByRole("tab", { name: one.tab, exact: true }).click();
		const view = page.locator(".service-view[data-state=active]");
		for (const pattern of one.sees) await says(view, pattern);
		const [selector, least] = one.draws;
		await view
			.locator(selector)
			.nth(least - 1)
			.waitFor({ state: "attached" });
		expect(await view.evaluate(cutOffAt), "pixels that lie beyond the right edge").toBe(0);
		expect(await hand.axe(), "light").toEqual([]);
		await page.emulateMedia({ colorScheme: "dark" });
		expect(await hand.axe(["color-contrast"]), "dark").toEqual([]);
		// What a program stated leads to its event by mouse or key, and that lights what led to it and what came of it.
		await view.locator("[data-events]").last().focus();
		// By now another may be the last; the one that has the keys is asked.
		const stated = (await view.locator("[data-events]:focus").getAttribute("data-events"))?.split(" ");
		await hand.keyboard.press("Enter");
		await view.locator(".view-cone", { hasText: "selected event" }).waitFor();
		await view.locator(".cone-self").first().waitFor();
		const index = (await page.locator(".inspect-event").innerText()).match(/#(\d+)/)?.[1] ?? "none";
		expect(stated).toContain(index);
		expect(await hand.axe(["color-contrast"]), "lit, dark").toEqual([]);
		await page.emulateMedia({ colorScheme: "light" });
		expect(await hand.axe(), "lit, light").toEqual([]);
		expect(await view.evaluate(cutOffAt), "pixels that lie beyond the right edge when it is lit").toBe(0);
		expect(hand.troubles).toEqual([]);
	});

	test.skipIf(whyNot)("a view fills while a run goes on, and this computer is measured when that is asked for", async () => {
		const { page } = hand;
		if ((await page.locator(".lab").count()) > 0) await hand.home();
		await hand.start("One box or many", "Start");
		await hand.button("Services").click();
		const view = page.locator(".service-view[data-state=active]");
		await says(view, /1 of 6 works|[2-5] of 6 works|same answers/);
		await view.getByRole("button", { name: "Measure this computer" }).click();
		await view.getByRole("button", { name: "Call off" }).click();
		await says(view, /The measurement was called off/);
		await view.getByRole("button", { name: "Measure again" }).click();
		await says(view, /Touching once what all share/);
		await says(view, /atomic steps\s*nothing lost|atomic steps nothing lost/);
		await says(view, /it died with the lock/);
		expect(await hand.axe(), "light").toEqual([]);
		await page.emulateMedia({ colorScheme: "dark" });
		expect(await hand.axe(["color-contrast"]), "dark").toEqual([]);
	});
});
