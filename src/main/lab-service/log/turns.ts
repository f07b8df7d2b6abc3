/**
 * In which order a reader answers: one question after the other, but what can be looked up in a log at once is
 * answered between the slices of what takes long. Knows no thread and no log.
 */
import type { ToReader } from "./questions.ts";

/** Answered in one go, whatever else is half done. */
function isShort({ question }: ToReader): boolean {
	return question.startsWith("log.") && question !== "log.density";
}

export class Turns {
	readonly #answer: (question: ToReader) => Promise<void>;
	#waiting: ToReader[] = [];
	#isAtWork = false;

	/** @param answer never rejects */
	constructor(answer: (question: ToReader) => Promise<void>) {
		this.#answer = answer;
	}

	take(question: ToReader): void {
		this.#waiting.push(question);
		if (!this.#isAtWork) void this.#work();
	}

	/** To be called by an answer that takes long, whenever it can be interrupted. */
	async between(): Promise<void> {
		const short = this.#waiting.filter(isShort);
		this.#waiting = this.#waiting.filter((question) => !isShort(question));
		for (const question of short) await this.#answer(question);
	}

	async #work(): Promise<void> {
		this.#isAtWork = true;
		for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) await this.#answer(next);
		this.#isAtWork = false;
	}
}
