/** A machine with a memory of its own: works on what it is sent and sends the answer back. What it knew dies with it. */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import { readWorkerConfig, type WorkerConfig } from "./config.ts";
import { type AddBody, type CountBody, facts, messages, type PartBody, type PartFact, type PartReply, workBodies, workerService } from "./protocol.ts";
import { workOn } from "./works.ts";

const world = "many";
const answersMax = 1_000;

class Worker {
	readonly #ctx: NodeContext;
	readonly #config: WorkerConfig;
	/** The round of counting that it is at, or was last. */
	#round = 0;
	#counted = 0;
	/** Of parts done or in hand, by what was asked: one that is asked for twice is worked on once. */
	readonly #answers = new Map<string, Signal<number>>();
	#parts = 0;

	constructor(ctx: NodeContext, config: WorkerConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	/** Steps have numbers: one that was not confirmed is asked for again under the same, and so is all after a crash. */
	*count({ body }: Message<CountBody>): Task {
		if (body.round === this.#round) return;
		this.#round = body.round;
		for (let step = 1; step <= body.increments && this.#round === body.round; step++) {
			const add: AddBody = { step, round: body.round };
			for (;;) {
				const reply = yield* this.#ctx.call(this.#config.lead, messages.add, add, { timeoutUs: this.#config.patienceUs });
				if (reply.ok) break;
			}
			this.#counted++;
		}
	}

	*part(message: Message<PartBody>): Task {
		const { part, input, round } = message.body;
		const key = `${round} ${input.work} ${part}`;
		let known = this.#answers.get(key);
		if (known === undefined) {
			known = this.#ctx.signal<number>();
			this.#remember(key, known);
			this.#ctx.spawn(this.#workOn(message.body, known));
		}
		const reply: PartReply = { share: yield* known.wait() };
		this.#ctx.reply(message, reply);
	}

	*#workOn({ part, input, workUs }: PartBody, answer: Signal<number>): Task {
		yield* this.#ctx.compute(workUs);
		const fact: PartFact = { world, work: input.work, part, by: this.#ctx.self.name };
		this.#ctx.fact(facts.part, fact);
		this.#parts++;
		answer.fire(workOn(input));
	}

	#remember(key: string, answer: Signal<number>): void {
		this.#answers.set(key, answer);
		if (this.#answers.size > answersMax) this.#answers.delete(this.#answers.keys().next().value as string);
	}

	inspect(): Inspection {
		return { partsDone: this.#parts, incrementsConfirmed: this.#counted };
	}
}

export const workerDefinition: ServiceDefinition = {
	name: workerService,
	summary: "A machine that shares nothing and works on what it is sent.",
	names: [messages.add, facts.part],
	bodies: workBodies,
	configure: readWorkerConfig,
	start(ctx, config: WorkerConfig): Service {
		const worker = new Worker(ctx, config);
		return {
			on: {
				[messages.count]: (message: Message<CountBody>) => worker.count(message),
				[messages.part]: (message: Message<PartBody>) => worker.part(message),
			},
			inspect: () => worker.inspect(),
		};
	},
};
