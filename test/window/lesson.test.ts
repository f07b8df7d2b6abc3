/** A lesson in the window, by keyboard, from the first card to another future. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { WindowPage } from "../support/window-page.ts";

let browser: Browser;
let lesson: WindowPage;

beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

describe("in the window", () => {
	beforeEach(async () => {
		lesson = await WindowPage.open(browser, "light");
	});
	afterEach(() => lesson.close());

	test("a run is set up, stepped, broken, rewound, and forked without a mouse", async () => {
		const { page } = lesson;
		await lesson.setUp("The front door");
		await page.keyboard.press("m");
		await lesson.row("web-3").getByText("up").waitFor();

		await page.getByRole("button", { name: "web-3", exact: true }).focus();
		await page.keyboard.press("x");
		await page.keyboard.press("m");
		await lesson.row("web-3").getByText("down").waitFor();

		await lesson.command("cut balancer web-1");
		await page.keyboard.press("m");
		await lesson.row("balancer – web-1").getByText("cut", { exact: true }).waitFor();

		await page.keyboard.press("Home");
		await page.getByText("Looking back").waitFor();
		await lesson.row("balancer – web-1").getByText("up", { exact: true }).waitFor();
		await page.keyboard.press("End");
		await lesson.row("balancer – web-1").getByText("cut", { exact: true }).waitFor();

		await page.keyboard.press("f");
		await page.getByText("branch 1", { exact: true }).waitFor();
		expect(lesson.troubles).toEqual([]);
	});

	test("nodes that are picked in the list are parted from the rest, and the table says the same", async () => {
		const { page } = lesson;
		await lesson.setUp("The front door");
		await page.keyboard.press("m");
		await page.getByRole("checkbox", { name: "Pick web-1 for a partition" }).press(" ");
		await page.getByRole("checkbox", { name: "Pick web-2 for a partition" }).press(" ");
		await page.getByRole("button", { name: "Partition 2 nodes from the rest" }).press("Enter");
		await page.getByText("partition {web-1 web-2} {crowd balancer web-3 web-4 web-5}").waitFor();
		expect(lesson.troubles).toEqual([]);
	});

	test("a command that cannot be is explained where it was typed, and nothing is done", async () => {
		const { page } = lesson;
		await lesson.setUp("The front door");
		await page.keyboard.press("/");
		await page.getByRole("combobox", { name: "Command" }).waitFor();
		await page.keyboard.type("crash web-99 ");
		await page.keyboard.press("Enter");
		await page.getByRole("status").filter({ hasText: "web-99" }).waitFor();
		await page.keyboard.press("Escape");
		expect(await lesson.row("web-1").count()).toBe(1);
	});

	test("every key that is listed is listed by ?", async () => {
		const { page } = lesson;
		await lesson.setUp("The front door");
		await page.keyboard.press("?");
		await page.getByRole("dialog", { name: "Keys" }).waitFor();
		expect(await page.locator(".keys kbd").count()).toBeGreaterThan(20);
	});
});

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
	beforeEach(async () => {
		lesson = await WindowPage.open(browser, theme);
	});
	afterEach(() => lesson.close());

	test("no screen has a serious finding of axe", async () => {
		const { page } = lesson;
		await page.locator(".card").first().waitFor();
		expect(await lesson.axe(), "start").toEqual([]);
		await lesson.setUp("The front door");
		await page.keyboard.press("m");
		await lesson.row("web-3").getByText("up").waitFor();
		for (const stage of ["1", "2", "3", "4", "5", "6", "7"]) {
			await page.keyboard.press(stage);
			expect(await lesson.axe(), `stage ${stage}`).toEqual([]);
		}
		for (const side of ["n", "e", "i", "c", "o"]) {
			await page.keyboard.press(side);
			expect(await lesson.axe(), `panel ${side}`).toEqual([]);
		}
		await page.keyboard.press("?");
		await page.getByRole("dialog").waitFor();
		expect(await lesson.axe(), "keys").toEqual([]);
	});
});
