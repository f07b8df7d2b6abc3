/**
 * Two hundred node threads against two hundred bare workers: from nothing until the last of them is
 * there. A node is there when its programs have run their first handler. Run alone:
 * `node scripts/bench/boot.ts`.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BootInput } from "../../src/core/executor.ts";
import { ThreadsExecutor } from "../../src/main/threads/threads-executor.ts";
import { registry } from "../../src/os/registry.ts";
import { compileLab } from "../../src/shared/lab/compile.ts";
import type { NodePlan, Plan } from "../../src/shared/plan.ts";
import { builtThreads } from "../../test/support/built-threads.ts";
import { heartbeatText } from "./lab-child.ts";
import { type BenchResult, median, printResult, rounded } from "./result.ts";

const threadCount = 200;
const repetitions = 3;
const aimRatio = 1.3;

interface Cost {
	readonly wallMs: number;
	/** Of all threads of the process together. */
	readonly cpuMs: number;
}

function stopwatch(): () => Cost {
	const startedMs = performance.now();
	const startedCpu = process.cpuUsage();
	return () => {
		const { user, system } = process.cpuUsage(startedCpu);
		return { wallMs: performance.now() - startedMs, cpuMs: (user + system) / 1_000 };
	};
}

async function bootBare(): Promise<Cost> {
	const words = new Int32Array(new SharedArrayBuffer(8));
	const stop = stopwatch();
	const workers = Array.from({ length: threadCount }, () => new Worker(new URL("./bare-worker.mjs", import.meta.url), { workerData: words.buffer }));
	for (let there = Atomics.load(words, 0); there < threadCount; there = Atomics.load(words, 0)) Atomics.wait(words, 0, there);
	const cost = stop();
	Atomics.store(words, 1, 1);
	Atomics.notify(words, 1);
	await Promise.all(workers.map((worker) => once(worker, "exit")));
	return cost;
}

function firstBoot({ nodes }: Plan, node: number): BootInput {
	const sequences = { message: 0, timer: 0, span: 0, disk: 0, draw: 0, step: 0 };
	return {
		node,
		plan: nodes[node] as NodePlan,
		incarnation: 1,
		atUs: 0,
		lamport: 0,
		sequences,
		clock: null,
		factorMilli: 1_000,
		drives: [],
		haltAtStep: -1,
		haltReason: "hung",
	};
}

async function bootNodes(): Promise<Cost> {
	const text = heartbeatText({ nodes: threadCount, period: "1s", shape: "ring", duration: "1s" });
	const { plan } = compileLab({ text, fileName: "heartbeats.yaml", services: registry.values() });
	const stop = stopwatch();
	const executor = new ThreadsExecutor({ files: builtThreads });
	executor.open(plan, 1);
	const nodes = plan.nodes.map((_, node) => node);
	for (const node of nodes) executor.boot(firstBoot(plan, node));
	executor.runWindow(nodes, 1, Number.POSITIVE_INFINITY);
	const cost = stop();
	if (nodes.some((node) => executor.result(node).handlers !== 1)) throw new Error("a node did not boot");
	executor.close();
	await executor.closed;
	return cost;
}

export async function benchBoot(): Promise<BenchResult> {
	const bare: Cost[] = [];
	const nodes: Cost[] = [];
	for (let repetition = 0; repetition < repetitions; repetition++) {
		bare.push(await bootBare());
		nodes.push(await bootNodes());
	}
	const against = (of: keyof Cost): number => rounded(median(nodes.map((cost, index) => cost[of] / (bare[index] as Cost)[of])));
	const ratios = { wall: against("wallMs"), cpu: against("cpuMs") };
	const figure = (costs: readonly Cost[]): string =>
		`${Math.round(median(costs.map(({ wallMs }) => wallMs)))} ms wall, ${Math.round(median(costs.map(({ cpuMs }) => cpuMs)))} ms cpu`;
	return {
		name: "boot",
		ratios,
		aim: `${threadCount} node threads within ${aimRatio}x of ${threadCount} bare workers`,
		holds: ratios.wall <= aimRatio,
		note: `nodes ${figure(nodes)}; bare ${figure(bare)}; medians of ${repetitions} interleaved repetitions`,
	};
}

if (import.meta.main) printResult(await benchBoot());
