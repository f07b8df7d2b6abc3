/**
 * What an export reads and how it is narrowed. Exports stream: an event in, some text out, and no
 * memory that grows with the log.
 */
import { QuorateError } from "../../shared/errors.ts";
import { type DecodedEvent, decodeRecord, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import { type EventKind, eventKindById, eventSchema, type FieldType } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import type { SessionHeader } from "../../shared/session.ts";
import type { EventQuery, StoredEvent } from "../store/reader.ts";

/** The part of a session that exports need. */
export interface ExportSource {
	readonly header: SessionHeader;
	readonly plan: Plan;
	events(query?: EventQuery): Iterable<StoredEvent>;
}

/** Bounds are inclusive; leave one out and there is none. */
export interface ExportFilter {
	readonly branch?: number;
	readonly fromUs?: number;
	readonly toUs?: number;
	/** Indices of nodes; events of other nodes, and of none, are left out. */
	readonly nodes?: ReadonlySet<number>;
	readonly kinds?: ReadonlySet<EventKind>;
}

/** Whether an event is to be exported; cheap, for it looks at the words only. */
export function isWanted({ words, start }: StoredEvent, filter: ExportFilter): boolean {
	const kind = eventKindById[words[start] as number];
	if (filter.kinds !== undefined && (kind === undefined || !filter.kinds.has(kind))) return false;
	if (filter.nodes !== undefined && !filter.nodes.has(words[start + recordNodeWord] as number)) return false;
	const atUs = readUs(words, start + recordAtWord);
	return atUs >= (filter.fromUs ?? 0) && atUs <= (filter.toUs ?? Number.POSITIVE_INFINITY);
}

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

/** A field with the plan's names instead of its numbers; null where it names nobody. */
export type NamedValue = string | number | null;

export class Names {
	readonly #plan: Plan;
	readonly #vertices: readonly string[];

	constructor(plan: Plan) {
		this.#plan = plan;
		this.#vertices = indexOf(plan).vertexNames;
	}

	node(index: number): string | null {
		return this.#of(this.#plan.nodes[index]?.name, index);
	}

	field(type: FieldType, value: string | number): NamedValue {
		if (typeof value === "string" || type === "int" || type === "us") return value;
		switch (type) {
			case "node":
				return this.node(value);
			case "link":
				return this.#of(this.#plan.links[value]?.name, value);
			case "vertex":
				return this.#of(this.#vertices[value], value);
			case "name":
				return this.#of(this.#plan.names[value], value);
			default:
				return value;
		}
	}

	/** Every field of an event by name, in the schema's order. */
	fields(event: DecodedEvent): { readonly [field: string]: NamedValue } {
		const named: { [field: string]: NamedValue } = {};
		for (const [field, type] of Object.entries<FieldType>(eventSchema[event.kind].fields)) named[field] = this.field(type, event.fields[field] ?? 0);
		return named;
	}

	#of(name: string | undefined, index: number): string | null {
		if (name !== undefined) return name;
		return index === -1 ? null : `#${index}`;
	}
}

/** Seconds with all six digits and no unit. */
export function secondsText(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	return `${seconds}.${String(us - seconds * 1_000_000).padStart(6, "0")}`;
}
