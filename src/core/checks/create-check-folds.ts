/**
 * The checks of a plan, ready to look on: read once, then folded over the log as it is written or as
 * it is read back. Runs on the kernel's thread.
 */
import { parseCheck } from "../../shared/check/check-grammar.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { invariantsOf } from "../invariants.ts";
import type { EventObserver } from "../log-sink.ts";
import type { ServiceRegistry } from "../node-api.ts";
import type { CheckFold, CheckVerdict } from "./check-fold.ts";
import { CountFold } from "./count-fold.ts";
import { InvariantCheckFold } from "./invariant-fold.ts";
import { MeasuredFold } from "./measured-fold.ts";
import { PercentileFold } from "./percentile-fold.ts";
import { UtilisationFold } from "./utilisation-fold.ts";

/**
 * @param services for checks that a service judges itself (`holds NAME`)
 * @throws QuorateError `check-invalid` (a compiled plan's checks have been read before)
 */
export function createCheckFold(checkPlan: CheckPlan, plan: Plan, services: ServiceRegistry = new Map()): CheckFold {
	const check = parseCheck(checkPlan.expression, plan);
	const { subject } = check;
	switch (subject.kind) {
		case "invariant":
			return new InvariantCheckFold(
				checkPlan,
				invariantsOf(plan, services).find(({ name }) => name === plan.names[subject.name]),
				plan,
			);
		case "utilisation":
			return new UtilisationFold(checkPlan, { ...check, subject }, plan);
		case "percentile":
			return new PercentileFold(checkPlan, { ...check, subject }, plan);
		case "measured":
			return new MeasuredFold(checkPlan, { ...check, subject }, plan);
		default:
			return new CountFold(checkPlan, { ...check, subject }, plan);
	}
}

/** One fold for each check of the plan, in its order. */
function createCheckFolds(plan: Plan, services: ServiceRegistry = new Map()): CheckFold[] {
	return plan.checks.map((check) => createCheckFold(check, plan, services));
}

/** All checks of a plan as one observer. */
export class CheckBoard implements EventObserver {
	readonly kindIds: ReadonlySet<number>;
	readonly #plan: Plan;
	readonly #folds: readonly CheckFold[];
	/** Folds that want a kind, by its id. */
	readonly #foldsByKind: (readonly CheckFold[])[] = [];

	constructor(plan: Plan, services: ServiceRegistry = new Map(), folds: readonly CheckFold[] = createCheckFolds(plan, services)) {
		this.#plan = plan;
		this.#folds = folds;
		this.kindIds = new Set(this.#folds.flatMap(({ kindIds }) => [...kindIds]));
		for (const kind of this.kindIds) this.#foldsByKind[kind] = this.#folds.filter(({ kindIds }) => kindIds.has(kind));
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		const folds = this.#foldsByKind[words[start] as number];
		if (folds !== undefined) for (const fold of folds) fold.onEvent(words, start, index);
	}

	/** Another board that stands where this one does; it must never be carried further than this one has been. */
	clone(): CheckBoard {
		return new CheckBoard(
			this.#plan,
			new Map(),
			this.#folds.map((fold) => fold.clone()),
		);
	}

	/** Where the checks stand, in the plan's order, when the run has been carried to `endUs`. */
	verdicts(endUs: number): readonly CheckVerdict[] {
		return this.#folds.map((fold) => fold.verdict(endUs));
	}
}
