/** A run that is over: played, looked through, searched, measured, compared with another session, and gone on with. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { record } from "../support/command-line.ts";

const { hand } = holdWindow({
	anew: "window",
	async prepare({ library }) {
		for (const [name, seed, until] of [
			["first", "1", "3s"],
			["second", "2", "3s"],
			["short", "1", "2s"],
		] as const) {
			const words = ["front-door", "--seed", seed, "--set", "ratePerSecond=100", "--until", until, "--at", "1s crash web-2"];
			await record(join(library, `${name}.quorate`), words);
		}
		cpSync(join(library, "first.quorate"), join(library, "same.quorate"));
	},
});
beforeEach(async () => {
	await hand.openSession("first");
	await hand.rowIn("web-1", "up");
});

test("is played from its beginning to its end, stands still when asked to, and shows at each instant what was so", async () => {
	await hand.page.getByText("A recording", { exact: true }).waitFor();
	await hand.keyboard.press("Home");
	await hand.clock.filter({ hasText: /^00:00\.000000$/ }).waitFor();
	await hand.page.locator(".speed input").fill("0");
	await hand.keyboard.press("Escape");
	expect(await hand.page.locator(".speed output").textContent()).toBe("0.01×");
	await hand.button("Play").click();
	await hand.clock.filter({ hasNotText: /^00:00\.000000$/ }).waitFor();
	await hand.button("Pause").click();
	await hand.button("Play").waitFor();
	// At a hundredth of its speed it has not come far, however slow this computer is.
	await hand.rowIn("web-2", "up");
	// A hundredth of a second before it crashes: what is shown changes while it plays, three minutes from its end.
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("990000");
	await hand.clock.filter({ hasText: /^00:00\.990000$/ }).waitFor();
	await hand.page.getByRole("slider", { name: "Instant of the run" }).blur();
	await hand.button("Play").click();
	await hand.rowIn("web-2", "down");
	await hand.button("Pause").click();
	await hand.button("Play").waitFor();
	expect(await hand.clock.textContent()).toMatch(/^00:0[12]\./);
	const stood = await hand.clock.textContent();
	for (let presses = 0; presses < 30; presses++) await hand.keyboard.press(">");
	expect(await hand.page.locator(".speed output").textContent()).toBe("max");
	expect(await hand.clock.textContent()).toBe(stood);
	await hand.button("Play").click();
	await hand.clock.filter({ hasText: /^00:03\.000000$/ }).waitFor();
	await hand.rowIn("web-2", "down");
	await hand.button("Play").waitFor();
});

async function beside(name: string): Promise<void> {
	await hand.keyboard.press("5");
	await hand.page
		.locator(".other-sessions li", { has: hand.page.getByText(name, { exact: true }) })
		.getByRole("button", { name: "Show beside this one" })
		.click();
	await hand.page.getByRole("region", { name: /^The other: trunk/ }).waitFor();
}

test("the other one says so when it ended before the instant that is shown, and is silent again where it has come to", async () => {
	await beside("short");
	await hand.keyboard.press("End");
	await hand.clock.filter({ hasText: /^00:03\.000000$/ }).waitFor();
	const said = hand.page
		.getByRole("region", { name: /^The other/ })
		.locator("header")
		.getByText("ended at 00:02.000: here is its last instant", { exact: true });
	await said.waitFor();
	expect(await hand.page.getByText(/here is its last instant/).count()).toBe(1);
	expect(await hand.axe()).toEqual([]);
	await hand.page.getByRole("slider", { name: "Instant of the run" }).fill("1500000");
	await hand.clock.filter({ hasText: /^00:01\.5/ }).waitFor();
	await said.waitFor({ state: "detached" });
});

test("is seen beside another session, up to the first event that differs; beside its copy nothing differs", async () => {
	await beside("second");
	const verdict = hand.page.locator(".beside-verdict");
	await verdict.getByText(/^The same for [1-9][\d,]* events?\. Then:$/).waitFor();
	const [here, there] = [
		hand.page.getByRole("region", { name: "This one: trunk · seed 1" }),
		hand.page.getByRole("region", { name: "The other: trunk · seed 2" }),
	];
	const texts = [await here.locator(".beside-event").textContent(), await there.locator(".beside-event").textContent()];
	expect(texts[0]).toMatch(/^◆ ./);
	expect(texts[1]).toMatch(/^◆ ./);
	await hand.keyboard.press("End");
	await hand.clock.filter({ hasText: /^00:03\.000000$/ }).waitFor();
	await hand.button("Go to it, in both").click();
	await hand.clock.filter({ hasNotText: /^00:03\.000000$/ }).waitFor();
	expect(await hand.axe()).toEqual([]);
	await hand.button("Only this one").click();
	await there.waitFor({ state: "detached" });
	await beside("same");
	await verdict.getByText("The two are the same to the last event.").waitFor();
});

test("is searched by node, kind and text; what cannot be read is said, and takes nothing away", async () => {
	await hand.keyboard.press("End");
	await hand.keyboard.press("Control+f");
	const field = hand.page.locator("#event-search");
	const bar = hand.page.locator(".events-bar");
	await bar.filter({ hasText: /[\d,]+ events$/ }).waitFor();
	await hand.keyboard.type("node=web-3 kind=message text~/http\\.request/");
	await bar.filter({ hasText: /^[\d,]+ (of [\d,]+ events fit|that fit, and there are more)$/ }).waitFor();
	const rows = hand.page.locator(".event-row");
	await rows.first().waitFor();
	await expect.poll(() => rows.filter({ hasNotText: "web-3" }).count(), eventually).toBe(0);
	expect(await rows.filter({ hasNotText: "http.request" }).count()).toBe(0);
	await field.fill("node=web-3 kind=message text~/503/");
	await hand.page.getByText("No event fits.").waitFor();
	await field.fill("text~/(/");
	await hand.page.locator(".search-said").waitFor();
	await rows.first().waitFor();
});

test("has charts whose tables say the same: p50 below p99, load between nothing and all, losses after the crash alone", async () => {
	await hand.keyboard.press("6");
	const chart = (title: string) => hand.page.locator(".chart", { has: hand.page.getByRole("heading", { name: title }) });
	const numbers = async (title: string): Promise<readonly (readonly number[])[]> => {
		await chart(title).getByText("As a table").click();
		const rows = chart(title).locator("tbody tr");
		await rows.first().waitFor();
		const texts = await rows.evaluateAll((found) =>
			found.map((row) => [...(row as unknown as { readonly cells: Iterable<{ readonly textContent: string }> }).cells].map(({ textContent }) => textContent)),
		);
		const scale: { readonly [unit: string]: number } = { µs: 1, ms: 1_000, s: 1_000_000, "%": 0.01, "": 1 };
		return texts.map(([time = "", ...values]) => [
			Number(time.split(":").at(-1)),
			...values.map((text) => {
				const [, number = "", unit = ""] = /^([\d.]+) ?(\S*)$/.exec(text) ?? [];
				return number === "" ? Number.NaN : Number(number) * (scale[unit] ?? Number.NaN);
			}),
		]);
	};
	const latency = (await numbers("Latency of finished spans")).filter(([, p50]) => !Number.isNaN(p50));
	expect(latency.length).toBeGreaterThan(10);
	for (const [, p50 = 0, p99 = 0] of latency) expect(p50).toBeLessThanOrEqual(p99);
	// Two ways of 20 ms, and work.
	const median = latency.map(([, p50 = 0]) => p50).sort((a, b) => a - b)[latency.length >> 1] ?? 0;
	expect(median).toBeGreaterThan(1_000);
	expect(median).toBeLessThan(200_000);
	const load = await numbers("Load of the busiest node");
	expect(load.every(([, busy = 0]) => busy >= 0 && busy <= 1)).toBe(true);
	expect(load.some(([, busy = 0]) => busy > 0.02)).toBe(true);
	const flow = await numbers("Messages a second");
	expect(flow.some(([, delivered = 0]) => delivered > 5)).toBe(true);
	expect(flow.filter(([seconds = 0, , lost = 0]) => lost > 0 && seconds < 0.9)).toEqual([]);
	expect(flow.some(([seconds = 0, , lost = 0]) => lost > 0 && seconds > 1)).toBe(true);
});
