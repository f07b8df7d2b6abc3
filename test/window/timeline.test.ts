/** The space-time diagram in the window: lanes by hand and by keyboard, and the instant in every kind of time, in words. */
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";

const { hand } = holdWindow({ anew: "window" });

const names = (): Locator => hand.page.locator(".lane-list li label");

async function openList(): Promise<readonly string[]> {
	await hand.button("Lanes").click();
	await names().first().waitFor();
	return (await names().allTextContents()).map((name) => name.trim());
}

test("lanes are moved and hidden by the keyboard in a list that stays open, and by dragging their names", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("3");
	expect((await openList()).slice(0, 3)).toEqual(["crowd", "balancer", "web-1"]);
	await hand.button("Move crowd down").focus();
	await hand.keyboard.press("Enter");
	await names().first().getByText("balancer").waitFor();
	// The focus went with the lane: the same key moves it on.
	await hand.keyboard.press("Enter");
	await names().first().waitFor();
	await hand.page.waitForFunction(`document.querySelectorAll(".lane-list li label")[2]?.textContent.trim() === "crowd"`);
	await hand.page.getByRole("checkbox", { name: "web-2", exact: true }).focus();
	await hand.keyboard.press(" ");
	await hand.button("1 hidden").waitFor();
	await hand.button("Show all lanes").click();
	await hand.button("Lanes").waitFor();
	await hand.keyboard.press("Escape");
	const box = await hand.page.locator(".timeline-canvas").boundingBox();
	if (box === null) throw new Error("there is no timeline to be seen");
	const laneAt = (row: number): number => box.y + 24 + ((box.height - 24) / 7) * (row + 0.5);
	const { mouse } = hand.page;
	await mouse.move(box.x + 50, laneAt(0));
	await mouse.down();
	await mouse.move(box.x + 50, laneAt(1), { steps: 4 });
	await mouse.move(box.x + 50, laneAt(3), { steps: 6 });
	await mouse.up();
	await hand.page.getByText("balancer is lane 4 of 7").waitFor();
	expect((await openList()).slice(0, 4)).toEqual(["web-1", "crowd", "web-2", "balancer"]);
});

test("lanes below the fold are counted, and reached by keys, wheel and a button", async () => {
	await hand.start("A rumour spreads", "Set up, paused");
	await hand.keyboard.press("3");
	await hand.button("7 more lanes below").waitFor();
	await hand.page.locator(".timeline-canvas").focus();
	await hand.keyboard.press("PageDown");
	await hand.button("7 more lanes above").waitFor();
	await hand.button("7 more lanes above").click();
	await hand.button("7 more lanes below").waitFor();
	await hand.page.locator(".timeline-canvas").hover({ position: { x: 40, y: 120 } });
	await hand.page.mouse.wheel(0, 2_000);
	await hand.button("7 more lanes above").waitFor();
	expect(await hand.button("7 more lanes below").count()).toBe(0);
});

test("the instant is told for every lane by own clocks, and as a cut by order", async () => {
	await hand.start("Which came first?", "Set up, paused");
	await hand.keyboard.press("3");
	for (let step = 0; step < 40; step++) await hand.keyboard.press(".");
	await hand.button("own clocks").click();
	await hand.page.getByText(/^At 00:0\d\.\d{3} of true time clocks show: A -?[\d.]+ \S+, B -?[\d.]+ \S+, C -?[\d.]+ \S+\.$/).waitFor({ state: "attached" });
	await hand.button("Lamport").click();
	await hand.page
		.getByText(/^The cut at 00:0\d\.\d{3}: .*\b[ABC] after L\d+.*\. What lies before it has all its causes before it\.$/)
		.waitFor({ state: "attached" });
	await hand.button("vectors").click();
	await hand.page.getByText(/^The cut at 00:0\d\.\d{3}: .*\b[ABC] after Σ\d+/).waitFor({ state: "attached" });
	await hand.button("true time").click();
	await hand.page.getByText(/^The cut at/).waitFor({ state: "detached" });
});
