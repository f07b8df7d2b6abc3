/**
 * What is left behind when it was our own fault: a small file with the seed, the words that repeat the
 * run and what was thrown, and a sentence that names it.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineVersion } from "../../core/event-log.ts";
import { fromUnknown } from "../app/unknown-error.ts";
import { tellError } from "./errors.ts";
import { type ExitCode, exitCodeOf } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface CrashContext {
	readonly lab?: string;
	readonly variant?: string;
	readonly seed?: number;
	/** What to type to see it again. */
	readonly again?: string;
	readonly saved?: string | null;
}

/** @returns the path of the report, or undefined when not even that could be written */
function writeCrashReport(error: Error, context: CrashContext): string | undefined {
	const report = {
		what: "Quorate failed; this file says how to see it again.",
		engineVersion,
		node: process.version,
		platform: `${process.platform} ${process.arch}`,
		words: process.argv.slice(2),
		...context,
		error: error.message,
		stack: error.stack ?? "",
	};
	const name = `quorate-crash-${process.pid}.json`;
	for (const folder of [process.cwd, () => mkdtempSync(join(tmpdir(), "quorate-"))]) {
		try {
			const path = join(folder(), name);
			writeFileSync(path, `${JSON.stringify(report, null, "\t")}\n`, { flag: "wx" });
			return path;
		} catch {
			// this folder takes no file; the next one may
		}
	}
	return undefined;
}

/** Tells an error that ended a run; one of our own leaves a report behind. */
export function tellCrash(error: unknown, context: CrashContext, terminal: Terminal): ExitCode {
	const known = fromUnknown(error);
	tellError(known, terminal);
	if (known.code === "internal") {
		const path = writeCrashReport(error instanceof Error ? error : known, context);
		const seed = context.seed === undefined ? "" : `The seed was ${context.seed}. `;
		terminal.note(`  ${seed}${path === undefined ? "No report could be written." : `What is needed to see it again is in ${path}.`}`);
		if (context.saved) terminal.note(`  What was recorded until then is in ${context.saved}.`);
	}
	return exitCodeOf(known.code);
}
