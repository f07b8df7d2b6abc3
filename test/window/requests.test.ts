/** The requests of a stretch of time, the latest, the slowest or the failed first, and where the time of one went. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow();

const rows = () => hand.page.locator(".request");
/** What the rows say that their requests took, in milliseconds; those that have not finished took for ever. */
const tookMs = async (): Promise<readonly number[]> =>
	(await rows().locator(".number").allTextContents()).map((text) =>
		text === "not finished" ? Number.POSITIVE_INFINITY : Number(/^([\d.]+) ms$/.exec(text)?.[1]),
	);

const count = () => hand.page.locator(".request-head p");

test("the latest come first, and one of them is taken apart", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.goOnTo("2s");
	await hand.button("Requests").click();
	await count()
		.filter({ hasText: /^[\d,]{3,} requests began in the 2 s before this instant, 200 of them here\.$/ })
		.waitFor();
	const finished = rows().filter({ hasText: " ms" }).first();
	const took = (await finished.locator(".number").textContent()) ?? "nothing";
	await finished.click();
	const waterfall = hand.page.locator(".waterfall");
	await waterfall.locator(".span-time", { hasText: took }).first().waitFor();
	for (const who of ["crowd \u2192 balancer", /^balancer \u2192 web-\d$/, /^web-\d$/, /^web-\d \u2192 balancer$/, "balancer \u2192 crowd"])
		await waterfall.locator(".span strong", { hasText: who }).first().waitFor();
	await waterfall.locator(".span-bar").first().click();
	await hand.page.locator(".inspect-event").waitFor();
	expect(await hand.axe()).toEqual([]);
});

test("the slowest come first, or those that failed come alone", async () => {
	await hand.command("crash web-*");
	await hand.goOnTo("2500ms");
	await hand.button("Slowest").click();
	const isSorted = async (): Promise<boolean> => {
		const took = await tookMs();
		return took.length === 200 && took.every((ms, i) => i === 0 || ms <= (took[i - 1] ?? 0));
	};
	await expect.poll(isSorted, eventually).toBe(true);
	await hand.button("Failed").click();
	await count()
		.filter({ hasText: /^\d+ requests? that began in the 2 s before this instant failed/ })
		.waitFor();
	const failed = hand.page.locator(".request svg[aria-label=error]");
	await expect.poll(async () => [await rows().count(), await failed.count()], eventually).toEqual([await rows().count(), await rows().count()]);
	expect(await failed.count()).toBeGreaterThan(0);
});
