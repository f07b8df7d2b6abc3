/** Runs that are ended, gone on with and listed; files that fall on the window; what the lab refuses, said where it was wanted. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";

const window = holdWindow({ anew: "folder" });
const { hand } = window;

test("a run is ended from its screen by a key, and goes on where it ended", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.command("crash web-3");
	await hand.rowIn("web-3", "down");
	await hand.endRun();
	await hand.page.getByText(/^The run has ended\. All of it is kept in/).waitFor();
	expect(await hand.axe()).toEqual([]);
	await hand.button("Go on").click();
	await hand.page.getByText("The run goes on where it ended.").waitFor();
	await hand.page.getByText("Paused", { exact: true }).waitFor();
	await hand.rowIn("web-3", "down");
});

test("the first screen lists what is running, shows it again, and ends it; its session stays", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.home();
	const running = hand.page.getByRole("region", { name: "Running" });
	await running.getByText("paused", { exact: true }).waitFor();
	expect(await hand.axe()).toEqual([]);
	await running.getByRole("button", { name: /^Show the run of front-door/ }).click();
	await hand.page.locator(".lab").waitFor();
	await hand.home();
	await running.getByRole("button", { name: /^End the run of front-door.*its file is kept/ }).click();
	await running.waitFor({ state: "detached" });
	await hand.page.locator(".session", { hasText: "front-door" }).getByText("not finished").waitFor();
});

test("a file that falls on a run's screen is opened, and one that is no session is told from it", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.endRun();
	const name = readdirSync(window.library).find((file) => file.endsWith(".quorate")) ?? "";
	await hand.home();
	await hand.start("One box or many", "Set up, paused");
	await hand.drop({ name: "shopping list.txt", bytes: new TextEncoder().encode("milk") }, ".stage");
	await hand.page.getByText("“shopping list.txt” is not a session of Quorate.").waitFor();
	await hand.drop({ name: "torn.quorate", bytes: new TextEncoder().encode("milk") }, ".stage");
	await hand.page.locator(".notice.fault").waitFor();
	await hand.drop({ name: "given.quorate", bytes: readFileSync(join(window.library, name)) }, ".stage");
	await hand.page.getByRole("heading", { name: "The front door", level: 1 }).waitFor();
});

test("what the lab refuses is said where it was wanted: at the menu's place, and in the palette", async () => {
	const failDrive = async (): Promise<void> => {
		await hand.row("web-1").getByRole("button", { name: "Actions for web-1" }).click();
		await hand.page.getByRole("menuitem", { name: "Disk" }).press("ArrowRight");
		await hand.page.getByRole("menuitem", { name: "Fail its drive for good" }).press("Enter");
	};
	await hand.start("The front door", "Set up, paused");
	await hand.command("crash web-3");
	await hand.rowIn("web-3", "down");
	await hand.keyboard.press("/");
	await hand.page.getByRole("combobox", { name: "Command" }).fill("crash web-3");
	await hand.keyboard.press("Enter");
	await hand.page.getByText("“crash web-3” changed nothing: web-3 is already down.").waitFor();
	expect(await hand.page.getByRole("dialog", { name: "Command" }).count()).toBe(1);
	await hand.keyboard.press("Escape");
	await failDrive();
	await hand.page.getByText("fail drive web-1 0", { exact: true }).waitFor();
	await failDrive();
	const said = hand.page.locator(".said-here .notice");
	await said.getByText(/^“fail drive web-1 0” changed nothing: /).waitFor();
	const [box, row] = [await said.boundingBox(), await hand.row("web-1").boundingBox()];
	expect(Math.abs((box?.y ?? 0) - ((row?.y ?? 0) + (row?.height ?? 0)))).toBeLessThan(60);
});

test("to undo takes back the last act and no other that was done at the same instant", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.command("crash web-3");
	await hand.command("pause web-2");
	await hand.rowIn("web-2", "paused");
	await hand.keyboard.press("u");
	await hand.page.getByText("branch 1", { exact: true }).waitFor();
	await hand.rowIn("web-2", "up");
	await hand.rowIn("web-3", "down");
	await hand.keyboard.press("u");
	await hand.page.getByText("branch 2", { exact: true }).waitFor();
	await hand.rowIn("web-3", "up");
});

test("a region and the whole cluster are acted on from the list", async () => {
	await hand.start("Movie night", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.keyboard.press("n");
	await hand
		.button(/^Actions for region /)
		.first()
		.click();
	await hand.page.getByRole("menuitem", { name: "Pause", exact: true }).click();
	await hand.page.locator("tr .state", { hasText: "paused" }).first().waitFor();
	await hand.button("Actions for the whole cluster").click();
	await hand.page.getByRole("menuitem", { name: "Resume", exact: true }).click();
	await hand.page.locator("tr .state", { hasText: "paused" }).first().waitFor({ state: "detached" });
});
