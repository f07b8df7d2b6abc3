/**
 * The life of a node's thread: wait to be woken, take what lies in the inbox, run the window, leave
 * records and result in the outbox, sleep. One node, one incarnation; then the thread ends.
 *
 * The records of a handler are in shared memory before the next one starts, so a handler that never
 * returns, or takes the whole heap with it, loses nothing but itself. Where the outbox is full the
 * node stops between two handlers until the kernel has made room: handlers themselves never wait.
 */

import type { ServiceSource } from "../../core/node-api.ts";
import { NodeRuntime } from "../../core/node-runtime.ts";
import { RingReceiver, RingSender } from "../../core/ring-channel.ts";
import { ByteArena } from "../../shared/byte-range.ts";
import { assert } from "../../shared/errors.ts";
import type { ProgramPlan } from "../../shared/plan.ts";
import type { Board } from "./board.ts";
import { readBoot, readControl, readDeliver, readRun, sayInspection, sayRecords, sayResult, says } from "./frames.ts";
import { idle, inspecting, lives, reporting, type ThreadMemory } from "./thread-memory.ts";

/** Looks at a ring before sleeping on it: the kernel answers a call soon or is busy for long. */
const ringSpins = 200;

export interface NodeLoopOptions {
	readonly plan: ProgramPlan;
	readonly seed: number;
	readonly services: ServiceSource;
	readonly board: Board;
	readonly slot: number;
	readonly memory: ThreadMemory;
}

export class NodeLoop {
	readonly #options: NodeLoopOptions;
	readonly #inbox: RingReceiver;
	readonly #outbox: RingSender;
	readonly #bodies = new ByteArena();
	#runtime: NodeRuntime | null = null;
	/** What the kernel finds in the shared word, as long as it has not given the node up. */
	#progress: number = idle;
	/** Step of the last handler that was started, if its records have not left. */
	#unshipped = 0;

	constructor(options: NodeLoopOptions) {
		this.#options = options;
		this.#inbox = new RingReceiver(options.memory.inbox);
		this.#outbox = new RingSender(options.memory.outbox);
	}

	/** Returns when the thread is dismissed. */
	live(): void {
		const { board, slot, memory } = this.#options;
		memory.life = lives.ready;
		for (;;) {
			const wakes = board.wakesOf(slot);
			if (memory.dismissed) return;
			if (memory.requests > 0) this.#meetRequest();
			else board.sleep(slot, wakes);
		}
	}

	/** Takes messages up to the next request, and meets it. */
	#meetRequest(): void {
		const { board, memory } = this.#options;
		while (!this.#takeMessage()) {}
		this.#moveTo(idle);
		board.handOn();
		memory.meet();
		board.finish();
	}

	/** @returns whether it was a request */
	#takeMessage(): boolean {
		const inbox = this.#inbox;
		while (!inbox.receive()) {
			// The rest of a long message, or of a long list of them, waits for room.
			this.#options.board.callKernel();
			inbox.waitForFrame(ringSpins, Number.POSITIVE_INFINITY);
		}
		switch (inbox.words[inbox.start]) {
			case says.deliver:
				this.#running().deliver(readDeliver(inbox, this.#bodies));
				return false;
			case says.control:
				this.#running().control(readControl(inbox));
				return false;
			case says.boot:
				this.#boot();
				return false;
			case says.run:
				this.#run();
				return true;
			case says.inspect:
				this.#inspect();
				return true;
			default:
				assert(false, "the kernel says only what it can say");
		}
	}

	#running(): NodeRuntime {
		assert(this.#runtime !== null, "a node is booted before anything else");
		return this.#runtime;
	}

	#boot(): void {
		assert(this.#runtime === null, "a thread lives for one incarnation");
		const { plan, seed, services } = this.#options;
		const runtime = new NodeRuntime({ plan, seed, services, boot: readBoot(this.#inbox) });
		runtime.onHandlerStart = (step, atUs) => this.#startHandler(runtime, step, atUs);
		this.#runtime = runtime;
	}

	#run(): void {
		const runtime = this.#running();
		const { endUs, handlersMax } = readRun(this.#inbox);
		runtime.out.clear();
		runtime.run(endUs, handlersMax);
		this.#moveTo(reporting(this.#unshipped));
		this.#ship(runtime);
		sayResult(this.#outbox, runtime.result);
		this.#flush();
	}

	#startHandler(runtime: NodeRuntime, step: number, atUs: number): void {
		this.#ship(runtime);
		this.#options.memory.mark(step, atUs, runtime.result.sequences);
		this.#moveTo(step);
		this.#unshipped = step;
	}

	/** Puts the records of the handler that has ended into shared memory, all of them. */
	#ship(runtime: NodeRuntime): void {
		if (runtime.out.length > 0) {
			sayRecords(this.#outbox, this.#unshipped, runtime.out);
			runtime.out.clear();
			if (this.#outbox.deferred) this.#moveTo(reporting(this.#unshipped));
			this.#flush();
		}
		this.#unshipped = 0;
	}

	#inspect(): void {
		const runtime = this.#running();
		this.#moveTo(inspecting);
		try {
			sayInspection(this.#outbox, runtime.inspect());
		} catch (error) {
			sayInspection(this.#outbox, { thrown: String(error) });
		}
		this.#moveTo(reporting(0));
		this.#flush();
	}

	/** Shows the outbox to the kernel, and waits while it cannot hold what was said. */
	#flush(): void {
		this.#outbox.flush();
		while (this.#outbox.deferred) {
			this.#options.board.callKernel();
			this.#outbox.waitForRoom(ringSpins, Number.POSITIVE_INFINITY);
			this.#outbox.flush();
		}
	}

	/** Goes on, unless the kernel has given this thread up: then it waits here for its end. */
	#moveTo(progress: number): void {
		if (this.#options.memory.moveProgress(this.#progress, progress)) {
			this.#progress = progress;
			return;
		}
		const never = new Int32Array(new SharedArrayBuffer(4));
		for (;;) Atomics.wait(never, 0, 0);
	}
}
