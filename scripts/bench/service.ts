/**
 * The thread that serves windows: how soon a session of a million events answers when it is opened, what a
 * look at another instant costs then, and how long the thread is ever kept from its windows while a run goes
 * at full speed. Run alone: `node scripts/bench/service.ts`.
 */

import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { MessageChannel, Worker } from "node:worker_threads";
import { LabService } from "../../src/main/lab-service/lab-service.ts";
import { inFolder, runLab } from "./lab-child.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";
import type { WindowFigures, WindowTask } from "./service-window.ts";

const openSecondsMax = 2;
const stallMsMax = 50;
const runMs = 15_000;
const looks = 100;
const delayResolutionMs = 5;

/** The longest the thread was busy between two looks at its own processor time: other programs cannot be blamed for that. */
class BusyMeter {
	#longestMs = 0;
	#before = process.threadCpuUsage();
	readonly #timer: NodeJS.Timeout;

	constructor() {
		this.#timer = setInterval(() => this.#look(), delayResolutionMs);
	}

	#look(): void {
		const { user, system } = process.threadCpuUsage(this.#before);
		this.#before = process.threadCpuUsage();
		this.#longestMs = Math.max(this.#longestMs, (user + system) / 1_000);
	}

	stop(): number {
		clearInterval(this.#timer);
		this.#look();
		return this.#longestMs;
	}
}

interface Measured {
	readonly figures: WindowFigures;
	readonly stallMs: number;
	readonly p99Ms: number;
	/** The longest turn in the thread's own processor time. */
	readonly busyMs: number;
	/** Of all threads of the process, windows included. */
	readonly cpuMs: number;
}

async function measure(libraryFolder: string, work: WindowTask["work"], executor: "threads" | "inline" = "threads"): Promise<Measured> {
	const service = new LabService({
		host: { name: "web", appVersion: "0.0.0", platform: process.platform, saveFile: async () => ({ kind: "cancelled" }) },
		libraryFolder,
		executor,
	});
	const { port1, port2 } = new MessageChannel();
	const connection = service.connect({ send: (frame) => port1.postMessage(frame), backlogBytes: () => 0, close: () => {} });
	port1.on("message", (frame: Uint8Array) => connection.receive(frame));
	const window = new Worker(new URL("./service-window.ts", import.meta.url));
	const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
	const busy = new BusyMeter();
	delay.enable();
	const cpu = process.cpuUsage();
	window.postMessage({ port: port2, work } satisfies WindowTask, [port2]);
	const figures = await new Promise<WindowFigures>((resolve, reject) => window.once("message", resolve).once("error", reject));
	delay.disable();
	const { user, system } = process.cpuUsage(cpu);
	const measured = {
		figures,
		cpuMs: (user + system) / 1_000,
		stallMs: delay.max / 1e6 - delayResolutionMs,
		p99Ms: delay.percentile(99) / 1e6 - delayResolutionMs,
		busyMs: busy.stop(),
	};
	port1.close();
	await window.terminate();
	await service.close();
	return measured;
}

const millionEvents = [
	"front-door",
	"--executor",
	"inline",
	"--set",
	"servers=10",
	"--set",
	"visitors=1000000",
	"--set",
	"ratePerSecond=5000",
	"--set",
	"cores=16",
];

export async function benchService(): Promise<BenchResult> {
	return inFolder(async (folder) => {
		const made = await runLab([...millionEvents, "--until", "14s", "--save", join(folder, "million.quorate"), "--detail", "full"]);
		const opened = await measure(folder, { kind: "open", session: "million", looks });
		const threaded = await measure(folder, { kind: "run", ms: runMs, servers: 50 });
		// More events and more states a second, because nothing waits for fifty threads to be given a core.
		const inline = await measure(folder, { kind: "run", ms: runMs, servers: 50 }, "inline");
		const worst = (of: "stallMs" | "p99Ms" | "busyMs"): number => Math.max(threaded[of], inline[of]);
		const { firstAnswers = Number.NaN, end, look, slowestLook, ...parts } = opened.figures;
		const text = (figures: WindowFigures): string =>
			Object.entries(figures)
				.map(([name, ms]) => `${name} ${Math.round(ms)}`)
				.join(", ");
		return {
			name: "service",
			ratios: {
				openSeconds: rounded(firstAnswers / 1_000),
				slowestLookOverWholeFold: rounded((slowestLook ?? Number.NaN) / (end ?? Number.NaN)),
				stallMs: rounded(worst("stallMs")),
				stallP99Ms: rounded(worst("p99Ms")),
				longestBusyMs: rounded(worst("busyMs")),
			},
			aim: `a session of a million events answers within ${openSecondsMax} s; no turn of the service's thread over ${stallMsMax} ms while a run goes at full speed`,
			holds: firstAnswers < openSecondsMax * 1_000 && worst("busyMs") < stallMsMax && opened.busyMs < stallMsMax,
			note: [
				`${made.events} events; milliseconds: ${text(parts)}; whole fold ${Math.round(end ?? 0)}, a look ${Math.round(look ?? 0)}, slowest of ${looks} ${Math.round(slowestLook ?? 0)}`,
				`opening and ${looks} looks: ${Math.round(opened.cpuMs)} ms of processor time in all, longest busy ${rounded(opened.busyMs)} ms, stall ${rounded(opened.stallMs)} ms, p99 ${rounded(opened.p99Ms)} ms`,
				...[threaded, inline].map(
					({ busyMs, stallMs, p99Ms, figures }, way) =>
						`${runMs / 1_000} s of 50 servers ${way === 0 ? "with threads" : "inline"}: longest busy ${rounded(busyMs)} ms of its own, stall ${rounded(stallMs)} ms with whatever else the machine did, p99 ${rounded(p99Ms)} ms; ${text(figures)}`,
				),
			].join("; "),
		};
	});
}

if (import.meta.main) printResult(await benchService());
