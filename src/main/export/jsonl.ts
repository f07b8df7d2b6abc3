/** One JSON object a line: the first says what the file holds, each other one is an event. The export that loses nothing. */
import { eventSchema } from "../../shared/event-schema.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import { heldIn } from "./held.ts";
import { type ExportFilter, type ExportSource, secondsText, wantedEvents } from "./source.ts";
import { bodyValue, valueJson } from "./value-json.ts";

export function* jsonlText(source: ExportSource, filter: ExportFilter): Generator<string> {
	const names = new Names(source.plan);
	yield `${JSON.stringify({ quorate: heldIn(source, filter, "jsonl") })}\n`;
	for (const event of wantedEvents(source, filter)) {
		if (event === null) {
			yield "";
			continue;
		}
		const { index, atUs, kind, lamport } = event;
		const head = { index, atUs, time: `${secondsText(atUs)}s`, node: names.node(event.node), kind, lamport, fields: names.fields(event) };
		const body = eventSchema[kind].body === "none" ? "" : `,"body":${valueJson(bodyValue(event.body))}`;
		yield `${JSON.stringify(head).slice(0, -1)}${body}}\n`;
	}
}
