/**
 * The asking side of names: remembers an answer for as long as it may be believed, and no longer; asks the next
 * name server when one is silent; and when all are silent goes by the last answer, however old, because an old
 * address that may work is better than none (RFC 8767).
 */
import type { NodeContext, Signal, Task } from "../../core/node-api.ts";
import { isResolution, nameServiceName, type Resolution, resolveMessage } from "./contract.ts";

const resolveSpan = "names.ask";

/** For the `names` of every service that has a resolver. */
export const resolverNames: readonly string[] = [resolveMessage, resolveSpan];

export interface ResolverOptions {
	readonly name: string;
	/** How long one name server is waited for. */
	readonly timeoutUs: number;
}

const nobody: readonly string[] = [];

export class Resolver {
	readonly #ctx: NodeContext;
	readonly #options: ResolverOptions;
	readonly #servers: readonly string[];
	/** Whom to ask first. */
	#favourite = 0;
	#addresses: readonly string[] = nobody;
	/** On the own clock; the answer is fresh before it. */
	#staleUs = 0;
	/** Those who ask while an answer is under way wait for the same. */
	#asking: Signal<null> | null = null;
	/** Questions that went out. */
	asked = 0;
	/** Counts answers; a new number is a new answer. */
	answers = 0;

	constructor(ctx: NodeContext, options: ResolverOptions) {
		this.#ctx = ctx;
		this.#options = options;
		this.#servers = ctx.nodes.filter(({ services }) => services.includes(nameServiceName)).map(({ name }) => name);
		if (this.#servers.length === 0) throw new Error("no node of this lab runs the name-service");
	}

	/** @returns addresses, best first; none when nobody could be found out */
	*addresses(): Task<readonly string[]> {
		if (this.#ctx.monoUs() < this.#staleUs) return this.#addresses;
		if (this.#asking !== null) {
			yield* this.#asking.wait();
			return this.#addresses;
		}
		const asking = this.#ctx.signal<null>();
		this.#asking = asking;
		yield* this.#ask();
		this.#asking = null;
		asking.fire(null);
		return this.#addresses;
	}

	*#ask(): Task {
		const { name, timeoutUs } = this.#options;
		const span = this.#ctx.startSpan(resolveSpan);
		for (let tried = 0; tried < this.#servers.length; tried++) {
			const server = this.#servers[this.#favourite] as string;
			this.asked++;
			const askedUs = this.#ctx.monoUs();
			const result = yield* this.#ctx.call<Resolution>(server, resolveMessage, { name }, { timeoutUs });
			if (result.ok && isResolution(result.body)) {
				this.#addresses = result.body.addresses;
				// From the question on, not from the answer: what was true when it was given may be as old as that.
				this.#staleUs = askedUs + result.body.ttlUs;
				this.answers++;
				return span.finish("ok", { server, addresses: result.body.addresses.join(" ") });
			}
			this.#favourite = (this.#favourite + 1) % this.#servers.length;
		}
		span.finish("error");
	}
}
