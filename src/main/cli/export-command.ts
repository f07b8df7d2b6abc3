/** `quorate export`: a saved run in the formats of other tools, to a file or into a pipe. */
import { existsSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type DrawingTheme, drawingThemes } from "../../shared/drawing/palette.ts";
import { QuorateError } from "../../shared/errors.ts";
import { type ExportFormat, exportFormatFacts, exportFormats } from "../../shared/export-formats.ts";
import type { Plan } from "../../shared/plan.ts";
import { isMistake, parseSearch } from "../../shared/search-query.ts";
import { parseDurationUs } from "../../shared/units.ts";
import { countingSource } from "../export/counting.ts";
import { type DrawingWishes, type ExportSink, type ExportSource, exportSession } from "../export/export.ts";
import { writeIntoFile } from "../export/into-file.ts";
import type { ExportFilter } from "../export/source.ts";
import type { Session } from "../store/reader.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { Interrupts } from "./interrupts.ts";
import { choice } from "./run-flags.ts";
import { branchOf, type PickFlags, type ReadFlags, readPick, withSession } from "./sessions.ts";
import type { Terminal } from "./terminal.ts";

export interface ExportFlags extends PickFlags, ReadFlags {
	readonly format: string;
	readonly out?: string;
	readonly force?: boolean;
	readonly search?: string;
	readonly at?: string;
	readonly theme?: string;
	readonly order?: string;
}

/** Thrown to end an export that nobody reads any more, or that was called off. */
class Left extends Error {}

const orders = ["time", "causal", "vector"] as const;
const timeBases = { time: "true", causal: "causal", vector: "vector" } as const;
const tellEveryMs = 2_000;

export async function exportCommand(path: string, flags: ExportFlags, terminal: Terminal): Promise<ExitCode> {
	const format = choice("format", flags.format, exportFormats);
	const drawing = drawingOf(flags);
	return withSession(path, flags, terminal, async (session) => {
		const branch = branchOf(session, flags.branch);
		const filter: ExportFilter = { ...readPick(flags, session.plan), ...searchOf(flags.search, session.plan), branch };
		const write = (sink: ExportSink, source: ExportSource = session): Promise<void> => exportSession(source, format, sink, { filter, drawing });
		if (flags.out === undefined) return intoPipe(format, terminal, write);
		return intoFile(flags.out, { force: flags.force === true, session, branch, format, terminal, write });
	});
}

function drawingOf({ at, theme, order }: ExportFlags): DrawingWishes {
	return {
		...(at === undefined ? {} : { atUs: parseDurationUs(at) }),
		...(theme === undefined ? {} : { theme: choice<DrawingTheme>("theme", theme, drawingThemes) }),
		...(order === undefined ? {} : { timeBase: timeBases[choice("order", order, orders)] }),
	};
}

function searchOf(line: string | undefined, plan: Plan): Pick<ExportFilter, "search" | "searchLine"> {
	if (line === undefined) return {};
	const search = parseSearch(line, plan);
	if (isMistake(search)) throw new QuorateError("usage", `--search cannot be read at "${line.slice(search.at, search.at + 40)}": ${search.said}`);
	return { search, searchLine: line.trim() };
}

async function intoPipe(format: ExportFormat, terminal: Terminal, write: (sink: ExportSink) => Promise<void>): Promise<ExitCode> {
	if (exportFormatFacts[format].isBinary && terminal.isLive)
		throw new QuorateError("usage", `${format} is no text for a terminal`, { advice: "Name a file with --out, or send it into a pipe." });
	const sink: ExportSink = {
		async write(bytes) {
			terminal.write(bytes);
			await terminal.drained();
			if (terminal.readerGone) throw new Left();
		},
	};
	try {
		await write(sink);
	} catch (error) {
		if (!(error instanceof Left)) throw error;
	}
	return exitCodes.ok;
}

interface FileWishes {
	readonly force: boolean;
	readonly session: Session;
	readonly branch: number;
	readonly format: ExportFormat;
	readonly terminal: Terminal;
	readonly write: (sink: ExportSink, source: ExportSource) => Promise<void>;
}

async function intoFile(path: string, wishes: FileWishes): Promise<ExitCode> {
	const { force, terminal, write } = wishes;
	if (existsSync(path) && !force) {
		throw new QuorateError("usage", `${path} exists already`, { kept: "It was not changed.", advice: "Write under another name, or let --force replace it." });
	}
	let isCalledOff = false;
	const interrupts = new Interrupts(
		terminal,
		() => {
			isCalledOff = true;
		},
		() => terminal.note("Called off; nothing of it stays. Once more leaves at once."),
	);
	const progress = new Progress(wishes);
	const rest = async (): Promise<void> => {
		await turn(); // so that Ctrl-C is heard
		if (isCalledOff) throw new Left();
		progress.tell();
	};
	try {
		await writeIntoFile(path, (sink) => write(sink, progress.source), { rest });
		terminal.note(`written to ${path}`);
		return exitCodes.ok;
	} catch (error) {
		if (error instanceof Left) return exitCodes.interrupted;
		throw error;
	} finally {
		interrupts.release();
	}
}

/** Says now and then how far it is, to a person who looks on. */
class Progress {
	readonly source: ExportSource;
	readonly #terminal: Terminal;
	#ratio = 0;
	#toldMs = performance.now();

	constructor({ session, branch, format, terminal }: FileWishes) {
		this.#terminal = terminal;
		this.source = countingSource({
			session,
			branch,
			eventCount: session.head(branch).eventCount,
			format,
			tell: (done, total) => {
				this.#ratio = done / total;
			},
		});
	}

	tell(): void {
		const nowMs = performance.now();
		if (!this.#terminal.isLive || nowMs - this.#toldMs < tellEveryMs) return;
		this.#toldMs = nowMs;
		this.#terminal.note(`exporting: ${Math.floor(this.#ratio * 100)} %`);
	}
}
