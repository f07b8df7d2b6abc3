/**
 * `holds NAME`: a check that the service itself judges, from the facts its nodes state. What it can say
 * only when the run is over (whether a history has an explanation) it is asked once the run has been
 * carried to its end.
 */
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { InvariantWatch } from "../invariants.ts";
import type { Invariant } from "../node-api.ts";
import type { CheckFold, CheckVerdict } from "./check-fold.ts";

export class InvariantCheckFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #expression: string;
	readonly #untilUs: number;
	/** Null: no service of this lab promises that. */
	readonly #watch: InvariantWatch | null;

	constructor({ id, expression }: CheckPlan, invariant: Invariant | undefined, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#untilUs = plan.untilUs;
		this.#watch = invariant === undefined ? null : new InvariantWatch(plan, [invariant]);
		this.kindIds = this.#watch?.kindIds ?? new Set();
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		this.#watch?.onEvent(words, start, index);
	}

	verdict(endUs: number): CheckVerdict {
		const head = { id: this.id, expression: this.#expression };
		if (this.#watch === null) return { ...head, ok: false, final: true, observed: "no service here promises that", evidence: [] };
		const isOver = endUs >= this.#untilUs;
		const breach = this.#watch.breach(isOver);
		if (breach === null) return { ...head, ok: true, final: isOver, observed: "it holds", evidence: [] };
		const evidence = breach.event < 0 ? [] : [{ index: breach.event, atUs: breach.atUs, text: breach.what }];
		return { ...head, ok: false, final: true, observed: breach.what, evidence };
	}
}
