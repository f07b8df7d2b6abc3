/**
 * What gives a server the right to take over, beyond that the cable is silent. Each guard is asked before a server
 * leads, and says when the right is over. Which of them save the data is what the labs are about.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import type { PairConfig } from "./config.ts";
import { leaseMessage, offMessage, powerService, renewMessage, type VoteAnswer, voteMessage, witnessService } from "./contract.ts";
import type { Voter } from "./votes.ts";

export interface Guard {
	/** @returns the term to lead in (0: there are no terms), or null: not now */
	acquire(options: { readonly isPeerSilent: boolean }): Task<number | null>;
	/** Asked before every write. */
	holds(): boolean;
	/** Every period, while this server leads. */
	renew(): void;
	/** It does not lead any more. */
	release(): void;
}

export interface GuardOptions {
	readonly ctx: NodeContext;
	readonly config: PairConfig;
	readonly peer: string;
	readonly voter: Voter;
	/** The right to lead is over. */
	onLost(why: string): void;
}

export function createGuard(options: GuardOptions): Guard {
	switch (options.config.guard) {
		case "none":
			return new NoGuard();
		case "quorum":
			return new QuorumGuard(options);
		case "lease":
			return new LeaseGuard(options);
		case "stonith":
			return new StonithGuard(options);
	}
}

/** Silence is death, and that is that. */
class NoGuard implements Guard {
	// biome-ignore lint/correctness/useYield: a guard that has nothing to wait for
	*acquire(): Task<number | null> {
		return 0;
	}
	holds(): boolean {
		return true;
	}
	renew(): void {}
	release(): void {}
}

/** The one node that runs a service. */
function theNode(ctx: NodeContext, service: string): string {
	const node = ctx.peers.find(({ services }) => services.includes(service));
	if (node === undefined) throw new Error(`no node runs ${service}, and this guard needs it`);
	return node.name;
}

/**
 * The other one's power is cut first, and then nobody else can write. What it has sent before is under way:
 * for that one waits, and hopes.
 */
class StonithGuard implements Guard {
	readonly #options: GuardOptions;
	readonly #power: string;

	constructor(options: GuardOptions) {
		this.#options = options;
		this.#power = theNode(options.ctx, powerService);
	}

	*acquire({ isPeerSilent }: { readonly isPeerSilent: boolean }): Task<number | null> {
		if (!isPeerSilent) return 0;
		const { ctx, config, peer } = this.#options;
		const answer = yield* ctx.call<boolean>(this.#power, offMessage, peer, { timeoutUs: 2 * config.timeoutUs });
		if (!answer.ok || answer.body !== true) return null;
		yield* ctx.sleep(config.drainUs, drainTimer);
		return 0;
	}
	holds(): boolean {
		return true;
	}
	renew(): void {}
	release(): void {}
}

export const drainTimer = "pair.drain";
export const leaseTimer = "pair.leaseEnd";
export const majorityTimer = "pair.majority";

/**
 * The witness lends the right to lead for a time. The holder takes it for over a margin earlier than the witness,
 * counted on its own clock from the moment it asked: safe as long as the two clocks do not drift further apart.
 * @source Gray and Cheriton, Leases (SOSP 1989), section 2
 */
class LeaseGuard implements Guard {
	readonly #options: GuardOptions;
	readonly #witness: string;
	readonly #end;
	#untilUs = 0;

	constructor(options: GuardOptions) {
		this.#options = options;
		this.#witness = theNode(options.ctx, witnessService);
		this.#end = options.ctx.alarm(leaseTimer, () => options.onLost("its lease is over"));
	}

	*acquire(): Task<number | null> {
		return (yield* this.#ask()) ? 0 : null;
	}

	*#ask(): Task<boolean> {
		const { ctx, config } = this.#options;
		const askedUs = ctx.monoUs();
		const answer = yield* ctx.call<number>(this.#witness, leaseMessage, null, { timeoutUs: config.timeoutUs });
		if (!answer.ok || typeof answer.body !== "number" || answer.body <= 0) return false;
		this.#untilUs = Math.max(this.#untilUs, askedUs + answer.body - config.marginUs);
		if (!this.holds()) return false;
		this.#end.set(this.#untilUs - ctx.monoUs());
		return true;
	}

	holds(): boolean {
		return this.#options.ctx.monoUs() < this.#untilUs;
	}
	renew(): void {
		this.#options.ctx.spawn(this.#ask());
	}
	release(): void {
		this.#end.stop();
		this.#untilUs = 0;
	}
}

/**
 * A majority of three votes for a leader, a term each, and a leader that does not hear from a majority any more
 * stops by itself before anybody else can be elected. A leader that sleeps does not notice that it should.
 * @source Raft thesis (Ongaro 2014), 3.4 and 6.2 (a leader steps down without its majority)
 */
class QuorumGuard implements Guard {
	readonly #options: GuardOptions;
	readonly #others: readonly string[];
	readonly #needed: number;
	readonly #majority;
	#term = 0;
	/** When each other voter was last asked something that it granted. */
	readonly #granted = new Map<string, number>();

	constructor(options: GuardOptions) {
		this.#options = options;
		this.#others = [options.peer, theNode(options.ctx, witnessService)];
		this.#needed = options.config.votes > 0 ? options.config.votes : Math.floor((this.#others.length + 1) / 2) + 1;
		this.#majority = options.ctx.alarm(majorityTimer, () => options.onLost("it does not hear from a majority"));
	}

	*acquire(): Task<number | null> {
		const { voter, ctx } = this.#options;
		const term = voter.term + 1;
		this.#granted.clear();
		this.#term = term;
		yield* this.#collect(term);
		if (1 + this.#granted.size < this.#needed) return null;
		const isElected = (yield* voter.voteFor(ctx.self.name, term)) && this.#watch();
		if (isElected) voter.noteLeader(term);
		return isElected ? term : null;
	}

	/** Done as soon as there are enough votes, or all have answered: the dead are not waited for. */
	#collect(term: number): Task {
		const { ctx } = this.#options;
		const done = ctx.signal<void>();
		let open = this.#others.length;
		const ask = function* (question: Task, isEnough: () => boolean): Task {
			yield* question;
			if (--open === 0 || isEnough()) done.fire();
		};
		for (const other of this.#others) ctx.spawn(ask(this.#ask(other, voteMessage, term), () => 1 + this.#granted.size >= this.#needed));
		return done.wait();
	}

	#ask(other: string, name: string, term: number): Task<void> {
		const { ctx, config } = this.#options;
		const askedUs = ctx.monoUs();
		const call = ctx.call<VoteAnswer>(other, name, term, { timeoutUs: config.timeoutUs });
		return this.#take(other, term, askedUs, call);
	}

	*#take(other: string, term: number, askedUs: number, call: ReturnType<NodeContext["call"]>): Task<void> {
		const answer = yield* call;
		if (!answer.ok || term !== this.#term) return;
		const { granted, term: theirs } = answer.body as VoteAnswer;
		if (granted) this.#granted.set(other, askedUs);
		else this.#options.voter.noteTerm(theirs);
	}

	/** @returns whether a majority has been with it recently enough; sets the alarm for when it has not */
	#watch(): boolean {
		const { ctx, config } = this.#options;
		// It is with itself. The oldest word among as many of the newest as are needed counts.
		const sinceUs = [ctx.monoUs(), ...this.#granted.values()].sort((a, b) => b - a)[this.#needed - 1];
		if (sinceUs === undefined) return false;
		const leftUs = sinceUs + config.timeoutUs - ctx.monoUs();
		if (leftUs > 0) this.#majority.set(leftUs);
		return leftUs > 0;
	}

	holds(): boolean {
		return this.#term >= this.#options.voter.term;
	}

	renew(): void {
		if (this.holds()) this.#options.voter.noteLeader(this.#term);
		for (const other of this.#others) this.#options.ctx.spawn(this.#renewAt(other));
	}

	*#renewAt(other: string): Task {
		yield* this.#ask(other, renewMessage, this.#term);
		if (this.#majority.isSet) this.#watch();
	}

	release(): void {
		this.#majority.stop();
		this.#term = 0;
	}
}
