/** What panels, menus and dialogs say of things as they are: one name, one word, and a reason where something cannot be done. */
import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";

const window = holdWindow({ colours: "dark" });
const { hand } = window;
beforeAll(async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.command("crash web-3");
	await hand.goOnTo("3920ms");
});
/** What a test that failed has left open is not what the next one finds. */
afterEach(async () => {
	await hand.keyboard.press("Escape");
	await hand.keyboard.press("Escape");
});

test("a node that is down cannot be paused: its menu, its buttons, the key and the palette say why", async () => {
	const why = "web-3 is down: only what runs can be paused";
	await hand.button("Actions for web-3").click();
	const pause = hand.page.getByRole("menuitem", { name: `Pause ${why}` });
	expect(await pause.getAttribute("aria-disabled")).toBe("true");
	await pause.click({ force: true });
	await pause.waitFor();
	expect(await hand.axe()).toEqual([]);
	await hand.keyboard.press("Escape");
	await hand.button("web-3").click();
	await hand.keyboard.press("z");
	await hand.page.locator(".said-here .notice, .notice.warning", { hasText: `${why}.` }).waitFor();
	await hand.keyboard.press("Enter");
	await hand.page.locator(`.inspect-actions [aria-disabled=true][title="${why}"]`).waitFor();
	await hand.keyboard.press("/");
	await hand.keyboard.type("pause web-");
	await hand.page.getByRole("option").filter({ hasText: "pause web-3" }).getByText(why, { exact: true }).waitFor();
	await hand.keyboard.type("3");
	await hand.page
		.getByRole("dialog")
		.getByRole("status")
		.filter({ hasText: `${why}.` })
		.waitFor();
	await hand.keyboard.press("Escape");
	// What was only looked at was not done.
	expect(await hand.page.getByText(/changed nothing/).count()).toBe(0);
});

test("charts give way when there is less room, and are drawn up to where the run has come", async () => {
	await hand.keyboard.press("6");
	const charts = hand.page.locator(".charts");
	await charts.locator("canvas").nth(2).waitFor();
	const widths = (): Promise<{ readonly needed: number; readonly there: number }> =>
		charts.evaluate((element) => {
			const { scrollWidth, clientWidth } = element as unknown as { readonly scrollWidth: number; readonly clientWidth: number };
			return { needed: scrollWidth, there: clientWidth };
		});
	const wide = await widths();
	expect(wide.needed).toBe(wide.there);
	await hand.page.setViewportSize({ width: 1_180, height: 720 });
	await hand.page.waitForFunction((before) => {
		interface Browser {
			readonly document: { querySelector(selector: string): { readonly width: number } | null };
		}
		return ((globalThis as unknown as Browser).document.querySelector(".charts canvas")?.width ?? before) < before - 50;
	}, wide.there - 60);
	const narrow = await widths();
	expect(narrow.there).toBeLessThan(wide.there);
	expect(narrow.needed).toBe(narrow.there);
	await hand.page.setViewportSize({ width: 1_280, height: 720 });

	const ends = await charts
		.locator("canvas")
		.nth(2)
		.evaluate((element) => {
			interface Canvas {
				readonly width: number;
				readonly height: number;
				getContext(kind: "2d"): { getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray } };
			}
			const canvas = element as unknown as Canvas;
			const { width, height } = canvas;
			// The line of messages delivered is the one thing in full blue: how far down it is in each column, of all the height.
			const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
			const heights: number[] = [];
			for (let x = 0; x < width; x++) {
				for (let y = 0; y < height; y++) {
					const at = 4 * (y * width + x);
					const [r = 0, g = 0, b = 0, a = 0] = data.subarray(at, at + 4);
					if (a < 200 || b < r + 90 || b < g + 50) continue;
					heights.push(y / height);
					break;
				}
			}
			return { columns: heights.length / width, last: heights.slice(-6) };
		});
	// Nearly as wide as the canvas, and to the end above the axis, which is at four fifths of the height.
	expect(ends.columns).toBeGreaterThan(0.8);
	for (const height of ends.last) expect(height).toBeLessThan(0.6);
});

test("every branch has one name, wherever it is written, and no other has it", async () => {
	await hand.button("Fork here f").click();
	await hand.page.locator(".lab-head .chip", { hasText: "branch 1" }).waitFor();
	await hand.keyboard.press("m");
	await hand.button("Fork here f").click();
	await hand.page.locator(".lab-head .chip", { hasText: "branch 2" }).waitFor();
	await hand.keyboard.press("5");
	const rows = hand.page.locator(".branch-row");
	await rows.nth(2).waitFor();
	const names = await rows.locator("strong").allInnerTexts();
	expect([...names].sort()).toEqual(["branch 1", "branch 2", "trunk"]);
	await rows.filter({ hasText: "shown here" }).getByText("from branch 1, at 3.92 s").waitFor();
	await rows.getByText("from trunk, at 3.92 s").waitFor();
	await hand.button("Compare trunk with this").waitFor();
	// The sign at a branch's end is not cut off, also of one that has just begun at the end of another.
	const edgeOf = async (part: Locator): Promise<number> => {
		const box = await part.boundingBox();
		return (box?.x ?? 0) + (box?.width ?? Number.POSITIVE_INFINITY);
	};
	const lines = hand.page.locator(".branch-lines");
	for (const sign of await lines.locator("circle").all()) expect(await edgeOf(sign)).toBeLessThanOrEqual(await edgeOf(lines));
	for (const row of await rows.all()) {
		const words = await row.locator(".branch-words").boundingBox();
		expect(words?.height).toBeLessThan(50);
		for (const part of await row.locator(":scope > *").all()) {
			expect(await edgeOf(part)).toBeLessThanOrEqual(906);
		}
	}
});

test("a report bears the name that was typed; nobody finds it there after another run was looked at", async () => {
	const name = hand.page.getByLabel("Your name, for the head of the report");
	const openDialog = async (): Promise<void> => {
		await hand.button("Export…").click();
		await name.waitFor();
	};
	await openDialog();
	expect(await name.getAttribute("autocomplete")).toBe("off");
	await name.fill("Ada Lovelace");
	expect(await hand.axe()).toEqual([]);
	await hand.button("Export").click();
	const job = hand.page.locator(".jobs .notice");
	const path = await window.lab.saved(() => job.getByRole("button", { name: "Save…" }).click());
	expect(readFileSync(path, "utf8")).toMatch(/Handed in by <strong><bdi>Ada Lovelace/);
	// The same pupil again.
	await openDialog();
	expect(await name.inputValue()).toBe("Ada Lovelace");
	await hand.keyboard.press("Escape");
	// The next one.
	await hand.home();
	await hand.page.locator(".session .chip", { hasText: /^ ?paused$/ }).waitFor();
	expect(await hand.page.evaluate(() => JSON.stringify((globalThis as unknown as { readonly localStorage: object }).localStorage))).not.toContain("Ada");
	await hand.openSession();
	await openDialog();
	expect(await name.inputValue()).toBe("");
	await hand.keyboard.press("Escape");
});
