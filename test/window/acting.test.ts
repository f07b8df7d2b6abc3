/** Acting on the drawing itself, and two futures side by side. */
import { beforeEach, expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";

const { hand } = holdWindow({ anew: "window" });
beforeEach(async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.keyboard.press("2");
	await hand.page.locator(".stage-body.show-topology").waitFor();
});

test("a line drawn with Shift held picks what is within, a click with Shift one more", async () => {
	const [four, five, three] = [await hand.placeOf("web-4"), await hand.placeOf("web-5"), await hand.placeOf("web-3")];
	const { mouse } = hand.page;
	const [left, right] = [Math.min(four.x, five.x) - 34, Math.max(four.x, five.x) + 34];
	const [top, bottom] = [Math.min(four.y, five.y) - 24, Math.max(four.y, five.y) + 34];
	await hand.keyboard.down("Shift");
	await mouse.move(left, top);
	await mouse.down();
	await mouse.move(right, top, { steps: 4 });
	await mouse.move(right, bottom, { steps: 4 });
	await mouse.move(left, bottom, { steps: 4 });
	await mouse.up();
	await hand.button("Partition 2 nodes from the rest").waitFor();
	await mouse.click(three.x, three.y);
	await hand.keyboard.up("Shift");
	await hand.button("Partition 3 nodes from the rest").click();
	await hand.page.getByText("partition {web-3 web-4 web-5} {crowd balancer web-1 web-2}").first().waitFor();
});

test("a cut is a bar on the timeline: told in words, and the link is found by a click on it", async () => {
	await hand.command("cut balancer web-2");
	await hand.keyboard.press("3");
	const told = hand.page.getByRole("list", { name: "Faults in sight that last" });
	await hand.keyboard.press(" ");
	await told.getByText(/^cut balancer – web-2, since .*, so far ([3-9]\d\d.* ms|[\d.]+ s)$/).waitFor();
	await hand.keyboard.press(" ");
	await hand.button("Play").waitFor();
	const canvas = hand.page.locator(".timeline-canvas");
	const box = await canvas.boundingBox();
	if (box === null) throw new Error("there is no timeline to be seen");
	// The present is at four fifths, and the strip just below the axis.
	await hand.page.mouse.click(box.x + 104 + (box.width - 104) * 0.7, box.y + 33);
	await hand.page.locator('tr[aria-selected="true"]').getByText("balancer – web-2").waitFor();
});

test("a message under way is found by the keyboard, inspected, and dropped from its menu", async () => {
	await hand.goOnTo("30ms");
	await hand.page.getByText(/^Messages under way: [1-9]/).waitFor();
	await hand.page.getByRole("application").focus();
	await hand.keyboard.press("]");
	await hand.keyboard.press("Enter");
	const name = await hand.page.locator(".inspect-head h2").textContent();
	expect(name).toMatch(/^http\.\w+ #\d+, \S+ → \S+$/);
	await hand.page.getByRole("application").focus();
	await hand.keyboard.press("Shift+F10");
	await hand.page.getByRole("menuitem", { name: "Drop this message" }).click();
	await hand.page
		.locator(".notice")
		.filter({ hasText: /^drop \S+#\d+/ })
		.waitFor();
	await hand.page
		.locator(".inspect-head")
		.getByText(/^(lost|no longer under way)$/)
		.waitFor();
});

test("two futures are seen at one instant, and the first event that differs is marked in both", async () => {
	await hand.command("crash web-3");
	await hand.keyboard.press("m");
	await hand.rowIn("web-3", "down");
	await hand.keyboard.press("u");
	await hand.page.getByText("branch 1", { exact: true }).waitFor();
	await hand.keyboard.press("m");
	await hand.keyboard.press("m");
	await hand.keyboard.press("5");
	await hand.button(/^Compare .+ with this$/).click();
	const other = hand.page.getByRole("region", { name: /^The other: trunk/ });
	await other.locator(".beside-event", { hasText: "crash web-3" }).waitFor();
	await hand.button("Go to it, in both").click();
	await hand.page.getByText("Looking back").waitFor();
	await hand.button("Change places").click();
	await hand.page.getByRole("region", { name: /^This one: trunk/ }).waitFor();
	await hand.button("Only this one").click();
	await other.waitFor({ state: "detached" });
});

test("a right click on a row asks for its menu; on another, while that is open, for the other's, which has the keyboard then", async () => {
	await hand.rowIn("web-1", "up");
	const menu = (name: string) => hand.page.getByRole("menu", { name, exact: true });
	await hand.row("web-1").click({ button: "right" });
	await menu("web-1").waitFor();
	await hand.row("web-2").click({ button: "right" });
	await menu("web-2").waitFor();
	await menu("web-1").waitFor({ state: "detached" });
	await hand.framesDrawn(10);
	await hand.keyboard.press("ArrowDown");
	await hand.keyboard.press("Enter");
	await menu("web-2").waitFor({ state: "detached" });
	await hand.rowIn("web-2", "down");
});
