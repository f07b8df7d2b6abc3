/** Every view, panel and dialog of the window under the rules of axe, in light and in dark, on every target. */
import { describe, expect, test } from "vitest";
import { holdWindow } from "./held-window.ts";
import { targets } from "./targets.ts";

describe.each(targets)("on %s", (_title, target) => {
	const { whyNot } = target;
	const { hand } = holdWindow({ target });
	/** All rules in light; in dark those that can differ. */
	const expectClean = async (what: string): Promise<void> => {
		expect(await hand.axe(), `${what}, light`).toEqual([]);
		await hand.page.emulateMedia({ colorScheme: "dark" });
		expect(await hand.axe(["color-contrast", "link-in-text-block"]), `${what}, dark`).toEqual([]);
		await hand.page.emulateMedia({ colorScheme: "light" });
	};

	/** Nothing moves where the user's system asks for stillness; where it does not, something does. */
	const expectStill = async (what: string): Promise<void> => {
		expect(await hand.moving(), what).toEqual([]);
		await hand.page.emulateMedia({ reducedMotion: "no-preference" });
		expect((await hand.moving()).length, what).toBeGreaterThan(0);
		await hand.page.emulateMedia({ reducedMotion: "reduce" });
	};

	const throughEach = async (role: "tab" | "button", within: string): Promise<void> => {
		const names = await hand.page.getByLabel(within, { exact: true }).getByRole(role).allTextContents();
		expect(names.length).toBeGreaterThan(3);
		for (const name of names) {
			await hand.page.getByLabel(within, { exact: true }).getByRole(role, { name, exact: true }).click();
			await expectClean(name);
		}
	};

	test.skipIf(whyNot)("the first screen and the dialog of a lab are clean", async () => {
		await hand.page.locator(".card").first().waitFor();
		await expectClean("start");
		await expectStill("start");
		await hand.choose("The front door");
		await hand.page.getByLabel("Visitors a second, on average").waitFor();
		await expectClean("new run");
		await hand.page.getByRole("button", { name: "Set up, paused" }).click();
		await hand.page.locator(".lab").waitFor();
	});

	test.skipIf(whyNot)("every view of the stage is clean", async () => {
		await hand.command("crash web-3");
		await hand.keyboard.press("m");
		await hand.rowIn("web-3", "down");
		await throughEach("button", "What is shown");
		await expectStill("views");
	});

	test.skipIf(whyNot)("every panel at the side is clean, with something in it", async () => {
		await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await hand.row("web-1").getByRole("button", { name: "web-1", exact: true }).click();
		await throughEach("tab", "Panels");
	});

	test.skipIf(whyNot)("every dialog and menu is clean", async () => {
		await hand.keyboard.press("/");
		await hand.page.getByRole("combobox", { name: "Command" }).waitFor();
		await hand.keyboard.type("c");
		await expectClean("palette");
		await hand.keyboard.press("Escape");
		await hand.page.getByRole("dialog").waitFor({ state: "detached" });
		await hand.page.getByRole("button", { name: "Export…" }).click();
		await hand.page.getByRole("dialog").waitFor();
		await expectClean("export");
		await expectStill("export");
		await hand.keyboard.press("Escape");
		await hand.page.getByRole("button", { name: "Run until…" }).click();
		await expectClean("menu of instants");
		await hand.page.getByRole("menuitem").first().click();
		await hand.page.getByRole("dialog", { name: "Run until…" }).waitFor();
		await expectClean("run until");
		await hand.keyboard.press("Escape");
		await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await hand.page.getByRole("button", { name: "Actions for web-2" }).click();
		await hand.page.getByRole("menu").waitFor();
		await expectClean("menu of a node");
		await hand.keyboard.press("Escape");
		await hand.page.getByRole("menu").waitFor({ state: "detached" });
		await hand.keyboard.press("?");
		await hand.page.getByRole("dialog", { name: "Keys" }).waitFor();
		await expectClean("keys");
		await hand.keyboard.press("Escape");
	});

	test.skipIf(whyNot)("the list of sessions, its menu and the dialog of a name are clean", async () => {
		await hand.home();
		await hand.page.locator(".session").first().waitFor();
		await hand.page
			.locator(".session")
			.getByRole("button", { name: /^Actions for/ })
			.click();
		await expectClean("sessions and menu");
		await hand.page.getByRole("menuitem", { name: "Rename…" }).click();
		await hand.page.getByRole("dialog", { name: "Rename" }).waitFor();
		await expectClean("rename");
		expect(hand.troubles).toEqual([]);
	});
});
