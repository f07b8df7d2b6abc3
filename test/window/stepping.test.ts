/** A step back goes to the event before, however short a time ago that was: the file may be behind what is shown. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow();

const timer = () => hand.page.getByRole("timer");
/** What the clock of the window says, in microseconds. */
const shownUs = async (): Promise<number> => {
	const [, minutes = "0", seconds = "0"] = /^(\d+):([\d.]+)/.exec((await timer().textContent()) ?? "") ?? [];
	return Number(minutes) * 60_000_000 + Math.round(Number(seconds) * 1_000_000);
};

test("right after a step, time and again, in a run that has only just begun", async () => {
	await hand.start("The front door", "Set up, paused");
	let beforeUs = 0;
	for (let round = 0; round < 4; round++) {
		await hand.keyboard.press("m");
		await expect.poll(shownUs, eventually).toBeGreaterThan(beforeUs);
		const stoodUs = await shownUs();
		await hand.keyboard.press(",");
		await hand.page.getByText("Looking back").waitFor();
		const lookedUs = await shownUs();
		// There is an event between any two deliveries here.
		expect(lookedUs).toBeGreaterThan(0);
		expect(lookedUs).toBeLessThan(stoodUs);
		expect(lookedUs).toBeGreaterThanOrEqual(beforeUs);
		await hand.keyboard.press("End");
		await hand.page.getByText("Looking back").waitFor({ state: "detached" });
		beforeUs = stoodUs;
	}
});

test("in the middle of a run that goes on, it stands still where the step was asked for", async () => {
	await hand.keyboard.press(" ");
	await hand.rowTakes("web-1", /^[1-9]/);
	const askedUs = await shownUs();
	await hand.keyboard.press(",");
	await hand.page.getByText("Looking back").waitFor();
	// Something happens every few milliseconds there; the run may not have gone on between the look and the key.
	expect(await shownUs()).toBeGreaterThan(askedUs - 50_000);
});
