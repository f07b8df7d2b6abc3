/** Writes a session out in the formats of other tools. Streams: memory does not grow with the log. */
import { csvText } from "./csv.ts";
import { jsonlText } from "./jsonl.ts";
import { shivizText } from "./shiviz.ts";
import type { ExportFilter, ExportSource } from "./source.ts";
import { traceText } from "./trace.ts";

export type { ExportFilter, ExportSource } from "./source.ts";

export const exportFormats = ["jsonl", "csv", "shiviz", "trace"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a format is for, in a few words. */
export const exportSummaries: { readonly [F in ExportFormat]: string } = {
	jsonl: "one JSON object an event; loses nothing",
	csv: "a table for spreadsheets",
	shiviz: "a space-time diagram with vector clocks, for ShiViz",
	trace: "nodes, spans and messages on a time axis, for Perfetto and chrome://tracing",
};

export interface ExportSink {
	/** The next promise is waited for before more is written, so a slow taker fills no memory. */
	write(text: string): void | Promise<void>;
}

const texts: { readonly [F in ExportFormat]: (source: ExportSource, filter: ExportFilter) => Generator<string> } = {
	jsonl: jsonlText,
	csv: csvText,
	shiviz: shivizText,
	trace: traceText,
};

const chunkCharsMax = 65_536;

/** @throws QuorateError `session-damaged` where the log turns out to be unreadable; what was written stays */
export async function exportSession(source: ExportSource, format: ExportFormat, sink: ExportSink, filter: ExportFilter = {}): Promise<void> {
	let chunk = "";
	for (const text of texts[format](source, filter)) {
		chunk += text;
		if (chunk.length < chunkCharsMax) continue;
		await sink.write(chunk);
		chunk = "";
	}
	if (chunk !== "") await sink.write(chunk);
}
