/**
 * The main thread's end of a cluster thread: starts it with a task, passes on what each has to say to
 * the other, and notices how it ends. Never blocks. Knows nothing of what a run means.
 */
import { Worker } from "node:worker_threads";
import { ProgressBoard } from "../app/progress-board.ts";
import type { ClusterJob, FromCluster, ToCluster } from "../app/run-task.ts";
import { threadEntry } from "../app/thread-entry.ts";
import type { ClusterThreadData } from "./cluster-thread.ts";

/** How a thread ended that said nothing of an end. */
export type ClusterDeath = { readonly reason: "outOfMemory" } | { readonly reason: "died"; readonly error: Error };

export interface ClusterListener {
	onMessage(message: FromCluster): void;
	/** Called at most once, and only if the thread had not told its end. */
	onDeath(death: ClusterDeath): void;
}

/** Nodes with threads of their own leave the cluster thread little to keep. */
const youngHeapMb = 128;
const patienceMs = 10_000;

export class ClusterClient {
	/** Where the nodes' handlers are, if they run on the cluster thread itself. */
	readonly board = new ProgressBoard();
	readonly #worker: Worker;
	readonly #exited: Promise<void>;
	#over = false;

	constructor(job: ClusterJob, listener: ClusterListener) {
		const data: ClusterThreadData = { job, board: this.board.memory };
		const { name, heapMb } = job.kind === "run" ? job.task.executor : job.executor;
		const limits = name === "inline" ? { resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngHeapMb } } : {};
		this.#worker = new Worker(threadEntry("cluster-thread"), { workerData: data, name: "cluster", ...limits });
		const die = (death: ClusterDeath): void => {
			if (this.#over) return;
			this.#over = true;
			listener.onDeath(death);
		};
		this.#worker.on("message", (message: FromCluster) => {
			if (message.kind === "ended" || message.kind === "verified" || message.kind === "failed") this.#end();
			listener.onMessage(message);
		});
		this.#worker.on("error", (error: Error & { readonly code?: string }) => {
			die(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? { reason: "outOfMemory" } : { reason: "died", error });
		});
		this.#exited = new Promise((resolve) => {
			this.#worker.on("exit", (code) => {
				die({ reason: "died", error: new Error(`the cluster thread left with code ${code}`) });
				resolve();
			});
		});
	}

	/** It has said its last word, and has some time to see its own threads go. */
	#end(): void {
		this.#over = true;
		setTimeout(() => void this.#worker.terminate(), patienceMs).unref();
	}

	send(message: ToCluster): void {
		this.#worker.postMessage(message);
	}

	/** Heap and what lies outside of it. */
	async memoryBytes(): Promise<number> {
		const { used_heap_size: heap, external_memory: outside } = await this.#worker.getHeapStatistics();
		return heap + outside;
	}

	/** Ends the thread wherever it is; nothing more is heard of it. Resolves when it has gone. */
	async terminate(): Promise<void> {
		this.#over = true;
		await this.#worker.terminate();
		await this.#exited;
	}

	/** Resolves when the thread has gone by itself. */
	get exited(): Promise<void> {
		return this.#exited;
	}
}
