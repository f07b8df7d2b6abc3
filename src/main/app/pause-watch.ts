/** Stops a run at what somebody waits for: an event of a kind, or a new leader. */
import type { EventObserver } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import { bodyOf, kindId, offsetOf, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import { hint } from "../../shared/nearest.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { decodeOrNull } from "../../shared/projection/preview.ts";
import { leadershipIn } from "../../shared/projection/standing.ts";
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

const factName = offsetOf("factStated", "name");
const goneIds: ReadonlySet<number> = new Set([kindId("nodeCrashed"), kindId("nodeBooted")]);

/**
 * Looks at what nodes state, and calls `stop` when one says that it leads which did not before.
 * @param known what they stated before, the latest last
 */
export function leaderWatch(
	plan: Plan,
	{ known, afterUs }: { readonly known: readonly Pick<BoardEntry, "node" | "name" | "value">[]; readonly afterUs: number },
	stop: () => void,
): EventObserver {
	const leading = new Set<number>();
	const take = (node: number, name: number, value: BoardEntry["value"]): boolean => {
		const said = leadershipIn(plan.names[name] ?? "", value);
		const isNew = said === "elected" || (said === "leads" && !leading.has(node));
		if (said === "leads") leading.add(node);
		if (said === "follows") leading.delete(node);
		return isNew;
	};
	for (const { node, name, value } of known) take(node, name, value);
	return {
		kindIds: new Set([kindId("factStated"), ...goneIds]),
		onEvent(words, start) {
			const node = words[start + recordNodeWord] as number;
			if (goneIds.has(words[start] as number)) leading.delete(node);
			else if (take(node, words[start + factName] as number, decodeOrNull(bodyOf(words, start)) as BoardEntry["value"])) {
				if (readUs(words, start + recordAtWord) > afterUs) stop();
			}
		},
	};
}
