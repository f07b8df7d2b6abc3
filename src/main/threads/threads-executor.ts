/**
 * Runs every node on a thread of its own. The caller's thread, the kernel's, stages inputs straight
 * into the nodes' inboxes, wakes the nodes of a window, sleeps until the last of them is done, and
 * takes what they left in their outboxes.
 *
 * A window ends on one shared counter: the kernel is woken once, whatever the number of nodes. It is
 * called earlier only when a ring is too small for what has to pass through it.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { BootInput, Delivery, Executor, NodeControl, NodeInspection, WindowResult } from "../../core/executor.ts";
import { assert, QuorateError } from "../../shared/errors.ts";
import type { RecordBuffer } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { Board } from "./board.ts";
import { sayBoot, sayControl, sayDeliver, sayInspect, sayRun } from "./frames.ts";
import { Seat } from "./seat.ts";
import { idle, lives, type RingSizes } from "./thread-memory.ts";
import { type ThreadFiles, ThreadPool } from "./thread-pool.ts";
import { runsProgram, Watchdog } from "./watchdog.ts";

export interface ThreadsExecutorOptions {
	readonly files: ThreadFiles;
	/** Data bytes of each node's rings, powers of two. Decide speed alone. */
	readonly inboxBytes?: number;
	readonly outboxBytes?: number;
	/** Wall-clock time after which a handler that has not returned is given up. */
	readonly handlerMsMax?: number;
	/** Wall-clock time that a thread may take to load its code. */
	readonly startMsMax?: number;
	/** Old-generation heap of a node, in mebibytes. */
	readonly heapMbMax?: number;
}

/** Threads in stock once a node has crashed: its restart finds one that is ready. */
const spareThreads = 2;
/** Looks at the gate for about 50 us: with a core to spare that is cheaper than to be woken. */
const gateSpins = 2_000;

export class ThreadsExecutor implements Executor {
	readonly name = "threads";
	readonly #options: Required<ThreadsExecutorOptions>;
	readonly #cores = availableParallelism();
	readonly #watchdog: Watchdog;
	#seats: readonly Seat[] = [];
	#board: Board | null = null;
	#pool: ThreadPool | null = null;

	constructor(options: ThreadsExecutorOptions) {
		this.#options = { inboxBytes: 65_536, outboxBytes: 262_144, handlerMsMax: 5_000, startMsMax: 60_000, heapMbMax: 64, ...options };
		this.#watchdog = new Watchdog(this.#options);
	}

	open(plan: Plan, seed: number): void {
		assert(this.#pool === null, "an executor is opened once");
		const { files, inboxBytes, outboxBytes, heapMbMax } = this.#options;
		// A thread that cannot load its code dies unheard, while the kernel waits for it.
		for (const file of [files.keeper, files.program]) {
			if (!existsSync(file)) throw new QuorateError("internal", `a program of the threads, ${file.pathname}, does not exist`);
		}
		const sizes: RingSizes = { inboxBytes, outboxBytes };
		this.#board = Board.make(plan.nodes.length + spareThreads);
		this.#pool = new ThreadPool({ files, plan, seed, board: this.#board, sizes, heapMbMax });
		this.#seats = plan.nodes.map((_, node) => new Seat(node));
		for (let node = 0; node < plan.nodes.length; node++) this.#pool.stock();
	}

	boot(input: BootInput): void {
		sayBoot(this.#seat(input.node).occupy(this.#open().pool.take(), input).inbox, input);
	}

	stop(node: number): void {
		const { pool } = this.#open();
		const thread = this.#seat(node).leave();
		if (thread !== null) {
			if (thread.memory.progress === idle) pool.dismiss(thread);
			else pool.terminate(thread);
		}
		// Its restart should not have to wait for a thread to load its code.
		if (pool.stocked < spareThreads) pool.stock();
	}

	deliver(node: number, delivery: Delivery): void {
		const seat = this.#seat(node);
		seat.expect(delivery.atUs);
		if (seat.failed === null) sayDeliver(seat.thread.inbox, delivery);
	}

	control(node: number, control: NodeControl): void {
		const seat = this.#seat(node);
		if (control.kind === "ask") seat.expect(control.atUs);
		if (control.kind === "resume") seat.resume(control.atUs);
		if (seat.failed === null) sayControl(seat.thread.inbox, control);
	}

	runWindow(nodes: readonly number[], endUs: number, handlersMax: number): void {
		const asked: Seat[] = [];
		for (const node of nodes) {
			const seat = this.#seat(node);
			seat.startWindow();
			if (seat.failed !== null) {
				seat.failBeforeHandlers(seat.failed);
				continue;
			}
			sayRun(seat.thread.inbox, endUs, handlersMax);
			asked.push(seat);
		}
		if (asked.length > 0) this.#request(asked);
		for (const seat of asked) seat.endWindow();
	}

	records(node: number): RecordBuffer {
		return this.#seat(node).records;
	}

	result(node: number): WindowResult {
		return this.#seat(node).result;
	}

	inspect(node: number): NodeInspection | null {
		const seat = this.#seat(node);
		if (!seat.occupied || seat.failed !== null) return null;
		seat.startInspection();
		sayInspect(seat.thread.inbox);
		this.#request([seat]);
		// A node that died of an inspection is found dead by its next window, so that the log can say so.
		return seat.takeInspection();
	}

	close(): void {
		this.#pool?.close();
	}

	/** Resolves once every thread has ended; after `close`. */
	get closed(): Promise<void> {
		return this.#pool?.closed ?? Promise.resolve();
	}

	#seat(node: number): Seat {
		const seat = this.#seats[node];
		assert(seat !== undefined, `node ${node} exists`);
		return seat;
	}

	#open(): { readonly board: Board; readonly pool: ThreadPool } {
		assert(this.#board !== null && this.#pool !== null, "the executor is open");
		return { board: this.#board, pool: this.#pool };
	}

	// --- one request to some nodes, answered by all of them

	#request(seats: readonly Seat[]): void {
		const { board } = this.#open();
		const seen = board.gate;
		board.arrange(
			seats.map(({ thread }) => thread.slot),
			Math.min(seats.length, this.#cores + 1),
		);
		for (const seat of seats) {
			seat.answered = false;
			seat.thread.inbox.flush();
			seat.thread.memory.ask();
		}
		board.wakeFirst();
		this.#await(seats, seen);
	}

	/** @param seen the gate before anybody was asked */
	#await(seats: readonly Seat[], seen: number): void {
		const { board } = this.#open();
		const spins = seats.length < this.#cores ? gateSpins : 0;
		for (let waiting = seats; ; ) {
			const called = board.waitForCall(seen, spins, this.#watchdog.sliceMs);
			seen = board.gate; // before looking: whoever calls from now on is heard the next time
			waiting = waiting.filter((seat) => !seat.exchange());
			if (waiting.length === 0) break;
			if (called) this.#watchdog.stir();
			// Nobody should sleep through its turn; a wake too many costs nothing, one too few the run.
			else for (const { thread } of waiting) board.wake(thread.slot);
			if (!called && this.#watchdog.patrol(waiting.map(({ thread }) => thread.memory))) this.#giveUpHung(waiting);
			this.#bury(waiting);
			waiting = waiting.filter(({ failed }) => failed === null);
			if (waiting.length === 0) break;
		}
		this.#watchdog.stir();
	}

	#giveUpHung(waiting: readonly Seat[]): void {
		for (const seat of waiting) if (runsProgram(seat.thread.memory) && seat.giveUp("hung")) this.#remove(seat, waiting);
	}

	/** Threads that ended by themselves. */
	#bury(waiting: readonly Seat[]): void {
		for (const seat of waiting) {
			if (seat.failed !== null || !seat.thread.dead) continue;
			const { memory } = seat.thread;
			assert(memory.life === lives.outOfMemory, `the thread of node ${seat.node} failed: ${this.#open().pool.reportOn(seat.thread)}`);
			if (seat.giveUp("outOfMemory")) this.#remove(seat, waiting);
		}
	}

	/** Rids us of a thread that was given up, and of what it would have done for the others. */
	#remove(seat: Seat, waiting: readonly Seat[]): void {
		const { board, pool } = this.#open();
		pool.terminate(seat.thread);
		board.finish();
		// It may have held the turn of several: nobody waits for one any more.
		for (const other of waiting) if (other.failed === null) board.wake(other.thread.slot);
	}
}
