/** What the drive year is judged by: what the coordinator stated of stripes that nobody can read any more. Pure. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import { type FoundFact, facts, type LostFact } from "./protocol.ts";

export const noDataLost = "drives.noDataLost";

function lossFold(): InvariantFold {
	let lost = 0;
	let first: LostFact | null = null;
	return {
		onFact({ name, value }: Fact): null {
			const fact = value as LostFact | FoundFact;
			lost = fact.total;
			if (name === facts.lost) first ??= fact as LostFact;
			if (lost === 0) first = null;
			return null;
		},
		end() {
			if (lost === 0 || first === null) return null;
			const examples = first.stripes.slice(0, 3).join(", ");
			const begun = first.count === 1 ? `the first was ${examples}` : `the first were ${first.count} (such as ${examples})`;
			return `${formatCount(lost, "stripe is", "stripes are")} lost in the end; ${begun}, when ${first.why}`;
		},
	};
}

export const driveInvariants: readonly Invariant[] = [
	{
		name: noDataLost,
		shows: "Of every stripe there are, in the end, as many units on live drives as it takes to read it.",
		facts: [facts.lost, facts.found],
		start: lossFold,
	},
];
