/**
 * Which steward acts: the one whose name stands in the store. It shows each round that it lives; one that shows
 * no life for long enough, on another's own clock, is replaced. Clocks may err and the old one may not know yet:
 * so everything the holder writes is conditional on the chair's version, and its orders carry its term.
 *
 * @source Gray and Cheriton, Leases (1989), for the idea; Kleppmann (2016) for the fence that makes clocks harmless
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import type { StoreClient } from "../../store/client.ts";
import type { Condition } from "../../store/contract.ts";
import { type ChairRecord, keys, plain } from "../records.ts";

export class Chair {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #patienceUs: number;
	readonly #name: string;
	#held: { readonly term: number; readonly version: number } | null = null;
	#beats = 0;
	/** Of the holder's sign of life, and since when it is the same. */
	#seenVersion = -1;
	#seenUs = 0;

	constructor(ctx: NodeContext, store: StoreClient, patienceUs: number) {
		this.#ctx = ctx;
		this.#store = store;
		this.#patienceUs = patienceUs;
		this.#name = `${ctx.self.name}#${ctx.incarnation}`;
	}

	/** 0: somebody else holds it. */
	get term(): number {
		return this.#held?.term ?? 0;
	}

	/** Holds as long as this steward does. */
	get fence(): Condition {
		return { key: keys.chair, is: "version", version: this.#held?.version ?? -1 };
	}

	/** Somebody else's name was found where ours was. */
	lose(): void {
		if (this.#held !== null) this.#ctx.log("another steward has the chair");
		this.#held = null;
	}

	/** Shows life, or looks whether it is time to take over. @returns whether this steward holds the chair */
	*tend(): Task<boolean> {
		if (this.#held === null) return yield* this.#watch();
		const shown = yield* this.#store.transact({ when: [this.fence], run: [this.#sign()], otherwise: [] });
		if (shown.ok && !shown.value.held) this.lose();
		return shown.ok && shown.value.held;
	}

	#sign(): { readonly do: "put"; readonly key: string; readonly value: number } {
		return { do: "put", key: keys.chairBeat, value: ++this.#beats };
	}

	*#watch(): Task<boolean> {
		const read = yield* this.#store.read([
			{ do: "get", key: keys.chair },
			{ do: "get", key: keys.chairBeat },
		]);
		if (!read.ok) return false;
		const [[chair] = [], [beat] = []] = read.value;
		const nowUs = this.#ctx.monoUs();
		if (chair !== undefined && !this.#isOurs(chair.value as ChairRecord)) {
			if (beat?.version !== this.#seenVersion) {
				this.#seenVersion = beat?.version ?? -1;
				this.#seenUs = nowUs;
			}
			if (nowUs - this.#seenUs < this.#patienceUs) return false;
		}
		return yield* this.#take(chair);
	}

	/** Of an earlier boot: nobody else will ever show life under that name. */
	#isOurs({ holder }: ChairRecord): boolean {
		return holder.startsWith(`${this.#ctx.self.name}#`);
	}

	*#take(chair: { readonly value: unknown; readonly version: number } | undefined): Task<boolean> {
		const term = chair === undefined ? 1 : (chair.value as ChairRecord).term + 1;
		const record: ChairRecord = { holder: this.#name, term };
		const taken = yield* this.#store.transact({
			when: [chair === undefined ? { key: keys.chair, is: "absent" } : { key: keys.chair, is: "version", version: chair.version }],
			run: [{ do: "put", key: keys.chair, value: plain(record) }, this.#sign()],
			otherwise: [],
		});
		if (!taken.ok || !taken.value.held) return false;
		this.#held = { term, version: taken.value.version };
		this.#ctx.log(`this steward has the chair, term ${term}`);
		return true;
	}
}
