/** By causal order, a lab that is too busy to be drawn whole: the events next to the instant are, and what they are of is said. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { record } from "../support/command-line.ts";
import { type Painting, paintingOf } from "../support/painted.ts";

const { hand } = holdWindow({
	anew: "window",
	isListenedTo: true,
	prepare: ({ library }) => record(join(library, "door.quorate"), ["front-door", "--until", "3s"]),
});

const said = () => hand.page.locator(".timeline-bar [role=status]");
const zoom = (name: string) => hand.page.locator(".timeline-bar").getByRole("button", { name, exact: true }).click();
const timeline = (): Promise<Painting> => paintingOf(hand.page, ".timeline-canvas");

/** Of the stamps at the axis the last. */
async function newestStamp(): Promise<number> {
	const { words } = await timeline();
	return Math.max(...words.flatMap(({ text }) => (/^L\d+$/.test(text) ? [Number(text.slice(1))] : [])));
}

/** By so much a part goes out of sight as a whole. */
async function canvasWidth(): Promise<number> {
	return (await hand.page.locator(".timeline-canvas").boundingBox())?.width ?? 0;
}

/** Moves what is drawn to the right by hand, so that what came before it comes into sight. */
async function drag(deltaPx: number): Promise<void> {
	const box = await hand.page.locator(".timeline-canvas").boundingBox();
	if (box === null) throw new Error("there is no timeline to be seen");
	const { mouse } = hand.page;
	const [x, y] = [box.x + box.width / 2, box.y + box.height - 6];
	await mouse.move(x, y);
	await mouse.down();
	await mouse.move(x + deltaPx / 2, y, { steps: 3 });
	await mouse.move(x + deltaPx, y, { steps: 3 });
	await mouse.up();
}

test("a busy run that plays shows the newest events in their order, says of how many, and goes on with the run", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("3");
	await hand.goOnTo("1s");
	// So that it is not over before everything was seen, however slow this computer is.
	for (let presses = 0; presses < 2; presses++) await hand.keyboard.press("<");
	await hand.page.locator(".speed output", { hasText: /^0\.[1-5]\d?×$/ }).waitFor();
	await hand.button("Play").click();
	await hand.button("Lamport").click();
	await said()
		.filter({ hasText: /^the last [\d,]+ of [\d,]+ events: pause to see the rest$/ })
		.waitFor();
	await expect.poll(newestStamp, eventually).toBeGreaterThan(0);
	const stamp = await newestStamp();
	// So many messages are drawn that none of them has room for its name, and all of them are lines.
	expect((await timeline()).lines.length).toBeGreaterThan(100);
	// Of a part, what comes later takes the place of what came before.
	await expect.poll(newestStamp, eventually).toBeGreaterThan(stamp + 500);
	await hand.button("Pause").waitFor();
	await hand.button("vectors").click();
	await expect.poll(async () => (await timeline()).words.some(({ text }) => /^Σ\d+$/.test(text)), eventually).toBe(true);
});

test("of a recording that stands those around the instant are shown, and the rest by dragging and by coming closer", async () => {
	await hand.openSession("door");
	await hand.keyboard.press("3");
	await hand.button("Lamport").click();
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("1500000");
	await hand.clock.filter({ hasText: /^00:01\.5/ }).waitFor();
	await zoom("All");
	await said()
		.filter({ hasText: /^[\d,]+ of 1\d,\d{3} events: drag or zoom for the rest$/ })
		.waitFor();
	const cut = hand.page.getByText(/^The cut at 00:01\.5\d\d: crowd after L\d+, balancer after L\d+, /);
	await cut.waitFor({ state: "attached" });
	const stamp = await newestStamp();
	await drag(await canvasWidth());
	// The instant is no longer among what is shown.
	await cut.waitFor({ state: "detached" });
	await expect.poll(newestStamp, eventually).toBeLessThan(stamp);
	await hand.keyboard.press("End");
	await hand.clock.filter({ hasText: /^00:03\.000000$/ }).waitFor();
	await said()
		.filter({ hasText: /^the last [\d,]+ of/ })
		.waitFor();
	await hand.keyboard.press("Home");
	await hand.clock.filter({ hasText: /^00:00\.000000$/ }).waitFor();
	await said()
		.filter({ hasText: /^the first [\d,]+ of/ })
		.waitFor();
	await zoom("Closer");
	await said()
		.filter({ hasText: /^[\d,]+ events$/ })
		.waitFor();
	const [, count = ""] = /^([\d,]+) events$/.exec((await said().textContent()) ?? "") ?? [];
	expect(Number(count.replaceAll(",", ""))).toBeGreaterThan(100);
});
