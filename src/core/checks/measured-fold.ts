/** Checks of numbers that programs report: "highest crowd.waiting <= 500". */
import { type Check, compare, type Subject } from "../../shared/check/check.ts";
import { offsetOf, readUs } from "../../shared/event-record.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { type CheckFold, type CheckVerdict, type Evidence, EvidenceList } from "./check-fold.ts";
import { describeRecord } from "./evidence-text.ts";
import { MatchedEvents } from "./matched-events.ts";
import { namedMatcher } from "./matchers.ts";
import { WhenTracker } from "./when-tracker.ts";

type MeasuredSubject = Extract<Subject, { kind: "measured" }>;

const valueOffset = offsetOf("measured", "value");

export class MeasuredFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly #expression: string;
	readonly #plan: Plan;
	readonly #check: Check & { readonly subject: MeasuredSubject };
	readonly #subject: MeasuredSubject;
	#events: MatchedEvents;
	#evidence = new EvidenceList();
	#extreme: number | null = null;
	#extremeProof: Evidence | null = null;

	constructor({ id, expression }: CheckPlan, check: Check & { readonly subject: MeasuredSubject }, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#plan = plan;
		this.#check = check;
		this.#subject = check.subject;
		this.#events = new MatchedEvents(namedMatcher("measured", check.subject, plan), new WhenTracker(check.when, plan));
		this.kindIds = this.#events.kindIds;
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		const atUs = this.#events.take(words, start);
		if (atUs < 0) return;
		const value = readUs(words, start + valueOffset);
		const isExtreme = this.#extreme === null || (this.#subject.extreme === "highest" ? value > this.#extreme : value < this.#extreme);
		const isProof = !this.#evidence.isFull && !compare(value, this.#check.operator, this.#check.value);
		if (!isExtreme && !isProof) return;
		const proof = { index, atUs, text: describeRecord(words, start, this.#plan) };
		if (isProof) this.#evidence.add(proof);
		if (!isExtreme) return;
		this.#extreme = value;
		this.#extremeProof = proof;
	}

	clone(): MeasuredFold {
		const twin = new MeasuredFold({ id: this.id, expression: this.#expression, shows: "" }, this.#check, this.#plan);
		twin.#events = this.#events.clone();
		twin.#evidence = new EvidenceList(this.#evidence.items);
		twin.#extreme = this.#extreme;
		twin.#extremeProof = this.#extremeProof;
		return twin;
	}

	/** A limit that the extreme must keep on its own side is broken by single values; any other by the extreme alone. */
	get #isLimit(): boolean {
		const { operator } = this.#check;
		return this.#subject.extreme === "highest" ? operator === "<=" || operator === "<" : operator === ">=" || operator === ">";
	}

	verdict(endUs: number): CheckVerdict {
		const { operator, value } = this.#check;
		const ok = this.#extreme !== null && compare(this.#extreme, operator, value);
		const gap = this.#events.when.gap(endUs);
		const seen = this.#extreme === null ? `no ${this.#plan.names[this.#subject.name] ?? "number"} was reported` : String(this.#extreme);
		const proof = this.#extremeProof === null ? [] : [this.#extremeProof];
		return {
			id: this.id,
			ok,
			final: (this.#isLimit && !ok && this.#extreme !== null) || this.#events.when.isOver(endUs),
			expression: this.#expression,
			observed: gap === "" ? seen : `${seen} (${gap})`,
			evidence: ok ? [] : this.#isLimit ? [...this.#evidence.items] : proof,
		};
	}
}
