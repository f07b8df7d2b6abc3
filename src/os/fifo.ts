/**
 * A first-in-first-out queue that takes constant time at both ends and gives back the memory of what
 * has left. Its owner bounds it. Pure; any thread.
 */
export class Fifo<Item> {
	#items: (Item | undefined)[] = [];
	#head = 0;

	get size(): number {
		return this.#items.length - this.#head;
	}

	push(item: Item): void {
		this.#items.push(item);
	}

	peek(): Item | undefined {
		return this.#items[this.#head];
	}

	shift(): Item | undefined {
		const item = this.#items[this.#head];
		if (this.#head === this.#items.length) return undefined;
		this.#items[this.#head++] = undefined;
		if (this.#head === this.#items.length) {
			this.#items.length = 0;
			this.#head = 0;
		} else if (this.#head >= 1_024 && this.#head * 2 >= this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		return item;
	}
}
