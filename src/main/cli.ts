/**
 * Entry of the command line. Thread: main.
 */
import { runCommandLine } from "./cli/program.ts";

void runCommandLine(process.argv.slice(2));
