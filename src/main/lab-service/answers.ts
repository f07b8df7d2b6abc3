/** Answers that another thread gives later, by number, each with an end of patience. */
import { ContractError } from "../../shared/contract/errors.ts";

export interface Waiting<Value> {
	resolve(value: Value): void;
	reject(error: Error): void;
}

const answerMsMax = 30_000;
const waitingMax = 256;

export class Answers<Value> {
	readonly #waiting = new Map<number, Waiting<Value> & { readonly timer: NodeJS.Timeout }>();
	readonly #msMax: number;

	constructor(msMax = answerMsMax) {
		this.#msMax = msMax;
	}

	for(id: number): Promise<Value> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => this.refuse(id, new ContractError("internal", "the run did not answer")), this.#msMax);
			this.#waiting.set(id, { resolve, reject, timer });
		});
	}

	/** That are waited for. */
	get count(): number {
		return this.#waiting.size;
	}

	get isFull(): boolean {
		return this.#waiting.size >= waitingMax;
	}

	give(id: number, value: Value): void {
		this.#take(id)?.resolve(value);
	}

	refuse(id: number, error: Error): void {
		this.#take(id)?.reject(error);
	}

	refuseAll(error: Error): void {
		for (const id of [...this.#waiting.keys()]) this.refuse(id, error);
	}

	#take(id: number): Waiting<Value> | undefined {
		const waiting = this.#waiting.get(id);
		if (waiting !== undefined) clearTimeout(waiting.timer);
		this.#waiting.delete(id);
		return waiting;
	}
}
