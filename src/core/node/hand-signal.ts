/** A wait made by hand: tasks of a node wait for it, and another of its tasks fires it once. */
import type { Signal, Task } from "../node-api.ts";
import { Suspension, type TaskRunner } from "./tasks.ts";

export class HandSignal<Value> implements Signal<Value> {
	readonly #tasks: TaskRunner;
	#waiting: Suspension<Value>[] = [];
	#outcome: { readonly value: Value } | null = null;

	constructor(tasks: TaskRunner) {
		this.#tasks = tasks;
	}

	fire(value: Value): void {
		if (this.#outcome !== null) return;
		this.#outcome = { value };
		for (const suspension of this.#waiting) this.#tasks.settleLater(suspension, value);
		this.#waiting = [];
	}

	wait(): Task<Value> {
		const suspension = new Suspension<Value>("signal");
		if (this.#outcome === null) this.#waiting.push(suspension);
		else suspension.end(this.#outcome.value);
		return suspension;
	}

	get fired(): boolean {
		return this.#outcome !== null;
	}
}
