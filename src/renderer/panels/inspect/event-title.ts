/** An event's sentence for a heading: without what it carries, which stands below it in full. Pure. */
import type { DecodedEvent } from "../../../shared/event-record.ts";
import type { Plan } from "../../../shared/plan.ts";
import { eventText } from "../../../shared/projection/event-text.ts";
import { decodeOrNull, preview } from "../../../shared/projection/preview.ts";

export function eventTitle(event: DecodedEvent, plan: Plan): string {
	const text = eventText(event, plan);
	const carried = preview(decodeOrNull(event.body));
	for (const between of [": ", ", "]) if (text.endsWith(between + carried)) return text.slice(0, -(between + carried).length);
	return text;
}
