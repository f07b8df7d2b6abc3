/**
 * The cluster thread: one run, from its task to its outcome. Holds the kernel, and either all nodes
 * (inline) or the rings to their threads. Knows no file format and no view; what it tells goes to the
 * main thread.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Executor } from "../../core/executor.ts";
import { Verifier } from "../../core/verify.ts";
import { registry } from "../../os/registry.ts";
import { assert } from "../../shared/errors.ts";
import { ProgressBoard } from "../app/progress-board.ts";
import { RunDriver } from "../app/run-driver.ts";
import type { ClusterJob, ExecutorOptions, FromCluster, RunTask, ToCluster } from "../app/run-task.ts";
import { nodeThreadFiles } from "../app/thread-entry.ts";
import { fromUnknown } from "../app/unknown-error.ts";
import { WatchedExecutor } from "../app/watched-executor.ts";
import { toPlain } from "../store/recorder-protocol.ts";
import { RecorderClient } from "./recorder-client.ts";
import { ThreadsExecutor } from "./threads-executor.ts";

export interface ClusterThreadData {
	readonly job: ClusterJob;
	/** Where handlers run inline say where they are. */
	readonly board: SharedArrayBuffer;
}

function makeExecutor({ name, ringBytes, watchdogMs, heapMb }: ExecutorOptions, board: ProgressBoard): Executor {
	if (name === "inline") return new WatchedExecutor(registry, board);
	const rings = ringBytes === undefined ? {} : { inboxBytes: ringBytes, outboxBytes: ringBytes };
	return new ThreadsExecutor({ files: nodeThreadFiles(), handlerMsMax: watchdogMs, heapMbMax: heapMb, ...rings });
}

/** Rests that a message ends. */
class Rest {
	#wake: (() => void) | null = null;

	wake(): void {
		this.#wake?.();
	}

	for(ms: number): Promise<void> {
		return new Promise((resolve) => {
			if (ms < 1) {
				setImmediate(resolve);
				return;
			}
			const timer = setTimeout(() => this.wake(), ms);
			this.#wake = () => {
				this.#wake = null;
				clearTimeout(timer);
				resolve();
			};
		});
	}
}

interface Surroundings {
	readonly port: MessagePort;
	readonly board: ProgressBoard;
	post(message: FromCluster): void;
}

function tellFailure(error: unknown, driver: RunDriver | undefined, post: (message: FromCluster) => void): void {
	driver?.abandon();
	const stack = error instanceof Error ? (error.stack ?? "") : "";
	post({ kind: "failed", error: toPlain(fromUnknown(error)), virtualUs: driver?.nowUs ?? 0, events: driver?.events ?? 0, stack });
}

async function run(task: RunTask, { port, board, post }: Surroundings): Promise<void> {
	const rest = new Rest();
	const executor = makeExecutor(task.executor, board);
	let driver: RunDriver | undefined;
	try {
		const running = new RunDriver({
			task,
			executor,
			services: registry,
			openRecorder: (target) => new RecorderClient(target),
			post,
			nowMs: () => performance.now(),
			rest: (ms) => rest.for(ms),
		});
		driver = running;
		port.on("message", (request: ToCluster) => {
			running.ask(request);
			rest.wake();
		});
		post({ kind: "ended", outcome: await running.run() });
	} catch (error) {
		tellFailure(error, driver, post);
		executor.close();
	}
}

/** Windows between two looks at the clock. */
const verifyWindows = 256;
const verifyTellMs = 100;

function verify({ recorded, executor: options }: ClusterJob & { readonly kind: "verify" }, { board, post }: Surroundings): void {
	const executor = makeExecutor(options, board);
	try {
		const verifier = new Verifier(recorded, executor, registry);
		let told = 0;
		for (;;) {
			const verification = verifier.advance(verifyWindows);
			if (verification !== null) {
				post({ kind: "verified", verification });
				return;
			}
			const nowMs = performance.now();
			if (nowMs - told < verifyTellMs) continue;
			told = nowMs;
			post({ kind: "verifyProgress", events: verifier.events });
		}
	} catch (error) {
		tellFailure(error, undefined, post);
	} finally {
		executor.close();
	}
}

async function live(): Promise<void> {
	const port = parentPort;
	assert(port !== null, "the cluster runs on a thread of its own");
	const { job, board } = workerData as ClusterThreadData;
	const surroundings: Surroundings = { port, board: new ProgressBoard(board), post: (message) => port.postMessage(message) };
	if (job.kind === "run") await run(job.task, surroundings);
	else verify(job, surroundings);
	port.close();
}

void live();
