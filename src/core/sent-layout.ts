/** Where the words of a messageSent record stand: a node writes them, and the kernel reads them. Any thread. */
import { layoutOf, offsetOf } from "../shared/event-record.ts";

export const sentLayout = layoutOf("messageSent");
export const sentAt = {
	sequence: offsetOf("messageSent", "sequence"),
	to: offsetOf("messageSent", "to"),
	name: offsetOf("messageSent", "name"),
	expects: offsetOf("messageSent", "expects"),
	inReplyTo: offsetOf("messageSent", "inReplyTo"),
	/** Of four: the trace's node and sequence, and the span's. */
	trace: offsetOf("messageSent", "traceNode"),
};
