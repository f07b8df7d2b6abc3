/** What the window keeps, and gives back when it is opened again: arrangement, notes, seeds, sessions, and a run whose lab was killed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually, WindowHand } from "../e2e/window-hand.ts";
import { Running } from "../support/command-line.ts";

const window = holdWindow({ anew: "folder" });
const { hand } = window;

const sessionCalled = (name: string) => hand.page.locator(".session", { has: hand.page.locator(".session-name", { hasText: new RegExp(`^${name}$`) }) });
const sessions = (): readonly string[] => readdirSync(window.library).filter((name) => name.endsWith(".quorate"));

/** Where a node lies on the drawing itself, whatever part of it is in sight. */
const lies = (node: number) =>
	hand.page.locator(".topology-graph").evaluate((element, id) => {
		interface Held {
			readonly _cyreg: { readonly cy: { getElementById(id: string): { position(): { readonly x: number; readonly y: number } } } };
		}
		const { x, y } = (element as unknown as Held)._cyreg.cy.getElementById(id).position();
		return { x: Math.round(x), y: Math.round(y) };
	}, `n${node}`);

test("a node that was dragged, and a lane that was hidden, are where they were put when the session is opened again", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.keyboard.press("2");
	const node = (await hand.nodeNames()).indexOf("web-3");
	const [before, from] = [await lies(node), await hand.placeOf("web-3")];
	await hand.page.mouse.move(from.x, from.y);
	await hand.page.mouse.down();
	await hand.page.mouse.move(from.x + 30, from.y - 60, { steps: 5 });
	await hand.page.mouse.move(from.x + 60, from.y - 120, { steps: 5 });
	await hand.page.mouse.up();
	const put = await lies(node);
	expect(Math.hypot(put.x - before.x, put.y - before.y)).toBeGreaterThan(40);
	await hand.keyboard.press("3");
	await hand.button(/^Lanes$/).click();
	await hand.page.getByRole("checkbox", { name: "web-5", exact: true }).click();
	await hand.keyboard.press("Escape");
	await hand.button("1 hidden").waitFor();
	const [session = ""] = sessions();
	const layout = join(window.library, ".layouts", session.replace(".quorate", ".json"));
	await expect.poll(() => existsSync(layout) && readFileSync(layout, "utf8"), eventually).toMatch(/"web-3".*"hidden":\["web-5"\]/);

	await hand.endRun();
	await hand.home();
	await hand.openSession();
	await hand.keyboard.press("2");
	await hand.page.locator(".topology-graph").waitFor();
	await expect.poll(() => lies(node), eventually).toEqual(put);
	await hand.keyboard.press("3");
	await hand.button("1 hidden").waitFor();
});

test("the seed is shown, copied and changed, and each run has the one it was given", async () => {
	await hand.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
	await hand.choose("The front door");
	await hand.page.getByLabel("Seed", { exact: true }).fill("77");
	await hand.button("Set up, paused").click();
	await hand.page.locator(".lab .seed", { hasText: /^77$/ }).waitFor();
	await hand.button("Copy the seed").click();
	await hand.page.getByText("The seed is on the clipboard").waitFor();
	expect(await hand.page.evaluate("navigator.clipboard.readText()")).toBe("77");
	await hand.button("Run again with another seed…").click();
	const field = hand.page.getByRole("dialog").getByLabel("Seed", { exact: true });
	expect(await field.inputValue()).toBe("78");
	await field.fill("4711");
	await hand.button("Set up, paused").click();
	await hand.page.locator(".lab .seed", { hasText: /^4711$/ }).waitFor();
});

test("a note is pinned to the event that is selected, and leads back to it when the page has been loaded again", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.page.getByRole("timer").filter({ hasNotText: "00:00.000000" }).waitFor();
	await hand.keyboard.press(",");
	await hand.page.getByText("Looking back").waitFor();
	await hand.keyboard.press("i");
	const title = hand.page.locator(".event-title");
	await title.waitFor();
	const what = (await title.textContent()) ?? "nothing";
	await hand.keyboard.press("o");
	const add = hand.button(/^Add a note · event \d+$/);
	await add.waitFor();
	const pinned = /event \d+/.exec((await add.textContent()) ?? "")?.[0] ?? "";
	await hand.page.getByRole("textbox", { name: "Add a note" }).fill("Here it began");
	await add.click();
	await hand.page.locator(".pinned-note", { hasText: "Here it began" }).getByText(pinned).waitFor();
	await window.lab.reload();
	await hand.page.locator(".lab").waitFor();
	await hand.keyboard.press("o");
	await hand.page.locator(".pinned-note", { hasText: "Here it began" }).getByRole("button", { name: pinned }).click();
	await title.filter({ hasText: what }).waitFor();
});

test("sessions are found by name, renamed, doubled and thrown away by keys alone", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.endRun();
	await hand.home();
	await hand.page.locator(".session-open").first().press("F2");
	await hand.page.getByRole("textbox", { name: "New name" }).fill("monday");
	await hand.keyboard.press("Enter");
	const monday = sessionCalled("monday").locator(".session-open");
	await monday.press("Control+d");
	await sessionCalled("monday copy").waitFor();
	await hand.page.getByRole("searchbox", { name: "Search sessions" }).fill("copy");
	await monday.waitFor({ state: "detached" });
	expect(await sessionCalled("monday copy").count()).toBe(1);
	await hand.page.getByRole("searchbox", { name: "Search sessions" }).fill("");
	await sessionCalled("monday copy").locator(".session-open").press("Delete");
	await sessionCalled("monday copy").waitFor({ state: "detached" });
	expect(sessions()).toEqual(["monday.quorate"]);
	expect(readdirSync(join(window.library, ".trash"))).toEqual([expect.stringMatching(/^monday copy .*\.quorate$/)]);
});

/**
 * The page itself presses the button, as soon as the job tells how far it is: a hand from outside may come when
 * there is nothing left to call off. @returns what it told
 */
function callOffWhenItTells(): Promise<string> {
	return hand.page.evaluate(() => {
		interface Element {
			readonly ariaLabel: string;
			click(): void;
		}
		interface Browser {
			readonly document: { readonly body: unknown; querySelector(selector: string): Element | null };
			readonly MutationObserver: new (look: () => void) => { observe(on: unknown, what: object): void; disconnect(): void };
		}
		const { document, MutationObserver } = globalThis as unknown as Browser;
		return new Promise<string>((resolve) => {
			const observer = new MutationObserver(() => {
				const [progress, button] = [document.querySelector(".jobs progress"), document.querySelector(".jobs button[aria-label=Cancel]")];
				if (progress === null || button === null) return;
				observer.disconnect();
				resolve(progress.ariaLabel);
				button.click();
			});
			observer.observe(document.body, { subtree: true, childList: true });
		});
	});
}

test("a verification shows how far it is, and is called off by a button", async () => {
	await hand.choose("The front door");
	await hand.button("Set up, paused").click();
	await hand.page.locator(".lab").waitFor();
	await hand.keyboard.press("End");
	await hand.page.getByText("Ended", { exact: true }).waitFor();
	await hand.keyboard.press("5");
	const said = callOffWhenItTells();
	await hand.button("Verify this session").click();
	const job = hand.page.locator(".jobs .notice");
	await job.getByText("Called off.").waitFor();
	expect(await said).toMatch(/^\d+ %$/);
	await job.getByRole("button", { name: "Dismiss" }).click();
	await job.waitFor({ state: "detached" });
	await hand.button("Verify this session").click();
	await hand.page.getByText("Verified: the run repeats itself to the last event.").waitFor();
});

test("a lab that was killed says so in its window; the next one offers the run, which goes on where it was", async () => {
	const start = async (): Promise<{ readonly host: Running; readonly hand: WindowHand }> => {
		const host = new Running(["serve", "--no-open", "--library", window.library], { cwd: window.folder });
		let out = "";
		host.child.stdout?.on("data", (text: string) => {
			out += text;
		});
		await host.said(/token=\S+\n/);
		const page = await (await window.browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" })).newPage();
		await page.goto(out.trim());
		return { host, hand: new WindowHand(page) };
	};
	const first = await start();
	await first.hand.start("The front door", "Start");
	await first.hand.rowTakes("web-1", /^[1-9]/);
	await first.hand.command("crash web-3");
	await first.hand.rowIn("web-3", "down");
	first.host.child.kill("SIGKILL");
	await first.host.finished;
	await first.hand.page.getByText("The lab is gone").waitFor();
	await first.hand.page.getByText("Every run was being recorded.", { exact: false }).waitFor();
	await first.hand.page.context().close();

	const next = await start();
	const { page } = next.hand;
	const offered = page.locator(".session").first();
	await offered.getByText("not finished").waitFor();
	await offered.getByRole("button", { name: /^Actions for/ }).click();
	await page.getByRole("menuitem", { name: "Go on where it ended" }).click();
	await page.locator(".lab").waitFor();
	await next.hand.rowIn("web-1", "up");
	await page.getByText("Paused", { exact: true }).waitFor();
	expect(await page.getByRole("timer").textContent()).not.toMatch(/00:00\.000000/);
	await next.hand.keyboard.press(" ");
	await next.hand.rowTakes("web-1", /^[1-9]/);
	expect(next.hand.troubles).toEqual([]);
	await page.context().close();
	next.host.child.kill("SIGTERM");
	await next.host.finished;
});
