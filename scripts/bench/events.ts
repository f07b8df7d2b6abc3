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
			...[5, 50, 200].map(
				(nodes) => [`ring-${nodes}`, [heartbeatLab(folder, { nodes, period: "20ms", shape: "ring", duration: `${1_000 / nodes}s` })]] as const,
			),
			...[1, 4].map(
				(times) => [`ring-50, ${times} x messages`, [heartbeatLab(folder, { nodes: 50, period: `${20 / times}ms`, shape: "ring", duration: "10s" })]] as const,
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
	const speedOf = async (shape: "star" | "all"): Promise<readonly [speed: number, eventsEach: number]> => {
		const cost = await inFolder((folder) => runLab([heartbeatLab(folder, { nodes: 5, period: "50ms", shape, duration: "1200s" }), "--executor", "inline"]));
		return [cost.virtualUs / 1_000 / cost.wallMs, cost.events / (cost.virtualUs / 1_000_000)];
	};
	const [leader, leaderEvents] = await speedOf("star");
	const [all, allEvents] = await speedOf("all");
	return {
		name: "virtual-speed",
		ratios: { virtualOverWall: rounded(leader), virtualOverWallAllToAll: rounded(all) },
		aim: "five nodes, one of them sends the others a heartbeat each 50 ms and is answered, inline: over 1000 virtual seconds a second",
		holds: leader > 1_000,
		note: `${Math.round(leaderEvents)} events a virtual second; all to all through a switch, every heartbeat answered: ${Math.round(allEvents)}, and no aim`,
	};
}

if (import.meta.main) {
	printResult(await benchEvents());
	printResult(await benchVirtualSpeed());
}
