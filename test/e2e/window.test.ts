/** What the window does besides the lesson: by keys alone, loaded again in mid-run, twice at once, with files let fall on it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { quorate } from "../support/command-line.ts";
import { holdWindow } from "./held-window.ts";
import { targets } from "./targets.ts";
import { WindowHand } from "./window-hand.ts";

describe.each(targets)("on %s", (_title, target) => {
	const { whyNot } = target;
	const window = holdWindow({ target });
	const { hand } = window;

	beforeEach(async () => {
		if (whyNot !== null) return;
		if ((await hand.page.locator(".lab").count()) > 0) await hand.home();
		await hand.page.locator(".card").first().waitFor();
	});

	test.skipIf(whyNot)("a run is set up, stepped, broken, rewound and forked without a mouse", async () => {
		await hand.start("The front door", "Set up, paused");
		await hand.keyboard.press("m");
		await hand.rowIn("web-3", "up");
		await hand.button("web-3").focus();
		await hand.keyboard.press("x");
		await hand.keyboard.press("m");
		await hand.rowIn("web-3", "down");
		await hand.command("cut balancer web-1");
		await hand.keyboard.press("m");
		await hand.rowIn("balancer – web-1", "cut");
		await hand.keyboard.press("Home");
		await hand.page.getByText("Looking back").waitFor();
		await hand.rowIn("balancer – web-1", "up");
		await hand.keyboard.press("End");
		await hand.rowIn("balancer – web-1", "cut");
		await hand.keyboard.press("f");
		await hand.page.getByText("branch 1", { exact: true }).waitFor();
	});

	test.skipIf(whyNot)("nodes that are picked in the list are parted from the rest, and the table says the same", async () => {
		await hand.start("The front door", "Set up, paused");
		await hand.keyboard.press("m");
		await hand.page.getByRole("checkbox", { name: "Pick web-1 for a partition" }).press(" ");
		await hand.page.getByRole("checkbox", { name: "Pick web-2 for a partition" }).press(" ");
		await hand.page.getByRole("button", { name: "Partition 2 nodes from the rest" }).first().press("Enter");
		await hand.page.getByText("partition {web-1 web-2} {crowd balancer web-3 web-4 web-5}").first().waitFor();
	});

	test.skipIf(whyNot)("a command that cannot be is explained where it was typed, and nothing is done", async () => {
		await hand.start("The front door", "Set up, paused");
		await hand.keyboard.press("/");
		await hand.page.getByRole("combobox", { name: "Command" }).waitFor();
		await hand.keyboard.type("crash web-99 ");
		await hand.keyboard.press("Enter");
		await hand.page.getByRole("status").filter({ hasText: "web-99" }).waitFor();
		await hand.keyboard.press("Escape");
		expect(await hand.row("web-1").count()).toBe(1);
	});

	test.skipIf(whyNot)("what the lab's guide names is shown, and the runs it tells of are set up from it", async () => {
		await hand.start("The front door", "Set up, paused");
		await hand.keyboard.press("m");
		await hand.rowIn("web-3", "up");
		await hand.keyboard.press("g");
		const guide = hand.page.getByRole("region", { name: "The guide of this lab" });
		await guide.getByRole("button", { name: "web-3: see this node" }).first().click();
		await hand.page.getByRole("tab", { name: "Inspect", selected: true }).waitFor();
		await hand.page.locator(".panel[data-state=active]").getByText("web-3").first().waitFor();
		await hand.keyboard.press("g");
		expect(await hand.axe()).toEqual([]);
		await guide.getByRole("button", { name: '--at "9s crash web-4": set this run up' }).click();
		const dialog = hand.page.getByRole("dialog");
		expect(await dialog.getByRole("textbox", { name: "Besides the lab's own story" }).inputValue()).toBe("9s crash web-4");
		await dialog.getByRole("button", { name: "Set up, paused" }).click();
		await hand.page.getByRole("timer").filter({ hasText: "00:00.000000" }).waitFor();
		await hand.keyboard.press("n");
		for (let i = 0; i < 20; i++) await hand.keyboard.press(">");
		await hand.keyboard.press(" ");
		await hand.rowIn("web-4", "down");
	});

	test.skipIf(whyNot)("the keys are listed by ?", async () => {
		await hand.keyboard.press("?");
		await hand.page.getByRole("dialog", { name: "Keys" }).waitFor();
		expect(await hand.page.locator(".keys kbd").count()).toBeGreaterThan(20);
		await hand.keyboard.press("Escape");
	});

	test.skipIf(whyNot)("a page that is loaded again in mid-run comes back to its run, which went on", async () => {
		await hand.start("The front door", "Start");
		await hand.rowTakes("web-1", /^[1-9]/);
		await window.lab.reload();
		await hand.page.locator(".lab").waitFor();
		await hand.button("Pause").waitFor();
		await hand.rowTakes("web-1", /^[1-9]/);
		await hand.keyboard.press(" ");
		await hand.button("Play").waitFor();
	});

	test.skipIf(whyNot)("two windows show one run: what is done in one is seen in the other", async () => {
		await hand.start("The front door", "Set up, paused");
		await hand.keyboard.press("m");
		await hand.rowIn("web-2", "up");
		const other = new WindowHand(await window.lab.another());
		await other.liveSession().locator(".session-open").click();
		await other.rowIn("web-2", "up");
		await other.command("crash web-2");
		await other.keyboard.press("m");
		await other.rowIn("web-2", "down");
		await hand.rowIn("web-2", "down");
		await hand.command("pause web-1");
		await hand.keyboard.press("m");
		await hand.rowIn("web-1", "paused");
		await other.rowIn("web-1", "paused");
		expect(other.troubles).toEqual([]);
		await other.page.close();
	});

	test.skipIf(whyNot)("a session that is let fall on the window is taken in and shown; what is none is refused in words", async () => {
		const path = join(window.folder, "homework.quorate");
		await quorate(["run", "ping", "--save", path, "--speed", "max"]);
		await hand.drop({ name: "essay.quorate", bytes: new TextEncoder().encode("My holidays") }, ".start");
		await hand.page.locator(".notice.fault").waitFor();
		await hand.page.locator(".notice.fault").getByRole("button", { name: "Dismiss" }).click();
		await hand.drop({ name: "homework.quorate", bytes: readFileSync(path) }, ".start");
		await hand.page.locator(".lab").waitFor();
		await hand.home();
		await hand.page.locator(".session-name", { hasText: "homework" }).waitFor();
	});

	test.skipIf(whyNot)("the page never erred and never asked for anything that is not the lab's", () => {
		expect(hand.troubles).toEqual([]);
		expect(window.lab.strayRequests).toEqual([]);
	});
});
