/** Takes a page of events apart, and puts one together. Pure. */
import { type DecodedEvent, decodeRecord, recordLengthWord } from "../event-record.ts";
import { ContractError } from "./errors.ts";
import type { Of } from "./schema.ts";
import type { eventPage } from "./views.ts";

export type EventPage = Of<typeof eventPage>;

export interface PagedEvent extends DecodedEvent {
	readonly index: number;
}

/** The words of a page; bytes that lie at an odd place are copied. */
function wordsOf(bytes: Uint8Array): Int32Array {
	const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
	return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}

/** @throws ContractError `internal` when the records are none */
export function readEventPage({ indexes, words: bytes }: EventPage): readonly PagedEvent[] {
	const words = wordsOf(bytes);
	const events: PagedEvent[] = [];
	let start = 0;
	for (const index of indexes) {
		const event = decodeRecord(words, start);
		if (typeof event === "string") throw new ContractError("internal", `event ${index} cannot be read: ${event}`);
		events.push({ index, ...event });
		start += words[start + recordLengthWord] as number;
	}
	return events;
}
