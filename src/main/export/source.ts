/**
 * What an export reads and how it is narrowed. Exports stream: an event in, some text out, and no
 * memory that grows with the log.
 */
import { QuorateError } from "../../shared/errors.ts";
import { type DecodedEvent, decodeRecord, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import { type EventKind, eventKindById } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { matches, type SearchQuery } from "../../shared/search-query.ts";
import type { RecordedCommand, SessionBranch, SessionDamage, SessionHead, SessionHeader, SessionNote } from "../../shared/session.ts";
import type { EventQuery, StoredEvent } from "../store/reader.ts";

/** The part of a session that exports need. */
export interface ExportSource {
	readonly header: SessionHeader;
	readonly plan: Plan;
	readonly branches: readonly SessionBranch[];
	/** The file, where it is one. */
	readonly path?: string;
	/** The lab's file, as the session keeps it. */
	readonly labText?: string;
	/** Null, or left out, for a file that is sound. */
	readonly damage?: SessionDamage | null;
	events(query?: EventQuery): Iterable<StoredEvent>;
	head(branch?: number): SessionHead;
	commands(branch?: number): Iterable<RecordedCommand>;
	notes(): Iterable<SessionNote>;
}

/** Bounds are inclusive; leave one out and there is none. */
export interface ExportFilter {
	readonly branch?: number;
	readonly fromUs?: number;
	readonly toUs?: number;
	/** Indices of nodes; events of other nodes, and of none, are left out. */
	readonly nodes?: ReadonlySet<number>;
	readonly kinds?: ReadonlySet<EventKind>;
	/** What it does not find is left out. */
	readonly search?: SearchQuery;
	/** The line that the search was read from, for what a file says of itself. */
	readonly searchLine?: string;
}

/** Whether an event is to be exported. Cheap where no words are searched for: it looks at the record's head only. */
export function isWanted(stored: StoredEvent, filter: ExportFilter, plan: Plan): boolean {
	const { words, start } = stored;
	const kind = eventKindById[words[start] as number];
	if (filter.kinds !== undefined && (kind === undefined || !filter.kinds.has(kind))) return false;
	if (filter.nodes !== undefined && !filter.nodes.has(words[start + recordNodeWord] as number)) return false;
	const atUs = readUs(words, start + recordAtWord);
	if (atUs < (filter.fromUs ?? 0) || atUs > (filter.toUs ?? Number.POSITIVE_INFINITY)) return false;
	return filter.search === undefined || filter.search.isEmpty || isFound(decodeEvent(stored), filter.search, plan);
}

function isFound(event: IndexedEvent, search: SearchQuery, plan: Plan): boolean {
	const { kind, node, atUs, fields } = event;
	return matches(search, { kind, node, atUs, peer: Number(fields.to ?? fields.from ?? -1), text: search.texts.length > 0 ? eventText(event, plan) : "" });
}

/** Events passed over between two signs of life. */
const restEvery = 1_024;

/**
 * The events to export, in order. Null now and then, also where nothing is found for long, so that
 * whoever writes can rest, tell how far it is, and be called off.
 */
export function* wantedEvents(source: ExportSource, filter: ExportFilter): Generator<IndexedEvent | null> {
	let passed = 0;
	for (const stored of source.events(queryOf(filter))) {
		if (++passed % restEvery === 0) yield null;
		if (isWanted(stored, filter, source.plan)) yield decodeEvent(stored);
	}
}

/** A piece of a stream: `""` is a chance to rest. */
export type Piece = string | Uint8Array;

/** The reader's part of a filter. */
export function queryOf({ branch, fromUs, toUs }: ExportFilter): EventQuery {
	return { ...(branch === undefined ? {} : { branch }), ...(fromUs === undefined ? {} : { fromUs }), ...(toUs === undefined ? {} : { toUs }) };
}

export interface IndexedEvent extends DecodedEvent {
	readonly index: number;
}

/** @throws QuorateError `session-damaged` for words that are no event */
export function decodeEvent({ index, words, start }: StoredEvent): IndexedEvent {
	const event = decodeRecord(words, start);
	if (typeof event === "string") throw new QuorateError("session-damaged", `event ${index} cannot be read: ${event}`);
	return { index, ...event };
}

/** Seconds with all six digits and no unit. */
export function secondsText(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	return `${seconds}.${String(us - seconds * 1_000_000).padStart(6, "0")}`;
}
