/**
 * Checks that count events: requests, deliveries, drops, errors, events of a kind, and the rate at
 * which spans end well.
 */
import { type Check, compare } from "../../shared/check/check.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { usPerSecond } from "../../shared/units.ts";
import { type CheckFold, type CheckVerdict, EvidenceList, isLowerBound, isUpperBound } from "./check-fold.ts";
import { describeRecord } from "./evidence-text.ts";
import { MatchedEvents } from "./matched-events.ts";
import { type CountedSubject, matcherOf } from "./matchers.ts";
import { WhenTracker } from "./when-tracker.ts";

export class CountFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #expression: string;
	readonly #plan: Plan;
	readonly #check: Check & { readonly subject: CountedSubject };
	readonly #isRate: boolean;
	#events: MatchedEvents;
	#evidence = new EvidenceList();
	/** Matching events from this one on (counted from 1) are evidence. */
	readonly #evidenceFrom: number;
	#count = 0;

	constructor({ id, expression }: CheckPlan, check: Check & { readonly subject: CountedSubject }, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#plan = plan;
		this.#check = check;
		this.#isRate = check.subject.kind === "throughput";
		this.#events = new MatchedEvents(matcherOf(check.subject, plan), new WhenTracker(check.when, plan));
		this.kindIds = this.#events.kindIds;
		const isCountLimit = isUpperBound(check.operator) && !this.#isRate;
		this.#evidenceFrom = isCountLimit ? (check.operator === "<" ? check.value : check.value + 1) : Number.POSITIVE_INFINITY;
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		const atUs = this.#events.take(words, start);
		if (atUs < 0) return;
		this.#count++;
		if (this.#count < this.#evidenceFrom || this.#evidence.isFull) return;
		this.#evidence.add({ index, atUs, text: describeRecord(words, start, this.#plan) });
	}

	clone(): CountFold {
		const twin = new CountFold({ id: this.id, expression: this.#expression, shows: "" }, this.#check, this.#plan);
		twin.#events = this.#events.clone();
		twin.#evidence = new EvidenceList(this.#evidence.items);
		twin.#count = this.#count;
		return twin;
	}

	verdict(endUs: number): CheckVerdict {
		const { operator, value } = this.#check;
		const { when } = this.#events;
		const lengthUs = this.#isRate ? when.lengthUs(endUs) : 0;
		const seen = !this.#isRate ? this.#count : lengthUs === 0 ? 0 : (this.#count * usPerSecond) / lengthUs;
		const ok = compare(seen, operator, value);
		const gap = when.gap(endUs);
		const text = this.#isRate ? `${Math.floor(seen * 100) / 100} a second` : String(this.#count);
		// A count only grows: over the limit stays over, and enough stays enough.
		const isSettled = !this.#isRate && ((isUpperBound(operator) && !ok && this.#count > value - (operator === "<" ? 1 : 0)) || (isLowerBound(operator) && ok));
		return {
			id: this.id,
			ok,
			final: isSettled || when.isOver(endUs),
			expression: this.#expression,
			observed: gap === "" ? text : `${text} (${gap})`,
			evidence: ok ? [] : [...this.#evidence.items],
		};
	}
}
