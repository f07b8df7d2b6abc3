/** Makes of a messageSent record the message that the network carries. */
import type { ByteArena } from "../../shared/byte-range.ts";
import { type RecordBuffer, readUs, recordAtWord, recordLamportWord, recordNodeWord } from "../../shared/event-record.ts";
import { Flight } from "../network/flight.ts";
import { sentAt, sentLayout } from "../sent-layout.ts";

export function receiverOf({ words }: RecordBuffer, start: number): number {
	return words[start + sentAt.to] as number;
}

/** @param bodies where the body is copied to: the record's buffer is written on */
export function flightOf({ words, bytes }: RecordBuffer, start: number, bodies: ByteArena): Flight {
	const flight = new Flight();
	flight.from = words[start + recordNodeWord] as number;
	flight.to = words[start + sentAt.to] as number;
	flight.sequence = words[start + sentAt.sequence] as number;
	flight.name = words[start + sentAt.name] as number;
	flight.expectsReply = words[start + sentAt.expects] === 1;
	flight.inReplyTo = words[start + sentAt.inReplyTo] as number;
	flight.sentUs = readUs(words, start + recordAtWord);
	flight.lamport = words[start + recordLamportWord] as number;
	flight.traceNode = words[start + sentAt.trace] as number;
	flight.traceSequence = words[start + sentAt.trace + 1] as number;
	flight.spanNode = words[start + sentAt.trace + 2] as number;
	flight.spanSequence = words[start + sentAt.trace + 3] as number;
	const bodyAt = (start + sentLayout.fixedWords) * 4;
	flight.body = bodies.keep(bytes, bodyAt, bodyAt + (words[start + sentLayout.bodyLengthWord] as number));
	return flight;
}
