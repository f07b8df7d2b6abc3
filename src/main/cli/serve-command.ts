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

export async function serveCommand({ port, address, library, open }: ServeFlags, terminal: Terminal): Promise<ExitCode> {
	// Loaded only now: no other command needs any of it.
	const { serve } = await import("../start/serve.ts");
	await serve({
		open,
		endsWithWindow: false,
		say: (line) => terminal.line(line),
		note: (line) => terminal.note(line),
		...(port === undefined ? {} : { port: wholeNumber("--port", port, { min: 0, max: portMax }) }),
		...(address === undefined ? {} : { address }),
		...(library === undefined ? {} : { libraryFolder: library }),
	});
	return exitCodes.ok;
}
