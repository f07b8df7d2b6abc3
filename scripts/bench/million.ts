/**
 * A million visitors through fifty servers: without threads and with one a node, against a bare loop of
 * heap, codec and hash in the same run; how time and memory grow from a hundred thousand. Run alone:
 * `node scripts/bench/million.ts`.
 */
import { join } from "node:path";
import { type LabCost, runLab, runProgram } from "./lab-child.ts";
import { type BenchResult, median, printResult, rounded } from "./result.ts";

const inlineSecondsMax = 15;
const threadsSecondsMax = 30;
const memoryGrowthMax = 1.15;
/** Web-3 dies and comes back while they come; fifty servers of sixteen cores are busy for about 40 %. */
function run(visitors: number, executor: "inline" | "threads"): Promise<LabCost> {
	const rate = visitors * 0.3;
	const settings = ["servers=50", `visitors=${visitors}`, `ratePerSecond=${rate}`, "cores=16", `meanWork=${Math.round(300_000_000 / rate)}us`];
	const story = ["600ms crash web-3", "1500ms restart web-3"];
	return runLab([
		...["front-door", "--executor", executor, "--detail", "summary", "--until", "4s"],
		...settings.flatMap((setting) => ["--set", setting]),
		...story.flatMap((line) => ["--at", line]),
	]);
}

interface Round {
	readonly bareWallMs: number;
	readonly bareCpuMs: number;
	readonly inline: LabCost;
	readonly threads: LabCost;
}

async function round(): Promise<Round> {
	const bare = await runProgram(join(import.meta.dirname, "bare-loop.ts"), []);
	return { bareWallMs: Number(bare.last), bareCpuMs: bare.cpuMs, inline: await run(1_000_000, "inline"), threads: await run(1_000_000, "threads") };
}

export async function benchMillion(): Promise<BenchResult> {
	const inlineSmall = await run(100_000, "inline");
	const threadsSmall = await run(100_000, "threads");
	const rounds = [await round(), await round(), await round()];
	const ratio = (of: (one: Round) => number): number => rounded(median(rounds.map(of)));
	const ratios = {
		inlineOverBareLoop: ratio(({ inline, bareWallMs }) => inline.wallMs / bareWallMs),
		inlineCpuOverBareLoop: ratio(({ inline, bareCpuMs }) => inline.cpuMs / bareCpuMs),
		threadsOverBareLoop: ratio(({ threads, bareWallMs }) => threads.wallMs / bareWallMs),
		threadsCpuOverBareLoop: ratio(({ threads, bareCpuMs }) => threads.cpuMs / bareCpuMs),
		inlineCpuTenfoldVisitors: ratio(({ inline }) => inline.cpuMs / inlineSmall.cpuMs),
		inlineMemoryTenfoldVisitors: ratio(({ inline }) => inline.peakBytes / inlineSmall.peakBytes),
		threadsMemoryTenfoldVisitors: ratio(({ threads }) => threads.peakBytes / threadsSmall.peakBytes),
	};
	const inlineSeconds = median(rounds.map(({ inline }) => inline.wallMs / 1_000));
	const threadsSeconds = median(rounds.map(({ threads }) => threads.wallMs / 1_000));
	const equal = rounds.every(({ inline, threads }) => inline.digest === threads.digest);
	const flat = ratios.inlineMemoryTenfoldVisitors < memoryGrowthMax && ratios.threadsMemoryTenfoldVisitors < memoryGrowthMax;
	return {
		name: "million",
		ratios,
		aim: "under 15 s inline and 30 s with threads; peak memory within 15 % of that of 100,000 visitors",
		holds: inlineSeconds < inlineSecondsMax && threadsSeconds < threadsSecondsMax && flat && equal,
		note: [
			`medians: inline ${rounded(inlineSeconds)} s, threads ${rounded(threadsSeconds)} s`,
			...rounds.map(
				({ bareWallMs, inline, threads }) =>
					`here: bare ${rounded(bareWallMs / 1_000)} s, inline ${rounded(inline.wallMs / 1_000)} s and ${Math.round(inline.peakBytes / 1e6)} MB, threads ${rounded(threads.wallMs / 1_000)} s and ${Math.round(threads.peakBytes / 1e6)} MB`,
			),
			`${rounds[0]?.inline.events} events; digests ${equal ? "equal" : "DIFFER"}; checks ${rounds.every(({ inline }) => inline.checksHold) ? "hold" : "fail"}`,
		].join("; "),
	};
}

if (import.meta.main) printResult(await benchMillion());
