/**
 * Entries that Raft commits, a virtual second, a second on the wall and a second of processor time, with three, five
 * and seven servers and clients that write as fast as they are answered. Run alone: `node scripts/bench/raft.ts`.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import { registry } from "../../src/os/registry.ts";
import { compileLab } from "../../src/shared/lab/compile.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";

const virtualSeconds = 10;
/** Before that a leader is elected. */
const warmUpSeconds = 2;

function text(servers: number): string {
	return `
format: 1
id: raft-bench
title: Writes
shows: How many writes a second a group of servers agrees on.
duration: ${warmUpSeconds + virtualSeconds}s
nodes:
  - name: server-{n}
    count: ${servers}
    services: [{ service: store, config: { electionTimeout: 300ms, heartbeat: 100ms } }]
  - name: clients
    services: [{ service: store-load, config: { clients: 64, keys: 64, think: 0us, readRatio: 0, swapRatio: 0, requests: 10000000 } }]
links:
  - { between: [server-*, server-*], latency: 500us, jitter: uniform 200us }
  - { between: [clients, server-*], latency: 500us, jitter: uniform 200us }
`;
}

interface Figure {
	readonly commits: number;
	readonly wallSeconds: number;
	readonly cpuSeconds: number;
	readonly events: number;
}

function commitsOf(servers: number): Figure {
	const { plan } = compileLab({ text: text(servers), fileName: "raft-bench.yaml", services: registry.values() });
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	const committed = (): number => Math.max(...plan.nodes.slice(0, servers).map((_, node) => kernel.inspect(node)?.store?.commit as number));
	kernel.advance({ untilUs: warmUpSeconds * 1_000_000 });
	const [before, events] = [committed(), kernel.log.eventCount];
	const [started, startedMs] = [process.cpuUsage(), performance.now()];
	kernel.advance({ untilUs: plan.untilUs });
	const { user, system } = process.cpuUsage(started);
	const wallSeconds = (performance.now() - startedMs) / 1_000;
	return { commits: committed() - before, wallSeconds, cpuSeconds: (user + system) / 1e6, events: kernel.log.eventCount - events };
}

export function benchRaft(): Promise<BenchResult> {
	commitsOf(3);
	const figures = [3, 5, 7].map((servers) => ({ servers, ...commitsOf(servers) }));
	const three = figures[0] as (typeof figures)[number];
	const perCpu = ({ commits, cpuSeconds }: Figure): number => commits / cpuSeconds;
	return Promise.resolve({
		name: "raft",
		ratios: Object.fromEntries(
			figures.flatMap((figure) => [
				[`commits a virtual second, ${figure.servers} servers over 3`, rounded(figure.commits / three.commits)],
				[`commits a processor second, ${figure.servers} servers over 3`, rounded(perCpu(figure) / perCpu(three))],
			]),
		),
		aim: "none: how it grows with the group",
		holds: figures.every(({ commits }) => commits > 0),
		note: figures
			.map(
				({ servers, commits, wallSeconds, cpuSeconds, events }) =>
					`${servers} servers: ${Math.round(commits / virtualSeconds)} commits a virtual second, ${Math.round(commits / wallSeconds)} a wall second (${Math.round(commits / cpuSeconds)} a processor second), ${rounded(events / commits)} events each`,
			)
			.join("; "),
	});
}

if (import.meta.main) printResult(await benchRaft());
