/**
 * Who gets which server, and who waits. A request leaves here with a lease: a server that is up and a
 * share of its CPU budget. Requests without one stand in line, those tried before ahead of the new,
 * and are let out when a server has room again, or sent away when their time is up. Visitors of a
 * session stand in a line of their server's own, so that one busy server does not hold up the others'.
 */
import type { Alarm, NodeContext, PlainValue, Signal, Task } from "../../core/node-api.ts";
import { Fifo } from "../fifo.ts";
import type { Backend } from "./backend.ts";
import type { BalancerConfig } from "./config.ts";
import type { Gate, Strategy } from "./strategies/strategy.ts";

export const releaseTimer = "balancer.release";

/** Permission to send one request to one server. Returned by `Dispatcher.settle` or `abandon`. */
export interface Lease {
	readonly backend: Backend;
	readonly reservedUs: number;
}

/** What choosing a server needs to know of a request. */
export interface Wish {
	/** Hash of what should stay together. */
	readonly key: number;
	/** Servers that have had their chance. */
	tried: readonly Backend[];
	/** The one that keeps the visitor's session: the only one, as long as it is up and was not tried. */
	readonly home?: Backend | undefined;
}

interface Waiter {
	readonly wish: Wish;
	readonly deadlineUs: number;
	readonly turn: Signal<Lease | undefined>;
}

/** The one gate there is: asked many times a request, so it is not made anew for each. */
class BudgetGate implements Gate {
	nowUs = 0;
	tried: readonly Backend[] = [];

	admits(backend: Backend): boolean {
		return backend.isUp && !this.tried.includes(backend) && backend.budget.admits(this.nowUs);
	}
}

export class Dispatcher {
	readonly #ctx: NodeContext;
	readonly #backends: readonly Backend[];
	readonly #strategy: Strategy;
	readonly #queueLimit: number;
	readonly #queueTimeoutUs: number;
	readonly #gate = new BudgetGate();
	/** Each ordered by deadline, because all may wait equally long. */
	readonly #triedBefore = new Fifo<Waiter>();
	readonly #fresh = new Fifo<Waiter>();
	/** Made when first needed. */
	readonly #homebound = new Map<Backend, Fifo<Waiter>>();
	/** All of them, in the order in which they are let out. */
	#lines: readonly Fifo<Waiter>[] = [this.#triedBefore, this.#fresh];
	/** One for whatever comes first: room at a server, or the end of somebody's patience. */
	readonly #wake: Alarm;

	constructor(ctx: NodeContext, config: BalancerConfig, parts: { readonly backends: readonly Backend[]; readonly strategy: Strategy }) {
		this.#ctx = ctx;
		this.#backends = parts.backends;
		this.#strategy = parts.strategy;
		this.#queueLimit = config.queueLimit;
		this.#queueTimeoutUs = config.queueTimeoutUs;
		this.#wake = ctx.alarm(releaseTimer, () => this.release());
	}

	get waiting(): number {
		let waiting = 0;
		for (const line of this.#lines) waiting += line.size;
		return waiting;
	}

	/** A server at once, or undefined; nobody overtakes those in line. */
	tryLease(wish: Wish): Lease | undefined {
		return this.waiting > 0 ? undefined : this.#choose(wish);
	}

	/** Stands in line. @returns a lease, or undefined when the line is full or the wait was too long */
	*waitForLease(wish: Wish): Task<Lease | undefined> {
		if (this.waiting >= this.#queueLimit) return undefined;
		const line = this.#lineFor(wish);
		const waiter: Waiter = { wish, deadlineUs: this.#ctx.monoUs() + this.#queueTimeoutUs, turn: this.#ctx.signal<Lease | undefined>() };
		line.push(waiter);
		// Behind somebody who cannot go there is nothing to find out.
		if (line.size === 1) this.release();
		return yield* waiter.turn.wait();
	}

	/** The server answered and told what it cost. */
	settle({ backend, reservedUs }: Lease, costUs: number): void {
		backend.budget.settle(this.#ctx.monoUs(), reservedUs, costUs);
		this.#releaseIfRoom(backend);
	}

	/** No answer will come. */
	abandon({ backend, reservedUs }: Lease): void {
		backend.budget.abandon(reservedUs);
		this.#releaseIfRoom(backend);
	}

	/** Lets out as many as there is room for, and sends away those whose time is up. */
	release(): void {
		let wakeUs = Number.POSITIVE_INFINITY;
		for (const line of this.#lines) {
			this.#expire(line);
			const blocked = this.#releaseFrom(line);
			if (blocked !== undefined) wakeUs = Math.min(wakeUs, blocked.deadlineUs, this.#nextRoomUs(blocked.wish));
		}
		if (wakeUs < Number.POSITIVE_INFINITY) this.#wake.set(Math.max(1, wakeUs - this.#ctx.monoUs()));
		else this.#wake.stop();
	}

	/** When a newcomer may expect room: the time to work off the line, in microseconds. */
	expectedWaitUs(): number {
		let servedPerSecond = 0;
		for (const { isUp, budget } of this.#backends) if (isUp) servedPerSecond += (budget.sustainedUtilisation * budget.cores * 1_000_000) / budget.expectedUs;
		return servedPerSecond === 0 ? Number.POSITIVE_INFINITY : Math.ceil(((this.waiting + 1) * 1_000_000) / servedPerSecond);
	}

	inspect(): { readonly [field: string]: PlainValue } {
		return { waiting: this.waiting, queueLimit: this.#queueLimit, strategy: this.#strategy.inspect() };
	}

	#lineFor(wish: Wish): Fifo<Waiter> {
		const home = homeOf(wish);
		if (home === undefined) return wish.tried.length > 0 ? this.#triedBefore : this.#fresh;
		let line = this.#homebound.get(home);
		if (line === undefined) {
			line = new Fifo<Waiter>();
			this.#homebound.set(home, line);
			this.#lines = [this.#triedBefore, ...this.#homebound.values(), this.#fresh];
		}
		return line;
	}

	#choose(wish: Wish): Lease | undefined {
		const nowUs = this.#ctx.monoUs();
		this.#gate.nowUs = nowUs;
		this.#gate.tried = wish.tried;
		const home = homeOf(wish);
		if (home !== undefined && !this.#gate.admits(home)) return undefined;
		const chosen = home ?? this.#backends[this.#strategy.choose(this.#gate, wish.key)];
		return chosen === undefined ? undefined : { backend: chosen, reservedUs: chosen.budget.reserve(nowUs) };
	}

	/** Only this server's room has changed. */
	#releaseIfRoom(backend: Backend): void {
		if (this.waiting > 0 && backend.isUp && backend.budget.admits(this.#ctx.monoUs())) this.release();
	}

	/** @returns the first who has to go on waiting, if any */
	#releaseFrom(line: Fifo<Waiter>): Waiter | undefined {
		for (let waiter = line.peek(); waiter !== undefined; waiter = line.peek()) {
			const lease = this.#choose(waiter.wish);
			if (lease === undefined) return waiter;
			line.shift();
			waiter.turn.fire(lease);
		}
		return undefined;
	}

	#expire(line: Fifo<Waiter>): void {
		const nowUs = this.#ctx.monoUs();
		for (let waiter = line.peek(); waiter !== undefined && waiter.deadlineUs <= nowUs; waiter = line.peek()) {
			line.shift();
			waiter.turn.fire(undefined);
		}
	}

	/** When time alone will have made room at a server this request may go to. */
	#nextRoomUs(wish: Wish): number {
		const { tried } = wish;
		const nowUs = this.#ctx.monoUs();
		const home = homeOf(wish);
		if (home !== undefined) return nowUs + home.budget.waitUs(nowUs);
		let leastUs = Number.POSITIVE_INFINITY;
		for (const backend of this.#backends) {
			if (backend.isUp && !tried.includes(backend)) leastUs = Math.min(leastUs, backend.budget.waitUs(nowUs));
		}
		return nowUs + leastUs;
	}
}

/** The server that this request waits for and takes no other instead. */
function homeOf({ home, tried }: Wish): Backend | undefined {
	return home?.isUp === true && !tried.includes(home) ? home : undefined;
}
