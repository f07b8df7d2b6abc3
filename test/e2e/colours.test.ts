/** Every view, panel and dialog of the window under the rules of axe, in light and in dark, on every target. */
import { describe, expect, test } from "vitest";
import { holdWindow } from "./held-window.ts";
import { targets } from "./targets.ts";

describe.each(targets)("on %s", (_title, target) => {
	const { whyNot } = target;
	const window = holdWindow(target);
	/** All rules in light; in dark those that can differ. */
	const expectClean = async (what: string): Promise<void> => {
		expect(await window.hand.axe(), `${what}, light`).toEqual([]);
		await window.hand.page.emulateMedia({ colorScheme: "dark" });
		expect(await window.hand.axe(["color-contrast", "link-in-text-block"]), `${what}, dark`).toEqual([]);
		await window.hand.page.emulateMedia({ colorScheme: "light" });
	};

	/** Nothing moves where the user's system asks for stillness; where it does not, something does. */
	const expectStill = async (what: string): Promise<void> => {
		expect(await window.hand.moving(), what).toEqual([]);
		await window.hand.page.emulateMedia({ reducedMotion: "no-preference" });
		expect((await window.hand.moving()).length, what).toBeGreaterThan(0);
		await window.hand.page.emulateMedia({ reducedMotion: "reduce" });
	};

	const throughEach = async (role: "tab" | "button", within: string): Promise<void> => {
		const names = await window.hand.page.getByLabel(within, { exact: true }).getByRole(role).allTextContents();
		expect(names.length).toBeGreaterThan(3);
		for (const name of names) {
			await window.hand.page.getByLabel(within, { exact: true }).getByRole(role, { name, exact: true }).click();
			await expectClean(name);
		}
	};

	test.skipIf(whyNot)("the first screen and the dialog of a lab are clean", async () => {
		await window.hand.page.locator(".card").first().waitFor();
		await expectClean("start");
		await expectStill("start");
		await window.hand.choose("The front door");
		await window.hand.page.getByLabel("Visitors a second, on average").waitFor();
		await expectClean("new run");
		await window.hand.page.getByRole("button", { name: "Set up, paused" }).click();
		await window.hand.page.locator(".lab").waitFor();
	});

	test.skipIf(whyNot)("every view of the stage is clean", async () => {
		await window.hand.command("crash web-3");
		await window.hand.keyboard.press("m");
		await window.hand.rowIn("web-3", "down");
		await throughEach("button", "What is shown");
		await expectStill("views");
	});

	test.skipIf(whyNot)("every panel at the side is clean, with something in it", async () => {
		await window.hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await window.hand.row("web-1").getByRole("button", { name: "web-1", exact: true }).click();
		await throughEach("tab", "Panels");
	});

	test.skipIf(whyNot)("every dialog and menu is clean", async () => {
		await window.hand.keyboard.press("/");
		await window.hand.page.getByRole("combobox", { name: "Command" }).waitFor();
		await window.hand.keyboard.type("c");
		await expectClean("palette");
		await window.hand.keyboard.press("Escape");
		await window.hand.page.getByRole("dialog").waitFor({ state: "detached" });
		await window.hand.page.getByRole("button", { name: "Export…" }).click();
		await window.hand.page.getByRole("dialog").waitFor();
		await expectClean("export");
		await expectStill("export");
		await window.hand.keyboard.press("Escape");
		await window.hand.page.getByRole("button", { name: "Run until…" }).click();
		await expectClean("menu of instants");
		await window.hand.page.getByRole("menuitem").first().click();
		await window.hand.page.getByRole("dialog", { name: "Run until…" }).waitFor();
		await expectClean("run until");
		await window.hand.keyboard.press("Escape");
		await window.hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await window.hand.page.getByRole("button", { name: "Actions for web-2" }).click();
		await window.hand.page.getByRole("menu").waitFor();
		await expectClean("menu of a node");
		await window.hand.keyboard.press("Escape");
		await window.hand.page.getByRole("menu").waitFor({ state: "detached" });
		await window.hand.keyboard.press("?");
		await window.hand.page.getByRole("dialog", { name: "Keys" }).waitFor();
		await expectClean("keys");
		await window.hand.keyboard.press("Escape");
	});

	test.skipIf(whyNot)("the list of sessions, its menu and the dialog of a name are clean", async () => {
		await window.hand.page.getByRole("button", { name: "All labs and sessions" }).click();
		await window.hand.page.locator(".session").first().waitFor();
		await window.hand.page
			.locator(".session")
			.getByRole("button", { name: /^Actions for/ })
			.click();
		await expectClean("sessions and menu");
		await window.hand.page.getByRole("menuitem", { name: "Rename…" }).click();
		await window.hand.page.getByRole("dialog", { name: "Rename" }).waitFor();
		await expectClean("rename");
		expect(window.hand.troubles).toEqual([]);
	});
});
