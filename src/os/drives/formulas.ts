/**
 * What the book expects: the chance that a stripe is lost, by the Markov chain of a mirrored system. Copies die
 * at a rate each, and each that is known to be dead is made anew at a rate. Exact arithmetic only.
 *
 * @source Patterson, Gibson, Katz: A Case for Redundant Arrays of Inexpensive Disks (SIGMOD 1988), section 6;
 * Cidon and others (2013), section 2, for what dies together
 */
export interface MarkovStripe {
	readonly copies: number;
	/** Deaths of one copy a year. */
	readonly failuresPerYear: number;
	/** One over the years from a death to the new copy. */
	readonly repairsPerYear: number;
}

const stepsPerRepair = 200;

/** The chance that a stripe whose copies all live now is lost within so many years. */
export function lossProbability({ copies, failuresPerYear, repairsPerYear }: MarkovStripe, years: number): number {
	const steps = Math.ceil(years * (repairsPerYear + copies * failuresPerYear) * stepsPerRepair);
	const step = years / steps;
	/** By the number of dead copies. */
	let chances = Array.from({ length: copies + 1 }, (_, dead) => (dead === 0 ? 1 : 0));
	for (let i = 0; i < steps; i++) {
		const next = [...chances];
		for (let dead = 0; dead < copies; dead++) {
			const here = (chances[dead] as number) * step;
			const dies = here * (copies - dead) * failuresPerYear;
			const heals = here * dead * repairsPerYear;
			(next[dead] as number) -= dies + heals;
			(next[dead + 1] as number) += dies;
			if (dead > 0) (next[dead - 1] as number) += heals;
		}
		chances = next;
	}
	return chances[copies] as number;
}

/** Mean years until a stripe of two copies is lost: (3 lambda + mu) / (2 lambda^2). */
export function meanYearsToLossOfTwo(failuresPerYear: number, repairsPerYear: number): number {
	return (3 * failuresPerYear + repairsPerYear) / (2 * failuresPerYear * failuresPerYear);
}

/**
 * The chance that drives which die together take a stripe with them: each stripe (or each set of drives, with
 * copysets) is one chance. @param part of all drives that die
 */
export function lossTogether(chances: number, copies: number, part: number): number {
	let all = 1;
	for (let i = 0; i < copies; i++) all *= part;
	let none = 1;
	for (let i = 0; i < chances; i++) none *= 1 - all;
	return 1 - none;
}
