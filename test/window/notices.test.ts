/** What the window tells: where it covers nothing, reached and put away by keys; and to whom the Space key belongs. */
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";

const { hand } = holdWindow({ anew: "window" });

const milk = { name: "milk.txt", bytes: new TextEncoder().encode("milk") };

async function boxOf(element: Locator): Promise<{ readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }> {
	const box = await element.boundingBox();
	if (box === null) throw new Error("it is not to be seen");
	return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
}

/** What of these lies under the element: all measured at one moment, for what comes later may move them all. */
async function coveredBy(element: Locator, others: readonly string[]): Promise<readonly string[]> {
	return element.evaluate((over, selectors) => {
		interface Box {
			readonly left: number;
			readonly right: number;
			readonly top: number;
			readonly bottom: number;
		}
		interface Measured {
			getBoundingClientRect(): Box;
		}
		const { document } = globalThis as unknown as { readonly document: { querySelectorAll(selector: string): Iterable<Measured> } };
		const box = (over as unknown as Measured).getBoundingClientRect();
		const isUnder = (other: Box): boolean =>
			Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
		return selectors.filter((selector) => [...document.querySelectorAll(selector)].some((other) => isUnder(other.getBoundingClientRect())));
	}, others);
}

const needed = [".topology .legend", ".stage-body", ".segmented", ".transport", ".side", ".lab-head"];

test("a note and a warning cover nothing of a run's screen, and go by the keyboard alone", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.command("crash web-3");
	const note = hand.page.locator(".notice", { hasText: "crash web-3" });
	expect(await coveredBy(note, needed)).toEqual([]);
	await hand.drop(milk, ".stage");
	const warning = hand.page.locator(".notice.warning", { hasText: "“milk.txt” is not a session of Quorate." });
	await warning.waitFor();
	expect(await coveredBy(warning, needed)).toEqual([]);
	expect(await warning.locator("xpath=ancestor::*[@role='status']").count()).toBe(1);
	expect(await hand.axe()).toEqual([]);
	await hand.page.locator(".stage").focus();
	await hand.tabTo("Dismiss");
	await hand.keyboard.press("Enter");
	await note.waitFor({ state: "detached" });
	await hand.tabTo("Dismiss");
	await hand.keyboard.press("Escape");
	await warning.waitFor({ state: "detached" });
	// Nothing has the keyboard that would take the Space key.
	await hand.keyboard.press("Space");
	await hand.button("Pause").waitFor();
});

test("what came of a dialog's own act is read in it", async () => {
	await hand.choose("The front door");
	const dialog = hand.page.getByRole("dialog", { name: "The front door" });
	await dialog.getByLabel("Web servers").fill("0");
	await hand.button("Start").click();
	const fault = dialog.locator("[role=status] .notice.fault");
	await fault.waitFor();
	expect(await coveredBy(fault, [".dialog-head", ".new-run"])).toEqual([]);
	expect(await hand.axe()).toEqual([]);
	expect(await hand.page.locator(".notice").count()).toBe(1);
	await fault.getByRole("button", { name: "Dismiss" }).press("Enter");
	await fault.waitFor({ state: "detached" });
	await dialog.waitFor();
	// Put right without a word said to it, it is over all the same.
	await hand.button("Start").click();
	await fault.waitFor();
	await dialog.getByLabel("Web servers").fill("5");
	await hand.button("Set up, paused").click();
	await hand.page.locator(".lab").waitFor();
	expect(await hand.page.locator(".notice").count()).toBe(0);
});

test("on the first screen a warning makes room for itself, and a note stands in the head", async () => {
	await hand.button("Keys ?").waitFor();
	await hand.page.locator(".card").first().waitFor();
	await hand.drop(milk, ".start");
	const warning = hand.page.locator(".notice.warning");
	await warning.waitFor();
	expect(await coveredBy(warning, [".start-head", ".section-head", ".topic-head", ".input", ".card", ".drop"])).toEqual([]);
});

test("a warning leaves the stage as it is, and what was zoomed there by hand where it was", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.button("Closer").first().click();
	await hand.button("Closer").first().click();
	const look = async (): Promise<unknown> => [await boxOf(hand.page.locator(".stage-body")), await hand.placeOf("web-1"), await hand.placeOf("crowd")];
	const before = await look();
	await hand.drop(milk, ".stage");
	const warning = hand.page.locator(".notice.warning");
	await warning.waitFor();
	expect(await look()).toEqual(before);
	await warning.getByRole("button", { name: "Dismiss" }).click();
	await warning.waitFor({ state: "detached" });
	expect(await look()).toEqual(before);
});

test("a note that a newer one took the place of is at hand, and put away by itself", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.command("crash web-3");
	await hand.page.locator(".note-line .notice", { hasText: "crash web-3" }).waitFor();
	expect(await hand.page.locator(".note-more").count()).toBe(0);
	await hand.command("crash web-4");
	await hand.page.locator(".note-line .notice", { hasText: "crash web-4" }).waitFor();
	const more = hand.button("What was said before: 1 note");
	await more.click();
	const earlier = hand.page.locator(".told-rows .notice");
	await earlier.waitFor();
	expect(await earlier.allInnerTexts()).toEqual(["crash web-3"]);
	expect(await coveredBy(earlier, needed)).toEqual([]);
	expect(await hand.axe()).toEqual([]);
	expect(await more.getAttribute("aria-expanded")).toBe("true");
	expect(await hand.page.locator(".note-line .notice").innerText()).toBe("crash web-4");
	await earlier.getByRole("button", { name: "Dismiss" }).click();
	await earlier.waitFor({ state: "detached" });
	await more.waitFor({ state: "detached" });
});

test("that a run has ended is no longer said once it goes on, or another screen is shown", async () => {
	await hand.start("The front door", "Set up, paused");
	const ended = hand.page.locator(".notice", { hasText: "The run has ended." });
	await hand.button("End this run").click();
	await ended.waitFor();
	await hand.button("Go on").click();
	await hand.page.locator(".notice", { hasText: "The run goes on where it ended." }).waitFor();
	await hand.button("End this run").waitFor();
	await ended.waitFor({ state: "detached" });
	await hand.home();
	await hand.page.locator(".start").waitFor();
	await hand.page.locator(".notice").first().waitFor({ state: "detached" });
});

test("after a click on a view the Space key plays; one that was reached by keys is pressed by it", async () => {
	await hand.start("The front door", "Set up, paused");
	for (const name of ["Topology", "Closer", "Timeline", "Next event"]) {
		await hand.button(name).first().click();
		await hand.keyboard.press("Space");
		await hand.button("Pause").waitFor();
		await hand.keyboard.press("Space");
		await hand.button("Play").waitFor();
	}
	await hand.tabTo("Topology");
	await hand.keyboard.press("Space");
	await hand.page.locator(".stage-body.show-topology").waitFor();
	await hand.keyboard.press("Space");
	expect(await hand.button("Play").count()).toBe(1);
	expect(await hand.page.locator("button:focus-visible").textContent()).toBe("Topology");
});
