/**
 * How other services use the store: finds the leader, tries again, and never does anything twice,
 * because every change carries its place in a session that the store remembers (thesis 6.3).
 *
 * A change that got no answer in time is `unavailable`: it may or may not have happened, and will not
 * happen later than the answer to the client's next command. One client a service is enough.
 */
import type { NodeContext, PlainValue, Signal, Task } from "../../core/node-api.ts";
import {
	type Condition,
	type Operation,
	type OperationResult,
	openMessage,
	type ReadOperation,
	readMessage,
	runMessage,
	type StoreReply,
	type Transaction,
	type TransactionResult,
	type Versioned,
} from "./contract.ts";

const backoffTimer = "store.backoff";
const openSpan = "store.session";
const writeSpan = "store.write";
const readSpan = "store.query";

/** For the `names` of every service that has a client. */
export const storeClientNames: readonly string[] = [openMessage, runMessage, readMessage, backoffTimer, openSpan, writeSpan, readSpan];

export type StoreResult<Value> =
	| { readonly ok: true; readonly value: Value }
	/** `unavailable`: no majority answered in time. `full`, `refused`: nothing was changed. */
	| { readonly ok: false; readonly error: "unavailable" | "full" | "refused"; readonly detail: string };

export interface StoreClientOptions {
	/** How long one server is waited for, at first; at most a minute. */
	readonly tryTimeoutUs?: number;
	/** How long all tries together may take. */
	readonly patienceUs?: number;
}

type Body = { readonly [field: string]: PlainValue };

const backoffUs = 20_000;
/** A try grows to so many times twice as long. */
const doublingsMax = 4;
const tryTimeoutUsMax = 60_000_000;
/** A server is waited for as long as two answers take, once it is known how long that is. */
const answersPerTry = 2;
const answerMemory = 0.875;

function failed(error: "unavailable" | "full" | "refused", detail: string): StoreResult<never> {
	return { ok: false, error, detail };
}

export class StoreClient {
	readonly #ctx: NodeContext;
	readonly #servers: readonly string[];
	readonly #tryTimeoutUs: number;
	readonly #patienceUs: number;
	/** Whom to ask first. */
	#favourite: string;
	/** About the longest that an answer has taken lately: a leader on the other side of the earth is not dead. */
	#answerUs = 0;
	#session: Signal<number> | null = null;
	#sequence = 0;
	readonly #open = new Set<number>();

	constructor(ctx: NodeContext, { tryTimeoutUs = 300_000, patienceUs = 10_000_000 }: StoreClientOptions = {}) {
		this.#ctx = ctx;
		this.#servers = ctx.nodes.filter(({ services }) => services.includes("store")).map(({ name }) => name);
		if (this.#servers.length === 0) throw new Error("no node of this lab runs the store");
		this.#tryTimeoutUs = tryTimeoutUs;
		this.#patienceUs = patienceUs;
		this.#favourite = ctx.random.pick(this.#servers);
	}

	/** What the key holds, or null. */
	*get(key: string): Task<StoreResult<Versioned | null>> {
		const result = yield* this.read([{ do: "get", key }]);
		return result.ok ? { ok: true, value: result.value[0]?.[0] ?? null } : result;
	}

	/** Keys from `from` up to, but without, `to`, in order. */
	*range(from: string, to: string, limit = 1_000): Task<StoreResult<readonly Versioned[]>> {
		const result = yield* this.read([{ do: "range", from, to, limit }]);
		return result.ok ? { ok: true, value: result.value[0] ?? [] } : result;
	}

	/** @returns the new version */
	*put(key: string, value: PlainValue): Task<StoreResult<number>> {
		const result = yield* this.#change([{ do: "put", key, value }]);
		return result.ok ? { ok: true, value: result.value.version } : result;
	}

	/** @returns whether there was anything to delete */
	*delete(key: string): Task<StoreResult<boolean>> {
		const result = yield* this.#change([{ do: "delete", key }]);
		return result.ok ? { ok: true, value: (result.value.results[0] ?? []).length > 0 } : result;
	}

	/** Puts `value` if the condition holds. @returns whether it did */
	*compareAndSet(condition: Condition, value: PlainValue): Task<StoreResult<boolean>> {
		const result = yield* this.transact({ when: [condition], run: [{ do: "put", key: condition.key, value }], otherwise: [] });
		return result.ok ? { ok: true, value: result.value.held } : result;
	}

	/** Runs a transaction, once. */
	*transact(transaction: Transaction): Task<StoreResult<Extract<TransactionResult, { kind: "ran" }>>> {
		const span = this.#ctx.startSpan(writeSpan);
		const result = yield* this.#transact(transaction);
		span.finish(result.ok ? "ok" : "error", result.ok ? { version: result.value.version } : { error: result.error });
		return result;
	}

	/** Runs operations that change nothing, all at one instant. */
	*read(operations: readonly ReadOperation[]): Task<StoreResult<readonly OperationResult[]>> {
		const span = this.#ctx.startSpan(readSpan);
		const reply = yield* this.#ask(readMessage, { operations }, this.#deadlineUs());
		span.finish(reply?.kind === "read" ? "ok" : "error");
		if (reply?.kind === "read") return { ok: true, value: reply.results };
		return reply?.kind === "refused" ? failed("refused", reply.why) : failed("unavailable", "no leader answered in time");
	}

	#change(operations: readonly Operation[]): Task<StoreResult<Extract<TransactionResult, { kind: "ran" }>>> {
		return this.transact({ when: [], run: operations, otherwise: [] });
	}

	*#transact(transaction: Transaction): Task<StoreResult<Extract<TransactionResult, { kind: "ran" }>>> {
		const deadlineUs = this.#deadlineUs();
		for (;;) {
			const session = yield* this.#openSession(deadlineUs);
			if (session === null) return failed("unavailable", "no leader answered in time");
			const sequence = ++this.#sequence;
			this.#open.add(sequence);
			const answered = Math.min(...this.#open) - 1;
			const { reply, tries } = yield* this.#tryAll(runMessage, { session, sequence, answered, transaction }, deadlineUs);
			this.#open.delete(sequence);
			switch (reply?.kind) {
				case "ran":
					return reply.result.kind === "ran" ? { ok: true, value: reply.result } : failed("full", "the store has no room left");
				case "refused":
					return failed("refused", reply.why);
				case "expired":
					this.#session = null;
					// Nobody but the one who forgot it can have seen it: so it may be said again.
					if (tries === 1) continue;
					return failed("unavailable", "the store has forgotten this client, and with it whether it was done");
				default:
					return failed("unavailable", "no leader answered in time");
			}
		}
	}

	/** All who come before it is open wait for the same session. */
	*#openSession(deadlineUs: number): Task<number | null> {
		const known = this.#session;
		if (known !== null) {
			const session = yield* known.wait();
			return session < 0 ? null : session;
		}
		const opening = this.#ctx.signal<number>();
		this.#session = opening;
		const span = this.#ctx.startSpan(openSpan);
		const reply = yield* this.#ask(openMessage, {}, deadlineUs);
		span.finish(reply?.kind === "opened" ? "ok" : "error");
		const session = reply?.kind === "opened" ? reply.session : -1;
		if (session < 0) this.#session = null;
		opening.fire(session);
		return session < 0 ? null : session;
	}

	#deadlineUs(): number {
		return this.#ctx.monoUs() + this.#patienceUs;
	}

	*#ask(name: string, body: Body, deadlineUs: number): Task<StoreReply | null> {
		return (yield* this.#tryAll(name, body, deadlineUs)).reply;
	}

	/** Asks one server after the other until one knows. @returns its word, or null when the time is up */
	*#tryAll(name: string, body: Body, deadlineUs: number): Task<{ readonly reply: StoreReply | null; readonly tries: number }> {
		const ctx = this.#ctx;
		let silences = 0;
		for (let tries = 1; ; tries++) {
			const server = this.#favourite;
			// Once all have been silent they may be far rather than dead: wait longer.
			const cycles = Math.min(Math.floor(silences / this.#servers.length), doublingsMax);
			const patienceUs = Math.min(tryTimeoutUsMax, Math.max(this.#tryTimeoutUs, answersPerTry * this.#answerUs));
			const askedUs = ctx.monoUs();
			const timeoutUs = Math.min(patienceUs << cycles, deadlineUs - askedUs);
			if (timeoutUs <= 0) return { reply: null, tries };
			// After a silence a server that answers may be the only way to one that leads.
			const request = silences > 0 ? { ...body, forward: true } : body;
			const result = yield* ctx.call<StoreReply>(server, name, request, { timeoutUs });
			const reply = result.ok ? result.body : null;
			if (reply !== null && reply.kind !== "notLeader" && reply.kind !== "unknown") {
				this.#answerUs = Math.max(ctx.monoUs() - askedUs, Math.floor(this.#answerUs * answerMemory));
				return { reply, tries };
			}
			if (reply?.kind === "notLeader" && reply.leader !== null && reply.leader !== server) {
				this.#favourite = reply.leader;
				continue;
			}
			if (this.#favourite === server) this.#favourite = this.#after(server);
			if (reply === null) silences++;
			else yield* ctx.sleep(backoffUs + ctx.random.below(backoffUs), backoffTimer);
		}
	}

	#after(server: string): string {
		return this.#servers[(this.#servers.indexOf(server) + 1) % this.#servers.length] as string;
	}
}
