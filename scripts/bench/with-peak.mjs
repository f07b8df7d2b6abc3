/**
 * Runs a module as a program and, when it ends, writes to descriptor 3 what it cost: the peak of
 * its memory and the processor time of all its threads, as JSON:
 * `node with-peak.mjs out/main/cli.js run ping --json`.
 */
import { readFileSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * On Linux the peak that `getrusage` tells begins with that of the process which started this one: it
 * survives `exec`. What /proc tells begins with the program.
 */
function peakBytes() {
	try {
		return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1_024;
	} catch {
		return process.resourceUsage().maxRSS * 1_024; // no such file on other systems
	}
}

const program = process.argv[2] ?? "";
process.argv.splice(1, 1);
process.on("exit", () => {
	const { userCPUTime, systemCPUTime } = process.resourceUsage();
	writeSync(3, JSON.stringify({ peakBytes: peakBytes(), cpuMs: (userCPUTime + systemCPUTime) / 1_000 }));
});
await import(pathToFileURL(resolve(program)).href);
