/**
 * A table by RFC 4180: a heading, one row an event, one column for every field that any kind has.
 * Spreadsheets take a cell that begins with = + - @ for a formula, and the texts of a run come from
 * programs and users; so a text cell that begins with one of these (or with an apostrophe, a tab or a
 * line end) gets one apostrophe in front, which spreadsheets hide. Numbers stay as they are.
 *
 * The format has no comments, and a file beside the table gets lost; so what the table holds stands, as
 * JSON, in the last column of its first row. Every row stays an event, and every column keeps its type.
 *
 * @source RFC 4180; OWASP, CSV Injection
 */
import { eventKinds, eventSchema } from "../../shared/event-schema.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import { heldIn } from "./held.ts";
import { type ExportFilter, type ExportSource, secondsText, wantedEvents } from "./source.ts";
import { bodyValue, valueJson } from "./value-json.ts";

const headColumns = ["index", "atUs", "seconds", "node", "kind", "lamport"] as const;

/** Every field name of the schema once, in its order. */
const fieldColumns: readonly string[] = [...new Set(eventKinds.flatMap((kind) => Object.keys(eventSchema[kind].fields)))];

export const csvColumns: readonly string[] = [...headColumns, ...fieldColumns, "body", "about"];

const formulaStart = /^[=+\-@'\t\r\n＝＋－＠]/u;

function cell(value: string | number | null | undefined): string {
	if (value === null || value === undefined) return "";
	if (typeof value === "number") return String(value);
	const harmless = formulaStart.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Texts as they are; other values as JSON, which begins like no formula (a negative number is one number). */
function bodyCell(body: Uint8Array): string {
	const value = bodyValue(body);
	if (value === null || typeof value === "string") return cell(value);
	return typeof value === "number" && Number.isFinite(value) ? cell(value) : cell(valueJson(value));
}

export function* csvText(source: ExportSource, filter: ExportFilter): Generator<string> {
	const names = new Names(source.plan);
	let about = JSON.stringify({ quorate: heldIn(source, filter, "csv") });
	yield `${csvColumns.join(",")}\r\n`;
	for (const event of wantedEvents(source, filter)) {
		if (event === null) {
			yield "";
			continue;
		}
		const fields = names.fields(event);
		const head = [event.index, event.atUs, secondsText(event.atUs), names.node(event.node), event.kind, event.lamport].map(cell);
		const row = [...head, ...fieldColumns.map((column) => cell(fields[column])), bodyCell(event.body), cell(about)];
		about = "";
		yield `${row.join(",")}\r\n`;
	}
}
