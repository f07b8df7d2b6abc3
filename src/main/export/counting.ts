/** A source that says how far its reading is: drawings and the report read a log several times. */
import type { ExportFormat } from "../../shared/export-formats.ts";
import type { Session } from "../store/reader.ts";
import type { ExportSource } from "./source.ts";

/** How often a format reads the log, about. */
const readings: { readonly [F in ExportFormat]: number } = {
	jsonl: 1,
	csv: 1,
	shiviz: 1,
	trace: 1,
	otlp: 1,
	pcapng: 1,
	"svg-topology": 1,
	"svg-timeline": 1,
	html: 6,
};

export interface CountingOptions {
	readonly session: Session;
	readonly branch: number;
	/** Events in reach. */
	readonly eventCount: number;
	readonly format: ExportFormat;
	/** Told every few thousand events; `done` never goes back. */
	readonly tell: (done: number, total: number) => void;
}

const tellEvery = 4_096;

export function countingSource({ session, branch, eventCount, format, tell }: CountingOptions): ExportSource {
	const total = Math.max(1, eventCount) * readings[format];
	let readingsDone = 0;
	let reached = 0;
	const reach = (index: number): void => {
		// A reading that ends early leaves the next one to begin further back.
		reached = Math.min(total - 1, Math.max(reached, readingsDone * eventCount + index));
		tell(reached, total);
	};
	return {
		header: session.header,
		plan: session.plan,
		path: session.path,
		labText: session.labText,
		damage: session.damage,
		branches: session.branches,
		head: (number) => session.head(number),
		commands: (number) => session.commands(number),
		notes: () => session.notes(),
		*events(query = {}) {
			if (eventCount === 0) return;
			const toIndex = Math.min(query.toIndex ?? eventCount - 1, eventCount - 1);
			for (const event of session.events({ branch, ...query, toIndex })) {
				if (event.index % tellEvery === 0) reach(event.index);
				yield event;
			}
			// A look at a single event is no reading.
			if (toIndex > (query.fromIndex ?? 0)) readingsDone++;
		},
	};
}
