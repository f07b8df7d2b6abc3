/**
 * The keeper: a thread that starts node threads and sees them end. The kernel's thread sleeps in
 * windows and hears no events; the keeper does nothing else, so a node that dies is noticed at once,
 * and starting threads takes no time from the kernel.
 *
 * A thread is asked to leave first; only one that hangs, or does not go, is terminated.
 */
import { type MessagePort, SHARE_ENV, type Worker } from "node:worker_threads";
import type { ProgramPlan } from "../../shared/plan.ts";
import type { Board } from "./board.ts";
import { NodeProgram } from "./node-program.ts";
import { lives, type RingSizes, ThreadMemory } from "./thread-memory.ts";

/** What a node thread is given. */
export interface NodeThreadData {
	readonly boardMemory: SharedArrayBuffer;
	readonly slotCount: number;
	readonly slot: number;
	readonly memory: SharedArrayBuffer;
	readonly sizes: RingSizes;
	readonly plan: ProgramPlan;
	readonly seed: number;
}

export interface KeeperData {
	/** Where the nodes' program lies, as NodeProgram wants it. */
	readonly program: string;
	readonly boardMemory: SharedArrayBuffer;
	readonly slotCount: number;
	readonly sizes: RingSizes;
	readonly plan: ProgramPlan;
	readonly seed: number;
	readonly heapMbMax: number;
	/** Where the keeper says why a thread failed. */
	readonly reports: MessagePort;
}

export type KeeperOrder =
	| { readonly order: "start"; readonly id: number; readonly slot: number; readonly memory: SharedArrayBuffer }
	/** The thread has been dismissed: see that it goes. */
	| { readonly order: "release" | "terminate"; readonly id: number }
	/** All threads have been dismissed: see them go, then leave. */
	| { readonly order: "close" };

export interface KeeperReport {
	readonly id: number;
	readonly text: string;
}

/** How long a dismissed thread may take to leave. */
const patienceMs = 1_000;
/**
 * New objects of a node live in this much memory until they are collected. Every node's heap grows to it
 * with time, busy or not: with sixteen, fifty nodes took a fifth more memory, and no less time.
 */
const youngHeapMb = 6;

/** Those that any node of the plan boots, each once. */
function servicesOf({ nodes }: ProgramPlan): readonly string[] {
	return [...new Set(nodes.flatMap(({ services }) => services.map(({ service }) => service)))];
}

interface Kept {
	readonly worker: Worker;
	readonly memory: ThreadMemory;
}

export class Keeper {
	readonly #data: KeeperData;
	readonly #board: Board;
	readonly #program: NodeProgram;
	readonly #kept = new Map<number, Kept>();

	constructor(data: KeeperData, board: Board) {
		this.#data = data;
		this.#board = board;
		this.#program = new NodeProgram(new URL(data.program), servicesOf(data.plan));
	}

	obey(order: KeeperOrder): void {
		switch (order.order) {
			case "start":
				this.#start(order);
				return;
			case "release":
				this.#terminateLater(order.id);
				return;
			case "terminate":
				this.#terminate(order.id);
				return;
			case "close":
				for (const id of this.#kept.keys()) this.#terminateLater(id);
				return;
		}
	}

	#start({ id, slot, memory }: KeeperOrder & { readonly order: "start" }): void {
		const { boardMemory, slotCount, sizes, plan, seed, heapMbMax } = this.#data;
		const workerData: NodeThreadData = { boardMemory, slotCount, slot, memory, sizes, plan, seed };
		const worker = this.#program.start({
			workerData,
			name: `node-${slot}`,
			// Nothing of the process is copied for a thread: it has no use for any of it.
			env: SHARE_ENV,
			trackUnmanagedFds: false,
			resourceLimits: { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngHeapMb },
		});
		const kept: Kept = { worker, memory: new ThreadMemory(memory, sizes) };
		this.#kept.set(id, kept);
		let death: number = lives.exited;
		worker.on("error", (error: Error & { readonly code?: string }) => {
			death = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? lives.outOfMemory : lives.failed;
			if (death === lives.failed) this.#data.reports.postMessage({ id, text: error.stack ?? error.message } satisfies KeeperReport);
		});
		worker.on("exit", () => {
			this.#kept.delete(id);
			kept.memory.life = death;
			this.#board.callKernel();
		});
	}

	#terminateLater(id: number): void {
		setTimeout(() => this.#terminate(id), patienceMs).unref();
	}

	#terminate(id: number): void {
		void this.#kept.get(id)?.worker.terminate();
	}
}
