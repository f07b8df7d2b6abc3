/**
 * Clients that write, read and swap a few keys, and keep an account of what they asked and were told:
 * work for the store, and the evidence on which its promise is judged.
 */
import type { NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Pace, readPace, think } from "../config/pace.ts";
import { ConfigReader } from "../config/reader.ts";
import { historyFacts, stateAnswer, stateCall } from "./checks.ts";
import { StoreClient, storeClientNames } from "./client.ts";
import type { RegisterOperation } from "./linearizability.ts";

const thinkTimer = "store-load.think";
/** One request of a client; ends in error when the store was not available. */
const requestSpan = "store-load.request";

interface LoadConfig extends Pace {
	readonly clients: number;
	readonly keys: number;
	readonly readRatio: number;
	readonly swapRatio: number;
	/** Requests of all clients together; then they rest. */
	readonly requests: number;
	readonly valueBytes: number;
}

function configure(config: PlainValue): LoadConfig {
	const read = new ConfigReader("store-load", config);
	const load: LoadConfig = {
		clients: read.integer("clients", { from: 1, to: 1_000 }, 3),
		keys: read.integer("keys", { from: 1, to: 10_000 }, 3),
		readRatio: read.number("readRatio", { from: 0, to: 1 }, 0.4),
		swapRatio: read.number("swapRatio", { from: 0, to: 1 }, 0.2),
		...readPace(read, { think: "20ms", patience: "3s" }),
		requests: read.integer("requests", { from: 0, to: 10_000_000 }, 1_000),
		valueBytes: read.integer("valueBytes", { from: 0, to: 500_000 }, 0),
	};
	read.end();
	return load;
}

/** A value as an account names it: its number alone, however many bytes come with it. */
function nameOf(value: PlainValue): string {
	return String((value as { readonly number?: string }).number);
}

class Load {
	readonly #ctx: NodeContext;
	readonly #config: LoadConfig;
	#asked = 0;
	#tally = { ok: 0, unavailable: 0 };

	constructor(ctx: NodeContext, config: LoadConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	boot(): void {
		for (let client = 1; client <= this.#config.clients; client++) this.#ctx.spawn(this.#live());
	}

	*#live(): Task {
		const { patienceUs, requests } = this.#config;
		const store = new StoreClient(this.#ctx, { patienceUs });
		let seen: string | null = null;
		for (;;) {
			if (!(yield* think(this.#ctx, this.#config, thinkTimer)) || this.#asked >= requests) return;
			const number = `${this.#ctx.incarnation}.${++this.#asked}`;
			const span = this.#ctx.startSpan(requestSpan);
			const result: string | null | undefined = yield* this.#request(store, number, seen);
			span.finish(result === undefined ? "error" : "ok");
			if (result === undefined) this.#tally.unavailable++;
			else {
				this.#tally.ok++;
				seen = result;
			}
		}
	}

	/** @returns the value last known of the key, or undefined when there was no answer */
	*#request(store: StoreClient, number: string, seen: string | null): Task<string | null | undefined> {
		const { random } = this.#ctx;
		const { keys, readRatio, swapRatio } = this.#config;
		const key = `key-${random.below(keys)}`;
		const choice = random.ratio();
		if (choice < readRatio) return yield* this.#read(store, key, number);
		if (choice < readRatio + swapRatio && seen !== null) return yield* this.#swap(store, key, number, seen);
		return yield* this.#write(store, key, number);
	}

	*#read(store: StoreClient, key: string, id: string): Task<string | null | undefined> {
		this.#call(id, key, { kind: "read", value: null });
		const result = yield* store.get(key);
		if (!result.ok) return undefined;
		const value = result.value === null ? null : nameOf(result.value.value);
		stateAnswer(this.#ctx, { id, value, succeeded: true });
		return value;
	}

	*#write(store: StoreClient, key: string, number: string): Task<string | undefined> {
		const name = this.#nameFor(number);
		this.#call(number, key, { kind: "write", value: name });
		const result = yield* store.put(key, this.#valueFor(name));
		if (!result.ok) return undefined;
		stateAnswer(this.#ctx, { id: number, value: name, succeeded: true });
		return name;
	}

	*#swap(store: StoreClient, key: string, number: string, expected: string): Task<string | null | undefined> {
		const name = this.#nameFor(number);
		this.#call(number, key, { kind: "swap", expected, value: name, succeeded: undefined });
		const result = yield* store.compareAndSet({ key, is: "value", value: this.#valueFor(expected) }, this.#valueFor(name));
		if (!result.ok) return undefined;
		stateAnswer(this.#ctx, { id: number, value: name, succeeded: result.value });
		return result.value ? name : null;
	}

	#call(id: string, key: string, operation: RegisterOperation): void {
		const told = operation.kind === "swap" ? { kind: operation.kind, expected: operation.expected, value: operation.value } : operation;
		stateCall(this.#ctx, { id, key, operation: told as RegisterOperation });
	}

	#nameFor(number: string): string {
		return `${this.#ctx.self.name}.${number}`;
	}

	#valueFor(name: string): PlainValue {
		const { valueBytes } = this.#config;
		return valueBytes === 0 ? { number: name } : { number: name, bulk: new Uint8Array(valueBytes) };
	}

	inspect(): { readonly [field: string]: number } {
		return { asked: this.#asked, ...this.#tally };
	}
}

export const storeLoadDefinition: ServiceDefinition = {
	name: "store-load",
	summary: "Clients that write, read and swap keys of the store, and keep an account of what they were told.",
	names: [...storeClientNames, thinkTimer, requestSpan, ...Object.values(historyFacts)],
	configure,
	start(ctx, config: LoadConfig): Service {
		const load = new Load(ctx, config);
		return { boot: () => load.boot(), inspect: () => load.inspect() };
	},
};
