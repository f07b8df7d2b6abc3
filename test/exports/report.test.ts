/** The report is judged by a validator of somebody else's, and opened in a real browser. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toHex } from "../../src/core/digest.ts";
import { openBrowser } from "../support/browser.ts";
import { Folder, quorate } from "../support/command-line.ts";
import { recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { playSyntheticRun, syntheticPlan } from "../synthetic-run.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeFinding {
	readonly id: string;
	readonly html: string;
}

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
let page = "";
let digest = "";

beforeAll(async () => {
	path = await recordTrouble(folder);
	await withSession(path, async (session) => {
		page = await textOf(session, "html");
		digest = toHex(session.head().digest);
	});
});

async function complaints(html: string): Promise<readonly string[]> {
	const validator = new HtmlValidate({ extends: ["html-validate:standard", "html-validate:document", "html-validate:a11y"] });
	const { results } = await validator.validateString(html);
	return results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`));
}

/** What is on the page, as a person reads it. */
function plain(html: string): string {
	return html
		.replace(/<style>[\s\S]*?<\/style>/g, "")
		.replace(/<[^>]+>/g, " ")
		.replaceAll("&#39;", "'")
		.replaceAll("&quot;", '"')
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&amp;", "&")
		.replace(/\s+/g, " ");
}

describe("the report", () => {
	test("is valid HTML", async () => {
		expect(await complaints(page)).toEqual([]);
	});

	test("runs nothing, loads nothing, and forbids both", () => {
		expect(page).not.toMatch(/<(script|iframe|object|embed|link|img|base|form)\b/i);
		expect(page).not.toMatch(/\s(src|href|on\w+|style)=/i);
		const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
		const hash = createHash("sha256").update(style, "utf8").digest("base64");
		expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`);
		expect(style).not.toMatch(/url\(|@import/);
	});

	test("tells lab, seed, parameters, digest, commands, checks with evidence, notes and counts, and how to verify it", () => {
		const words = plain(page);
		for (const said of [
			"front-door, version",
			"ratePerSecond = 120",
			digest,
			"crash web-3",
			"partition {crowd balancer web-1 web-2} {web-4 web-5}",
			"the lab's story",
		])
			expect(words).toContain(said);
		expect(words).toMatch(/✗ failed|✓ holds/);
		expect(words).toContain("Here it <breaks> & nobody notices.");
		expect(words).toMatch(/0\.400000s web-3 crashed \(event \d+\)/);
		expect(words).toContain("quorate verify trouble.quorate");
		expect(words).toMatch(/http\.request \d+ \d+ \d+/);
		expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(5);
	});

	test("says which check failed, and by which events", async () => {
		const file = folder.file("broken.quorate");
		await quorate(["run", "ping", "--executor", "inline", "--variant", "cut", "--save", file]);
		const html = await withSession(file, (session) => textOf(session, "html"));
		expect(await complaints(html)).toEqual([]);
		expect(plain(html)).toMatch(/✗ \d+ of \d+ checks failed/);
		expect(html).toMatch(/<li><span class="mono">\d+\.\d{6}s<\/span> .*\(event \d+\)/);
	});

	test("escapes whatever a file says", async () => {
		const plan = syntheticPlan();
		const evil = `</title><script>alert(1)</script>"'&`;
		const source = new MemorySource({
			...plan,
			title: evil,
			variant: evil,
			parameters: { [evil]: evil },
			nodes: plan.nodes.map((node, i) => ({ ...node, name: `${evil}${i}`, role: evil })),
		});
		playSyntheticRun(source.log, { eventCount: 200 });
		source.commandList = [{ sequence: 0, atUs: 1, origin: "user", line: evil }];
		source.noteList = [{ id: 1, branch: 0, eventIndex: 3, wallMs: 0, text: evil }];
		source.verdicts = [{ id: evil, ok: false, expression: evil, observed: evil, evidence: [{ index: 1, atUs: 2, text: evil }, null, 7] }];
		const html = await textOf(source, "html");
		expect(html).not.toContain("<script");
		expect(await complaints(html)).toEqual([]);
	});

	test("is there for a run without events, and for one that is not finished", async () => {
		const empty = await textOf(new MemorySource(), "html");
		expect(await complaints(empty)).toEqual([]);
		const source = new MemorySource({ ...syntheticPlan(), checks: [] });
		playSyntheticRun(source.log, { eventCount: 50 });
		const head = { ...source.head(), finished: false };
		const open = new Proxy(source, { get: (target, name: keyof MemorySource) => (name === "branches" ? [{ ...target.branches[0], head }] : target[name]) });
		const html = await textOf(open, "html");
		expect(await complaints(html)).toEqual([]);
		expect(plain(html)).toContain("The run has not come to its end");
	});

	test("opens in a browser without a complaint, asks for nothing, and can be read in light and dark, by axe as well", async () => {
		const file = folder.file("report.html");
		writeFileSync(file, page);
		const browser = await openBrowser();
		try {
			for (const colorScheme of ["light", "dark"] as const) {
				const window = await browser.newPage({ colorScheme, viewport: { width: 1_000, height: 800 } });
				const asked: string[] = [];
				const said: string[] = [];
				window.on("request", (request) => asked.push(request.url()));
				window.on("console", (message) => said.push(message.text()));
				window.on("pageerror", (error) => said.push(String(error)));
				await window.goto(pathToFileURL(file).href);
				expect(asked).toEqual([pathToFileURL(file).href]);
				expect(said).toEqual([]);
				expect(await window.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
				const [ground, ink] = await window.evaluate<string[]>("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]");
				expect([ground, ink]).toEqual(colorScheme === "light" ? ["rgb(244, 242, 236)", "rgb(23, 32, 44)"] : ["rgb(16, 20, 26)", "rgb(237, 241, 246)"]);
				await window.evaluate(axeSource);
				const findings = await window.evaluate<AxeFinding[]>(
					"axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, html: nodes[0].html })))",
				);
				expect(findings).toEqual([]);
				await window.close();
			}
		} finally {
			await browser.close();
		}
	});
});
