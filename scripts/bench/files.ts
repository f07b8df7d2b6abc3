/**
 * What the file system saves and gives, in megabytes a virtual second and a second of processor time: nine
 * machines, eight users at once, whole copies against Reed-Solomon. Run alone: `node scripts/bench/files.ts`.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import { registry } from "../../src/os/registry.ts";
import { kindId, offsetOf, readUs, recordAtWord } from "../../src/shared/event-record.ts";
import { compileLab } from "../../src/shared/lab/compile.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";

const virtualSeconds = 2;
/** Before that a leader is elected and the machines are known. */
const warmUpSeconds = 3;
type Layout = "3 copies" | "1 copy" | "code";

function text(layout: Layout): string {
	const kept = layout === "code" ? "layout: code" : `copies: ${layout === "1 copy" ? 1 : 3}`;
	return `
format: 1
id: files-bench
title: Files
shows: How much a second a file system takes and gives.
duration: ${warmUpSeconds + virtualSeconds}s
nodes:
  - name: names-{n}
    count: 3
    services:
      - { service: files-steward, config: { ${kept}, blockBytes: 262144, packetBytes: 65536, chunkBytes: 4096, round: 500ms, trash: 1s } }
      - { service: store, config: { electionTimeout: 300ms, heartbeat: 100ms } }
  - name: drives-{n}
    count: 9
    disk: { drives: 2, capacity: 512MiB, bandwidth: 200MB/s }
    services: [{ service: files-blocks, config: { scrub: 10s } }]
  - name: users
    services: [{ service: files-user, config: { workers: 8, files: 32, bytes: 1000000, think: 1ms, saveRatio: 0.5, removeRatio: 0 } }]
switches: [{ name: switch }]
links:
  - { between: [names-*, switch], latency: 100us, bandwidth: 1Gbit/s, queue: 64MiB }
  - { between: [drives-*, switch], latency: 100us, bandwidth: 1Gbit/s, queue: 64MiB }
  - { between: [users, switch], latency: 100us, bandwidth: 200Mbit/s, queue: 256MiB }
`;
}

interface Figures {
	readonly savedMb: number;
	readonly openedMb: number;
	readonly cpuSeconds: number;
}

const measuredId = kindId("measured");
const measured = { name: offsetOf("measured", "name"), value: offsetOf("measured", "value") };

function run(layout: Layout): Figures {
	const { plan } = compileLab({ text: text(layout), fileName: "files-bench.yaml", services: registry.values(), overrides: {} });
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const bytes = { "files-user.savedBytes": 0, "files-user.openedBytes": 0 };
	kernel.log.observe({
		kindIds: new Set([measuredId]),
		onEvent(words, start) {
			const name = plan.names[words[start + measured.name] as number] as keyof typeof bytes;
			if (name in bytes && readUs(words, start + recordAtWord) >= warmUpSeconds * 1_000_000) bytes[name] += readUs(words, start + measured.value);
		},
	});
	kernel.advance({ untilUs: warmUpSeconds * 1_000_000 });
	const before = process.cpuUsage();
	kernel.advance({ untilUs: plan.untilUs });
	const { user, system } = process.cpuUsage(before);
	return { savedMb: bytes["files-user.savedBytes"] / 1e6, openedMb: bytes["files-user.openedBytes"] / 1e6, cpuSeconds: (user + system) / 1e6 };
}

export async function benchFiles(): Promise<BenchResult> {
	const three = run("3 copies");
	const one = run("1 copy");
	const code = run("code");
	const figures = [["3 copies", three] as const, ["1 copy", one] as const, ["code", code] as const];
	const total = ({ savedMb, openedMb }: Figures): number => savedMb + openedMb;
	return {
		name: "files",
		ratios: {
			threeCopiesOverOneVirtual: rounded(total(three) / total(one)),
			codeOverThreeCopiesVirtual: rounded(total(code) / total(three)),
			codeOverThreeCopiesCpu: rounded(total(code) / code.cpuSeconds / (total(three) / three.cpuSeconds)),
		},
		aim: "none: megabytes saved and opened a second, and what copies and codes cost",
		holds: total(three) > 0,
		note: figures
			.map(([layout, each]) => {
				const perVirtual = `${rounded(each.savedMb / virtualSeconds)} MB saved and ${rounded(each.openedMb / virtualSeconds)} MB opened a virtual second`;
				return `${layout}: ${perVirtual}, ${rounded(total(each) / each.cpuSeconds)} MB a second of processor time`;
			})
			.join("; "),
	};
}

if (import.meta.main) printResult(await benchFiles());
