/** The palette's line is completed, chosen from and given without the hands leaving the keyboard. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow();

test("a command is completed by Tab, chosen by arrows, and given by Enter", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.rowIn("web-1", "up");
	await hand.keyboard.press("/");
	const field = hand.page.getByRole("combobox", { name: "Command" });
	await hand.keyboard.type("cra");
	await hand.keyboard.press("Tab");
	expect(await field.inputValue()).toBe("crash ");
	await hand.keyboard.type("web-");
	const options = hand.page.getByRole("listbox", { name: "Command" }).getByRole("option");
	const servers = ["web-*", "web-1", "web-2", "web-3", "web-4", "web-5"].map((name) => `crash ${name}`);
	expect(await field.inputValue()).toBe("crash web-");
	await expect.poll(() => options.allTextContents(), eventually).toEqual(servers);
	for (let presses = 0; presses < 2; presses++) await hand.keyboard.press("ArrowDown");
	await hand.keyboard.press("Enter");
	expect(await field.inputValue()).toBe("crash web-2 ");
	await hand.keyboard.press("Enter");
	await field.waitFor({ state: "detached" });
	await hand.rowIn("web-2", "down");
});
