/**
 * What clock synchronisation promises, judged from outside by one who knows true time. A bound is about the
 * server's clock, so the judge looks at how wrong that one is too. Pure folds.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatDurationUs } from "../../shared/units.ts";

/** A member has set its clock. Body: `SetFact`. */
export const setFact = "time.set";
/** The server's clock, whenever it is asked. Body: microseconds. */
export const servedFact = "time.served";

export type SetFact = {
	/** What the member now believes the time is. */
	readonly timeUs: number;
	/** How far it says it can be from the server's clock. */
	readonly boundUs: number;
	/** How far the lab wants clocks to be apart at most, once they are set. */
	readonly limitUs: number;
	/** Whether the member has had time to settle. */
	readonly isSettled: boolean;
	/** What it adds to its wall clock. */
	readonly correctionUs: number;
	/** Of the exchange that it was set by, its own or, with Berkeley, none: 0. */
	readonly roundTripUs: number;
	/** Least delay of a message, one way, that is known for certain. */
	readonly minDelayUs: number;
};

/** Clocks count whole microseconds, at either end of an exchange. */
const roundingUs = 2;

class BoundKept implements InvariantFold {
	#serverErrorUs = 0;

	onFact({ node, name, value, atUs }: Fact): string | null {
		if (name === servedFact) {
			this.#serverErrorUs = (value as number) - atUs;
			return null;
		}
		const { timeUs, boundUs } = value as SetFact;
		const wrongUs = Math.abs(timeUs - atUs - this.#serverErrorUs);
		if (boundUs < 0 || wrongUs <= boundUs + roundingUs) return null;
		return `${node} is ${formatDurationUs(wrongUs)} from the server's clock, and said ${formatDurationUs(boundUs)} at most`;
	}
}

class SkewLimited implements InvariantFold {
	/** How wrong each member's clock was when it was last set, once settled. */
	readonly #errorsUs = new Map<string, number>();

	onFact({ node, value, atUs }: Fact): string | null {
		const { timeUs, limitUs, isSettled } = value as SetFact;
		if (!isSettled) return null;
		this.#errorsUs.set(node, timeUs - atUs);
		const errorsUs = [...this.#errorsUs.values()];
		const apartUs = Math.max(...errorsUs) - Math.min(...errorsUs);
		return apartUs <= limitUs ? null : `the clocks are ${formatDurationUs(apartUs)} apart when ${node} has set its own`;
	}
}

export const timeInvariants: readonly Invariant[] = [
	{
		name: "time.boundKept",
		shows: "No clock is further from the server's than its bound says: half the round trip less the least delay (Cristian 1989).",
		facts: [servedFact, setFact],
		start: () => new BoundKept(),
	},
	{
		name: "time.skewLimited",
		shows: "Once settled, clocks stay as close together as the lab wants them.",
		facts: [setFact],
		start: () => new SkewLimited(),
	},
];
