/**
 * All measurements, one after the other on an otherwise quiet machine: prints each with its aim and
 * writes them as JSON. `node scripts/bench/run.ts [--out FILE] [NAME...]`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { benchBoot } from "./boot.ts";
import { benchDrives } from "./drives.ts";
import { benchEvents, benchVirtualSpeed } from "./events.ts";
import { benchFiles } from "./files.ts";
import { benchMillion } from "./million.ts";
import { benchRaft } from "./raft.ts";
import { benchRecording } from "./recording.ts";
import type { BenchResult } from "./result.ts";
import { benchRing } from "./ring.ts";
import { benchService } from "./service.ts";
import { benchTracing } from "./tracing.ts";
import { benchWindow } from "./window.ts";
import { benchWindowMemory } from "./window-memory.ts";

const parts: { readonly [name: string]: () => Promise<BenchResult> } = {
	ring: benchRing,
	boot: benchBoot,
	events: benchEvents,
	"virtual-speed": benchVirtualSpeed,
	recording: benchRecording,
	million: benchMillion,
	raft: benchRaft,
	tracing: benchTracing,
	drives: benchDrives,
	files: benchFiles,
	service: benchService,
	window: benchWindow,
	"window-memory": () => benchWindowMemory(),
};
/** Ten minutes long: measured only when it is asked for. */
const onlyWhenNamed: ReadonlySet<string> = new Set(["window-memory"]);

function show({ name, ratios, aim, holds, note }: BenchResult): void {
	process.stdout.write(`${name}: ${holds ? "holds" : "MISSED"}\n  aim     ${aim}\n`);
	for (const [ratio, value] of Object.entries(ratios)) process.stdout.write(`  ratio   ${ratio}: ${value}\n`);
	process.stdout.write(`  note    ${note}\n\n`);
}

const defaultOut = join(import.meta.dirname, "..", "..", "bench-results", "bench.json");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: "string", default: defaultOut } } });
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
	process.stderr.write(`no measurement is called ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}\n`);
	process.exit(2);
}
const results: BenchResult[] = [];
for (const [name, measure] of Object.entries(parts)) {
	if (positionals.length > 0 ? !positionals.includes(name) : onlyWhenNamed.has(name)) continue;
	const result = await measure();
	show(result);
	results.push(result);
}
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, `${JSON.stringify({ node: process.version, platform: `${process.platform}-${process.arch}`, results }, null, "\t")}\n`);
process.stdout.write(`${results.filter(({ holds }) => holds).length} of ${results.length} aims hold; written to ${values.out}\n`);
