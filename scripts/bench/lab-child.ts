/** Runs a lab in a process of its own, through the command line that people use, and tells what it cost. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const cli = join(root, "out", "main", "cli.js");

export interface LabCost {
	readonly wallMs: number;
	readonly virtualUs: number;
	readonly events: number;
	readonly messages: number;
	readonly digest: string;
	readonly peakBytes: number;
	/** Of all threads: what a busy machine does not change. */
	readonly cpuMs: number;
	readonly checksHold: boolean;
}

/** Runs a program of ours. @returns its exit code, the last line it wrote, and what it cost */
export async function runProgram(program: string, words: readonly string[]): Promise<{ code: number | null; last: string; peakBytes: number; cpuMs: number }> {
	const child = spawn(process.execPath, [join(import.meta.dirname, "with-peak.mjs"), program, ...words], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
	const [out, cost] = [child.stdout, child.stdio[3]].map((stream) => {
		const chunks: string[] = [];
		(stream as NodeJS.ReadableStream).setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
		return chunks;
	}) as [string[], string[]];
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, last: out.join("").trimEnd().split("\n").pop() ?? "", ...(JSON.parse(cost.join("")) as { peakBytes: number; cpuMs: number }) };
}

/** @param words after `quorate run`; `--json` and `--speed max` are added */
export async function runLab(words: readonly string[]): Promise<LabCost> {
	const { code, last, peakBytes, cpuMs } = await runProgram(cli, ["run", ...words, "--speed", "max", "--json"]);
	if (code !== 0 && code !== 1) throw new Error(`quorate run ${words.join(" ")} ended with ${code}`);
	const result = JSON.parse(last) as {
		wallMs: number;
		virtualUs: number;
		events: number;
		messages: { sent: number };
		digest: string;
		checks: { ok: boolean }[];
	};
	const { wallMs, virtualUs, events, digest } = result;
	return { wallMs, virtualUs, events, digest, messages: result.messages.sent, peakBytes, cpuMs, checksHold: result.checks.every(({ ok }) => ok) };
}

/** A folder for files that are gone afterwards. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
	const folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
	try {
		return await work(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export interface Heartbeats {
	readonly nodes: number;
	readonly period: string;
	/** Who pings whom: each its neighbour, the first one the others (as a leader does), or everybody everybody through a switch. */
	readonly shape: "ring" | "star" | "all";
	readonly duration: string;
}

/** A lab of nodes that ping each other, and answer, and do nothing else. */
export function heartbeatText({ nodes, period, shape, duration }: Heartbeats): string {
	const names = Array.from({ length: nodes }, (_, index) => `n-${index + 1}`);
	const peersOf = (index: number): string[] => {
		if (shape === "ring") return [names[(index + 1) % nodes] as string];
		return shape === "star" && index > 0 ? [] : names.filter((_, other) => other !== index);
	};
	const physics = "latency: 1ms, jitter: uniform 500us";
	const linksOf = {
		ring: () => names.map((name, index) => `  - { between: [${name}, ${names[(index + 1) % nodes]}], ${physics} }`),
		star: () => names.slice(1).map((name) => `  - { between: [${names[0]}, ${name}], ${physics} }`),
		all: () => [`  - { between: [n-*, hub], ${physics} }`],
	};
	return [
		"format: 1",
		"id: heartbeats",
		"title: Heartbeats",
		"shows: How fast a cluster runs that does nothing but keep in touch.",
		`duration: ${duration}`,
		...(shape === "all" ? ["switches:", "  - name: hub"] : []),
		"nodes:",
		...names.flatMap((name, index) => [
			`  - name: ${name}`,
			"    role: node",
			"    services:",
			`      - { service: ping, config: { peers: [${peersOf(index).join(", ")}], period: ${period}, timeout: 1s } }`,
		]),
		"links:",
		...linksOf[shape](),
		"",
	].join("\n");
}

/** @returns the path of the lab's file */
export function heartbeatLab(folder: string, heartbeats: Heartbeats): string {
	const path = join(folder, `heartbeats-${heartbeats.nodes}-${heartbeats.period}-${heartbeats.shape}.yaml`);
	writeFileSync(path, heartbeatText(heartbeats));
	return path;
}
