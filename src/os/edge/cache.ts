/**
 * What an edge keeps near its viewers, and what has to go when there is no room:
 *
 * - `lru`: what was used longest ago;
 * - `lfu`: what was used least often since it came, and of those what was used longest ago (the constant-time
 *   lists of Shah, Mitra, Matani 2010);
 * - `ttl`: what is stale first, however much it is used.
 *
 * Whatever the policy, nothing is given out once it is stale. Pure; instants are those of the owner's clock.
 */

export const cachePolicies = ["lru", "lfu", "ttl"] as const;
export type CachePolicy = (typeof cachePolicies)[number];

export interface CacheOptions {
	readonly policy: CachePolicy;
	readonly capacityBytes: number;
	/** Undefined: for ever. */
	readonly freshUs: number | undefined;
}

interface Entry {
	readonly key: string;
	readonly data: Uint8Array;
	readonly staleUs: number;
	uses: number;
}

/** The order in which things go. */
interface Order {
	add(entry: Entry): void;
	use(entry: Entry): void;
	remove(entry: Entry): void;
	/** Who goes first. */
	first(): Entry | undefined;
}

/** A map gives its entries in the order in which they were set. */
function firstOf(entries: ReadonlyMap<string, Entry>): Entry | undefined {
	for (const entry of entries.values()) return entry;
	return undefined;
}

/** In order of coming; with `refreshed`, a use counts as coming anew. */
function queueOrder({ refreshed }: { readonly refreshed: boolean }): Order {
	const entries = new Map<string, Entry>();
	return {
		add: (entry) => void entries.set(entry.key, entry),
		use(entry) {
			if (!refreshed) return;
			entries.delete(entry.key);
			entries.set(entry.key, entry);
		},
		remove: (entry) => void entries.delete(entry.key),
		first: () => firstOf(entries),
	};
}

/** A queue for every number of uses. */
function frequencyOrder(): Order {
	const queues = new Map<number, Map<string, Entry>>();
	/** No queue below this one holds anything. */
	let least = 1;
	const enter = (entry: Entry): void => {
		const queue = queues.get(entry.uses) ?? new Map<string, Entry>();
		queue.set(entry.key, entry);
		queues.set(entry.uses, queue);
	};
	const leave = (entry: Entry): void => {
		const queue = queues.get(entry.uses);
		queue?.delete(entry.key);
		if (queue?.size === 0) queues.delete(entry.uses);
	};
	return {
		add(entry) {
			least = 1;
			enter(entry);
		},
		use(entry) {
			leave(entry);
			entry.uses++;
			enter(entry);
		},
		remove: leave,
		first() {
			if (queues.size === 0) return undefined;
			while (!queues.has(least)) least++;
			return firstOf(queues.get(least) as ReadonlyMap<string, Entry>);
		},
	};
}

function orderOf(policy: CachePolicy): Order {
	switch (policy) {
		case "lru":
			return queueOrder({ refreshed: true });
		case "lfu":
			return frequencyOrder();
		case "ttl":
			return queueOrder({ refreshed: false });
	}
}

export class Cache {
	readonly #options: CacheOptions;
	readonly #entries = new Map<string, Entry>();
	readonly #order: Order;
	#bytes = 0;
	#evicted = 0;

	constructor(options: CacheOptions) {
		this.#options = options;
		this.#order = orderOf(options.policy);
	}

	get size(): number {
		return this.#entries.size;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** Things that had to go for want of room. */
	get evicted(): number {
		return this.#evicted;
	}

	/** In no order that means anything. */
	keys(): readonly string[] {
		return [...this.#entries.keys()];
	}

	/** Counts as a use. */
	get(key: string, nowUs: number): Uint8Array | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		if (nowUs >= entry.staleUs) {
			this.#drop(entry);
			return undefined;
		}
		this.#order.use(entry);
		return entry.data;
	}

	/** Keeps a thing, in the place of one of that name, unless it is larger than the whole cache. */
	put(key: string, data: Uint8Array, nowUs: number): void {
		const known = this.#entries.get(key);
		if (known !== undefined) this.#drop(known);
		const { capacityBytes, freshUs } = this.#options;
		const bytes = weightOf(data);
		if (bytes > capacityBytes) return;
		while (this.#bytes + bytes > capacityBytes) {
			this.#drop(this.#order.first() as Entry);
			this.#evicted++;
		}
		const entry: Entry = { key, data, staleUs: freshUs === undefined ? Number.POSITIVE_INFINITY : nowUs + freshUs, uses: 1 };
		this.#entries.set(key, entry);
		this.#order.add(entry);
		this.#bytes += bytes;
	}

	#drop(entry: Entry): void {
		this.#entries.delete(entry.key);
		this.#order.remove(entry);
		this.#bytes -= weightOf(entry.data);
	}
}

/** Nothing is kept for nothing: so the number of things is bounded too. */
function weightOf(data: Uint8Array): number {
	return Math.max(1, data.length);
}
