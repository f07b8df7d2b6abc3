/** Stops a run at what somebody waits for: an event of a kind, or the failure of a check. */
import type { EventObserver } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import { kindId, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import { hint } from "../../shared/nearest.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import type { PausePredicate } from "./run-task.ts";

/** @returns what looks at each event and calls `stop` when it is the one */
export function eventWatch(plan: Plan, predicate: PausePredicate & { readonly kind: "event" }, stop: () => void): EventObserver {
	const node = predicate.node === undefined ? -1 : indexOf(plan).nodeNames.indexOf(predicate.node);
	if (predicate.node !== undefined && node < 0)
		throw new QuorateError("usage", `no node is called "${predicate.node}"${hint(predicate.node, indexOf(plan).nodeNames)}`);
	const afterUs = predicate.afterUs ?? -1;
	return {
		kindIds: new Set([kindId(predicate.event)]),
		onEvent(words, start) {
			if (node >= 0 && words[start + recordNodeWord] !== node) return;
			if (readUs(words, start + recordAtWord) > afterUs) stop();
		},
	};
}
