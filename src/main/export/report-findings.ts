/** What the report tells of a run, read from its session: an instant, a sight of the whole and a closer one, verdicts, notes. */
import { CheckBoard } from "../../core/checks/create-check-folds.ts";
import { registry } from "../../os/registry.ts";
import { QuorateError } from "../../shared/errors.ts";
import { readUs, recordAtWord, recordKindWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import type { RecordedVerdict, SessionBranch, SessionNote } from "../../shared/session.ts";
import { type DrawingWishes, lastInstant, shownNodes } from "./drawings.ts";
import { type Sight, sightOf } from "./gather.ts";
import { type Instant, instantsOf } from "./instants.ts";
import { MessageTable } from "./message-table.ts";
import { lineToRunAgain } from "./report-again.ts";
import { questionsOf, type Told, toldIn } from "./report-answers.ts";
import { rowsMax } from "./report-html.ts";
import { type Breach, type KeyInstant, keyInstants } from "./report-moments.ts";
import { Story } from "./report-story.ts";
import { decodeEvent, type ExportFilter, type ExportSource, queryOf, wantedEvents } from "./source.ts";

const timelineEventsMax = 1_500;
const lanesMax = 40;
const focusEvents = 140;

/** What has been read from the session, for the page. */
export interface Findings {
	readonly source: ExportSource;
	readonly filter: ExportFilter;
	readonly branch: SessionBranch;
	/** The end of what is shown. */
	readonly atUs: number;
	readonly instant: Instant;
	/** What is worth a picture of the cluster, in the order of time; the last one is the end. */
	readonly moments: readonly Moment[];
	/** Faults in sight that have none. */
	readonly faultsWithoutPicture: number;
	/** Nodes that have a lane in the diagrams. */
	readonly lanes: readonly number[];
	readonly whole: Sight;
	/** Around what happened first of interest; null where the whole shows as much. */
	readonly focus: Sight | null;
	readonly verdicts: readonly RecordedVerdict[];
	readonly story: Story;
	/** Every one, in the order of their numbers in the drawings. */
	readonly notes: readonly PinnedNote[];
	readonly told: Told<PinnedNote>;
	/** Of the lab's guide. */
	readonly questions: readonly string[];
	readonly messages: MessageTable;
	/** A line for a shell that gives the same run; null where only the session file does. */
	readonly again: string | null;
}

export interface Moment extends KeyInstant {
	readonly instant: Instant;
}

export interface PinnedNote extends SessionNote {
	/** Null for a note about nothing in particular, or about an event that is not stored. */
	readonly event: { readonly atUs: number; readonly node: number; readonly text: string } | null;
}

export interface Evidence {
	readonly index?: unknown;
	readonly atUs?: unknown;
	readonly text?: unknown;
}

export function evidenceOf(verdict: RecordedVerdict): readonly Evidence[] {
	const { evidence } = verdict;
	return Array.isArray(evidence) ? evidence.filter((one) => typeof one === "object" && one !== null) : [];
}

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

/** The first proof against each check that failed, in the order of time. */
export function breachesOf(verdicts: readonly RecordedVerdict[]): readonly Breach[] {
	const breaches = verdicts.flatMap((verdict): readonly Breach[] => {
		if (verdict.ok) return [];
		const proofs = evidenceOf(verdict).flatMap(({ atUs, text }) =>
			typeof atUs === "number" && Number.isSafeInteger(atUs) && atUs >= 0 ? [{ check: verdict.id, atUs, text: String(text ?? "") }] : [],
		);
		return proofs.sort((a, b) => a.atUs - b.atUs).slice(0, 1);
	});
	return breaches.sort((a, b) => a.atUs - b.atUs);
}

/** The instant at which it becomes interesting: the first proof of a failed check, else the first fault. */
function interestUs(verdicts: readonly RecordedVerdict[], { faults }: Sight): number | undefined {
	const [breach] = breachesOf(verdicts);
	if (breach !== undefined) return breach.atUs;
	return faults.find(({ kind }) => !kind.startsWith("command") && !/Booted|Restarting|asked/.test(kind))?.atUs;
}

interface Looked {
	readonly filter: ExportFilter;
	readonly whole: Sight;
	readonly lanes: readonly number[];
	readonly verdicts: readonly RecordedVerdict[];
}

function* focusOf(source: ExportSource, { filter, whole, lanes, verdicts }: Looked): Generator<"", Sight | null> {
	if (whole.density === null) return null;
	const aroundUs = interestUs(verdicts, whole) ?? whole.fromUs;
	// So many events on either side, and no more than is well drawn.
	let fromUs = Math.max(whole.fromUs, aroundUs - 1_000);
	let toUs = Math.min(whole.toUs, aroundUs + 1_000);
	let count = 0;
	for (const { atUs } of eventsFrom(source, { ...filter, fromUs: aroundUs, nodes: new Set(lanes) })) {
		toUs = Math.max(toUs, atUs);
		if (++count >= focusEvents) break;
	}
	fromUs = Math.max(whole.fromUs, aroundUs - Math.ceil((toUs - aroundUs) / 3) - 1);
	return yield* sightOf(source, { filter: { ...filter, fromUs, toUs }, nodes: lanes, eventsMax: timelineEventsMax, buckets: 300 });
}

function* eventsFrom(source: ExportSource, filter: ExportFilter): Generator<{ readonly atUs: number }> {
	for (const event of wantedEvents(source, filter)) if (event !== null) yield event;
}

/** From the start of the run, whatever is shown of it: who sees a part has to know what went before. */
function* storyOf(source: ExportSource, filter: ExportFilter): Generator<"", Story> {
	const story = new Story(source.plan);
	const { fromUs: _, ...fromTheStart } = queryOf(filter);
	let passed = 0;
	for (const stored of source.events(fromTheStart)) {
		if (++passed % 1_024 === 0) yield "";
		if (readUs(stored.words, stored.start + recordAtWord) <= (filter.toUs ?? Number.POSITIVE_INFINITY)) story.take(stored);
	}
	return story;
}

/** All of them where there are few; else those that crashed, and the busiest, in their own order. */
function lanesOf(nodes: readonly number[], { view }: Instant): readonly number[] {
	if (nodes.length <= lanesMax) return nodes;
	const weight = (node: number): number => {
		const { crashes = 0, messagesIn = 0, messagesOut = 0 } = view.nodes[node] ?? {};
		return crashes > 0 ? Number.POSITIVE_INFINITY : messagesIn + messagesOut;
	};
	const heaviest = nodes.toSorted((a, b) => Number(weight(b) > weight(a)) - Number(weight(b) < weight(a)) || a - b).slice(0, lanesMax);
	return heaviest.sort((a, b) => a - b);
}

/** Yields now and then, so that the work can be called off. */
export function* readFindings(source: ExportSource, filter: ExportFilter, wishes: DrawingWishes): Generator<"", Findings> {
	const branch = source.branches.find((candidate) => candidate.branch === (filter.branch ?? 0)) as SessionBranch;
	const atUs = lastInstant(source, filter);
	const verdicts = yield* verdictsOf(source, branch);
	const messages = new MessageTable(new Names(source.plan));
	for (const event of wantedEvents(source, filter)) {
		if (event === null) yield "";
		else messages.take(event);
	}
	const notes = yield* notesOf(source, branch.branch);
	const questions = questionsOf(source);
	const story = yield* storyOf(source, filter);
	const { instants, left } = keyInstants({ story, breaches: breachesOf(verdicts), nodeCount: source.plan.nodes.length, filter, endUs: atUs, wishes });
	const seen = yield* instantsOf(source, { branch: branch.branch, instantsUs: instants.map((instant) => instant.atUs) });
	const lanes = lanesOf(shownNodes(source, filter), seen.at(-1) as Instant);
	const whole = yield* sightOf(source, { filter, nodes: lanes, eventsMax: timelineEventsMax, buckets: 300 });
	return {
		source,
		filter,
		branch,
		atUs,
		verdicts,
		lanes,
		whole,
		messages,
		instant: seen.at(-1) as Instant,
		moments: instants.map((instant, i) => ({ ...instant, instant: seen[i] as Instant })),
		faultsWithoutPicture: left,
		focus: yield* focusOf(source, { filter, whole, lanes, verdicts }),
		story,
		notes,
		told: toldIn(notes, questions.length, wishes.by),
		questions,
		again: lineToRunAgain(source, branch.branch),
	};
}
