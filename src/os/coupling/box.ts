/**
 * One machine with several cores: its threads share one memory and one clock. Nobody sends anything; they read
 * and write the same numbers, and between a reading and a writing of one there may be the writing of another.
 * The memory is gone with the machine, and with it everything that all threads had done.
 */
import type { Inspection, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type BoxConfig, readBoxConfig } from "./config.ts";
import { couplingInvariants, names } from "./invariants.ts";
import { type BegunFact, boxService, facts, type PartFact, type ResultFact, spans } from "./protocol.ts";
import { answerTo, type PartedWork, partOf, type WorkName, workNames, workOn } from "./works.ts";

const world = "box";
/** What a thread does of its own before it touches what all share. */
const ownWorkUsBelow = 4;

class Box {
	readonly #ctx: NodeContext;
	readonly #config: BoxConfig;
	/** The one number that all threads share, and how often it was touched. */
	readonly #shared = { number: 0, touches: 0 };
	#work: WorkName | null = null;

	constructor(ctx: NodeContext, config: BoxConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	*boot(): Task {
		for (const work of workNames) yield* this.#do(work);
		this.#work = null;
	}

	*#do(work: WorkName): Task {
		const ctx = this.#ctx;
		const { threads, sizes } = this.#config;
		this.#work = work;
		this.#shared.number = 0;
		this.#shared.touches = 0;
		const key = `${world} ${work}`;
		const begun: BegunFact = { key, world, work, workers: threads };
		ctx.fact(facts.begun, begun);
		const startedUs = ctx.monoUs();
		const span = ctx.startSpan(spans[work]);
		const ended = Array.from({ length: threads }, (_, thread) => {
			const signal = ctx.signal<null>();
			ctx.spawn(this.#thread(work, thread, signal));
			return signal;
		});
		for (const signal of ended) yield* signal.wait();
		span.finish("ok");
		const { number, touches } = this.#shared;
		const result: ResultFact = { key, world, work, expected: answerTo(work, sizes), got: number, tookUs: ctx.monoUs() - startedUs, touches };
		ctx.fact(facts.result, result);
	}

	*#thread(work: WorkName, thread: number, ended: { fire(value: null): void }): Task {
		const { threads, sizes } = this.#config;
		if (work === "counter") {
			const mine = Math.floor((sizes.increments * (thread + 1)) / threads) - Math.floor((sizes.increments * thread) / threads);
			for (let i = 0; i < mine; i++) yield* this.#add(1);
		} else for (let part = thread; part < sizes.parts; part += threads) yield* this.#part(work, part, thread);
		ended.fire(null);
	}

	*#part(work: PartedWork, part: number, thread: number): Task {
		yield* this.#ctx.compute(this.#config.partUs);
		const share = workOn(partOf(work, this.#config.sizes, part));
		const fact: PartFact = { world, work, part, by: `${this.#ctx.self.name}, thread ${thread + 1}` };
		this.#ctx.fact(facts.part, fact);
		yield* this.#add(share);
	}

	/** What every thread does to the shared number. Without atomics, what others wrote since it was read is overwritten. */
	*#add(share: number): Task {
		const { atomics, accessUs, atomicUs } = this.#config;
		const shared = this.#shared;
		// No two threads keep step for long.
		yield* this.#ctx.compute(this.#ctx.random.below(ownWorkUsBelow));
		shared.touches++;
		if (atomics) {
			yield* this.#ctx.compute(accessUs + atomicUs);
			shared.number += share;
			return;
		}
		const read = shared.number;
		yield* this.#ctx.compute(accessUs);
		shared.number = read + share;
	}

	inspect(): Inspection {
		return { work: this.#work, number: this.#shared.number, touches: this.#shared.touches, threads: this.#config.threads };
	}
}

export const boxDefinition: ServiceDefinition = {
	name: boxService,
	summary: "One machine whose threads share one memory: a counter, a sum and a product of matrices, with atomics or without.",
	names: [...Object.values(spans), ...Object.values(facts), ...Object.values(names)],
	invariants: couplingInvariants,
	configure: readBoxConfig,
	start(ctx, config: BoxConfig): Service {
		const box = new Box(ctx, config);
		return { boot: () => box.boot(), inspect: () => box.inspect() };
	},
};
