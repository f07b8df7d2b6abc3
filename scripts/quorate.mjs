/**
 * `npm run -s quorate -- ...`: rebuilds out/ when a source is newer, then becomes the command
 * line, in this same process, so that signals and exit codes need no passing on.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { outDirectory } from "./build-state.mjs";
import { ensureBuilt } from "./ensure-built.mjs";

const commandLine = join(outDirectory, "main", "cli.js");

/** Our own fault, in the command line's table of exit codes. */
const exitInternal = 70;

if (Number(process.versions.node.split(".")[0]) < 22) {
	process.stderr.write(`quorate needs Node 22 or newer, this is ${process.versions.node}. Start it with: npm run -s quorate -- <command>\n`);
	process.exitCode = exitInternal;
} else if (!ensureBuilt()) {
	process.exitCode = exitInternal;
} else {
	process.argv[1] = commandLine;
	await import(pathToFileURL(commandLine).href);
}
