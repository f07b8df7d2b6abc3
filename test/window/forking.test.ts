/** A recording is gone on with: what is done while it is looked at begins another future in its file, and it stays as it was. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { record } from "../support/command-line.ts";

const { hand } = holdWindow({
	async prepare({ library }) {
		const words = ["front-door", "--seed", "1", "--set", "ratePerSecond=100", "--until", "3s", "--at", "1s crash web-2"];
		await record(join(library, "first.quorate"), words);
	},
});

test("a command to a recording that is looked at begins another future there, and the recorded one stays as it was", async () => {
	await hand.openSession("first");
	await hand.rowIn("web-1", "up");
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("500000");
	await hand.rowIn("web-2", "up");
	await hand.command("crash web-4");
	await hand.page.locator(".lab-head").getByText("branch 1", { exact: true }).waitFor();
	await hand.rowIn("web-4", "down");
	await hand.rowIn("web-2", "up");
	await hand.endRun();
	await hand.keyboard.press("5");
	const rows = hand.page.locator(".branch-row");
	await expect.poll(() => rows.count(), eventually).toBe(2);
	await rows.filter({ hasText: "trunk" }).getByRole("button", { name: "Show trunk" }).click();
	await hand.page.locator(".lab-head").getByText("trunk", { exact: true }).waitFor();
	await hand.keyboard.press("End");
	await hand.rowIn("web-2", "down");
	await hand.rowIn("web-4", "up");
	// And once more, by the key alone.
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("700000");
	await hand.rowIn("web-2", "up");
	await hand.button(/^Fork here/).click();
	await hand.page.locator(".lab-head").getByText("branch 2", { exact: true }).waitFor();
});
