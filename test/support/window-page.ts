/** The window as people have it: the built page from the built web host, in a real browser. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { Folder, Running } from "./command-line.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface AxeFinding {
	readonly rule: string;
	readonly html: readonly string[];
}

export class WindowPage {
	readonly page: Page;
	/** Errors of the page, refusals of its policy included; and whatever it asked of another host. */
	readonly troubles: string[];
	readonly #folder: Folder;
	readonly #host: Running;

	private constructor(page: Page, troubles: string[], folder: Folder, host: Running) {
		this.page = page;
		this.troubles = troubles;
		this.#folder = folder;
		this.#host = host;
	}

	static async open(browser: Browser, theme: "light" | "dark"): Promise<WindowPage> {
		const folder = new Folder();
		const host = new Running(["serve", "--no-open", "--library", folder.path], { cwd: folder.path });
		let out = "";
		host.child.stdout?.on("data", (text: string) => {
			out += text;
		});
		await host.said(/token=\S+\n/);
		const url = out.trim();
		const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: theme, reducedMotion: "reduce" });
		const page = await context.newPage();
		const troubles: string[] = [];
		page.on("pageerror", (error) => troubles.push(String(error)));
		page.on("console", (message) => message.type() === "error" && !message.text().includes("Permissions-Policy") && troubles.push(message.text()));
		page.on("request", (request) => new URL(request.url()).host !== new URL(url).host && request.url().startsWith("http") && troubles.push(request.url()));
		await page.goto(url);
		return new WindowPage(page, troubles, folder, host);
	}

	/** Starts a lab from its card, paused. */
	async setUp(title: string): Promise<void> {
		await this.page.locator(".card", { hasText: title }).click();
		await this.page.getByRole("button", { name: "Set up, paused" }).click();
		await this.page.locator(".lab").waitFor();
	}

	/** The row of a node or a link in the workspace list. */
	row(name: string) {
		return this.page.locator("tr", { has: this.page.getByRole("button", { name, exact: true }) });
	}

	/** Gives a command by keyboard alone. */
	async command(line: string): Promise<void> {
		await this.page.keyboard.press("/");
		await this.page.getByRole("combobox", { name: "Command" }).waitFor();
		await this.page.keyboard.type(line);
		await this.page.keyboard.press("Enter");
		await this.page.getByRole("combobox", { name: "Command" }).waitFor({ state: "detached" });
	}

	/** What axe finds serious or worse. */
	async axe(): Promise<readonly AxeFinding[]> {
		await this.page.evaluate(axeSource);
		return this.page.evaluate(async () => {
			interface Result {
				readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[];
			}
			const { axe, document } = globalThis as unknown as { axe: { run(root: unknown): Promise<Result> }; document: unknown };
			const { violations } = await axe.run(document);
			return violations
				.filter(({ impact }) => impact === "serious" || impact === "critical")
				.map(({ id, nodes }) => ({ rule: id, html: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)) }));
		});
	}

	async close(): Promise<void> {
		await this.page.context().close();
		this.#host.child.kill("SIGTERM");
		await this.#host.finished;
		this.#folder.remove();
	}
}
