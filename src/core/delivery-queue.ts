/**
 * Messages in the order they come to a node's door. The array is used again when it has run empty: a
 * window brings a handful, and a run has millions of windows. Pure.
 */
import { assert } from "../shared/errors.ts";
import type { Delivery } from "./executor.ts";

export class DeliveryQueue {
	/** Waiting are those from `#head` up to `#end`; what lies elsewhere is undefined, and keeps nothing alive. */
	readonly #items: (Delivery | undefined)[] = [];
	#head = 0;
	#end = 0;

	get length(): number {
		return this.#end - this.#head;
	}

	/** The one that came first, if any. */
	get first(): Delivery | undefined {
		return this.#items[this.#head];
	}

	push(delivery: Delivery): void {
		this.#items[this.#end++] = delivery;
	}

	/** Forgets so many of those that came first. */
	drop(count = this.length): void {
		assert(count <= this.length, "no more are dropped than wait");
		for (let dropped = 0; dropped < count; dropped++) this.#items[this.#head++] = undefined;
		if (this.#head < this.#end) return;
		this.#head = 0;
		this.#end = 0;
	}

	waiting(): Delivery[] {
		return this.#items.slice(this.#head, this.#end) as Delivery[];
	}
}
