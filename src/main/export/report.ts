/**
 * The report that is handed in: one page that needs nothing else, runs nothing and loads nothing. What
 * was run, what was done, what the checks say and by which events, notes, drawings, charts, counts, and
 * how to make sure of it. Everything in it is read from the session; the text of files is escaped.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { toHex } from "../../core/digest.ts";
import { heldAscii } from "../../shared/export-held.ts";
import { branchWord, forkWords, nodeStatusWords } from "../../shared/house-words.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import type { RecordedVerdict } from "../../shared/session.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { shellWords } from "../cli/shell-words.ts";
import { type DrawingWishes, headingOf } from "./drawings.ts";
import { heldIn, leftOut } from "./held.ts";
import type { MessageTable } from "./message-table.ts";
import { charts, drawings } from "./report-figures.ts";
import { breachesOf, evidenceOf, type Findings, type PinnedNote, readFindings } from "./report-findings.ts";
import { elementOf, instant, section, table, text } from "./report-html.ts";
import { listed } from "./report-story.ts";
import { reportStyle } from "./report-style.ts";
import type { ExportFilter, ExportSource } from "./source.ts";

function verdictLine(verdicts: readonly RecordedVerdict[], isFinished: boolean): string {
	if (!isFinished) return elementOf("p", "The run has not come to its end: what follows is how far it came.", "verdict open");
	if (verdicts.length === 0) return elementOf("p", "This lab has no checks.", "verdict open");
	const failed = verdicts.filter(({ ok }) => !ok).length;
	if (failed === 0) return elementOf("p", `✓ All ${verdicts.length} checks hold`, "verdict good");
	return elementOf("p", `✗ ${failed} of ${verdicts.length} checks failed`, "verdict bad");
}

function factList({ source, branch, atUs, filter }: Findings): string {
	const { plan, header } = source;
	const { session } = heldIn(source, filter, "html");
	const parameters = Object.entries(plan.parameters).map(([name, value]) => `${name} = ${String(value)}`);
	const facts: readonly (readonly [string, string])[] = [
		["Lab", `${header.labId}, version ${header.labVersion}`],
		["Variant", plan.variant === "" ? "none" : plan.variant],
		["Parameters", parameters.length === 0 ? "none" : parameters.join(", ")],
		["Seed", String(header.seed)],
		...(session === undefined ? [] : [["Session", session] as const]),
		["Run", `${formatDurationUs(branch.head.untilUs)} of virtual time, ${branch.head.eventCount} events${branch.head.finished ? "" : ", not finished"}`],
		...(branch.parent < 0 ? [] : [["Branch", `${branchWord(branch.branch)}, ${forkWords(branch.parent, formatInstant(branch.forkUs))}`] as const]),
		["Shown", leftOut(source, filter).join("; ") || `everything, to ${formatInstant(atUs)}`],
		["Cluster", `${plan.nodes.length} nodes, ${plan.links.length} links`],
		...(header.createdMs === 0 ? [] : [["Recorded", new Date(header.createdMs).toISOString()] as const]),
		["Versions", `engine ${header.engineVersion}, events ${header.eventSchemaVersion}, session format ${header.formatVersion}`],
	];
	const digest = `<dt>Digest</dt><dd><code>${toHex(branch.head.digest)}</code></dd>`;
	return `<dl>${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join("")}${digest}</dl>`;
}

function checkCard(verdict: RecordedVerdict, shows: string): string {
	const { id, ok, expression, observed } = verdict;
	const said = [expression, observed === undefined ? undefined : `seen: ${String(observed)}`].filter((part) => part !== undefined).map(String);
	const proof = evidenceOf(verdict).map(({ index, atUs, text: words }) => {
		const where = typeof atUs === "number" ? `<span class="mono">${formatInstant(atUs)}</span> ` : "";
		return `<li>${where}${text(String(words ?? ""))}${typeof index === "number" ? ` <span class="shows">(event ${index})</span>` : ""}</li>`;
	});
	const head = `<h3><span class="mark">${ok ? "✓ holds" : "✗ failed"}</span>${text(id)}</h3>`;
	const meaning = shows === "" ? "" : elementOf("p", text(shows), "shows");
	const list = proof.length === 0 ? "" : `<ul>${proof.join("")}</ul>`;
	return `<div class="check ${ok ? "good" : "bad"}">${head}${meaning}<p><code>${text(said.join("; "))}</code></p>${list}</div>`;
}

function checks({ source, verdicts }: Findings): string {
	const shows = new Map(source.plan.checks.map((check) => [check.id, check.shows]));
	const cards = verdicts.map((verdict) => checkCard(verdict, shows.get(verdict.id) ?? ""));
	return section("Checks", ...(cards.length === 0 ? [elementOf("p", "None have been judged.", "shows")] : cards));
}

const reasonsMax = 5;
const givers: { readonly [origin: string]: string } = { lab: "the lab's story", user: "the user", watchdog: "the watchdog", "": "by itself" };

/** What happened, as one would tell it in a few sentences. */
function inWords({ source, story, verdicts, messages }: Findings): string {
	const lost = sumOf(messages, "lost");
	const carried = `${source.plan.nodes.length} nodes sent ${grouped(sumOf(messages, "sent"))} messages, of which ${lost === 0 ? "none was" : `${grouped(lost)} ${lost === 1 ? "was" : "were"}`} lost.`;
	const { faults } = story;
	const befell = faults.length === 0 ? "No fault befell the cluster." : `The cluster met ${listed(faults)}.`;
	const [breach] = breachesOf(verdicts);
	const broke = breach === undefined ? "" : ` The check ${breach.check} was the first to break, at ${formatInstant(breach.atUs)}: ${breach.text}`;
	return elementOf("p", text(`${carried} ${befell}${broke}`), "lead");
}

interface Row {
	readonly atUs: number;
	readonly cells: string;
}

/** Commands, faults and the instants at which checks broke, in one order. */
function acts(findings: Findings): string {
	const { story, verdicts, atUs: endUs } = findings;
	const told = story.lines.map(({ atUs, command, origin, said }): Row => {
		const line = command === "" ? "" : `<code>${text(command)}</code>`;
		const what = said.map((sentence) => elementOf("p", text(sentence)));
		return { atUs, cells: `<td class="story">${line}${what.join("")}</td><td>${text(givers[origin] ?? origin)}</td>` };
	});
	const broken = breachesOf(verdicts)
		.filter(({ atUs }) => atUs <= endUs)
		.map(({ atUs, check, text: proof }): Row => {
			const mark = `<p><span class="mark">✗</span>${text(check)} breaks: ${text(proof)}</p>`;
			return { atUs, cells: `<td class="story bad">${mark}</td><td>a check</td>` };
		});
	const rows = [...told, ...broken].sort((a, b) => a.atUs - b.atUs).map(({ atUs, cells }) => `<tr>${instant(atUs)}${cells}</tr>`);
	const more = story.left === 0 ? "" : elementOf("p", `${story.left} more are in the session.`, "shows");
	const head = [{ name: "Instant" }, { name: "What happened" }, { name: "By" }];
	return section("What happened", inWords(findings), table(head, rows, "Nobody did anything: the cluster ran by itself."), more);
}

/** What a note is pinned to. */
function pinOf({ event, eventIndex }: PinnedNote): string {
	if (event !== null) return elementOf("p", `<span class="mono">${formatInstant(event.atUs)}</span> ${text(event.text)} (event ${eventIndex})`, "shows");
	return eventIndex < 0 ? "" : elementOf("p", `about event ${eventIndex}`, "shows");
}

function notes({ notes: all, told: { remarks } }: Findings): string {
	if (remarks.length === 0) return "";
	const cards = remarks.map((note) => `<div class="note"><h3>Note ${all.indexOf(note) + 1}</h3><p class="lines">${text(note.text)}</p>${pinOf(note)}</div>`);
	return section("Notes", ...cards);
}

/** The guide's questions are written in Markdown; of that, only names of things matter here. */
function asked(question: string | undefined): string {
	return question === undefined ? "" : elementOf("p", text(question).replace(/`([^`]+)`/g, "<code>$1</code>"), "asked");
}

function answers({ notes: all, questions, told }: Findings): string {
	if (told.answers.length === 0) return "";
	const cards = told.answers.map(({ question, text: words, note }) => {
		const head = `<h3>Question ${question}${note === null ? "" : ` <span class="shows">(note ${all.indexOf(note) + 1})</span>`}</h3>`;
		const answer = note === null ? elementOf("p", "No answer.", "shows") : `<p class="lines">${text(words)}</p>${pinOf(note)}`;
		return `<div class="note${note === null ? " missing" : ""}">${head}${asked(questions[question - 1])}${answer}</div>`;
	});
	return section("Answers", ...cards);
}

/** On paper a line to write on where nobody has said so. */
function byLine({ told: { by } }: Findings): string {
	return by === "" ? elementOf("p", "Name", "blank") : `<p class="by">Handed in by <strong><bdi>${text(by)}</bdi></strong></p>`;
}

function counts({ source, messages, instant: { view } }: Findings): string {
	const number = (value: number): string => `<td class="number">${value}</td>`;
	const rows = messages.rows.map(
		({ name, sent, delivered, lost }) => `<tr><td><code>${text(name)}</code></td>${number(sent)}${number(delivered)}${number(lost)}</tr>`,
	);
	const reasons = messages.reasons.map(({ reason, count }) => `<tr><td>${text(reason)}</td>${number(count)}</tr>`);
	const nodes = view.nodes.map(
		({ name, role, status, crashes, messagesIn, messagesOut }) =>
			`<tr><td>${text(name)}</td><td>${text(role)}</td><td>${nodeStatusWords[status]}</td>${number(crashes)}${number(messagesIn)}${number(messagesOut)}</tr>`,
	);
	const amount = (name: string): { readonly name: string; readonly isNumber: true } => ({ name, isNumber: true });
	return section(
		"In numbers",
		table([{ name: "Message" }, amount("Sent"), amount("Delivered"), amount("Lost")], rows, "No message was sent, or the session does not hold them."),
		reasons.length === 0 ? "" : table([{ name: "Lost because" }, amount("Messages")], reasons, ""),
		table(
			[{ name: "Node" }, { name: "Role" }, { name: "State at the end" }, amount("Crashes"), amount("Messages in"), amount("Messages out")],
			nodes,
			`${source.plan.nodes.length} nodes`,
		),
	);
}

function howToVerify({ source, branch, again }: Findings): string {
	const file = shellWords([source.path === undefined ? "SESSION.quorate" : basename(source.path)]);
	const number = branch.branch;
	return section(
		"How to make sure of it",
		elementOf(
			"p",
			"This page tells what a session file holds; the file is the proof. A run is a function of its lab, its seed and its commands: whoever has the file can run it again and compare every event.",
		),
		`<pre>${text(`quorate verify ${file}\nquorate info ${file}`)}</pre>`,
		elementOf(
			"p",
			`The first says whether the file is what its lab gives; the second shows, for ${branchWord(number)}, the digest ${toHex(branch.head.digest).slice(0, 12)}… that stands in full under “The run”. In the window, open the file and choose “Verify”.`,
		),
		...(again === null
			? [elementOf("p", "No line for a shell gives this run without the file: it keeps the lab or the commands that are needed.", "shows")]
			: [elementOf("p", "Without the file, the same run, with the same digest, is given by:"), `<pre>${text(again)}</pre>`]),
	);
}

/** On top of everything: whoever reads on must know that something is missing. */
function damageLine({ source }: Findings): string {
	const damage = source.damage ?? null;
	if (damage === null) return "";
	const reasons = damage.reasons.slice(0, reasonsMax).join("; ");
	return elementOf("p", text(`⚠ The session file is damaged (${reasons}). Only what is provably intact is told here; notes are not.`), "damage");
}

function sumOf({ rows }: MessageTable, column: "sent" | "delivered" | "lost"): number {
	return rows.reduce((all, row) => all + row[column], 0);
}

/** The run in six numbers. */
function summary({ branch, messages, instant: { view }, verdicts }: Findings): string {
	const held = verdicts.filter(({ ok }) => ok).length;
	const numbers: readonly (readonly [name: string, value: string])[] = [
		["checks hold", verdicts.length === 0 ? "none" : `${held} of ${verdicts.length}`],
		["of virtual time", formatDurationUs(branch.head.untilUs)],
		["events", grouped(branch.head.eventCount)],
		["messages arrived", grouped(sumOf(messages, "delivered"))],
		["messages lost", grouped(sumOf(messages, "lost"))],
		["crashes", grouped(view.nodes.reduce((all, { crashes }) => all + crashes, 0))],
	];
	return `<ul class="tiles">${numbers.map(([name, value]) => `<li><strong>${text(value)}</strong> ${text(name)}</li>`).join("")}</ul>`;
}

/** With thin spaces between thousands. */
function grouped(value: number): string {
	return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** Only this style, and nothing that runs or is fetched. */
function policy(): string {
	return `default-src 'none'; style-src 'sha256-${createHash("sha256").update(reportStyle, "utf8").digest("base64")}'; base-uri 'none'; form-action 'none'`;
}

export async function* reportPage(source: ExportSource, filter: ExportFilter, wishes: DrawingWishes): AsyncGenerator<string> {
	const findings = yield* readFindings(source, filter, wishes);
	const { plan, header } = source;
	const { by } = findings.told;
	const title = plan.title.trim() === "" ? "A run" : plan.title;
	const { facts } = headingOf(source, formatDurationUs(findings.branch.head.untilUs));
	yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text(policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Quorate, engine ${header.engineVersion}">
<meta name="quorate" content="${text(heldAscii(heldIn(source, filter, "html")))}">
<title>${text(`${title}: a run of ${header.labId}${by === "" ? "" : ` by ${by}`}`)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
<p class="facts">${text(facts.join("  ·  "))}</p>
${byLine(findings)}
${damageLine(findings)}${verdictLine(findings.verdicts, findings.branch.head.finished)}
${summary(findings)}
</header>
<main>
`;
	yield section("The run", factList(findings));
	yield answers(findings);
	yield checks(findings);
	yield notes(findings);
	yield acts(findings);
	yield await drawings(findings, wishes);
	yield charts(findings);
	yield counts(findings);
	yield elementOf("div", howToVerify(findings), "together");
	yield `
</main>
<footer><p>Made by Quorate from a recorded run. Times are virtual.</p></footer>
</body>
</html>
`;
}
