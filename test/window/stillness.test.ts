/** Who asks their computer for stillness sees nothing turn, also while the lab works. */
import { expect, onTestFinished, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const held = holdWindow({ anew: "window" });
const { hand } = held;

test("what turns while a fork is made stands still for those who wish for that, and turns for others", async () => {
	// What the lab answers is held back, so that the work goes on for as long as it is looked at.
	let isHeld = false;
	const late: (() => void)[] = [];
	await hand.page.routeWebSocket(/./, (page) => {
		const lab = page.connectToServer();
		page.onMessage((frame) => lab.send(frame));
		lab.onMessage((frame) => {
			if (isHeld) late.push(() => page.send(frame));
			else page.send(frame);
		});
	});
	const letGo = (): void => {
		isHeld = false;
		for (const give of late.splice(0)) give();
	};
	// A window that hears nothing cannot be closed.
	onTestFinished(letGo);
	await held.lab.reload();
	await hand.start("The front door", "Set up, paused");
	await hand.goOnTo("100ms");
	isHeld = true;
	await hand.keyboard.press("f");
	const sign = hand.page.locator(".chip .turning");
	await sign.waitFor();
	/** Names of what moves it. */
	const turns = () =>
		sign.evaluate((element) => {
			interface Turning {
				getAnimations(): readonly { readonly animationName?: string }[];
			}
			return (element as unknown as Turning).getAnimations().map(({ animationName }) => animationName);
		});
	expect(await turns()).toEqual([]);
	await hand.page.emulateMedia({ reducedMotion: "no-preference" });
	await expect.poll(turns, eventually).toEqual(["turning"]);
	await hand.page.emulateMedia({ reducedMotion: "reduce" });
	await expect.poll(turns, eventually).toEqual([]);
	letGo();
	await hand.page.getByText("branch 1", { exact: true }).waitFor();
	await sign.waitFor({ state: "detached" });
});
