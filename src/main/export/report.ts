/**
 * The report that is handed in: one page that needs nothing else, runs nothing and loads nothing. What
 * was run, what was done, what the checks say and by which events, notes, drawings, charts, counts, and
 * how to make sure of it. Everything in it is read from the session; the text of files is escaped.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { CheckBoard } from "../../core/checks/create-check-folds.ts";
import { toHex } from "../../core/digest.ts";
import { registry } from "../../os/registry.ts";
import { chartLinesMax, chartSvg } from "../../shared/drawing/chart-svg.ts";
import { pagePalette } from "../../shared/drawing/palette.ts";
import { escapeXml } from "../../shared/drawing/svg.ts";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { timelineSvg } from "../../shared/drawing/timeline-svg.ts";
import { topologySvg } from "../../shared/drawing/topology-svg.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { QuorateError } from "../../shared/errors.ts";
import { recordKindWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText, formatInstant } from "../../shared/projection/event-text.ts";
import type { RecordedCommand, RecordedVerdict, SessionBranch, SessionNote } from "../../shared/session.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { seriesOf } from "../lab-service/log/series.ts";
import { arrangePlan } from "./arrange.ts";
import { type DrawingWishes, headingOf, lastInstant, shownNodes } from "./drawings.ts";
import { type Instant, instantOf, type Sight, sightOf } from "./gather.ts";
import { MessageTable } from "./message-table.ts";
import { reportStyle } from "./report-style.ts";
import { decodeEvent, type ExportFilter, type ExportSource, Names, wantedEvents } from "./source.ts";

const timelineEventsMax = 1_500;
const focusEvents = 140;
const chartPoints = 120;
const rowsMax = 500;

/** What has been read from the session, for the page. */
interface Findings {
	readonly source: ExportSource;
	readonly filter: ExportFilter;
	readonly branch: SessionBranch;
	readonly atUs: number;
	readonly instant: Instant;
	readonly whole: Sight;
	/** Around what happened first of interest; null where the whole shows as much. */
	readonly focus: Sight | null;
	readonly verdicts: readonly RecordedVerdict[];
	readonly commands: readonly RecordedCommand[];
	readonly notes: readonly PinnedNote[];
	readonly messages: MessageTable;
}

interface PinnedNote extends SessionNote {
	/** Null for a note about nothing in particular, or about an event that is not stored. */
	readonly event: { readonly atUs: number; readonly node: number; readonly text: string } | null;
}

function elementOf(name: string, content: string, className = ""): string {
	return `<${name}${className === "" ? "" : ` class="${className}"`}>${content}</${name}>`;
}

const text = (value: string): string => escapeXml(value);
const instant = (us: number): string => `<td class="instant mono">${formatInstant(us)}</td>`;

function section(title: string, ...content: readonly string[]): string {
	return `<section>\n<h2>${text(title)}</h2>\n${content.join("\n")}\n</section>`;
}

function table(head: readonly { readonly name: string; readonly isNumber?: boolean }[], rows: readonly string[], empty: string): string {
	if (rows.length === 0) return elementOf("p", text(empty), "shows");
	const cells = head.map(({ name, isNumber }) => `<th scope="col"${isNumber === true ? ' class="number"' : ""}>${text(name)}</th>`).join("");
	const more = rows.length > rowsMax ? elementOf("p", `${rows.length - rowsMax} more are in the session.`, "shows") : "";
	return `<div class="wide"><table><thead><tr>${cells}</tr></thead><tbody>\n${rows.slice(0, rowsMax).join("\n")}\n</tbody></table></div>${more}`;
}

// --- parts of the page

function verdictLine(verdicts: readonly RecordedVerdict[], isFinished: boolean): string {
	if (!isFinished) return elementOf("p", "The run has not come to its end: what follows is how far it came.", "verdict open");
	if (verdicts.length === 0) return elementOf("p", "This lab has no checks.", "verdict open");
	const failed = verdicts.filter(({ ok }) => !ok).length;
	if (failed === 0) return elementOf("p", `✓ All ${verdicts.length} checks hold`, "verdict good");
	return elementOf("p", `✗ ${failed} of ${verdicts.length} checks failed`, "verdict bad");
}

function factList({ source, branch, atUs, filter }: Findings): string {
	const { plan, header } = source;
	const parameters = Object.entries(plan.parameters).map(([name, value]) => `${name} = ${String(value)}`);
	const facts: readonly (readonly [string, string])[] = [
		["Lab", `${header.labId}, version ${header.labVersion}`],
		["Variant", plan.variant === "" ? "none" : plan.variant],
		["Parameters", parameters.length === 0 ? "none" : parameters.join(", ")],
		["Seed", String(header.seed)],
		["Run", `${formatDurationUs(branch.head.untilUs)} of virtual time, ${branch.head.eventCount} events${branch.head.finished ? "" : ", not finished"}`],
		...(branch.parent < 0 ? [] : [["Branch", `${branch.branch} (${branch.name}), forked from ${branch.parent} at ${formatInstant(branch.forkUs)}`] as const]),
		["Shown", [`${formatInstant(filter.fromUs ?? 0)} to ${formatInstant(atUs)}`, ...narrowings(source, filter)].join("; ")],
		["Cluster", `${plan.nodes.length} nodes, ${plan.links.length} links`],
		...(header.createdMs === 0 ? [] : [["Recorded", new Date(header.createdMs).toISOString()] as const]),
		["Versions", `engine ${header.engineVersion}, events ${header.eventSchemaVersion}, session format ${header.formatVersion}`],
	];
	const digest = `<dt>Digest</dt><dd><code>${toHex(branch.head.digest)}</code></dd>`;
	return `<dl>${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join("")}${digest}</dl>`;
}

/** What is left out besides the time, in words. */
function narrowings({ plan }: ExportSource, { nodes, kinds, search }: ExportFilter): readonly string[] {
	return [
		...(nodes === undefined ? [] : [`of nodes ${[...nodes].map((node) => plan.nodes[node]?.name ?? `#${node}`).join(", ")}`]),
		...(kinds === undefined ? [] : [`of kinds ${[...kinds].join(", ")}`]),
		...(search === undefined || search.isEmpty ? [] : ["what a search found"]),
	];
}

interface Evidence {
	readonly index?: unknown;
	readonly atUs?: unknown;
	readonly text?: unknown;
}

function evidenceOf(verdict: RecordedVerdict): readonly Evidence[] {
	const { evidence } = verdict;
	return Array.isArray(evidence) ? evidence.filter((one) => typeof one === "object" && one !== null) : [];
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

const givers = { lab: "the lab's story", user: "the user", watchdog: "the watchdog" } as const;

function acts({ commands }: Findings): string {
	const rows = commands.map(({ atUs, origin, line }) => `<tr>${instant(atUs)}<td>${text(givers[origin])}</td><td><code>${text(line)}</code></td></tr>`);
	return section("What was done", table([{ name: "Instant" }, { name: "By" }, { name: "Command" }], rows, "Nothing: the cluster ran by itself."));
}

function notes({ notes: pinned }: Findings): string {
	if (pinned.length === 0) return "";
	const cards = pinned.map(({ text: words, event, eventIndex }, i) => {
		const about =
			event === null
				? eventIndex < 0
					? ""
					: elementOf("p", `about event ${eventIndex}`, "shows")
				: elementOf("p", `<span class="mono">${formatInstant(event.atUs)}</span> ${text(event.text)} (event ${eventIndex})`, "shows");
		return `<div class="note"><h3>Note ${i + 1}</h3><p>${text(words)}</p>${about}</div>`;
	});
	return section("Notes", ...cards);
}

function figure(svg: string, caption: string): string {
	return `<figure>${svg}<figcaption>${text(caption)}</figcaption></figure>`;
}

function timelineFigure(findings: Findings, sight: Sight, id: string): string {
	const { source, filter, notes: pinned } = findings;
	const pins = pinned.flatMap(({ event }, i) =>
		event === null || event.atUs < sight.fromUs || event.atUs > sight.toUs ? [] : [{ atUs: event.atUs, node: event.node, label: String(i + 1) }],
	);
	const range = drawingWords.between(formatInstant(sight.fromUs), formatInstant(sight.toUs));
	return timelineSvg({
		...sight,
		plan: source.plan,
		nodes: shownNodes(source, filter),
		timeBase: "true",
		clocks: null,
		shownUs: null,
		pins,
		heading: headingOf(source, range),
		palette: pagePalette,
		widthPx: 1_180,
		isInline: true,
		id,
	});
}

async function drawings(findings: Findings, wishes: DrawingWishes): Promise<string> {
	const { source, atUs, whole, focus } = findings;
	const places = await arrangePlan(source.plan, wishes.places);
	const heading = headingOf(source, drawingWords.at(formatInstant(atUs)));
	const topology = topologySvg({ ...findings.instant, plan: source.plan, places, heading, palette: pagePalette, isInline: true, id: "topology" });
	return section(
		"The cluster and its messages",
		figure(topology, `The cluster at ${formatInstant(atUs)}.`),
		figure(
			timelineFigure(findings, whole, "timeline"),
			whole.density === null ? "Every event and every message." : "How much happened where; marks on the upper edge are losses.",
		),
		focus === null ? "" : figure(timelineFigure(findings, focus, "focus"), "A closer look at where it became interesting."),
	);
}

const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer, 0, bytes.length >>> 2);
const percent = (value: number): string => `${Math.round(value * 1_000) / 10} %`;
const plainNumber = (value: number): string => String(Math.round(value * 100) / 100);

function charts({ source, filter, branch, whole }: Findings): string {
	const { fromUs, toUs } = whole;
	const nodes = shownNodes(source, filter);
	const series = seriesOf({ session: source, branch: branch.branch, eventCount: branch.head.eventCount }, { fromUs, toUs, points: chartPoints, nodes });
	const loads = floats(series.utilisation);
	const lines = series.nodes
		.map((node, lane) => ({ name: source.plan.nodes[node]?.name ?? `#${node}`, values: loads.subarray(lane * chartPoints, (lane + 1) * chartPoints) }))
		.map((line) => ({ ...line, sum: line.values.reduce((sum, value) => sum + value, 0) }))
		.filter(({ sum }) => sum > 0)
		.sort((a, b) => b.sum - a.sum);
	const perSecond = 1_000_000 / Math.max(1, series.stepUs);
	const rate = (bytes: Uint8Array): Float32Array => floats(bytes).map((value) => value * perSecond);
	const [p50, p99] = [floats(series.p50Us), floats(series.p99Us)];
	const common = { fromUs, toUs, palette: pagePalette };
	const drawn = [
		lines.length === 0
			? ""
			: figure(
					chartSvg({
						...common,
						id: "load",
						title: "Load of the nodes",
						description: `Share of their processors' time that programs took, a line a node: ${lines
							.slice(0, chartLinesMax)
							.map(({ name }) => name)
							.join(", ")}.`,
						lines,
						valueMin: 1,
						valueText: percent,
						limit: { value: 0.8, name: "80 %" },
					}),
					lines.length > chartLinesMax ? `Load: the ${chartLinesMax} busiest of ${lines.length} nodes.` : "Load of the nodes.",
				),
		p50.every((value) => !Number.isFinite(value))
			? ""
			: figure(
					chartSvg({
						...common,
						id: "latency",
						title: "Duration of requests",
						description: "Of spans that ended: the middle one, and the one that 99 in 100 do not exceed.",
						lines: [
							{ name: "p50", values: p50 },
							{ name: "p99", values: p99 },
						],
						valueMin: 1,
						valueText: shortDuration,
					}),
					"How long requests took: the median, and the 99th of a hundred.",
				),
		figure(
			chartSvg({
				...common,
				id: "messages",
				title: "Messages",
				description: "Messages delivered and lost, a second of virtual time.",
				lines: [
					{ name: "delivered", values: rate(series.delivered) },
					{ name: "lost", values: rate(series.lost) },
				],
				valueMin: 1,
				valueText: plainNumber,
			}),
			"Messages a second.",
		),
	];
	return section("Over time", ...drawn);
}

function counts({ source, messages, instant: { view } }: Findings): string {
	const number = (value: number): string => `<td class="number">${value}</td>`;
	const rows = messages.rows.map(
		({ name, sent, delivered, lost }) => `<tr><td><code>${text(name)}</code></td>${number(sent)}${number(delivered)}${number(lost)}</tr>`,
	);
	const reasons = messages.reasons.map(({ reason, count }) => `<tr><td>${text(reason)}</td>${number(count)}</tr>`);
	const nodes = view.nodes.map(
		({ name, role, status, crashes, messagesIn, messagesOut }) =>
			`<tr><td>${text(name)}</td><td>${text(role)}</td><td>${text(status)}</td>${number(crashes)}${number(messagesIn)}${number(messagesOut)}</tr>`,
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

function howToVerify({ source, branch }: Findings): string {
	const file = source.path === undefined ? "SESSION.quorate" : basename(source.path);
	const word = /^[\w.@%+=:,/-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
	return section(
		"How to make sure of it",
		elementOf(
			"p",
			"This page tells what a session file holds; the file is the proof. A run is a function of its lab, its seed and its commands: whoever has the file can run it again and compare every event.",
		),
		`<pre>quorate verify ${text(word)}\nquorate info ${text(word)}</pre>`,
		elementOf(
			"p",
			`The first says whether the file is what its lab gives; the second shows, for branch ${branch.branch}, the digest at the top of this page. In the window, open the file and choose “Verify”.`,
		),
	);
}

// --- reading

function* notesOf(source: ExportSource, branch: number): Generator<"", readonly PinnedNote[]> {
	const pinned: PinnedNote[] = [];
	for (const note of source.notes()) {
		if (note.branch !== branch || pinned.length >= rowsMax) continue;
		yield "";
		let event: PinnedNote["event"] = null;
		if (note.eventIndex >= 0) {
			for (const stored of source.events({ branch, fromIndex: note.eventIndex, toIndex: note.eventIndex })) {
				const decoded = decodeEvent(stored);
				event = { atUs: decoded.atUs, node: decoded.node, text: eventText(decoded, source.plan) };
			}
		}
		pinned.push({ ...note, event });
	}
	return pinned;
}

/** As recorded; of a run that is not finished, as the log so far has it. */
function* verdictsOf(source: ExportSource, branch: SessionBranch): Generator<"", readonly RecordedVerdict[]> {
	const { head } = branch;
	if (head.finished || head.verdicts.length > 0) return head.verdicts;
	const board = boardOf(source.plan);
	if (board === null) return [];
	let passed = 0;
	for (const { words, start, index } of source.events({ branch: branch.branch })) {
		if (++passed % 1_024 === 0) yield "";
		if (board.kindIds.has(words[start + recordKindWord] as number)) board.onEvent(words, start, index);
	}
	return board.verdicts(head.untilUs) as unknown as readonly RecordedVerdict[];
}

/** Null where the file says something of its checks that cannot be read: only a forged one does. */
function boardOf(plan: Plan): CheckBoard | null {
	try {
		return new CheckBoard(plan, registry);
	} catch (error) {
		if (error instanceof QuorateError) return null;
		throw error;
	}
}

/** The instant at which it becomes interesting: the first proof of a failed check, else the first fault. */
function interestUs(verdicts: readonly RecordedVerdict[], { faults }: Sight): number | undefined {
	const proofs = verdicts.filter(({ ok }) => !ok).flatMap((verdict) => evidenceOf(verdict).flatMap(({ atUs }) => (typeof atUs === "number" ? [atUs] : [])));
	if (proofs.length > 0) return Math.min(...proofs);
	return faults.find(({ kind }) => !kind.startsWith("command") && !/Booted|Restarting|asked/.test(kind))?.atUs;
}

function* focusOf(source: ExportSource, filter: ExportFilter, whole: Sight, verdicts: readonly RecordedVerdict[]): Generator<"", Sight | null> {
	if (whole.density === null) return null;
	const aroundUs = interestUs(verdicts, whole) ?? whole.fromUs;
	// So many events on either side, and no more than is well drawn.
	let fromUs = Math.max(whole.fromUs, aroundUs - 1_000);
	let toUs = Math.min(whole.toUs, aroundUs + 1_000);
	let count = 0;
	for (const { atUs } of eventsFrom(source, { ...filter, fromUs: aroundUs })) {
		toUs = Math.max(toUs, atUs);
		if (++count >= focusEvents) break;
	}
	fromUs = Math.max(whole.fromUs, aroundUs - Math.ceil((toUs - aroundUs) / 3) - 1);
	return yield* sightOf(source, { filter: { ...filter, fromUs, toUs }, nodes: shownNodes(source, filter), eventsMax: timelineEventsMax, buckets: 300 });
}

function* eventsFrom(source: ExportSource, filter: ExportFilter): Generator<{ readonly atUs: number }> {
	for (const event of wantedEvents(source, filter)) if (event !== null) yield event;
}

function* read(source: ExportSource, filter: ExportFilter): Generator<"", Findings> {
	const branch = source.branches.find((candidate) => candidate.branch === (filter.branch ?? 0)) as SessionBranch;
	const atUs = lastInstant(source, filter);
	const verdicts = yield* verdictsOf(source, branch);
	const nodes = shownNodes(source, filter);
	const whole = yield* sightOf(source, { filter, nodes, eventsMax: timelineEventsMax, buckets: 300 });
	const messages = new MessageTable(new Names(source.plan));
	for (const event of wantedEvents(source, filter)) {
		if (event === null) yield "";
		else messages.take(event);
	}
	return {
		source,
		filter,
		branch,
		atUs,
		verdicts,
		whole,
		messages,
		instant: yield* instantOf(source, { branch: branch.branch, atUs }),
		focus: yield* focusOf(source, filter, whole, verdicts),
		commands: [...source.commands(branch.branch)],
		notes: yield* notesOf(source, branch.branch),
	};
}

/** Only this style, and nothing that runs or is fetched. */
function policy(): string {
	return `default-src 'none'; style-src 'sha256-${createHash("sha256").update(reportStyle, "utf8").digest("base64")}'; base-uri 'none'; form-action 'none'`;
}

export async function* reportPage(source: ExportSource, filter: ExportFilter, wishes: DrawingWishes): AsyncGenerator<string> {
	const findings = yield* read(source, filter);
	const { plan, header } = source;
	const { facts } = headingOf(source, formatDurationUs(findings.branch.head.untilUs));
	yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text(policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Quorate, engine ${header.engineVersion}">
<title>${text(`${plan.title}: a run of ${header.labId}`)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${text(plan.title)}</h1>
<p class="facts">${text(facts.join("  ·  "))}</p>
${verdictLine(findings.verdicts, findings.branch.head.finished)}
</header>
<main>
`;
	yield section("The run", factList(findings));
	yield checks(findings);
	yield notes(findings);
	yield acts(findings);
	yield await drawings(findings, wishes);
	yield charts(findings);
	yield counts(findings);
	yield howToVerify(findings);
	yield `
</main>
<footer><p>Made by Quorate from a recorded run. Times are virtual.</p></footer>
</body>
</html>
`;
}
