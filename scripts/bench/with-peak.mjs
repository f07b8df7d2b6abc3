/**
 * Runs a module as a program and, when it ends, writes to descriptor 3 what it cost: the peak of
 * its memory and the processor time of all its threads, as JSON:
 * `node with-peak.mjs out/main/cli.js run ping --json`.
 */
import { writeSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const program = process.argv[2] ?? "";
process.argv.splice(1, 1);
process.on("exit", () => {
	const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
	writeSync(3, JSON.stringify({ peakBytes: maxRSS * 1_024, cpuMs: (userCPUTime + systemCPUTime) / 1_000 }));
});
await import(pathToFileURL(resolve(program)).href);
