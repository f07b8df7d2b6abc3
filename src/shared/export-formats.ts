/**
 * The formats that a log is written out in: their names, what they are for, and what their files are
 * called. One list for the command line, the lab and the window. Pure.
 */

export const exportFormats = ["jsonl", "csv", "shiviz", "trace", "otlp", "pcapng", "svg-topology", "svg-timeline", "html"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFormatFacts {
	/** What it is for, in a few words. */
	readonly summary: string;
	/** Of its files, without the dot before it. */
	readonly ending: string;
	readonly mediaType: string;
	/** Bytes that are no text: not for a terminal. */
	readonly isBinary: boolean;
}

export const exportFormatFacts: { readonly [F in ExportFormat]: ExportFormatFacts } = {
	jsonl: { summary: "one JSON object an event; loses nothing", ending: "jsonl", mediaType: "application/jsonl", isBinary: false },
	csv: { summary: "a table for spreadsheets", ending: "csv", mediaType: "text/csv", isBinary: false },
	shiviz: { summary: "a space-time diagram with vector clocks, for ShiViz", ending: "shiviz.log", mediaType: "text/plain", isBinary: false },
	trace: {
		summary: "nodes, spans and messages on a time axis, for Perfetto and chrome://tracing",
		ending: "trace.json",
		mediaType: "application/json",
		isBinary: false,
	},
	otlp: { summary: "spans and messages in OpenTelemetry's JSON, for Jaeger and others", ending: "otlp.json", mediaType: "application/json", isBinary: false },
	pcapng: { summary: "messages as packets, for Wireshark", ending: "pcapng", mediaType: "application/x-pcapng", isBinary: true },
	"svg-topology": { summary: "a picture of the cluster at an instant", ending: "topology.svg", mediaType: "image/svg+xml", isBinary: false },
	"svg-timeline": { summary: "a picture of the space-time diagram", ending: "timeline.svg", mediaType: "image/svg+xml", isBinary: false },
	html: { summary: "a report in one page, to be handed in", ending: "html", mediaType: "text/html", isBinary: false },
};
