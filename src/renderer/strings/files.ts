/** What is said of files that go out, of work that takes long, and of failures. */

export const filesStrings = {
	export: {
		title: "Export",
		button: "Export…",
		format: "Format",
		scope: "What",
		all: "The whole run",
		shown: "What the timeline shows",
		start: "Export",
		working: (done: number, total: number) => `${Math.round((100 * done) / Math.max(1, total))} %`,
		save: "Save…",
		saved: (name: string) => `Saved as ${name}`,
		formats: {
			jsonl: "JSON lines: every event, for programs",
			csv: "CSV: for a spreadsheet",
			shiviz: "ShiViz: space-time diagrams elsewhere",
			trace: "Chrome trace: for Perfetto",
			otlp: "OTLP: spans for tracing tools",
			pcapng: "pcapng: for Wireshark",
			html: "HTML report: one page to hand in",
			svg: "SVG: the drawing as it is",
			png: "PNG: the drawing as it is",
		},
		session: "Session file: everything, to replay",
	},
	job: {
		verify: "Verifying",
		export: "Exporting",
		same: "Verified: the run repeats itself to the last event.",
		differs: "The run does not repeat itself.",
		cancelled: "Called off.",
	},
	errors: { unknown: "Something went wrong in the window." },
} as const;
