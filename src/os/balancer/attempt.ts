/**
 * One try of one request at one server, which ends in three ways: an answer, no answer in time, or
 * news that the server is down. The news is worth a way of its own: a request that can be done
 * elsewhere need not wait for a timeout that is bound to come.
 */
import type { CallResult, NodeContext, PlainValue, Signal, Task } from "../../core/node-api.ts";
import { type HttpResponse, isHttpResponse, requestMessage } from "../http/contract.ts";
import type { Abandonable, Backend } from "./backend.ts";

export type Outcome = { readonly kind: "answered"; readonly response: HttpResponse } | { readonly kind: "timeout" | "down" };

const timedOut: Outcome = { kind: "timeout" };
const wentDown: Outcome = { kind: "down" };

export class Attempt implements Abandonable {
	readonly #backend: Backend;
	readonly #outcome: Signal<Outcome>;

	/** Sends the request; from now on the backend knows of it. */
	constructor(ctx: NodeContext, backend: Backend, request: PlainValue, options: { readonly timeoutUs: number }) {
		this.#backend = backend;
		this.#outcome = ctx.signal<Outcome>();
		backend.tries.add(this);
		backend.tally.sent++;
		// Two things may end a try, and a task waits for one: so the call waits in a task beside it.
		ctx.spawn(this.#await(ctx.call<HttpResponse>(backend.name, requestMessage, request, options)));
	}

	/** How it ended: to be waited for once, straight away. */
	outcome(): Task<Outcome> {
		return this.#outcome.wait();
	}

	/** The server is down. The answer, if it comes after all, finds nobody. */
	abandon(): void {
		this.#end(wentDown, "abandoned");
	}

	*#await(call: Task<CallResult<HttpResponse>>): Task {
		const result = yield* call;
		if (result.ok && isHttpResponse(result.body)) this.#end({ kind: "answered", response: result.body }, "answered");
		else this.#end(timedOut, "timedOut");
	}

	#end(outcome: Outcome, counter: "answered" | "timedOut" | "abandoned"): void {
		if (!this.#backend.tries.delete(this)) return;
		this.#backend.tally[counter]++;
		this.#outcome.fire(outcome);
	}
}
