/**
 * What is looked at closely: a node from step to step, a message from its sending to what came of it, a check and the
 * event that broke it, which every view is then lit by.
 */
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { record } from "../support/command-line.ts";

const { hand } = holdWindow({
	async prepare({ library }) {
		await record(join(library, "votes.quorate"), ["leader-election", "--until", "700ms"]);
		await record(join(library, "carts.quorate"), ["shopping-cart", "--variant", "in-memory", "--until", "8s"]);
	},
});

async function openAtEnd(session: string): Promise<void> {
	if ((await hand.page.locator(".lab").count()) > 0) await hand.home();
	await hand.openSession(session);
	await hand.keyboard.press("End");
	await hand.button("Step back").waitFor();
}

test("a node that is looked into stays so from step to step, and what a step changed in it is marked", async () => {
	await openAtEnd("votes");
	await hand.row("server-2").getByRole("button", { name: "server-2", exact: true }).dblclick();
	const ram = hand.page.locator(".block.ram");
	await ram.locator(".tree-row").first().waitFor();
	expect(await hand.page.locator(".tree-mark").count()).toBe(0);
	// Each step is an event of anybody; sooner or later one is of this node.
	for (let steps = 0; steps < 60 && (await hand.page.locator(".tree-mark").count()) === 0; steps++) {
		const before = await hand.clock.innerText();
		await hand.button("Step back").click();
		await hand.page.waitForFunction(clockIsNot, before);
		await hand.page.locator(".inspect-head", { hasText: "server-2" }).waitFor();
	}
	await hand.page.locator(".tree-mark", { hasText: "changed" }).first().waitFor();
	expect(await hand.axe()).toEqual([]);
});

/** In the page. */
function clockIsNot(before: string): boolean {
	const { document } = globalThis as unknown as { readonly document: { querySelector(selector: string): { readonly innerText: string } | null } };
	return document.querySelector(".clock")?.innerText !== before;
}

test("a message's card says what came in, what the node did then, and what went out", async () => {
	await openAtEnd("carts");
	await hand.page.getByRole("tab", { name: "Events" }).click();
	await hand.page.locator("#event-search").fill("kind=messageDelivered node=web-1");
	await hand.page.locator(".event-row", { hasNotText: "reaches" }).first().waitFor({ state: "detached" });
	await hand.page.locator(".event-row", { hasText: "reaches web-1" }).first().dblclick();
	const blocks = hand.page.locator(".block > header h3");
	for (const title of ["What came in", "Its sending", "What the node did", "What went out"]) await blocks.filter({ hasText: title }).first().waitFor();
	expect(await hand.axe()).toEqual([]);
});

test("a broken check leads to the event that broke it, and by that the service's view and the charts are lit", async () => {
	await openAtEnd("carts");
	await hand.page.getByRole("tab", { name: "Checks" }).click();
	await hand.button("nothing-lost").click();
	await hand.page.locator(".block", { hasText: "The event that broke it" }).locator(".neighbour").first().waitFor();
	await hand.button("Go to this instant").click();
	await hand.page.locator(".inspect-event").waitFor();
	await hand.button("Services").click();
	const view = hand.page.locator(".service-view[data-state=active]");
	await view.locator(".view-cone", { hasText: "led to it" }).waitFor();
	for (const side of ["past", "self"]) await view.locator(`.cone-${side}`).first().waitFor();
	expect(await hand.axe()).toEqual([]);
	await hand.button("Charts").click();
	await hand.page.locator(".chart-mark", { hasText: "The selected event, at" }).waitFor();
	expect(await hand.axe()).toEqual([]);
});

test("while a run goes on, what comes of the selected event is lit as it happens", async () => {
	await hand.home();
	await hand.start("One at a time", "Set up, paused");
	await hand.button("Services").click();
	await hand.goOnTo("300ms");
	const view = hand.page.locator(".service-view[data-state=active]");
	// A view is drawn a little later than the clock; until then it may still replace what is about to be pressed.
	const isDrawn = view.locator("[aria-busy=false]");
	await isDrawn.waitFor();
	await (await newestOf(view.locator("[data-events]"))).click();
	await view.locator(".view-cone", { hasText: "selected event" }).waitFor();
	const newest = Math.max(...(await eventsIn(view)));
	await hand.goOnTo("500ms");
	await isDrawn.waitFor();
	await expect.poll(async () => Math.max(...(await eventsIn(view, ".cone-future"))), eventually).toBeGreaterThan(newest);
});

/** Of all that is stated, what was stated last. */
async function newestOf(stated: Locator): Promise<Locator> {
	const events = await stated.evaluateAll((elements) =>
		(elements as unknown as readonly { getAttribute(name: string): string | null }[]).map((element) =>
			Math.max(...(element.getAttribute("data-events") ?? "").split(" ").map(Number)),
		),
	);
	return stated.nth(events.indexOf(Math.max(...events)));
}

/** Events that stated what a view shows: all of it, or what is lit as is said. */
async function eventsIn(view: Locator, lit = ""): Promise<readonly number[]> {
	const texts = await view
		.locator(`${lit}[data-events]`)
		.evaluateAll((elements) =>
			(elements as unknown as readonly { getAttribute(name: string): string | null }[]).map((element) => element.getAttribute("data-events") ?? ""),
		);
	return [-1, ...texts.flatMap((text) => text.split(" ").map(Number))];
}
