/**
 * Checks of how long spans take: "p99 of visit <= 250ms". The verdict is exact, because it needs only
 * the number of spans on either side of the limit; the percentile that is told comes from a histogram
 * and may be up to one part in 128 too large.
 */
import type { Check, Subject } from "../../shared/check/check.ts";
import { offsetOf, readUs } from "../../shared/event-record.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { formatCount, formatDurationUs } from "../../shared/units.ts";
import { type CheckFold, type CheckVerdict, EvidenceList, isLowerBound } from "./check-fold.ts";
import { describeRecord } from "./evidence-text.ts";
import { Histogram } from "./histogram.ts";
import { MatchedEvents } from "./matched-events.ts";
import { namedMatcher } from "./matchers.ts";
import { WhenTracker } from "./when-tracker.ts";

type PercentileSubject = Extract<Subject, { kind: "percentile" }>;

const startedOffset = offsetOf("spanFinished", "startedUs");

export class PercentileFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #expression: string;
	readonly #plan: Plan;
	readonly #check: Check & { readonly subject: PercentileSubject };
	readonly #subject: PercentileSubject;
	#events: MatchedEvents;
	#histogram = new Histogram();
	#evidence = new EvidenceList();
	#below = 0;
	#equal = 0;

	constructor({ id, expression }: CheckPlan, check: Check & { readonly subject: PercentileSubject }, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#plan = plan;
		this.#check = check;
		this.#subject = check.subject;
		this.#events = new MatchedEvents(namedMatcher("spanFinished", check.subject, plan), new WhenTracker(check.when, plan));
		this.kindIds = this.#events.kindIds;
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		const atUs = this.#events.take(words, start);
		if (atUs < 0) return;
		const tookUs = Math.max(0, atUs - readUs(words, start + startedOffset));
		this.#histogram.add(tookUs);
		const { value, operator } = this.#check;
		if (tookUs < value) this.#below++;
		else if (tookUs === value) this.#equal++;
		if (this.#evidence.isFull) return;
		// What pulls the percentile to the wrong side: the short ones if it must be long, else the long ones.
		const isProof = isLowerBound(operator)
			? tookUs < value || (operator === ">" && tookUs === value)
			: tookUs > value || (operator === "<" && tookUs === value);
		if (isProof) this.#evidence.add({ index, atUs, text: describeRecord(words, start, this.#plan) });
	}

	clone(): PercentileFold {
		const twin = new PercentileFold({ id: this.id, expression: this.#expression, shows: "" }, this.#check, this.#plan);
		twin.#events = this.#events.clone();
		twin.#histogram = this.#histogram.clone();
		twin.#evidence = new EvidenceList(this.#evidence.items);
		twin.#below = this.#below;
		twin.#equal = this.#equal;
		return twin;
	}

	/** Nearest rank: the smallest value that at least this part of all are no larger than. */
	#rank(): number {
		return Math.max(1, Math.ceil((this.#histogram.count * this.#subject.rankMilli) / 100_000));
	}

	#holds(): boolean {
		const rank = this.#rank();
		const isBelow = this.#below >= rank;
		const isAtMost = this.#below + this.#equal >= rank;
		switch (this.#check.operator) {
			case "<":
				return isBelow;
			case "<=":
				return isAtMost;
			case ">":
				return !isAtMost;
			case ">=":
				return !isBelow;
			case "==":
				return isAtMost && !isBelow;
			case "!=":
				return !isAtMost || isBelow;
		}
	}

	verdict(endUs: number): CheckVerdict {
		const { count } = this.#histogram;
		const name = this.#plan.names[this.#subject.name] ?? "span";
		const gap = this.#events.when.gap(endUs);
		const ok = count > 0 && this.#holds();
		const seen = count === 0 ? `no ${name} finished` : `${formatDurationUs(this.#histogram.atRank(this.#rank()))} of ${formatCount(count, "span")}`;
		return {
			id: this.id,
			ok,
			final: this.#events.when.isOver(endUs),
			expression: this.#expression,
			observed: gap === "" ? seen : `${seen} (${gap})`,
			evidence: ok ? [] : [...this.#evidence.items],
		};
	}
}
