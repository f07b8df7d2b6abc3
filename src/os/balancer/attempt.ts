/**
 * One try of one request at one server, which ends in three ways: an answer, no answer in time, or
 * news that the server is down. The news is worth a way of its own: a request that can be done
 * elsewhere need not wait for a timeout that is bound to come.
 */
import type { Call, CallResult, NodeContext, PlainValue } from "../../core/node-api.ts";
import { type HttpResponse, isHttpResponse, requestMessage } from "../http/contract.ts";
import type { Abandonable, Backend } from "./backend.ts";

export type Outcome = { readonly kind: "answered"; readonly response: HttpResponse } | { readonly kind: "timeout" | "down" };

const timedOut: Outcome = { kind: "timeout" };
const wentDown: Outcome = { kind: "down" };

export class Attempt implements Abandonable {
	/** To be waited for once, straight away; then `conclude` says what its result means. */
	readonly call: Call<HttpResponse>;
	readonly #backend: Backend;

	/** Sends the request; from now on the backend knows of it. */
	constructor(ctx: NodeContext, backend: Backend, request: PlainValue, options: { readonly timeoutUs: number }) {
		this.#backend = backend;
		backend.tries.add(this);
		backend.tally.sent++;
		this.call = ctx.call<HttpResponse>(backend.name, requestMessage, request, options);
	}

	/** The server is down. The answer, if it comes after all, finds nobody. */
	abandon(): void {
		this.#backend.tries.delete(this);
		this.call.cancel();
	}

	/** How it ended. */
	conclude(result: CallResult<HttpResponse>): Outcome {
		this.#backend.tries.delete(this);
		const { tally } = this.#backend;
		if (result.ok && isHttpResponse(result.body)) {
			tally.answered++;
			return { kind: "answered", response: result.body };
		}
		if (!result.ok && result.error === "cancelled") {
			tally.abandoned++;
			return wentDown;
		}
		tally.timedOut++;
		return timedOut;
	}
}
