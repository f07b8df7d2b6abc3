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

/** Sends the request and waits; `backend` knows of the try while it waits. */
export function* attempt(ctx: NodeContext, backend: Backend, request: PlainValue, options: { readonly timeoutUs: number }): Task<Outcome> {
	const outcome = ctx.signal<Outcome>();
	const pending: Abandonable = { abandon: () => outcome.fire(wentDown) };
	backend.tries.add(pending);
	backend.tally.sent++;
	ctx.spawn(callInto(outcome, ctx.call<HttpResponse>(backend.name, requestMessage, request, options)));
	const result = yield* outcome.wait();
	backend.tries.delete(pending);
	if (result.kind === "answered") backend.tally.answered++;
	else if (result.kind === "timeout") backend.tally.timedOut++;
	else backend.tally.abandoned++;
	return result;
}

/** Two things may end a try, and a task waits for one: so the call waits beside it. */
function* callInto(outcome: Signal<Outcome>, call: Task<CallResult<HttpResponse>>): Task {
	const result = yield* call;
	outcome.fire(result.ok && isHttpResponse(result.body) ? { kind: "answered", response: result.body } : timedOut);
}
