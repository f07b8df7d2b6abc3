/**
 * Clients that put things into shopping carts: each reads a cart at some node, makes one of all versions that it is
 * shown, adds an item, and writes it back with what it had seen. What was acknowledged it states for the record.
 */
import type { Inspection, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Rhythm, readRhythm, think } from "../config/pace.ts";
import { ConfigReader } from "../config/reader.ts";
import {
	type AddedFact,
	type AskedFact,
	addedFact,
	askedFact,
	type GetAnswer,
	getMessage,
	type PutRequest,
	putMessage,
	quorumClientService,
	quorumStoreService,
	type SawFact,
	sawFact,
} from "./contract.ts";
import { itemsOf, merged, type Vector } from "./versions.ts";

const thinkTimer = "quorum-client.think";
/** An item added, reading and writing; ends in error when too few nodes answered. */
const addSpan = "quorum-client.add";
/** A cart that is only looked at. */
const lookSpan = "quorum-client.look";

interface ClientConfig extends Rhythm {
	/** On this node, each one at a time. */
	readonly shoppers: number;
	readonly carts: number;
	/** Of all visits, the part that only looks. */
	readonly lookRatio: number;
	/** Items that a shopper adds, at most. */
	readonly adds: number;
	/** Until another node is asked. */
	readonly timeoutUs: number;
	/** Nodes that are asked, one after the other. */
	readonly tries: number;
}

function configure(config: PlainValue): ClientConfig {
	const read = new ConfigReader(quorumClientService, config);
	const client: ClientConfig = {
		shoppers: read.integer("shoppers", { from: 1, to: 100 }, 1),
		carts: read.integer("carts", { from: 1, to: 1_000 }, 2),
		...readRhythm(read, { think: "200ms" }),
		lookRatio: read.number("lookRatio", { from: 0, to: 1 }, 0.3),
		adds: read.integer("adds", { from: 0, to: 1_000 }, 40),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "400ms"),
		tries: read.integer("tries", { from: 1, to: 100 }, 3),
	};
	read.end();
	return client;
}

/** What a shopper knows of a cart from its own last write: it never forgets its own items. */
interface Own {
	readonly vector: Vector;
	readonly items: readonly string[];
}

class Shopper {
	readonly #ctx: NodeContext;
	readonly #config: ClientConfig;
	readonly #name: string;
	readonly #nodes: readonly string[];
	readonly #own = new Map<string, Own>();
	readonly tally = { added: 0, failed: 0 };
	#visits = 0;

	constructor(ctx: NodeContext, config: ClientConfig, index: number) {
		this.#ctx = ctx;
		this.#config = config;
		// A life of its own: what an earlier one has written, this one does not know.
		this.#name = `${ctx.self.name}.${ctx.incarnation}.${index}`;
		this.#nodes = ctx.nodes.filter(({ services }) => services.includes(quorumStoreService)).map(({ name }) => name);
	}

	*live(): Task {
		const { random } = this.#ctx;
		while (this.tally.added + this.tally.failed < this.#config.adds && (yield* think(this.#ctx, this.#config, thinkTimer))) {
			const cart = `cart-${1 + random.below(this.#config.carts)}`;
			const looksOnly = random.chance(this.#config.lookRatio);
			const span = this.#ctx.startSpan(looksOnly ? lookSpan : addSpan);
			const isDone = looksOnly ? (yield* this.#look(cart)) !== null : yield* this.#add(cart);
			span.finish(isDone ? "ok" : "error");
		}
	}

	*#look(cart: string): Task<GetAnswer | null> {
		const asked: AskedFact = { id: `${this.#name}#${++this.#visits}`, about: cart };
		this.#ctx.fact(askedFact, asked);
		const answer = yield* this.#askAround<GetAnswer>(getMessage, cart, ({ isEnough }) => isEnough);
		if (answer === null) return null;
		const saw: SawFact = { id: asked.id, items: itemsOf(answer.versions) };
		this.#ctx.fact(sawFact, saw);
		return answer;
	}

	*#add(cart: string): Task<boolean> {
		const seen = yield* this.#look(cart);
		const isAdded = seen !== null && (yield* this.#write(cart, seen));
		this.tally[isAdded ? "added" : "failed"]++;
		return isAdded;
	}

	*#write(cart: string, { versions, by }: GetAnswer): Task<boolean> {
		const own = this.#own.get(cart) ?? { vector: {}, items: [] };
		const item = `${this.#name}-${this.#visits}`;
		const seen = versions.reduce<Vector>((vector, version) => merged(vector, version.vector), own.vector);
		const vector = { ...seen, [this.#name]: (seen[this.#name] ?? 0) + 1 };
		// Who claims by its vector to have seen its own last write must bring what was in it. A clock asks for no such thing.
		const items = [...new Set([...itemsOf(versions), ...(by === "vector" ? own.items : []), item])].sort();
		this.#own.set(cart, { vector, items });
		const request: PutRequest = { key: cart, items, vector, by: this.#name };
		// The same version again is the same version: asking twice does no harm.
		const isWritten = yield* this.#askAround<boolean>(putMessage, request, (written) => written);
		if (isWritten === null) return false;
		const added: AddedFact = { key: item, to: cart };
		this.#ctx.fact(addedFact, added);
		return true;
	}

	/** Any node will do, and if it does not, another. */
	*#askAround<Body extends PlainValue | GetAnswer>(name: string, body: PlainValue, isGood: (answer: Body) => boolean): Task<Body | null> {
		for (const node of this.#ctx.random.shuffle(this.#nodes).slice(0, this.#config.tries)) {
			const answer = yield* this.#ctx.call<Body>(node, name, body, { timeoutUs: this.#config.timeoutUs });
			if (answer.ok && isGood(answer.body)) return answer.body;
		}
		return null;
	}
}

export const quorumClientDefinition: ServiceDefinition = {
	name: quorumClientService,
	summary: "Shoppers that add items to carts in the quorum store, and remember what was acknowledged.",
	names: [getMessage, putMessage, thinkTimer, addSpan, lookSpan, addedFact, askedFact, sawFact],
	configure,
	start(ctx, config: ClientConfig): Service {
		const shoppers = Array.from({ length: config.shoppers }, (_, index) => new Shopper(ctx, config, index + 1));
		return {
			boot(): void {
				for (const shopper of shoppers) ctx.spawn(shopper.live());
			},
			inspect: (): Inspection => Object.fromEntries(shoppers.map(({ tally }, index) => [`shopper-${index + 1}`, { ...tally }])),
		};
	},
};
