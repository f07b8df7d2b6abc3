/** Where a log lies, and walking it in either direction. Knows the store's reader, and no run. */
import { blockEvents } from "../../../core/log-sink.ts";
import { readUs, recordAtWord, recordKindWord, recordNodeWord } from "../../../shared/event-record.ts";
import { type EventKind, eventSchema } from "../../../shared/event-schema.ts";
import type { SessionHeader } from "../../../shared/session.ts";
import type { Session, StoredEvent } from "../../store/reader.ts";

/** A branch of a session, as the service knows it at the moment of a question. */
export interface LogPlace {
	readonly path: string;
	readonly branch: number;
	/** What is provably intact of a damaged file is enough. */
	readonly salvage: boolean;
	/** Of which making it must be (`makingOf`), so that another file of the same name is not taken for it; left out: any. */
	readonly making?: string;
	/** Events that the recorder says are in the file. */
	readonly committedEvents: number;
}

/** Tells a session from any other that was ever made in its place. */
export function makingOf({ digestHeader, createdMs }: SessionHeader): string {
	return `${createdMs} ${digestHeader}`;
}

/** A branch that is open for reading. */
export interface OpenLog {
	readonly session: Session;
	readonly branch: number;
	/** Events in reach. */
	readonly eventCount: number;
}

export const idOf = Object.fromEntries(Object.entries(eventSchema).map(([kind, { id }]) => [kind, id])) as { readonly [Kind in EventKind]: number };

export const kindOf = ({ words, start }: StoredEvent): number => words[start + recordKindWord] as number;
export const nodeOf = ({ words, start }: StoredEvent): number => words[start + recordNodeWord] as number;
export const atUsOf = ({ words, start }: StoredEvent): number => readUs(words, start + recordAtWord);

/** Events from `fromIndex` down to the first, newest first; a block is held at a time. */
export function* backwards({ session, branch }: OpenLog, fromIndex: number, toIndex = 0): Generator<StoredEvent> {
	for (let block = Math.floor(fromIndex / blockEvents); block >= 0 && (block + 1) * blockEvents > toIndex; block--) {
		const events = [
			...session.events({ branch, fromIndex: Math.max(toIndex, block * blockEvents), toIndex: Math.min(fromIndex, (block + 1) * blockEvents - 1) }),
		];
		for (let i = events.length - 1; i >= 0; i--) yield events[i] as StoredEvent;
	}
}
