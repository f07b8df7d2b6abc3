/** What is left out because there is too much of it is told where it would be: in the library, on the scrubber, on the timeline. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { record } from "../support/command-line.ts";

/** A fault a millisecond. More of them than are drawn, and with what came of each, than have a mark. */
const faults = Array.from({ length: 520 }, (_, i) => ["--at", `${i + 1}ms slow web-1 ${2 + (i % 2)}x`]).flat();
const { hand } = holdWindow({
	async prepare({ library }) {
		await record(join(library, "much.quorate"), ["front-door", "--set", "ratePerSecond=10", "--until", "1s", ...faults]);
	},
});

test("faults, commands and marks that are left out are counted, and those that come closer have them all", async () => {
	const session = hand.page.locator(".session", { hasText: "much" });
	await session
		.locator(".thumb title")
		.filter({ hasText: /^46[0-9] later commands without a mark here$/ })
		.waitFor({ state: "attached" });
	await hand.openSession("much");
	await hand.page.getByTitle(/^\d+ older faults and commands without a mark here$/).waitFor();
	expect(await hand.page.getByTitle(/older faults/).getAttribute("aria-label")).toBe("Instant of the run");
	await hand.keyboard.press("3");
	const bar = hand.page.locator(".timeline-bar");
	await bar.getByRole("button", { name: "All", exact: true }).click();
	const omitted = bar.getByText("120 faults not drawn", { exact: true });
	await omitted.waitFor();
	await hand.page.getByText("And 460 more faults", { exact: true }).waitFor({ state: "attached" });
	expect(await hand.axe()).toEqual([]);
	for (let presses = 0; presses < 2; presses++) await bar.getByRole("button", { name: "Closer", exact: true }).click();
	await omitted.waitFor({ state: "detached" });
});
