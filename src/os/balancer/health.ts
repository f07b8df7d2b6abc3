/**
 * Whether a server is thought to be alive. One lost probe proves nothing, nor does one answered, so
 * the verdict changes only after several in a row. A server never heard of is `unknown` and gets no
 * requests; its first answer makes it `up`, because at the start of everything nobody is recovering.
 *
 * Pure; any thread.
 */
export type HealthState = "unknown" | "up" | "down";

export interface HealthRule {
	/** Failures in a row that take a server down. */
	readonly failures: number;
	/** Successes in a row that bring it back. */
	readonly successes: number;
}

export class Health {
	readonly #rule: HealthRule;
	#state: HealthState = "unknown";
	/** Probes in a row with the same result: positive successes, negative failures. */
	#streak = 0;

	constructor(rule: HealthRule) {
		this.#rule = rule;
	}

	get state(): HealthState {
		return this.#state;
	}

	get streak(): number {
		return this.#streak;
	}

	/** @returns the state before, if this result changed it */
	report(healthy: boolean): HealthState | undefined {
		if (healthy) this.#streak = this.#streak > 0 ? this.#streak + 1 : 1;
		else this.#streak = this.#streak < 0 ? this.#streak - 1 : -1;
		const before = this.#state;
		const needed = before === "unknown" ? 1 : this.#rule.successes;
		if (this.#streak >= needed) this.#state = "up";
		if (this.#streak <= -this.#rule.failures) this.#state = "down";
		return this.#state === before ? undefined : before;
	}
}
