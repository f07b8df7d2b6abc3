/**
 * `holds NAME`: a check that the service itself judges, from the facts its nodes state. What it can say
 * only when the run is over (whether a history has an explanation) it is asked once the run has been
 * carried to its end.
 */
import { assert } from "../../shared/errors.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { type Breach, InvariantWatch } from "../invariants.ts";
import type { Invariant } from "../node-api.ts";
import type { CheckFold, CheckVerdict } from "./check-fold.ts";

export class InvariantCheckFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #expression: string;
	readonly #untilUs: number;
	/** Null: no service of this lab promises that. */
	readonly #watch: InvariantWatch | null;
	#lastIndex = -1;

	constructor({ id, expression }: CheckPlan, invariant: Invariant | undefined, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#untilUs = plan.untilUs;
		this.#watch = invariant === undefined ? null : new InvariantWatch(plan, [invariant]);
		this.kindIds = this.#watch?.kindIds ?? new Set();
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		this.#lastIndex = index;
		this.#watch?.onEvent(words, start, index);
	}

	clone(): CheckFold {
		return new Follower(this, this.#lastIndex);
	}

	/** Whether it could be said at this instant what only the end of a run can tell. */
	isOver(endUs: number): boolean {
		return endUs >= this.#untilUs;
	}

	verdict(endUs: number): CheckVerdict {
		const isOver = this.isOver(endUs);
		return this.#told(this.#watch?.breach(isOver) ?? null, isOver);
	}

	/** As it stood after the event of this index, before the run was over. */
	verdictAfter(index: number): CheckVerdict {
		const breach = this.#watch?.breach(false) ?? null;
		const isKnown = breach !== null && breach.event >= 0 && breach.event <= index;
		return this.#told(isKnown ? breach : null, false);
	}

	#told(breach: Breach | null, isOver: boolean): CheckVerdict {
		const head = { id: this.id, expression: this.#expression };
		if (this.#watch === null) return { ...head, ok: false, final: true, observed: "no service here promises that", evidence: [] };
		if (breach === null) return { ...head, ok: true, final: isOver, observed: "it holds", evidence: [] };
		const evidence = breach.event < 0 ? [] : [{ index: breach.event, atUs: breach.atUs, text: breach.what }];
		return { ...head, ok: false, final: true, observed: breach.what, evidence };
	}
}

/**
 * Stands earlier in the log than the fold it follows. A service's own judgement cannot be copied, but an
 * invariant is broken from its first breach on, and that the other one knows.
 */
class Follower implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #followed: InvariantCheckFold;
	#seenIndex: number;

	constructor(followed: InvariantCheckFold, seenIndex: number) {
		this.id = followed.id;
		this.kindIds = followed.kindIds;
		this.#followed = followed;
		this.#seenIndex = seenIndex;
	}

	onEvent(_words: Int32Array, _start: number, index: number): void {
		this.#seenIndex = index;
	}

	verdict(endUs: number): CheckVerdict {
		assert(!this.#followed.isOver(endUs), "what only the end tells is asked of the fold itself");
		return this.#followed.verdictAfter(this.#seenIndex);
	}

	clone(): Follower {
		return new Follower(this.#followed, this.#seenIndex);
	}
}
