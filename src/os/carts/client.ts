/**
 * How a program shops: one cart, kept by whichever server the shop's door sends it to. Holds the cookie, and
 * asks again when there was no answer, which is harmless because a cart is a set.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { type HttpRequest, type HttpResponse, isHttpResponse, requestMessage } from "../http/contract.ts";
import { type CartContent, cartPath, isCartContent } from "./contract.ts";

const retryTimer = "carts.retry";

/** For the `names` of every service that has a client. */
export const cartClientNames: readonly string[] = [requestMessage, retryTimer];

export type CartAnswer =
	| { readonly ok: true; readonly value: CartContent }
	/** `unavailable`: no good answer in time, and a change may or may not have happened. */
	| { readonly ok: false; readonly error: "unavailable" | "refused"; readonly status: number };

export interface CartClientOptions {
	/** The shop's door: a balancer, or a lone web server. */
	readonly target: string;
	readonly cart: string;
	/** The shopper's number, from 1; consistent hashing goes by it. */
	readonly visitor?: number;
	/** How long one answer is waited for. */
	readonly timeoutUs?: number;
	/** Times it asks, all in all. */
	readonly tries?: number;
}

const pauseUs = 200_000;
const pauseUsMax = 1_000_000;

/** The node that a shop's visitors turn to: the first balancer of the lab. */
export function shopDoor(ctx: NodeContext): string | undefined {
	return ctx.nodes.find(({ services }) => services.includes("balancer"))?.name;
}

export class CartClient {
	readonly #ctx: NodeContext;
	readonly #options: Required<CartClientOptions>;
	#cookie: string | undefined;

	constructor(ctx: NodeContext, { visitor = 1, timeoutUs = 2_000_000, tries = 5, ...options }: CartClientOptions) {
		this.#ctx = ctx;
		this.#options = { ...options, visitor, timeoutUs, tries };
	}

	/** Puts a thing in. @returns the cart afterwards */
	add(item: string): Task<CartAnswer> {
		return this.#ask("PUT", item);
	}

	/** Takes a thing out. @returns the cart afterwards */
	remove(item: string): Task<CartAnswer> {
		return this.#ask("DELETE", item);
	}

	show(): Task<CartAnswer> {
		return this.#ask("GET", undefined);
	}

	*#ask(method: string, item: string | undefined): Task<CartAnswer> {
		const { target, timeoutUs, tries } = this.#options;
		for (let tried = 1; ; tried++) {
			const result = yield* this.#ctx.call<HttpResponse>(target, requestMessage, this.#request(method, item), { timeoutUs });
			const response = result.ok && isHttpResponse(result.body) ? result.body : undefined;
			if (response?.cookie !== undefined) this.#cookie = response.cookie;
			const status = response?.status ?? 0;
			if (status === 200 && isCartContent(response?.content)) return { ok: true, value: response.content };
			if (status >= 400 && status < 500) return { ok: false, error: "refused", status };
			if (tried >= tries) return { ok: false, error: "unavailable", status };
			yield* this.#ctx.sleep(Math.min(pauseUsMax, Math.max(1, response?.retryAfterUs ?? pauseUs)), retryTimer);
		}
	}

	#request(method: string, item: string | undefined): HttpRequest {
		const { cart, visitor } = this.#options;
		const content = item === undefined ? { cart } : { cart, item };
		const request = { visitor, path: cartPath, method, content };
		return this.#cookie === undefined ? request : { ...request, cookie: this.#cookie };
	}
}
