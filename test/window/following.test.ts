/** The event list goes where the run is looked at: scrubbed, stepped, and with an event selected elsewhere. */
import { join } from "node:path";
import { test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { record } from "../support/command-line.ts";

const { hand } = holdWindow({ prepare: ({ library }) => record(join(library, "door.quorate"), ["front-door", "--until", "6s"]) });

/** In the page: the last event up to the shown instant is in sight, and what comes next is later. */
function isInstantInSight(): boolean {
	interface Element {
		readonly className: string;
		getBoundingClientRect(): { readonly top: number; readonly bottom: number };
	}
	interface Browser {
		readonly document: { querySelector(selector: string): Element | null; querySelectorAll(selector: string): Iterable<Element> };
	}
	const { document } = globalThis as unknown as Browser;
	const box = document.querySelector(".events .listbox")?.getBoundingClientRect();
	if (box === undefined) return false;
	const rows = [...document.querySelectorAll(".event-row")].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
	const past = rows.filter(({ className }) => !className.split(" ").includes("later"));
	const last = past.at(-1)?.getBoundingClientRect();
	if (last === undefined || last.bottom < box.top + 2 || last.top > box.bottom - 2) return false;
	return past.length < rows.length || document.querySelector(".clock") !== null;
}

test("the event list follows the instant that is scrubbed to and stepped to, and has the event that is selected in it", async () => {
	hand.page.setDefaultTimeout(20_000);
	await hand.openSession("door");
	await hand.keyboard.press("End");
	await hand.page.getByRole("tab", { name: "Events" }).click();
	await hand.page.waitForFunction(isInstantInSight);
	const slider = hand.page.getByRole("slider", { name: "Instant of the run" });
	for (const us of ["1500000", "5200000", "800000"]) {
		await slider.fill(us);
		await hand.page.locator(".event-row.later").first().waitFor({ state: "attached" });
		await hand.page.waitForFunction(isInstantInSight);
	}
	await hand.page.getByRole("tab", { name: "Events" }).focus();
	await hand.keyboard.press(".");
	await hand.page.locator('.event-row[aria-selected="true"]').waitFor();
});
