/**
 * The command line: which commands there are, which words they take, and how what goes wrong is told.
 * Each command is a module of its own. Thread: main.
 */
import { Command, CommanderError } from "commander";
import { exportFormatFacts, exportFormats } from "../../shared/export-formats.ts";
import { benchCommand } from "./bench-command.ts";
import { type CouplingFlags, couplingCommand } from "./coupling-command.ts";
import { tellCrash } from "./crash-report.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type ExportFlags, exportCommand } from "./export-command.ts";
import { type InfoFlags, infoCommand } from "./info-command.ts";
import { labsCommand } from "./labs-command.ts";
import { replayCommand } from "./replay-command.ts";
import { runCommand } from "./run-command.ts";
import type { RunFlags } from "./run-flags.ts";
import { type ServeFlags, serveCommand } from "./serve-command.ts";
import type { PickFlags, ReadFlags } from "./sessions.ts";
import { Terminal } from "./terminal.ts";
import { type VerifyFlags, verifyCommand } from "./verify-command.ts";

const about = `A small distributed operating system that you can run, break, rewind and mark.

A run is a function of a lab, a seed and your commands: the same three give the
same run again, to the byte.`;

const examples = `
Examples:
  quorate labs                                     what is there to see?
  quorate run front-door                           five web servers, one of which dies
  quorate run front-door --speed 1x                the same, as slow as it really is
  quorate run front-door --seed 7 --save a.quorate another run, kept in a file
  quorate run ping --at "3s cut client-1 server-1" with a fault of your own
  quorate replay a.quorate --node web-3 --from 5s  what happened at web-3?
  quorate verify a.quorate                         is the file what its lab gives?

Exit codes: 0 done and every check holds, 1 a check failed, 2 wrong words or input,
3 verify found a difference, 70 our own fault. NO_COLOR is honoured.`;

/** Options may be given several times: each adds one. */
function collect(value: string, before: readonly string[]): readonly string[] {
	return [...before, value];
}

function build(terminal: Terminal, finish: (code: ExitCode) => void): Command {
	const program = new Command("quorate");
	program
		.description(about)
		.addHelpText("after", examples)
		.helpOption("-h, --help", "say which words there are")
		.helpCommand("help [command]", "say which words a command takes")
		.showSuggestionAfterError(true)
		.enablePositionalOptions()
		.exitOverride()
		.configureOutput({ writeOut: (text) => void terminal.write(text), writeErr: (text) => terminal.note(text.trimEnd()) });

	program
		.command("labs")
		.description("list the labs: what each shows, what can be set, which variants break what")
		.option("--json", "as one object")
		.action((flags: { json?: boolean }) => finish(labsCommand(flags, terminal)));

	program
		.command("run")
		.argument("[lab]", "a lab's name, or the path of a lab file of your own")
		.description("run a lab")
		.option("--variant <name>", "a variant of the lab: a small change that breaks one check")
		.option("--seed <n>", "a whole number, or random; 1 unless told")
		.option("--until <duration>", "end of the run in its own time, such as 30s; the lab's unless told")
		.option("--executor <name>", "threads (one a node) or inline (none); the result is the same", "threads")
		.option("--speed <factor>", "0.01x to 100x of real time, or max", "max")
		.option("--set <name=value>", "set a parameter of the lab; may be repeated", collect, [])
		.option("--at <line>", 'a command at an instant, such as "6s crash web-3"; may be repeated', collect, [])
		.option("--detail <level>", "what --save stores: full, messages or summary; full unless told")
		.option("--save <file>", "keep the run in a file, as it goes on")
		.option("--force", "let --save replace a session that exists")
		.option("--json", "one object at the end, for programs")
		.option("--explore-races", "break ties at one instant by the seed, to find races")
		.option("--fork <file>", "go on from the past of a saved run, as a new branch of it (or with --save, in a file of its own)")
		.option("--from <instant>", "where the fork begins, such as 6s")
		.option("--branch <n>", "which branch to fork; the first unless told")
		.option("--watchdog <duration>", "stop a node whose handler has not returned after so long (5s)")
		.option("--heap-mb <n>", "heap of a node's thread (64), or of all nodes together when inline (512)")
		.option("--ring-bytes <n>", "size of each ring between threads, a power of two; changes speed and nothing else")
		.action(async (lab: string | undefined, flags: RunFlags) => finish(await runCommand(lab, flags, terminal)));

	program
		.command("replay")
		.argument("<file>", "a saved run")
		.description("tell what happened, event by event, from a saved run")
		.option("--from <instant>", "from then on, such as 5s")
		.option("--to <instant>", "up to then")
		.option("--node <name>", "only what concerns this node, glob such as web-* or @region; may be repeated", collect, [])
		.option("--kind <kind>", "only events of this kind, or of control, network or node; may be repeated", collect, [])
		.option("--branch <n>", "which branch; the first unless told")
		.option("--salvage", "read a damaged file as far as it is provably intact")
		.action(async (file: string, flags: PickFlags & ReadFlags) => finish(await replayCommand(file, flags, terminal)));

	program
		.command("verify")
		.argument("<file>", "a saved run")
		.description("run it again and compare every event; names the first that differs")
		.option("--executor <name>", "threads or inline; the result is the same", "inline")
		.option("--json", "as one object")
		.action(async (file: string, flags: VerifyFlags) => finish(await verifyCommand(file, flags, terminal)));

	program
		.command("info")
		.argument("<file>", "a saved run")
		.description("say what is in a saved run")
		.option("--json", "as one object")
		.option("--salvage", "read a damaged file as far as it is provably intact")
		.action(async (file: string, flags: InfoFlags) => finish(await infoCommand(file, flags, terminal)));

	program
		.command("export")
		.argument("<file>", "a saved run")
		.description("write a saved run for other tools")
		.requiredOption("--format <name>", exportFormats.map((format) => `${format}: ${exportFormatFacts[format].summary}`).join("; "))
		.option("--out <file>", "where to; standard output unless told")
		.option("--force", "let --out replace a file that exists")
		.option("--from <instant>", "from then on, such as 5s")
		.option("--to <instant>", "up to then")
		.option("--node <name>", "only events of this node, glob such as web-* or @region; may be repeated", collect, [])
		.option("--kind <kind>", "only events of this kind, or of control, network or node; may be repeated", collect, [])
		.option("--search <line>", "only what the window's search would find, such as 'node=web-3 kind=message text~/503/'")
		.option("--at <instant>", "svg-topology and html: the instant that is drawn, the end unless told; svg-timeline: the instant that is marked")
		.option("--theme <name>", "drawings: light or dark; light unless told")
		.option("--order <name>", "svg-timeline: by time, by Lamport stamps (causal), or by vector clocks (vector); by time unless told")
		.option("--branch <n>", "which branch; the first unless told")
		.option("--salvage", "read a damaged file as far as it is provably intact")
		.action(async (file: string, flags: ExportFlags) => finish(await exportCommand(file, flags, terminal)));

	program
		.command("serve")
		.argument("[files...]", "saved runs to show in the window that comes up; they are copied into the library")
		.description("open the lab window in a browser; the first line is its address, which works once")
		.option("--port <n>", "the port; any that is free unless told")
		.option("--address <ip>", "listen there instead, for other machines, at your own risk; 127.0.0.1 unless told")
		.option("--library <folder>", "where sessions are kept; Quorate in your home folder unless told")
		.option("--no-open", "print the address and open nothing")
		.action(async (files: readonly string[], flags: ServeFlags) => finish(await serveCommand(files, flags, terminal)));

	program
		.command("coupling")
		.description("one box or many: what shared memory and messages cost on this machine, with real threads")
		.option("--threads <n>", "how many; as many as there are cores unless told")
		.option("--json", "as one object")
		.action(async (flags: CouplingFlags) => finish(await couplingCommand(flags, terminal)));

	program
		.command("bench")
		.argument("[words...]", "passed on to the measurements")
		.description("measure how fast it is here")
		.allowUnknownOption(true)
		.passThroughOptions()
		.action(async (words: readonly string[]) => finish(await benchCommand(words)));

	return program;
}

/** @returns when everything has been said; the process then ends by itself */
export async function runCommandLine(words: readonly string[]): Promise<void> {
	const terminal = new Terminal();
	const finish = (code: ExitCode): void => {
		process.exitCode = code;
	};
	const program = build(terminal, finish);
	// What nobody caught is our own fault, and is told as such.
	process.on("uncaughtException", (error) => process.exit(tellCrash(error, {}, terminal)));
	try {
		if (words.length === 0) program.outputHelp();
		else await program.parseAsync(words, { from: "user" });
	} catch (error) {
		if (error instanceof CommanderError) finish(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);
		else finish(tellCrash(error, {}, terminal));
	}
}
