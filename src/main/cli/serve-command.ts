/** `quorate serve`: the window in a browser, until Ctrl-C. Thread: main. */
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { wholeNumber } from "./run-flags.ts";
import type { Terminal } from "./terminal.ts";

export interface ServeFlags {
	readonly port?: string;
	readonly address?: string;
	readonly library?: string;
	/** False with `--no-open`. */
	readonly open: boolean;
}

const portMax = 65_535;

/** @param files sessions to take in and show; refused before anything is started when one of them is none */
export async function serveCommand(files: readonly string[], { port, address, library, open }: ServeFlags, terminal: Terminal): Promise<ExitCode> {
	// Loaded only now: no other command needs any of it.
	const { serve } = await import("../start/serve.ts");
	const { sessionsNamed } = await import("../start/session-files.ts");
	await serve({
		open,
		files: sessionsNamed(files, process.cwd()),
		endsWithWindow: false,
		say: (line) => terminal.line(line),
		note: (line) => terminal.note(line),
		...(port === undefined ? {} : { port: wholeNumber("--port", port, { min: 0, max: portMax }) }),
		...(address === undefined ? {} : { address }),
		...(library === undefined ? {} : { libraryFolder: library }),
	});
	return exitCodes.ok;
}
