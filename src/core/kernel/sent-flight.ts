/** Makes of a messageSent record the message that the network carries. */
import type { ByteArena } from "../../shared/byte-range.ts";
import { layoutOf, offsetOf, type RecordBuffer, readUs, recordAtWord, recordLamportWord, recordNodeWord } from "../../shared/event-record.ts";
import { Flight } from "../network/flight.ts";

const sentLayout = layoutOf("messageSent");
const at = {
	sequence: offsetOf("messageSent", "sequence"),
	to: offsetOf("messageSent", "to"),
	name: offsetOf("messageSent", "name"),
	expects: offsetOf("messageSent", "expects"),
	inReplyTo: offsetOf("messageSent", "inReplyTo"),
	trace: offsetOf("messageSent", "traceNode"),
};

export function receiverOf({ words }: RecordBuffer, start: number): number {
	return words[start + at.to] as number;
}

/** @param bodies where the body is copied to: the record's buffer is written on */
export function flightOf({ words, bytes }: RecordBuffer, start: number, bodies: ByteArena): Flight {
	const flight = new Flight();
	flight.from = words[start + recordNodeWord] as number;
	flight.to = words[start + at.to] as number;
	flight.sequence = words[start + at.sequence] as number;
	flight.name = words[start + at.name] as number;
	flight.expectsReply = words[start + at.expects] === 1;
	flight.inReplyTo = words[start + at.inReplyTo] as number;
	flight.sentUs = readUs(words, start + recordAtWord);
	flight.lamport = words[start + recordLamportWord] as number;
	flight.traceNode = words[start + at.trace] as number;
	flight.traceSequence = words[start + at.trace + 1] as number;
	flight.spanNode = words[start + at.trace + 2] as number;
	flight.spanSequence = words[start + at.trace + 3] as number;
	const bodyAt = (start + sentLayout.fixedWords) * 4;
	flight.body = bodies.keep(bytes, bodyAt, bodyAt + (words[start + sentLayout.bodyLengthWord] as number));
	return flight;
}
