/** The report is judged by a validator of somebody else's, and opened in a real browser. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toHex } from "../../src/core/digest.ts";
import { labIds, readLab } from "../../src/main/app/lab-catalog.ts";
import type { ExportSource } from "../../src/main/export/export.ts";
import { lineToRunAgain } from "../../src/main/export/report-again.ts";
import { questionsOf } from "../../src/main/export/report-answers.ts";
import { SessionWriter } from "../../src/main/store/writer.ts";
import { openBrowser } from "../support/browser.ts";
import { Folder, quorate } from "../support/command-line.ts";
import { recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { logEvent, playSyntheticRun, syntheticPlan } from "../synthetic-run.ts";

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

	test("tells commands with what came of them, faults that came by themselves, and broken checks, in order", async () => {
		const words = plain(page);
		expect(words).toMatch(
			/7 nodes sent [\d\u2009]+ messages, of which [\d\u2009]+ were lost\. The cluster met 1 crash, 1 pause, 1 cut link, 1 clogged link, 1 partition/,
		);
		const told = [
			"0.400000s crash web-3 web-3 crashed. the lab's story",
			"0.500000s partition {crowd balancer web-1 web-2} {web-4 web-5} the network falls apart into {crowd balancer web-1 web-2} {web-4 web-5}. the lab's story",
			"0.650000s cut balancer -> web-1 the link from balancer to web-1 is cut. the lab's story",
			"0.800000s restart web-3 web-3 is switched on and will be up at 0.900000s. the lab's story",
			"0.880000s clock web-4 +20ms web-4's clock jumps by 20ms. the lab's story",
			"0.900000s web-3 boots, incarnation 2. by itself",
		];
		const places = told.map((line) => words.indexOf(line));
		expect(told.filter((_, i) => places[i] === -1)).toEqual([]);
		expect(places).toEqual([...places].sort((a, b) => a - b));
	});

	test("tells what went before a part that is shown, and nothing after it", async () => {
		const words = await withSession(path, async (session) => plain(await textOf(session, "html", { filter: { fromUs: 600_000, toUs: 700_000 } })));
		expect(words).toContain("0.400000s crash web-3");
		expect(words).toContain("0.650000s cut balancer");
		expect(words).not.toContain("web-2 is paused");
	});

	test("shows the cluster before the first fault, at each fault, where a check broke and at the end, in that order", () => {
		const captions = [...page.matchAll(/<figcaption>(<strong>\d+\. .*?)<\/figcaption>/g)].map(([, caption]) => plain(caption ?? "").trim());
		const [before, first, second, third] = captions;
		expect(before).toBe("1. Before the first fault , 0.399999s");
		expect(first).toBe("2. The first fault , 0.400000s : web-3 crashed.");
		expect(second).toBe("3. Fault 2 , 0.500000s : the network falls apart into {crowd balancer web-1 web-2} {web-4 web-5}.");
		expect(third).toBe("4. Fault 3 , 0.650000s : the link from balancer to web-1 is cut.");
		expect(captions.at(-1)).toMatch(/^\d. The end , 1\.000000s$/);
		const pictures = [...page.matchAll(/<desc id="moment-\d+-text">(.*?)<\/desc>/g)].map(([, said]) => said ?? "");
		expect(pictures.length).toBe(captions.length);
		// Each picture says of what instant it is, as its caption does.
		const instants = captions.map((caption) => /\d+\.\d+s/.exec(caption)?.[0] ?? "");
		expect(pictures.map((said) => /\bat (\d+\.\d+s)/.exec(said)?.[1])).toEqual(instants);
		expect(pictures.slice(0, 4).map((said) => [/web-3 down/.test(said), /: cut one way/.test(said)])).toEqual([
			[false, false],
			[true, false],
			[true, false],
			[true, true],
		]);
	});

	test("gives lanes to those that crashed and to the busiest where there are many nodes, and says so", async () => {
		const plan = syntheticPlan(60);
		const source = new MemorySource(plan);
		logEvent(source.log, "nodeCrashed", { atUs: 1, node: 58 }, { incarnation: 1, reason: 0 }, "");
		for (let node = 15; node < 57; node++) {
			const sent = { sequence: 1, to: 0, name: 1, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
			logEvent(source.log, "messageSent", { atUs: 10 + node, node }, sent, null);
		}
		const html = await textOf(source, "html");
		expect(plain(html)).toContain("Every event and every message. 40 of 60 nodes: those that crashed, and the busiest.");
		const [, lanes = ""] = /<desc id="timeline-text">[^<]*?\. (web-[^<]*?)\. /.exec(html) ?? [];
		expect(lanes.split(", ")).toEqual([...Array.from({ length: 39 }, (_, i) => `web-${i + 16}`), "web-59"]);
		expect(await complaints(html)).toEqual([]);
	});

	test("says why a command was refused, and where a check broke between the commands", async () => {
		const source = new MemorySource();
		logEvent(source.log, "commandApplied", { atUs: 10, node: -1 }, { commandSequence: 0, origin: 1 }, "crash web-1");
		logEvent(source.log, "nodeCrashed", { atUs: 10, node: 0 }, { incarnation: 1, reason: 0 }, "");
		logEvent(source.log, "commandRefused", { atUs: 30, node: -1 }, { commandSequence: 1, origin: 1 }, "crash web-1: it is down");
		source.verdicts = [{ id: "calm", ok: false, evidence: [{ index: 1, atUs: 20, text: "a client saw it" }] }];
		expect(plain(await textOf(source, "html"))).toMatch(
			/The check calm was the first to break, at 0\.000020s: a client saw it .* crash web-1 web-1 crashed\. the user 0\.000020s ✗ calm breaks: a client saw it a check 0\.000030s Refused: crash web-1: it is down\. the user/,
		);
	});

	test("gives a line that runs it again, to the same digest", async () => {
		const [, line] = /<pre>(quorate run [^<]*)<\/pre>/.exec(page) ?? [];
		const said = plain(line ?? "");
		expect(said).toContain("quorate run front-door --seed 1 --until 1s --set ratePerSecond=120 --at '400ms crash web-3'");
		const words = [...said.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").slice(1);
		const again = folder.file("again.quorate");
		await quorate([...words, "--executor", "inline", "--save", again]);
		expect(await withSession(again, async (session) => toHex(session.head().digest))).toBe(digest);
	});

	test("gives no such line where it would not be true", async () => {
		await withSession(path, async (session) => {
			const changedBy = (changes: Partial<ExportSource>): ExportSource =>
				new Proxy<ExportSource>(session, {
					get: (target, name) => {
						const value: unknown = name in changes ? Reflect.get(changes, name) : Reflect.get(target, name, target);
						return typeof value === "function" ? value.bind(target) : value;
					},
				});
			const isSaid = (source: ExportSource): boolean => lineToRunAgain(source, 0) !== null;
			expect(isSaid(changedBy({}))).toBe(true);
			expect(isSaid(changedBy({ commands: () => [{ sequence: 0, atUs: 1, origin: "user", line: "heal all" }] }))).toBe(false);
			expect(isSaid(changedBy({ labText: `${session.labText}\n# mine` }))).toBe(false);
			expect(isSaid(changedBy({ plan: { ...session.plan, title: "Forged" } }))).toBe(false);
			expect(isSaid(changedBy({ plan: { ...session.plan, labId: "../ping" } }))).toBe(false);
			expect(isSaid(changedBy({ plan: { ...session.plan, variant: "no-such" } }))).toBe(false);
			expect(isSaid(changedBy({ head: () => ({ ...session.head(), finished: false }) }))).toBe(false);
			expect(isSaid(changedBy({ head: () => ({ ...session.head(), untilUs: 5 }) }))).toBe(false);
			expect(lineToRunAgain(changedBy({ head: () => session.head(), commands: () => [] }), 1)).toBe(null);
			const damaged = changedBy({ damage: { reasons: ["block 3 <b>was</b> altered"], readableEvents: new Map([[0, 10]]) } });
			expect(isSaid(damaged)).toBe(false);
			const html = await textOf(damaged, "html");
			expect(plain(html)).toContain("The session file is damaged (block 3 <b>was</b> altered). Only what is provably intact is told here");
			expect(await complaints(html)).toEqual([]);
			expect(plain(html)).toContain("No line for a shell gives this run without the file");
		});
		expect(plain(page)).not.toContain("is damaged");
	});

	test("says who hands it in, and sets answers under the guide's questions", async () => {
		const file = folder.file("homework.quorate");
		await quorate(["run", "ping", "--executor", "inline", "--save", file]);
		const writer = SessionWriter.open(file);
		const said = ["Question 2: It <cannot> know.\nNobody can.", "name: Ada & Grace", "A remark.", "Q1) Two ways to lose it.", "Name:", "Question 0: none"];
		for (const text of said) writer.addNote({ branch: 0, eventIndex: -1, wallMs: 0, text });
		writer.close();
		const html = await withSession(file, (session) => textOf(session, "html"));
		expect(await complaints(html)).toEqual([]);
		const words = plain(html);
		expect(words).toContain("a run of ping by Ada & Grace");
		expect(words).toContain("Handed in by Ada & Grace");
		expect(words).toMatch(
			/Question 1 \(note 4\) Every fifth message is lost, and about a third .* Two ways to lose it\. Question 2 \(note 1\) No answer has come/,
		);
		expect(words).toMatch(/can client-1 find out which\? It <cannot> know\. Nobody can\. Question 3 With a delay of 2 s .* No answer\. Question 4 /);
		expect(words).toMatch(/Notes Note 3 A remark\. Note 5 Name: Note 6 Question 0: none What happened/);
		expect(plain(page)).not.toMatch(/Handed in by|Answers/);
		const given = await withSession(file, (session) => textOf(session, "html", { drawing: { by: " Zoë <Zed> " } }));
		expect(plain(given)).toMatch(/Handed in by Zoë <Zed> /);
		expect(given).not.toContain("Ada");
	});

	test("knows the questions of every lab that comes along, and of no other lab of the same name", () => {
		for (const labId of labIds()) {
			const labText = readLab(labId).text;
			const source = Object.assign(new MemorySource({ ...syntheticPlan(), labId }), { labText });
			const questions = questionsOf(source);
			expect([labId, questions.length >= 3, questions.every((question) => question.length > 10)]).toEqual([labId, true, true]);
			expect(questionsOf(Object.assign(source, { labText: `${labText}\n` }))).toEqual([]);
		}
		expect(questionsOf(Object.assign(new MemorySource({ ...syntheticPlan(), labId: "../labs/ping" }), { labText: "" }))).toEqual([]);
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
		const lastUs = source.log.lastUs;
		logEvent(source.log, "commandApplied", { atUs: lastUs, node: -1 }, { commandSequence: 0, origin: 1 }, evil);
		logEvent(source.log, "commandRefused", { atUs: lastUs, node: -1 }, { commandSequence: 1, origin: 0 }, evil);
		logEvent(source.log, "nodeCrashed", { atUs: lastUs, node: 1 }, { incarnation: 1, reason: 1 }, evil);
		source.noteList = [
			{ id: 1, branch: 0, eventIndex: 3, wallMs: 0, text: evil },
			...[`Name: ${evil}`, `Question 1: ${evil}`, `Question 99: ${evil}`].map((text, i) => ({ id: i + 2, branch: 0, eventIndex: -1, wallMs: 0, text })),
		];
		source.verdicts = [{ id: evil, ok: false, expression: evil, observed: evil, evidence: [{ index: 1, atUs: 2, text: evil }, null, 7] }];
		const html = await textOf(source, "html");
		expect(html).not.toContain("<script");
		expect(await complaints(html)).toEqual([]);
		expect(plain(html).split("</title>").length).toBeGreaterThan(10);
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
				await window.emulateMedia({ media: "print" });
				const printed = "[...document.querySelectorAll('.together, tbody tr, figure, .check')].map((one) => getComputedStyle(one).breakInside)";
				expect(new Set(await window.evaluate<string[]>(printed))).toEqual(new Set(["avoid"]));
				const tallest = await window.evaluate<number>("Math.max(...[...document.querySelectorAll('figure')].map((one) => one.getBoundingClientRect().height))");
				expect(tallest).toBeLessThan(420); // two of them, and a heading, on a page of 1,010
				await window.emulateMedia({ media: "screen" });
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
