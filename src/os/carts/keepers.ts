/**
 * Where carts live. In the RAM of one web server, where the next request finds them only if it comes to that
 * server, and nothing finds them after a crash; or in the shared database, where every server finds them.
 *
 * The database's keeper reads a cart, changes it and writes it back. Between the two somebody else may have
 * done the same: `compare-and-set` notices and begins again, `last-writer-wins` overwrites what it never saw.
 */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { StoreClient, type StoreResult } from "../store/client.ts";
import type { Condition, Versioned } from "../store/contract.ts";
import { isTexts, itemsMax } from "./contract.ts";

export type Change = (items: readonly string[]) => readonly string[];

export type Kept =
	| { readonly ok: true; readonly items: readonly string[] }
	/** `unavailable`: it may or may not have been done. `full`: nothing was changed. */
	| { readonly ok: false; readonly error: "unavailable" | "full" };

export interface CartKeeper {
	readonly where: "memory" | "database";
	/** Changes a cart, or only reads it when the change gives back what it got. */
	change(cart: string, change: Change): Task<Kept>;
}

const unavailable: Kept = { ok: false, error: "unavailable" };
const full: Kept = { ok: false, error: "full" };
const nothing: readonly string[] = [];

export class MemoryCarts implements CartKeeper {
	readonly where = "memory";
	readonly #carts = new Map<string, readonly string[]>();
	readonly #cartsMax: number;

	constructor(cartsMax: number) {
		this.#cartsMax = cartsMax;
	}

	get size(): number {
		return this.#carts.size;
	}

	// biome-ignore lint/correctness/useYield: nothing to wait for; the database's keeper has
	*change(cart: string, change: Change): Task<Kept> {
		const before = this.#carts.get(cart) ?? nothing;
		const items = change(before);
		if (items !== before) {
			const isNew = !this.#carts.has(cart);
			if (items.length > itemsMax || (isNew && this.#carts.size >= this.#cartsMax)) return full;
			this.#carts.set(cart, items);
		}
		return { ok: true, items };
	}
}

export interface DatabaseCartsOptions {
	readonly write: "compare-and-set" | "last-writer-wins";
	/** How long the database may take to answer one request. */
	readonly patienceUs: number;
}

const keyOf = (cart: string): string => `cart/${cart}`;
/** So often a cart may be changed by others between our read and our write. */
const roundsMax = 30;

export class DatabaseCarts implements CartKeeper {
	readonly where = "database";
	readonly #store: StoreClient;
	readonly #write: DatabaseCartsOptions["write"];
	/** Changes that came too late and were made anew. */
	collisions = 0;

	constructor(ctx: NodeContext, { write, patienceUs }: DatabaseCartsOptions) {
		this.#store = new StoreClient(ctx, { patienceUs });
		this.#write = write;
	}

	*change(cart: string, change: Change): Task<Kept> {
		const key = keyOf(cart);
		for (let round = 0; round < roundsMax; round++) {
			const found = yield* this.#store.get(key);
			if (!found.ok) return refusal(found);
			const before = itemsOf(found.value);
			const items = change(before);
			if (items === before) return { ok: true, items };
			if (items.length > itemsMax) return full;
			const written = yield* this.#writeBack(key, found.value, { items });
			if (!written.ok) return refusal(written);
			if (written.value) return { ok: true, items };
			this.collisions++;
		}
		return unavailable;
	}

	/** @returns whether it was written; with last-writer-wins, always */
	*#writeBack(key: string, found: Versioned | null, value: PlainValue): Task<StoreResult<boolean>> {
		if (this.#write === "compare-and-set") {
			const unchanged: Condition = found === null ? { key, is: "absent" } : { key, is: "version", version: found.version };
			return yield* this.#store.compareAndSet(unchanged, value);
		}
		const put = yield* this.#store.put(key, value);
		return put.ok ? { ok: true, value: true } : put;
	}
}

function refusal({ error }: Extract<StoreResult<unknown>, { ok: false }>): Kept {
	return error === "full" ? full : unavailable;
}

function itemsOf(found: Versioned | null): readonly string[] {
	const items = (found?.value as { readonly items?: PlainValue } | undefined)?.items;
	return isTexts(items) ? items : nothing;
}
