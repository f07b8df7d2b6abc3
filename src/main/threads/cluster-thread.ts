/**
 * The cluster thread: one run, from its task to its outcome. Holds the kernel, and either all nodes
 * (inline) or the rings to their threads. Knows no file format and no view; what it tells goes to the
 * main thread.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Executor } from "../../core/executor.ts";
import { registry } from "../../os/registry.ts";
import { assert } from "../../shared/errors.ts";
import { ProgressBoard } from "../app/progress-board.ts";
import { createRunChecks } from "../app/run-checks.ts";
import { RunDriver } from "../app/run-driver.ts";
import type { ExecutorOptions, FromCluster, RunTask, ToCluster } from "../app/run-task.ts";
import { threadEntry } from "../app/thread-entry.ts";
import { fromUnknown } from "../app/unknown-error.ts";
import { WatchedExecutor } from "../app/watched-executor.ts";
import { toPlain } from "../store/recorder-protocol.ts";
import { RecorderClient } from "./recorder-client.ts";
import { ThreadsExecutor } from "./threads-executor.ts";

export interface ClusterThreadData {
	readonly task: RunTask;
	/** Where handlers run inline say where they are. */
	readonly board: SharedArrayBuffer;
}

function makeExecutor({ name, ringBytes, watchdogMs, heapMb }: ExecutorOptions, board: ProgressBoard): Executor {
	if (name === "inline") return new WatchedExecutor(registry, board);
	const rings = ringBytes === undefined ? {} : { inboxBytes: ringBytes, outboxBytes: ringBytes };
	return new ThreadsExecutor({ entry: threadEntry("node-thread"), handlerMsMax: watchdogMs, heapMbMax: heapMb, ...rings });
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

async function live(): Promise<void> {
	const port = parentPort;
	assert(port !== null, "the cluster runs on a thread of its own");
	const { task, board } = workerData as ClusterThreadData;
	const post = (message: FromCluster): void => port.postMessage(message);
	const rest = new Rest();
	let driver: RunDriver | undefined;
	try {
		const running = new RunDriver({
			task,
			executor: makeExecutor(task.executor, new ProgressBoard(board)),
			checks: createRunChecks(task.plan),
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
		const known = fromUnknown(error);
		driver?.abandon();
		post({ kind: "failed", error: toPlain(known), virtualUs: driver?.nowUs ?? 0, events: driver?.events ?? 0, stack: (error as Error).stack ?? "" });
	} finally {
		port.close();
	}
}

void live();
