/**
 * Writes a session out in the formats of other tools. Formats of events stream: memory does not grow
 * with the log. Drawings and the report are made as a whole, of a bounded part of it.
 */
import type { ExportFormat } from "../../shared/export-formats.ts";
import { csvText } from "./csv.ts";
import { type DrawingWishes, timelineFile, topologyFile } from "./drawings.ts";
import { jsonlText } from "./jsonl.ts";
import { otlpText } from "./otlp.ts";
import { pcapngBytes } from "./pcapng.ts";
import { reportPage } from "./report.ts";
import { shivizText } from "./shiviz.ts";
import type { ExportFilter, ExportSource, Piece } from "./source.ts";
import { traceText } from "./trace.ts";
import { wellFormedSource } from "./well-formed.ts";

export { type ExportFormat, exportFormats } from "../../shared/export-formats.ts";
export type { DrawingWishes } from "./drawings.ts";
export type { ExportFilter, ExportSource } from "./source.ts";

export interface ExportSink {
	/** The next promise is waited for before more is written, so a slow taker fills no memory. */
	write(bytes: Uint8Array): void | Promise<void>;
	/** Called now and then, also while there is nothing to write; what it throws ends the export. */
	rest?(): void | Promise<void>;
}

type Stream = (source: ExportSource, filter: ExportFilter, drawing: DrawingWishes) => Iterable<Piece> | AsyncIterable<Piece>;

const streams: { readonly [F in ExportFormat]: Stream } = {
	jsonl: jsonlText,
	csv: csvText,
	shiviz: shivizText,
	trace: traceText,
	otlp: otlpText,
	pcapng: pcapngBytes,
	"svg-topology": topologyFile,
	"svg-timeline": timelineFile,
	html: reportPage,
};

const chunkBytesMax = 65_536;

/** Joins pieces into chunks of a good size. */
class Chunks {
	#text = "";
	#parts: Uint8Array[] = [];
	#bytes = 0;

	get isFull(): boolean {
		return this.#text.length + this.#bytes >= chunkBytesMax;
	}

	add(piece: Piece): void {
		if (typeof piece === "string") {
			this.#text += piece;
			return;
		}
		this.#turn();
		this.#parts.push(piece);
		this.#bytes += piece.length;
	}

	take(): Uint8Array {
		this.#turn();
		const parts = this.#parts;
		this.#parts = [];
		this.#bytes = 0;
		return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
	}

	#turn(): void {
		if (this.#text === "") return;
		const bytes = Buffer.from(this.#text, "utf8");
		this.#text = "";
		this.#parts.push(bytes);
		this.#bytes += bytes.length;
	}
}

export interface ExportWishes {
	readonly filter?: ExportFilter;
	readonly drawing?: DrawingWishes;
}

/** @throws QuorateError `session-damaged` where the log turns out to be unreadable; what was written stays */
export async function exportSession(given: ExportSource, format: ExportFormat, sink: ExportSink, wishes: ExportWishes = {}): Promise<void> {
	const { filter = {}, drawing = {} } = wishes;
	const source = wellFormedSource(given);
	const chunks = new Chunks();
	const flush = async (): Promise<void> => {
		const chunk = chunks.take();
		if (chunk.length > 0) await sink.write(chunk);
	};
	const pieces = streams[format](source, filter, drawing);
	// A loop over promises costs a turn of the queue a piece, and most formats promise nothing.
	if (Symbol.iterator in pieces) {
		for (const piece of pieces) {
			if (piece.length === 0) await sink.rest?.();
			else chunks.add(piece);
			if (chunks.isFull) await flush();
		}
	} else {
		for await (const piece of pieces) {
			if (piece.length === 0) await sink.rest?.();
			else chunks.add(piece);
			if (chunks.isFull) await flush();
		}
	}
	await flush();
}
