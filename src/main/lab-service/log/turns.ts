/**
 * In which order a reader answers. Questions about logs take turns: each is answered as far as its next rest, and a new one
 * waits for no more than one of those. What changes files waits until nobody reads, and then has them to itself; what
 * comes after it meanwhile is answered in one go, so that it comes to its turn. What is called off is dropped where it
 * stands. Knows no thread and no log.
 */
import { ContractError } from "../../../shared/contract/errors.ts";
import type { AskedReader } from "./questions.ts";

export interface TurnsParts {
	/**
	 * Never rejects.
	 * @param rest to be called whenever the answer can be interrupted; throws ContractError `cancelled` when it was called off
	 */
	answer(question: AskedReader, rest: () => Promise<void>): Promise<void>;
	/** It was called off before it was begun with. */
	drop(question: AskedReader): void;
	/** Lets in what was asked and called off meanwhile. */
	breathe(): Promise<void>;
}

/** Others may be half answered when this one is. */
function takesTurns({ question }: AskedReader): boolean {
	return question.startsWith("log.");
}

export function calledOff(): ContractError {
	return new ContractError("cancelled", "it was called off");
}

/** A question that was begun with. */
class Turn {
	readonly question: AskedReader;
	/** Somebody was there before it who waits until nobody reads. */
	readonly isHurried: boolean;
	isCalledOff = false;
	isDone = false;
	#isBegun = false;
	#goOn: () => void = () => {};
	#rested = Promise.withResolvers<void>();

	constructor(question: AskedReader, isHurried: boolean) {
		this.question = question;
		this.isHurried = isHurried;
	}

	/** As far as its next rest, or to its end. */
	async step(answer: (turn: Turn) => Promise<void>): Promise<void> {
		this.#rested = Promise.withResolvers();
		if (this.#isBegun) this.#goOn();
		else {
			this.#isBegun = true;
			void answer(this).then(() => {
				this.isDone = true;
				this.#rested.resolve();
			});
		}
		await this.#rested.promise;
	}

	async rest(): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#goOn = resolve;
		this.#rested.resolve();
		await promise;
	}
}

export class Turns {
	readonly #parts: TurnsParts;
	readonly #waiting: AskedReader[] = [];
	/** The one whose turn is longest ago first. */
	#begun: Turn[] = [];
	#isAtWork = false;
	/** A new one had the last turn. */
	#wasNew = false;

	constructor(parts: TurnsParts) {
		this.#parts = parts;
	}

	take(question: AskedReader): void {
		this.#waiting.push(question);
		if (!this.#isAtWork) void this.#work();
	}

	/** Nobody wants the answer any more; of one that was answered already this changes nothing. */
	callOff(id: number): void {
		const place = this.#waiting.findIndex((question) => question.id === id);
		for (const question of place < 0 ? [] : this.#waiting.splice(place, 1)) this.#parts.drop(question);
		for (const turn of this.#begun) if (turn.question.id === id) turn.isCalledOff = true;
	}

	async #work(): Promise<void> {
		this.#isAtWork = true;
		for (;;) {
			await this.#parts.breathe();
			const turn = this.#next();
			if (turn === undefined) break;
			await turn.step(() => this.#parts.answer(turn.question, () => this.#rest(turn)));
			if (turn.isDone) this.#begun = this.#begun.filter((other) => other !== turn);
		}
		this.#isAtWork = false;
	}

	async #rest(turn: Turn): Promise<void> {
		if (turn.isHurried) await this.#parts.breathe();
		else await turn.rest();
		if (turn.isCalledOff) throw calledOff();
	}

	/** A new one and one that was begun with, by turns. */
	#next(): Turn | undefined {
		const fresh = this.#wasNew && this.#begun.length > 1 ? undefined : this.#begin();
		this.#wasNew = fresh !== undefined;
		if (fresh !== undefined) return fresh;
		const turn = this.#begun.shift();
		if (turn !== undefined) this.#begun.push(turn);
		return turn;
	}

	#begin(): Turn | undefined {
		const isAlone = this.#begun.length === 0;
		const place = this.#waiting.findIndex((candidate, at) => (isAlone && at === 0) || (takesTurns(candidate) && !this.#isShut()));
		const question = this.#waiting[place];
		if (question === undefined) return undefined;
		const isHurried = this.#waiting.slice(0, place).some((other) => !takesTurns(other));
		this.#waiting.splice(place, 1);
		const turn = new Turn(question, isHurried);
		this.#begun.push(turn);
		return turn;
	}

	/** Somebody has the files to himself. */
	#isShut(): boolean {
		return this.#begun.some(({ question }) => !takesTurns(question));
	}
}
