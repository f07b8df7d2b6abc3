/**
 * Events a second, with and without threads, and how they grow with nodes and messages; virtual seconds
 * a wall second of a small cluster that keeps in touch. Run alone: `node scripts/bench/events.ts`.
 */
import { heartbeatLab, inFolder, runLab } from "./lab-child.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";

const executors = ["inline", "threads"] as const;

export async function benchEvents(): Promise<BenchResult> {
	const ratios: { [name: string]: number } = {};
	const figures: string[] = [];
	await inFolder(async (folder) => {
		const labs: readonly (readonly [string, readonly string[]])[] = [
			["ping", ["ping", "--set", "period=1ms", "--set", "latency=1ms", "--until", "20s"]],
			["front-door", ["front-door"]],
			...[5, 50, 200].map((nodes) => [`ring-${nodes}`, [heartbeatLab(folder, { nodes, period: "20ms", ring: true, duration: `${1_000 / nodes}s` })]] as const),
			...[1, 4].map(
				(times) => [`ring-50, ${times} x messages`, [heartbeatLab(folder, { nodes: 50, period: `${20 / times}ms`, ring: true, duration: "10s" })]] as const,
			),
		];
		for (const [name, words] of labs) {
			const rates = { inline: 0, threads: 0 };
			for (const executor of executors) {
				const { events, wallMs } = await runLab([...words, "--executor", executor]);
				rates[executor] = (events / wallMs) * 1_000;
			}
			ratios[`${name}: inline over threads`] = rounded(rates.inline / rates.threads);
			figures.push(`${name} ${Math.round(rates.inline / 1_000)}k/s inline, ${Math.round(rates.threads / 1_000)}k/s threads`);
		}
	});
	return { name: "events", ratios, aim: "none: how it grows", holds: true, note: figures.join("; ") };
}

export async function benchVirtualSpeed(): Promise<BenchResult> {
	const cost = await inFolder((folder) => {
		const lab = heartbeatLab(folder, { nodes: 5, period: "50ms", ring: false, duration: "600s" });
		return runLab([lab, "--executor", "inline"]);
	});
	const speed = cost.virtualUs / 1_000 / cost.wallMs;
	return {
		name: "virtual-speed",
		ratios: { virtualOverWall: rounded(speed) },
		aim: "five nodes, a heartbeat to every other each 50 ms, inline: over 1000 virtual seconds a second",
		holds: speed > 1_000,
		note: `${cost.events} events in ${Math.round(cost.wallMs)} ms; every heartbeat is answered and goes through a switch, so each is 4 crossings of a link`,
	};
}

if (import.meta.main) {
	printResult(await benchEvents());
	printResult(await benchVirtualSpeed());
}
