/** Whatever can be done to a node or a link is chosen from its menu on the drawing, and is then so: in the list, in the inspector, in the log. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow({ anew: "window" });

/** Its key, if it has one, stands behind it. */
const item = (name: string) => hand.page.getByRole("menuitem", { name: new RegExp(`^${name.replaceAll(/[.…]/g, ".")} ?([a-zA-Z/]|Enter)?$`) });

/** By a right click, and what lies within a menu of its own by keys. */
async function choose(at: { readonly x: number; readonly y: number }, first: string, within?: string): Promise<void> {
	await hand.page.mouse.click(at.x, at.y, { button: "right" });
	if (within === undefined) await item(first).click();
	else {
		await item(first).press("ArrowRight");
		await item(within).press("Enter");
	}
	await hand.page.getByRole("menu").first().waitFor({ state: "detached" });
}

/** What a panel says of one thing, by its name. */
const fact = (name: string) => hand.page.locator(".panel[data-state=active] dl div", { hasText: name }).locator("dd").first();

test("a node is paused, slowed, crashed, brought back, and its clock is moved and made to drift", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.keyboard.press("2");
	await hand.rowIn("web-1", "up");
	const [at, other] = [await hand.placeOf("web-1"), await hand.placeOf("web-2")];
	const become = async (state: string | RegExp, first: string, within?: string): Promise<void> => {
		await choose(at, first, within);
		await hand.row("web-1").getByText(state).first().waitFor();
	};
	await become("paused", "Pause");
	await become("up", "Resume");
	await become("slow", "Slow down", "Slow down 10×");
	await become("up", "Normal speed");
	await become("down", "Crash");
	await become(/^(up|starting)$/, "Restart");
	await hand.goOnTo("1s");
	await hand.rowIn("web-1", "up");
	await choose(at, "Clock and drift", "Clock 2 s ahead");
	await choose(other, "Clock and drift", "Drift 200 ppm fast");
	await choose(at, "Inspect");
	await expect.poll(() => fact("Its own clock").textContent(), eventually).toMatch(/^00:03\.0.* \(2 s off\)$/);
	await expect.poll(() => fact("Boots").textContent(), eventually).toBe("2");
	await hand.goOnTo("3s");
	await choose(other, "Inspect");
	// Two seconds at 200 in a million.
	await expect.poll(() => fact("Its own clock").textContent(), eventually).toMatch(/\((400|399(\.\d+)?) µs off\)$/);
});

test("a node's events are listed from its menu, and no others", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.goOnTo("300ms");
	await hand.keyboard.press("2");
	await choose(await hand.placeOf("web-4"), "Show its events");
	await hand.page.getByRole("tab", { name: "Events", selected: true }).waitFor();
	expect(await hand.page.locator("#event-search").inputValue()).toBe("node=web-4 ");
	await hand.page.locator(".event-row").first().waitFor();
	await expect.poll(() => hand.page.locator(".event-row", { hasNotText: "web-4" }).count(), eventually).toBe(0);
	await hand.page.locator(".events-bar", { hasText: /^[1-9]\d* of [\d,]+ events fit$/ }).waitFor();
});

test("a link is clogged, cut one way, made lossy and slow, and healed", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("2");
	const name = "balancer – web-1";
	await hand.rowIn(name, "up");
	const [a, b] = [await hand.placeOf("balancer"), await hand.placeOf("web-1")];
	const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
	const become = async (state: string, first: string, within?: string): Promise<void> => {
		await choose(middle, first, within);
		await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await hand.rowIn(name, state);
	};
	await become("clogged", "Clog");
	await become("up", "Heal");
	await become("cut", "Cut");
	await become("up", "Heal");
	await become("cut one way", "One way", "Cut balancer → web-1 only");
	await choose(middle, "Inspect");
	expect(await fact("balancer → web-1").textContent()).toBe("cut");
	expect(await fact("web-1 → balancer").textContent()).toBe("carries");
	await become("up", "One way", "Heal balancer → web-1 only");
	await become("changed", "Loss", "Lose 50 %");
	await choose(middle, "Latency", "At least 100 ms");
	await hand.row(name).getByText("100 ms", { exact: true }).waitFor();
	await choose(middle, "Inspect");
	const changed = hand.page.locator(".block", { hasText: "Changed while it runs" });
	await changed.getByText(/lossRatio/).waitFor();
	await changed.getByText(/floorUs/).waitFor();
	expect(await fact("Lost so far").textContent()).toBe("0");
	await hand.goOnTo("1s");
	await expect.poll(async () => Number(await fact("Lost so far").textContent()), eventually).toBeGreaterThan(5);
});

test("of a node that crashes the inspector keeps what is on its disk, and what was in its RAM is gone; wiped, both are", async () => {
	await hand.start("Leader election", "Set up, paused");
	await hand.goOnTo("1s");
	await hand.keyboard.press("2");
	await hand.row("server-1").getByRole("button", { name: "server-1", exact: true }).press("Enter");
	const [ram, disk] = [hand.page.locator(".block.ram"), hand.page.locator(".block.disk")];
	await ram.locator(".tree-row").first().waitFor();
	await disk.locator("summary").first().waitFor();
	const files = await disk.locator("summary .mono").allTextContents();
	const timers = hand.page.locator(".block", { hasText: "Timers" }).locator("li");
	await timers
		.filter({ hasText: /in [\d.]+ (ms|µs|s)$/ })
		.first()
		.waitFor();
	await hand.command("crash server-1");
	await ram.getByText("The node is down: its RAM is gone.").waitFor();
	expect(await ram.locator(".tree-row").count()).toBe(0);
	expect(await disk.locator("summary .mono").allTextContents()).toEqual(files);
	await hand.button("Everything that can be done to server-1").click();
	await item("Disk").press("ArrowRight");
	await item("Wipe its disk").press("Enter");
	await hand.page.getByText("wipe server-1", { exact: true }).waitFor();
	await disk.locator("summary").first().waitFor({ state: "detached" });
});

test("a run goes on until a node goes down, a message is lost, or a check fails, and no further", async () => {
	await hand.choose("The front door");
	await hand.page.getByLabel("Variant").selectOption("no-retries");
	await hand.page.getByLabel("Visitors a second, on average").fill("200");
	await hand.button("Set up, paused").click();
	await hand.page.locator(".lab").waitFor();
	const goOnUntil = async (what: string): Promise<void> => {
		await hand.button("Run until…").click();
		await item(what).click();
	};
	await goOnUntil("a node goes down");
	await hand.rowIn("web-3", "down");
	await hand.page.getByText("At 6 s a node goes down.").waitFor();
	await hand.page.locator(".clock", { hasText: /^00:06\.000000$/ }).waitFor();
	await hand.page.getByText("Paused", { exact: true }).waitFor();
	const clockUs = async (): Promise<number> => Number(((await hand.clock.textContent()) ?? "").replaceAll(/\D/g, ""));
	await goOnUntil("a message is lost");
	await expect.poll(clockUs, eventually).toBeGreaterThan(6_000_000);
	await hand.page.getByText("Paused", { exact: true }).waitFor();
	const lostUs = await clockUs();
	await hand.page.getByText(/^At 6\.[\d]+ s a message is lost\.$/).waitFor();
	expect(lostUs).toBeLessThan(6_200_000);
	await goOnUntil("a check fails");
	await hand.page.getByRole("tab", { name: "Checks" }).click();
	await hand.page.locator(".check", { hasText: "users-unaffected" }).getByText("broken", { exact: true }).waitFor();
	await hand.page.getByText("Paused", { exact: true }).waitFor();
	expect(await clockUs()).toBeGreaterThanOrEqual(lostUs);
	expect(await clockUs()).toBeLessThan(12_000_000);
});
