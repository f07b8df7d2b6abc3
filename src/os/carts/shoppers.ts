/**
 * Shoppers: one node that stands for many, each of whom fills a cart thing by thing, looks at it in the end,
 * and states what it was told. A shopper with two tabs open puts things in from both at a time.
 *
 * Who wants what, and when, is drawn at boot: so that it is the same whatever the shop does, and two shops can
 * be compared shopper by shopper.
 */
import type { Inspection, NodeContext, PlainValue, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { type AnsweredFact, cartFacts, cartInvariants } from "./checks.ts";
import { type CartAnswer, CartClient, cartClientNames } from "./client.ts";

const startTimer = "shoppers.start";
const thinkTimer = "shoppers.think";
/** A thing put in; ends in error when the shop did not confirm it. */
const addSpan = "carts.add";
/** The look at the cart before paying. */
const lookSpan = "carts.look";
/** Things confirmed and not shown any more, all shoppers together; told once all have paid. */
const lostMeasure = "shoppers.lost";
/** Shoppers who have paid. */
const paidMeasure = "shoppers.paid";

const catalogue = [
	...["umbrella", "kettle", "lamp", "novel", "scarf", "teapot", "globe", "puzzle", "candle", "basket", "mirror", "clock"],
	...["blanket", "compass", "violin", "hammock", "lantern", "easel", "thermos", "kite", "whistle", "abacus", "telescope", "tricycle"],
];

interface ShoppersConfig {
	readonly target: string;
	readonly shoppers: number;
	readonly things: number;
	readonly tabs: number;
	/** All begin within this time. */
	readonly arriveUs: number;
	/** Mean pause before each thing. */
	readonly thinkUs: number;
	readonly timeoutUs: number;
	readonly tries: number;
}

function configure(config: PlainValue): ShoppersConfig {
	const read = new ConfigReader("shoppers", config);
	const shoppers: ShoppersConfig = {
		target: read.text("target"),
		shoppers: read.integer("shoppers", { from: 1, to: 1_000 }, 12),
		things: read.integer("things", { from: 1, to: catalogue.length }, 8),
		tabs: read.integer("tabs", { from: 1, to: 4 }, 1),
		arriveUs: read.durationUs("arrive", { from: "0us", to: "1h" }, "3s"),
		thinkUs: read.durationUs("think", { from: "0us", to: "1h" }, "1s"),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "2s"),
		tries: read.integer("tries", { from: 1, to: 100 }, 8),
	};
	read.end();
	return shoppers;
}

interface Wanted {
	readonly item: string;
	/** After the last thing of the same tab. */
	readonly pauseUs: number;
}

class Shopper {
	readonly #ctx: NodeContext;
	readonly #cart: string;
	readonly #client: CartClient;
	/** In the order in which the shop confirmed them. */
	readonly #confirmed: string[] = [];
	lost: readonly string[] = [];

	constructor(ctx: NodeContext, number: number, { target, timeoutUs, tries }: ShoppersConfig) {
		this.#ctx = ctx;
		this.#cart = `${ctx.self.name}-${number}`;
		this.#client = new CartClient(ctx, { target, cart: this.#cart, visitor: number, timeoutUs, tries });
	}

	*add(item: string): Task {
		const span = this.#ctx.startSpan(addSpan);
		const after = this.#confirmed.length;
		span.finish(this.#hear(item, after, yield* this.#client.add(item)), { cart: this.#cart, item });
	}

	*look(): Task {
		const span = this.#ctx.startSpan(lookSpan);
		const after = this.#confirmed.length;
		span.finish(this.#hear(null, after, yield* this.#client.show()), { cart: this.#cart });
	}

	/** States what an answer showed. */
	#hear(item: string | null, after: number, answer: CartAnswer): "ok" | "error" {
		if (!answer.ok) return "error";
		const { items, by } = answer.value;
		this.lost = this.#confirmed.slice(0, after).filter((thing) => !items.includes(thing));
		if (item !== null) this.#confirmed.push(item);
		this.#ctx.fact(cartFacts.answered, { key: this.#cart, item, items, after, lost: this.lost, by } satisfies AnsweredFact);
		return "ok";
	}
}

class Shoppers {
	readonly #ctx: NodeContext;
	readonly #config: ShoppersConfig;
	#shoppers: readonly Shopper[] = [];
	#paid = 0;

	constructor(ctx: NodeContext, config: ShoppersConfig) {
		if (!ctx.peers.some(({ name }) => name === config.target))
			throw new Error(`shoppers: target ${JSON.stringify(config.target)} is no other node of this lab`);
		this.#ctx = ctx;
		this.#config = config;
	}

	boot(): void {
		const { random } = this.#ctx;
		const { shoppers, arriveUs, thinkUs, things, tabs } = this.#config;
		this.#shoppers = Array.from({ length: shoppers }, (_, index) => new Shopper(this.#ctx, index + 1, this.#config));
		for (const shopper of this.#shoppers) {
			const startUs = random.below(arriveUs + 1);
			const list = random.shuffle(catalogue).slice(0, things);
			const wanted = list.map((item): Wanted => ({ item, pauseUs: 1 + random.exponential(thinkUs) }));
			const share = Math.ceil(things / tabs);
			const lists = Array.from({ length: tabs }, (_, tab) => wanted.slice(tab * share, (tab + 1) * share));
			this.#ctx.after(1 + startUs, startTimer, () => this.#shop(shopper, lists));
		}
	}

	*#shop(shopper: Shopper, lists: readonly (readonly Wanted[])[]): Task {
		const tabs = lists.map((wanted) => ({ wanted, done: this.#ctx.signal<null>() }));
		for (const { wanted, done } of tabs) this.#ctx.spawn(this.#tab(shopper, wanted, done));
		for (const { done } of tabs) yield* done.wait();
		yield* shopper.look();
		this.#paid++;
		this.#ctx.measure(paidMeasure, this.#paid);
		if (this.#paid === this.#shoppers.length) this.#ctx.measure(lostMeasure, this.#lost);
	}

	*#tab(shopper: Shopper, wanted: readonly Wanted[], done: Signal<null>): Task {
		for (const { item, pauseUs } of wanted) {
			yield* this.#ctx.sleep(pauseUs, thinkTimer);
			yield* shopper.add(item);
		}
		done.fire(null);
	}

	get #lost(): number {
		return this.#shoppers.reduce((sum, { lost }) => sum + lost.length, 0);
	}

	inspect(): Inspection {
		return { shoppers: this.#shoppers.length, paid: this.#paid, lost: this.#lost };
	}
}

export const shoppersDefinition: ServiceDefinition = {
	name: "shoppers",
	summary: "Stands for many shoppers, each of whom fills a cart and looks whether everything is still in it.",
	names: [
		...cartClientNames,
		startTimer,
		thinkTimer,
		addSpan,
		lookSpan,
		lostMeasure,
		paidMeasure,
		cartFacts.answered,
		...cartInvariants.map(({ name }) => name),
	],
	invariants: cartInvariants,
	configure,
	start(ctx, config: ShoppersConfig): Service {
		const shoppers = new Shoppers(ctx, config);
		return { boot: () => shoppers.boot(), inspect: () => shoppers.inspect() };
	},
};
