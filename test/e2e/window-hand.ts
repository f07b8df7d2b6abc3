/**
 * What a person does in the window and sees there, whichever target shows it: by mouse, by keys, and by
 * what the page says. Waits for states of the page, never for time.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Locator, Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A state that has not come by then will not come, however busy the computer is. */
const waitMsMax = 90_000;

const wordsLettersMax = 3_000;

/** For states that are asked for again and again: `expect.poll(what, eventually)`. */
export const eventually = { timeout: waitMsMax };

export interface AxeFinding {
	readonly rule: string;
	readonly html: readonly string[];
}

/** A page with more stops than this is none for the keyboard. */
const tabsMax = 200;

function isAnyInFocus(elements: readonly unknown[]): boolean {
	return elements.includes((globalThis as unknown as { readonly document: { readonly activeElement: unknown } }).document.activeElement);
}

interface Point {
	readonly x: number;
	readonly y: number;
}

/** How the clock begins to show an instant of the first minute. @param instant in whole seconds or milliseconds */
function clockAt(instant: string): string {
	const [, number, unit] = /^(\d+)(ms|s)$/.exec(instant) ?? [];
	const ms = unit === "s" ? Number(number) * 1_000 : Number(number);
	if (!(ms < 60_000)) throw new Error(`${instant} is no instant of the first minute`);
	return `00:${(ms / 1_000).toFixed(3).padStart(6, "0")}`;
}

export class WindowHand {
	#page: Page | undefined;
	#troubles: string[] = [];

	/** @param page left out when it is still to be opened, and taken then */
	constructor(page?: Page) {
		if (page !== undefined) this.take(page);
	}

	/** Goes on with another page; of the one before no more is heard. */
	take(page: Page): void {
		const troubles: string[] = [];
		this.#page = page;
		this.#troubles = troubles;
		page.setDefaultTimeout(waitMsMax);
		page.on("pageerror", (error) => troubles.push(String(error)));
		page.on("console", (message) => {
			// What Chromium says of a feature it does not know is no trouble of ours.
			if (message.type() === "error" && !message.text().includes("Permissions-Policy")) troubles.push(message.text());
		});
	}

	get page(): Page {
		if (this.#page === undefined) throw new Error("there is no page yet, or none at all");
		return this.#page;
	}

	/** Errors of the page, refusals of its policy included. */
	get troubles(): readonly string[] {
		return this.#troubles;
	}

	get keyboard(): Page["keyboard"] {
		return this.page.keyboard;
	}

	/** The button of this name, and of no longer one. */
	button(name: string | RegExp): Locator {
		return this.page.getByRole("button", { name, exact: true });
	}

	/** The instant that is shown. */
	get clock(): Locator {
		return this.page.locator(".clock");
	}

	/** Back to the first screen. */
	async home(): Promise<void> {
		await this.button("All labs and sessions").click();
	}

	/** Opens a lab's card. */
	async choose(title: string): Promise<void> {
		await this.page
			.locator(".card")
			.filter({ has: this.page.getByRole("heading", { name: title, exact: true }) })
			.click();
	}

	/** Starts a lab as it is. */
	async start(title: string, how: "Start" | "Set up, paused"): Promise<void> {
		await this.choose(title);
		await this.button(how).click();
		await this.page.locator(".lab").waitFor();
	}

	/** Opens a session from the first screen. @param name the latest when left out */
	async openSession(name?: string): Promise<void> {
		const all = this.page.locator(".session-open");
		await (name === undefined ? all.first() : all.filter({ has: this.page.getByText(name, { exact: true }) })).click();
		await this.page.locator(".lab").waitFor();
	}

	/** Lets a run that stands still go on up to an instant. @param instant as it is typed: `2s`, `300ms` */
	async goOnTo(instant: string): Promise<void> {
		await this.button("Run until…").click();
		await this.page.getByRole("menuitem", { name: "an instant" }).click();
		const dialog = this.page.getByRole("dialog");
		await dialog.getByLabel("Run until which instant?").fill(instant);
		await this.keyboard.press("Enter");
		await dialog.waitFor({ state: "detached" });
		await this.clock.filter({ hasText: clockAt(instant) }).waitFor();
		await this.button("Play").waitFor();
	}

	/** Ends the run that is shown, by its key. */
	async endRun(): Promise<void> {
		await this.keyboard.press("Q");
		await this.page.getByText("Ended early", { exact: true }).waitFor();
	}

	/** On the first screen, the latest session that is being recorded. */
	liveSession(): Locator {
		return this.page
			.locator(".session")
			.filter({ has: this.page.locator(".chip", { hasText: /^ ?(running|paused)$/ }) })
			.first();
	}

	/** The row of a node or a link in the workspace list. */
	row(name: string): Locator {
		return this.page.locator("tr", { has: this.button(name) });
	}

	/** The row, once its state is this. */
	rowIn(name: string, state: string): Promise<void> {
		return this.row(name).getByText(state, { exact: true }).waitFor();
	}

	/** The row, once so many messages a second come in: by a pattern of the number. */
	async rowTakes(name: string, perSecond: RegExp): Promise<void> {
		await this.row(name).locator("td.number").filter({ hasText: perSecond }).waitFor();
	}

	/** Where a node is drawn, in the page's own measure: once what was done to the page before has been laid out and drawn. */
	async placeOf(node: string): Promise<Point> {
		const names = await this.nodeNames();
		const index = names.indexOf(node);
		// A graph is fitted to its stage with the frame in which that has got its size.
		await this.framesDrawn(2);
		if (index < 0) throw new Error(`no node is called ${node}: ${names.join(" ")}`);
		return this.page.locator(".topology-graph").evaluate((element, id) => {
			// Cytoscape leaves its graph on the element that holds it.
			interface Held {
				readonly _cyreg: { readonly cy: { getElementById(id: string): { renderedPosition(): Point } } };
				getBoundingClientRect(): Point;
			}
			const held = element as unknown as Held;
			const box = held.getBoundingClientRect();
			const { x, y } = held._cyreg.cy.getElementById(id).renderedPosition();
			return { x: box.x + x, y: box.y + y };
		}, `n${index}`);
	}

	/** What is to be read on the page, whatever state it is in. */
	async words(): Promise<string> {
		const text = await this.page
			.locator("body")
			.innerText({ timeout: 5_000 })
			.catch(() => "cannot be read");
		return text.replaceAll(/\s*\n\s*/g, " · ").slice(0, wordsLettersMax);
	}

	/** Whatever was about to be done to the page with its next frames has been done. */
	async framesDrawn(count: number): Promise<void> {
		await this.page.evaluate(async (count) => {
			const { requestAnimationFrame } = globalThis as unknown as { requestAnimationFrame(drawn: () => void): void };
			for (let frames = 0; frames < count; frames++) await new Promise<void>((drawn) => requestAnimationFrame(() => drawn()));
		}, count);
	}

	/** Nodes in the order of the table. */
	async nodeNames(): Promise<readonly string[]> {
		const rows = this.page.locator("table", { has: this.page.getByText("Nodes", { exact: true }) }).locator(".row-name");
		await rows.first().waitFor();
		return rows.allTextContents();
	}

	/** Chooses from the menu of a node, by mouse alone. */
	async chooseAt(node: string, item: string): Promise<void> {
		const { x, y } = await this.placeOf(node);
		await this.page.mouse.click(x, y, { button: "right" });
		await this.page.getByRole("menu", { name: node, exact: true }).getByRole("menuitem", { name: item }).click();
	}

	/** Draws a line around these nodes with the lasso. */
	async lasso(...nodes: readonly string[]): Promise<void> {
		const places = await Promise.all(nodes.map((node) => this.placeOf(node)));
		const room = 34;
		const [left, right] = [Math.min(...places.map(({ x }) => x)) - room, Math.max(...places.map(({ x }) => x)) + room];
		const [top, bottom] = [Math.min(...places.map(({ y }) => y)) - room, Math.max(...places.map(({ y }) => y)) + room];
		await this.page.getByRole("button", { name: "Lasso" }).click();
		const { mouse } = this.page;
		await mouse.move(left, top);
		await mouse.down();
		await mouse.move(right, top, { steps: 4 });
		await mouse.move(right, bottom, { steps: 4 });
		await mouse.move(left, bottom, { steps: 4 });
		await mouse.move(left, top + 4, { steps: 4 });
		await mouse.up();
	}

	/** Walks to a button with the Tab key alone, from wherever the focus is. */
	async tabTo(name: string): Promise<void> {
		const target = this.button(name);
		for (let steps = 0; steps < tabsMax; steps++) {
			if ((await target.evaluateAll(isAnyInFocus)) === true) return;
			await this.keyboard.press("Tab");
		}
		throw new Error(`${tabsMax} times Tab never came to ${name}`);
	}

	/** What moves by itself on the page, or would when it changes: names of classes. */
	moving(): Promise<readonly string[]> {
		return this.page.evaluate(() => {
			interface Element {
				readonly className: unknown;
			}
			interface Browser {
				readonly document: { querySelectorAll(selector: string): Iterable<Element> };
				getComputedStyle(element: Element): { readonly transitionDuration: string; readonly animationName: string };
			}
			const { document, getComputedStyle } = globalThis as unknown as Browser;
			return [...document.querySelectorAll("*")]
				.filter((element) => {
					const { transitionDuration, animationName } = getComputedStyle(element);
					return /[1-9]/.test(transitionDuration) || animationName !== "none";
				})
				.map(({ className }) => String(className));
		});
	}

	/** Gives a command by keyboard alone. */
	async command(line: string): Promise<void> {
		await this.keyboard.press("/");
		const field = this.page.getByRole("combobox", { name: "Command" });
		await field.waitFor();
		await this.keyboard.type(line);
		await this.keyboard.press("Enter");
		await field.waitFor({ state: "detached" });
	}

	/** Lets a file fall on the page. */
	async drop(file: { readonly name: string; readonly bytes: Uint8Array }, on: string): Promise<void> {
		const transfer = await this.page.evaluateHandle(
			({ name, base64 }) => {
				interface Transfer {
					readonly items: { add(file: unknown): void };
				}
				interface Browser {
					readonly DataTransfer: new () => Transfer;
					readonly File: new (parts: readonly unknown[], name: string) => unknown;
					atob(text: string): string;
				}
				const { DataTransfer, File, atob } = globalThis as unknown as Browser;
				const made = new DataTransfer();
				made.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
				return made;
			},
			{ name: file.name, base64: Buffer.from(file.bytes).toString("base64") },
		);
		await this.page.dispatchEvent(on, "drop", { dataTransfer: transfer });
	}

	/** What axe finds serious or worse. @param only these rules; all when left out */
	async axe(only?: readonly string[]): Promise<readonly AxeFinding[]> {
		// The page's own policy lets no script in; the browser's tools do.
		await this.page.evaluate(axeSource);
		return this.page.evaluate(async (rules) => {
			interface Result {
				readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[];
			}
			interface Axe {
				run(root: unknown, options: object): Promise<Result>;
			}
			const { axe, document } = globalThis as unknown as { axe: Axe; document: unknown };
			const { violations } = await axe.run(document, { resultTypes: ["violations"], ...(rules === null ? {} : { runOnly: rules }) });
			return violations
				.filter(({ impact }) => impact === "serious" || impact === "critical")
				.map(({ id, nodes }) => ({ rule: id, html: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)) }));
		}, only ?? null);
	}
}
