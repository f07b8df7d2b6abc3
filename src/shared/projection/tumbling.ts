/**
 * How busy each node was in the last whole second of true time. Seconds tumble: they start at 0, 1s,
 * 2s and so on, so that live and replayed views show the same numbers. Pure; memory is two numbers a
 * node.
 */
import { usPerSecond } from "../units.ts";

export class TumblingSeconds {
	readonly #count: number;
	/** Of the second that is running, and of the one before. */
	#current: Float64Array;
	#last: Float64Array;
	#startUs = 0;

	constructor(count: number) {
		this.#count = count;
		this.#current = new Float64Array(count);
		this.#last = new Float64Array(count);
	}

	clone(): TumblingSeconds {
		const twin = new TumblingSeconds(this.#count);
		twin.#current.set(this.#current);
		twin.#last.set(this.#last);
		twin.#startUs = this.#startUs;
		return twin;
	}

	/** First instant of the running second. */
	get startUs(): number {
		return this.#startUs;
	}

	/** Instant from which `roll` has something to do. */
	get endUs(): number {
		return this.#startUs + usPerSecond;
	}

	/** Moves on to the second that holds `atUs`. */
	roll(atUs: number): void {
		const startUs = Math.floor(atUs / usPerSecond) * usPerSecond;
		if (startUs <= this.#startUs) return;
		const next = startUs === this.#startUs + usPerSecond;
		const spare = this.#last;
		spare.fill(0);
		this.#last = next ? this.#current : new Float64Array(this.#count);
		this.#current = spare;
		this.#startUs = startUs;
	}

	/** Counts something that happened in the running second. */
	add(index: number, amount: number): void {
		(this.#current as { [index: number]: number })[index] = (this.#current[index] as number) + amount;
	}

	/** Spreads a span that ends in the running second over it and the one before. */
	addSpan(index: number, fromUs: number, toUs: number): void {
		if (fromUs >= this.#startUs) {
			this.add(index, toUs - fromUs);
			return;
		}
		this.add(index, toUs - this.#startUs);
		this.#last[index] = (this.#last[index] as number) + this.#startUs - Math.max(fromUs, this.#startUs - usPerSecond);
	}

	/** The sum over the last whole second. */
	last(index: number): number {
		return this.#last[index] as number;
	}
}
