/**
 * A web server of a shop: a moment of CPU time a request, and the carts, in its own RAM or in the shared
 * database (keepers.ts). It answers a change with the cart as it now is.
 *
 * Must not know: that a balancer stands in front of it, or that there are other servers.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { type HealthReport, type HttpRequest, type HttpResponse, healthMessage, isHttpRequest, requestMessage } from "../http/contract.ts";
import { storeClientNames } from "../store/client.ts";
import { cartFacts, type KeptFact, type ShelfFact } from "./checks.ts";
import { type CartContent, cartPath, isCartRequest, withItem, withoutItem } from "./contract.ts";
import { type CartKeeper, type Change, DatabaseCarts, type Kept, MemoryCarts } from "./keepers.ts";

interface CartServerConfig {
	readonly carts: "memory" | "database";
	readonly write: "compare-and-set" | "last-writer-wins";
	/** CPU time of one request. */
	readonly workUs: number;
	/** How long the database may take. */
	readonly patienceUs: number;
	/** Requests being worked on; beyond them, 503. */
	readonly requestsMax: number;
	/** Carts in RAM. */
	readonly cartsMax: number;
}

function configure(config: PlainValue): CartServerConfig {
	const read = new ConfigReader("cart-server", config);
	const server: CartServerConfig = {
		carts: read.oneOf("carts", ["memory", "database"], "database"),
		write: read.oneOf("write", ["compare-and-set", "last-writer-wins"], "compare-and-set"),
		workUs: read.durationUs("work", { from: "1us", to: "1min" }, "3ms"),
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1min" }, "1500ms"),
		requestsMax: read.integer("requestsMax", { from: 1, to: 100_000 }, 1_000),
		cartsMax: read.integer("cartsMax", { from: 1, to: 100_000 }, 10_000),
	};
	read.end();
	return server;
}

const healthWorkUs = 50;
const retryAfterUs = 200_000;
const look: Change = (items) => items;

function changeFor(method: string, item: string): Change | undefined {
	switch (method) {
		case "GET":
			return look;
		case "PUT":
			return (items) => withItem(items, item);
		case "DELETE":
			return (items) => withoutItem(items, item);
		default:
			return undefined;
	}
}

class CartServer {
	readonly #ctx: NodeContext;
	readonly #config: CartServerConfig;
	readonly #keeper: CartKeeper;
	readonly #cores: number;
	#working = 0;
	#tally = { served: 0, refused: 0, unavailable: 0 };

	constructor(ctx: NodeContext, config: CartServerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#keeper = config.carts === "memory" ? new MemoryCarts(config.cartsMax) : new DatabaseCarts(ctx, config);
		this.#cores = ctx.cpu().cores;
	}

	boot(): void {
		this.#ctx.fact(cartFacts.shelf, { where: this.#keeper.where } satisfies ShelfFact);
	}

	*serve(message: Message<HttpRequest>): Task {
		// The transport discards duplicates (RFC 9293 3.4).
		if (message.copy > 0) return;
		if (this.#working >= this.#config.requestsMax) {
			this.#tally.refused++;
			return this.#ctx.reply(message, { status: 503, retryAfterUs } satisfies HttpResponse);
		}
		this.#working++;
		const startedUs = this.#ctx.monoUs();
		yield* this.#ctx.compute(this.#config.workUs);
		const cpuUs = this.#ctx.monoUs() - startedUs;
		const response = yield* this.#answer(message.body);
		this.#working--;
		this.#tally.served++;
		this.#ctx.reply(message, { ...response, cpuUs } satisfies HttpResponse);
	}

	*#answer(request: HttpRequest): Task<HttpResponse> {
		if (!isHttpRequest(request)) return { status: 400 };
		if (request.path !== cartPath) return { status: 404 };
		const method = request.method ?? "GET";
		const { content } = request;
		if (!isCartRequest(content, method)) return { status: 400 };
		const change = changeFor(method, content.item ?? "");
		if (change === undefined) return { status: 405 };
		const kept = yield* this.#keeper.change(content.cart, change);
		if (kept.ok && change !== look) this.#ctx.fact(cartFacts.kept, { key: content.cart, items: kept.items } satisfies KeptFact);
		return this.#responseFor(kept);
	}

	#responseFor(kept: Kept): HttpResponse {
		if (kept.ok) return { status: 200, content: { items: kept.items, by: this.#ctx.self.name } satisfies CartContent };
		this.#tally.unavailable++;
		return kept.error === "full" ? { status: 507 } : { status: 503, retryAfterUs };
	}

	*health(message: Message<null>): Task {
		if (message.copy > 0) return;
		yield* this.#ctx.compute(healthWorkUs);
		this.#ctx.reply(message, { status: 200, cpuUs: healthWorkUs, cores: this.#cores } satisfies HealthReport);
	}

	inspect(): Inspection {
		const carts = this.#keeper instanceof MemoryCarts ? this.#keeper.size : 0;
		const collisions = this.#keeper instanceof DatabaseCarts ? this.#keeper.collisions : 0;
		return { keeps: this.#keeper.where, cartsInMemory: carts, collisions, working: this.#working, ...this.#tally };
	}
}

export const cartServerDefinition: ServiceDefinition = {
	name: "cart-server",
	summary: "A shop's web server that keeps shopping carts in its own RAM, or in the shared database.",
	names: [requestMessage, healthMessage, ...storeClientNames, cartFacts.kept, cartFacts.shelf],
	configure,
	start(ctx, config: CartServerConfig): Service {
		const server = new CartServer(ctx, config);
		return {
			boot: () => server.boot(),
			on: {
				[requestMessage]: (message: Message<HttpRequest>) => server.serve(message),
				[healthMessage]: (message: Message<null>) => server.health(message),
			},
			inspect: () => server.inspect(),
		};
	},
};
