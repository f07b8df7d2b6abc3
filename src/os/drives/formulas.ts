/**
 * What the book expects: the chance that a stripe is lost, by the Markov chain of a mirrored system. Units die
 * at a rate each, and each that is dead is made anew at a rate. Exact arithmetic only.
 *
 * @source Patterson, Gibson, Katz: A Case for Redundant Arrays of Inexpensive Disks (SIGMOD 1988), section 6;
 * Cidon and others (2013), section 2, for what dies together
 */
export interface MarkovStripe {
	readonly units: number;
	/** With fewer living units than these the stripe is lost: 1 of copies, 6 of the code of six and three. */
	readonly needed: number;
	/** Deaths of one unit a year. */
	readonly failuresPerYear: number;
	/** One over the years from a death to the new unit. */
	readonly repairsPerYear: number;
}

const stepsPerRepair = 200;

/** The chance that a stripe whose units all live now is lost within so many years. */
export function lossProbability({ units, needed, failuresPerYear, repairsPerYear }: MarkovStripe, years: number): number {
	const fatal = units - needed + 1;
	const steps = Math.ceil(years * (fatal * repairsPerYear + units * failuresPerYear) * stepsPerRepair);
	const step = years / steps;
	/** By the number of dead units. */
	let chances = Array.from({ length: fatal + 1 }, (_, dead) => (dead === 0 ? 1 : 0));
	for (let i = 0; i < steps; i++) {
		const next = [...chances];
		for (let dead = 0; dead < fatal; dead++) {
			const here = (chances[dead] as number) * step;
			const dies = here * (units - dead) * failuresPerYear;
			const heals = here * dead * repairsPerYear;
			(next[dead] as number) -= dies + heals;
			(next[dead + 1] as number) += dies;
			if (dead > 0) (next[dead - 1] as number) += heals;
		}
		chances = next;
	}
	return chances[fatal] as number;
}

/**
 * Stripes to expect lost when drives die together, each with the same chance: no placement changes the mean.
 * @param part the chance of each drive
 */
export function expectedLostTogether({ stripes, units, needed, part }: { stripes: number; units: number; needed: number; part: number }): number {
	/** By the number of living units, so far. */
	let chances: number[] = Array.from({ length: units + 1 }, (_, alive) => (alive === 0 ? 1 : 0));
	for (let unit = 0; unit < units; unit++)
		chances = chances.map((chance, alive) => chance * part + (alive > 0 ? (chances[alive - 1] as number) * (1 - part) : 0));
	return stripes * chances.slice(0, needed).reduce((sum, chance) => sum + chance, 0);
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
