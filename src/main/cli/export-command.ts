/** `quorate export`: a saved run in the formats of other tools, to a file or into a pipe. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { QuorateError } from "../../shared/errors.ts";
import { type ExportSink, exportFormats, exportSession } from "../export/export.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { choice } from "./run-flags.ts";
import { branchOf, type PickFlags, type ReadFlags, readPick, withSession } from "./sessions.ts";
import type { Terminal } from "./terminal.ts";

export interface ExportFlags extends PickFlags, ReadFlags {
	readonly format: string;
	readonly out?: string;
	readonly force?: boolean;
}

/** Thrown to end an export that nobody reads any more. */
class ReaderLeft extends Error {}

export async function exportCommand(path: string, flags: ExportFlags, terminal: Terminal): Promise<ExitCode> {
	const format = choice("format", flags.format, exportFormats);
	return withSession(path, flags, terminal, async (session) => {
		const filter = { ...readPick(flags, session.plan), branch: branchOf(session, flags.branch) };
		const write = (sink: ExportSink): Promise<void> => exportSession(session, format, sink, filter);
		if (flags.out === undefined) await intoPipe(terminal, write);
		else {
			await intoFile(flags.out, flags.force === true, write);
			terminal.note(`written to ${flags.out}`);
		}
		return exitCodes.ok;
	});
}

async function intoPipe(terminal: Terminal, write: (sink: ExportSink) => Promise<void>): Promise<void> {
	const sink: ExportSink = {
		async write(text) {
			terminal.write(text);
			await terminal.drained();
			if (terminal.readerGone) throw new ReaderLeft();
		},
	};
	try {
		await write(sink);
	} catch (error) {
		if (!(error instanceof ReaderLeft)) throw error;
	}
}

/** Under another name until it is whole, so that a broken export never looks like a finished one. */
async function intoFile(path: string, force: boolean, write: (sink: ExportSink) => Promise<void>): Promise<void> {
	if (existsSync(path) && !force) {
		throw new QuorateError("usage", `${path} exists already`, { kept: "It was not changed.", advice: "Write under another name, or let --force replace it." });
	}
	const partial = `${path}.partial`;
	let file: number | undefined;
	try {
		file = openSync(partial, "w");
		const opened = file;
		await write({ write: (text) => void writeSync(opened, text) });
		closeSync(file);
		file = undefined;
		renameSync(partial, path);
	} catch (error) {
		if (file !== undefined) closeSync(file);
		rmSync(partial, { force: true });
		throw error instanceof QuorateError ? error : cannotWrite(path, error as NodeJS.ErrnoException);
	}
}

function cannotWrite(path: string, error: NodeJS.ErrnoException): QuorateError {
	if (error.code === undefined) return new QuorateError("internal", `${error.name}: ${error.message}`);
	const isFull = error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "EFBIG";
	return new QuorateError(isFull ? "disk-full" : "usage", `${path} cannot be written: ${error.message}`, {
		kept: "The saved run was not changed, and no half-written export was left.",
		advice: isFull ? "Make room, or write elsewhere." : "Check the path and the rights to its folder.",
	});
}
