/**
 * The kernel's hold on its threads: orders them from the keeper, hands out fresh ones, dismisses used
 * ones. A thread that has run a node is never given to another: what is kept in stock are threads that
 * have loaded their code and seen nothing yet.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { RingReceiver, RingSender } from "../../core/ring-channel.ts";
import { assert } from "../../shared/errors.ts";
import { type Plan, programPlanOf } from "../../shared/plan.ts";
import type { Board } from "./board.ts";
import type { KeeperData, KeeperOrder, KeeperReport } from "./keeper.ts";
import { lives, type RingSizes, ThreadMemory } from "./thread-memory.ts";

/** The kernel's end of one node thread. */
export class NodeThread {
	readonly id: number;
	readonly slot: number;
	readonly memory: ThreadMemory;
	readonly inbox: RingSender;
	readonly outbox: RingReceiver;

	constructor(id: number, slot: number, memory: ThreadMemory) {
		this.id = id;
		this.slot = slot;
		this.memory = memory;
		this.inbox = new RingSender(memory.inbox);
		this.outbox = new RingReceiver(memory.outbox);
	}

	/** The thread has ended, whatever the reason. */
	get dead(): boolean {
		return this.memory.life >= lives.exited;
	}
}

/** Where the code of threads lies. */
export interface ThreadFiles {
	/** The keeper's entry. */
	readonly keeper: URL;
	/** Of nodes: parts.json of what was built, or a module that is a node's thread by itself. */
	readonly program: URL;
}

export interface ThreadPoolOptions {
	readonly files: ThreadFiles;
	readonly plan: Plan;
	readonly seed: number;
	readonly board: Board;
	readonly sizes: RingSizes;
	readonly heapMbMax: number;
}

export class ThreadPool {
	/** Resolves when the last thread has ended. */
	readonly closed: Promise<void>;
	readonly #options: ThreadPoolOptions;
	readonly #keeper: Worker;
	readonly #reports: MessagePort;
	readonly #freeSlots: number[];
	/** Started and never used, oldest first. */
	readonly #fresh: NodeThread[] = [];
	readonly #used = new Set<NodeThread>();
	#ids = 0;

	constructor(options: ThreadPoolOptions) {
		this.#options = options;
		const { files, plan, seed, board, sizes, heapMbMax } = options;
		const reports = new MessageChannel();
		this.#reports = reports.port1;
		const data: KeeperData = {
			program: files.program.href,
			boardMemory: board.memory,
			slotCount: board.slotCount,
			sizes,
			plan: programPlanOf(plan),
			seed,
			heapMbMax,
			reports: reports.port2,
		};
		this.#freeSlots = Array.from({ length: board.slotCount }, (_, index) => board.slotCount - 1 - index);
		this.#keeper = new Worker(files.keeper, { workerData: data, transferList: [reports.port2], name: "keeper" });
		this.closed = new Promise((resolve, reject) => {
			this.#keeper.on("error", reject);
			this.#keeper.on("exit", () => resolve());
		});
		// Whoever waits for the end is told; nobody has to.
		this.closed.catch(() => undefined);
	}

	/** Starts a thread for later. */
	stock(): void {
		const slot = this.#freeSlots.pop();
		assert(slot !== undefined, "the board has a slot for every thread");
		const memory = ThreadMemory.make(this.#options.sizes);
		const thread = new NodeThread(++this.#ids, slot, memory);
		this.#order({ order: "start", id: thread.id, slot, memory: memory.memory });
		this.#fresh.push(thread);
	}

	get stocked(): number {
		return this.#fresh.length;
	}

	/** A thread that has seen nothing. */
	take(): NodeThread {
		if (this.#fresh.length === 0) this.stock();
		const thread = this.#fresh.shift() as NodeThread;
		this.#used.add(thread);
		return thread;
	}

	/** Asks a thread to leave; it sleeps, or has ended. */
	dismiss(thread: NodeThread): void {
		this.#forget(thread);
		thread.memory.dismiss();
		this.#options.board.wake(thread.slot);
		this.#order({ order: "release", id: thread.id });
	}

	/** Ends a thread that cannot be asked any more. */
	terminate(thread: NodeThread): void {
		this.#forget(thread);
		thread.memory.dismiss();
		this.#order({ order: "terminate", id: thread.id });
	}

	/** What the keeper has heard of a thread that failed by itself. */
	reportOn(thread: NodeThread): string {
		for (;;) {
			const received = receiveMessageOnPort(this.#reports) as { readonly message: KeeperReport } | undefined;
			if (received === undefined) return "no report";
			if (received.message.id === thread.id) return received.message.text;
		}
	}

	close(): void {
		for (const thread of [...this.#used, ...this.#fresh]) {
			thread.memory.dismiss();
			this.#options.board.wake(thread.slot);
		}
		this.#used.clear();
		this.#fresh.length = 0;
		this.#reports.close();
		this.#order({ order: "close" });
	}

	#forget(thread: NodeThread): void {
		this.#used.delete(thread);
		this.#freeSlots.push(thread.slot);
	}

	#order(order: KeeperOrder): void {
		this.#keeper.postMessage(order);
	}
}
