/**
 * Customers of the pair: each orders again and again, at the server it knows best and at the other one if that does
 * not serve, and states what it was told. It believes every word.
 */
import type { Inspection, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Rhythm, readRhythm, think } from "../config/pace.ts";
import { ConfigReader } from "../config/reader.ts";
import { type AcknowledgedFact, acknowledgedFact, customerService, type OrderAnswer, orderMessage, pairService, recordName } from "./contract.ts";

const thinkTimer = "pair-customer.think";
/** An order until it is acknowledged; ends in error when nobody took it. */
const orderSpan = "pair-customer.order";

interface CustomerConfig extends Rhythm {
	/** The server it asks first: 1 or 2. */
	readonly prefers: number;
	/** Until a server is taken to be gone. */
	readonly timeoutUs: number;
	/** Times that both are asked. */
	readonly rounds: number;
}

function configure(config: PlainValue): CustomerConfig {
	const read = new ConfigReader(customerService, config);
	const customer: CustomerConfig = {
		prefers: read.integer("prefers", { from: 1, to: 2 }, 1),
		...readRhythm(read, { think: "400ms" }),
		timeoutUs: read.durationUs("timeout", { from: "1ms", to: "1h" }, "300ms"),
		rounds: read.integer("rounds", { from: 1, to: 100 }, 5),
	};
	read.end();
	return customer;
}

class Customer {
	readonly #ctx: NodeContext;
	readonly #config: CustomerConfig;
	readonly #servers: readonly string[];
	#ordered = 0;
	#acknowledged = 0;

	constructor(ctx: NodeContext, config: CustomerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		const servers = ctx.nodes.filter(({ services }) => services.includes(pairService)).map(({ name }) => name);
		this.#servers = config.prefers === 1 ? servers : servers.reverse();
	}

	*live(): Task {
		while (yield* think(this.#ctx, this.#config, thinkTimer)) {
			const order = `${this.#ctx.self.name}#${this.#ctx.incarnation}.${++this.#ordered}`;
			const span = this.#ctx.startSpan(orderSpan);
			const told = yield* this.#order(order);
			span.finish(told === null ? "error" : "ok");
			if (told === null) continue;
			this.#acknowledged++;
			this.#ctx.fact(acknowledgedFact, told);
		}
	}

	*#order(order: string): Task<AcknowledgedFact | null> {
		for (let round = 0; round < this.#config.rounds; round++) {
			for (const by of this.#servers) {
				const answer = yield* this.#ctx.call<OrderAnswer>(by, orderMessage, order, { timeoutUs: this.#config.timeoutUs });
				if (answer.ok && answer.body.kind === "accepted") return { key: order, record: recordName(answer.body.number), by };
			}
			yield* this.#ctx.sleep(this.#config.timeoutUs, thinkTimer);
		}
		return null;
	}

	inspect(): Inspection {
		return { ordered: this.#ordered, acknowledged: this.#acknowledged };
	}
}

export const customerDefinition: ServiceDefinition = {
	name: customerService,
	summary: "A customer of the pair: orders again and again, and remembers what it was told.",
	names: [orderMessage, thinkTimer, orderSpan, acknowledgedFact],
	configure,
	start(ctx, config: CustomerConfig): Service {
		const customer = new Customer(ctx, config);
		return { boot: () => customer.live(), inspect: () => customer.inspect() };
	},
};
