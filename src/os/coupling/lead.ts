/**
 * Many machines with memories of their own: one of them leads, cuts the work into parts and sends them round; what
 * all need is sent too, and so are the answers. The counter that all share is the lead's, and every step is a
 * message there and back. A worker that dies takes along only what it had in hand.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import { type LeadConfig, readLeadConfig } from "./config.ts";
import { couplingInvariants, names } from "./invariants.ts";
import {
	type AddBody,
	type BegunFact,
	type CountBody,
	facts,
	leadService,
	messages,
	type PartBody,
	type PartReply,
	type ResultFact,
	spans,
	timers,
	workerService,
} from "./protocol.ts";
import { answerTo, type PartedWork, partOf, type WorkName, workNames } from "./works.ts";

const world = "many";

/** A work that is cut into parts, while it is done. */
interface Distribution {
	readonly work: PartedWork;
	readonly shares: (number | null)[];
	readonly waiting: number[];
	readonly done: Signal<null>;
	/** Beginnings: an answer to an earlier one does not count. */
	round: number;
}

class Lead {
	readonly #ctx: NodeContext;
	readonly #config: LeadConfig;
	readonly #workers: readonly string[];
	#work: WorkName | null = null;
	#touches = 0;
	#counter = 0;
	/** Increments that were made, by worker and number. */
	#steps = new Set<string>();
	#counted: Signal<null> | null = null;

	constructor(ctx: NodeContext, config: LeadConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#workers = ctx.peers.filter(({ services }) => services.includes(workerService)).map(({ name }) => name);
	}

	*boot(): Task {
		for (const work of workNames) {
			const key = `${world} ${work}`;
			const begun: BegunFact = { key, world, work, workers: this.#workers.length };
			this.#ctx.fact(facts.begun, begun);
			this.#work = work;
			this.#touches = 0;
			const startedUs = this.#ctx.monoUs();
			const span = this.#ctx.startSpan(spans[work]);
			const got = yield* work === "counter" ? this.#count() : this.#distribute(work);
			span.finish("ok");
			const expected = answerTo(work, this.#config.sizes);
			const result: ResultFact = { key, world, work, expected, got, tookUs: this.#ctx.monoUs() - startedUs, touches: this.#touches };
			this.#ctx.fact(facts.result, result);
		}
		this.#work = null;
	}

	// --- the counter

	*#count(): Task<number> {
		const { increments } = this.#config.sizes;
		const counted = this.#ctx.signal<null>();
		this.#counted = counted;
		const tell = (): void => {
			for (const [index, name] of this.#workers.entries()) {
				const upTo = (worker: number): number => Math.floor((increments * worker) / this.#workers.length);
				const body: CountBody = { increments: upTo(index + 1) - upTo(index), round: this.#ctx.incarnation };
				this.#ctx.send(name, messages.count, body);
			}
		};
		tell();
		// Whoever did not hear of it, or died over it, hears again.
		const again = this.#ctx.every(this.#config.patienceUs, timers.again, tell);
		yield* counted.wait();
		again.cancel();
		this.#counted = null;
		return this.#counter;
	}

	add(message: Message<AddBody>): void {
		this.#touches++;
		const { step, round } = message.body;
		const name = `${message.from} ${step}`;
		const isNew = round === this.#ctx.incarnation && !this.#steps.has(name);
		this.#steps.add(name);
		if (this.#counted !== null && (isNew || this.#config.steps === "counted-each-time")) this.#counter++;
		this.#ctx.reply(message, null);
		if (this.#steps.size >= this.#config.sizes.increments) this.#counted?.fire(null);
	}

	// --- works in parts

	*#distribute(work: PartedWork): Task<number> {
		const { parts } = this.#config.sizes;
		const all = Array.from({ length: parts }, (_, part) => part);
		const distribution: Distribution = { work, shares: all.map(() => null), waiting: [...all], done: this.#ctx.signal<null>(), round: 1 };
		for (const worker of this.#workers) this.#ctx.spawn(this.#feed(worker, distribution));
		yield* distribution.done.wait();
		return distribution.shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
	}

	/** One worker gets parts, one after the other, as long as there are any that nobody has. */
	*#feed(worker: string, distribution: Distribution): Task {
		const { patienceUs, sizes, partUs } = this.#config;
		while (!distribution.done.fired) {
			const part = distribution.waiting.shift();
			if (part === undefined) {
				yield* this.#ctx.sleep(Math.ceil(patienceUs / 8), timers.again);
				continue;
			}
			const { round } = distribution;
			const body: PartBody = { round: this.#ctx.incarnation * 1_000 + round, part, input: partOf(distribution.work, sizes, part), workUs: partUs };
			let reply = yield* this.#ctx.call<PartReply>(worker, messages.part, body, { timeoutUs: patienceUs });
			this.#touches += 2;
			// A word may be lost where nobody has died: who lives and has done the part need only say so again.
			if (!reply.ok) reply = yield* this.#ctx.call<PartReply>(worker, messages.part, body, { timeoutUs: patienceUs });
			if (reply.ok) {
				if (round === distribution.round) this.#keep(distribution, part, reply.body.share);
				continue;
			}
			this.#onSilence(distribution, part, round);
			// The others go first.
			yield* this.#ctx.sleep(patienceUs, timers.again);
		}
	}

	#keep(distribution: Distribution, part: number, share: number): void {
		distribution.shares[part] = share;
		if (distribution.shares.every((known) => known !== null)) distribution.done.fire(null);
	}

	#onSilence(distribution: Distribution, part: number, round: number): void {
		const { onSilence, sizes } = this.#config;
		if (onSilence === "give-again") distribution.waiting.push(part);
		if (onSilence !== "start-over" || round !== distribution.round) return;
		distribution.round++;
		distribution.shares.fill(null);
		distribution.waiting.splice(0, distribution.waiting.length, ...Array.from({ length: sizes.parts }, (_, index) => index));
	}

	inspect(): Inspection {
		return { work: this.#work, counter: this.#counter, messages: this.#touches, workers: this.#workers.length };
	}
}

export const leadDefinition: ServiceDefinition = {
	name: leadService,
	summary: "Has work done by machines that share nothing: parts and answers travel in messages, and the dead are worked around.",
	names: [messages.part, messages.count, timers.again, ...Object.values(spans), ...Object.values(facts), ...Object.values(names)],
	invariants: couplingInvariants,
	configure: readLeadConfig,
	start(ctx, config: LeadConfig): Service {
		const lead = new Lead(ctx, config);
		return {
			boot: () => lead.boot(),
			on: { [messages.add]: (message: Message<AddBody>) => lead.add(message) },
			inspect: () => lead.inspect(),
		};
	},
};
