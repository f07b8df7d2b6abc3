/**
 * Up to where charts are drawn. What is measured over a stretch of time says nothing before that stretch is over:
 * one that is half over would look like half the load. Pure.
 */

/** A chart of a run that goes on gets its end moved in steps of this part of the run, which nobody sees. */
const grainParts = 100;

interface Grid {
	readonly fromUs: number;
	readonly stepUs: number;
	readonly points: number;
}

/** Where a chart ends, of a run that has come this far. @param isOver it goes no further, so nothing is left for later */
export function chartEndUs(virtualUs: number, isOver: boolean): number {
	if (isOver || virtualUs < grainParts) return virtualUs;
	let grainUs = 1;
	while (grainUs * grainParts * 10 <= virtualUs) grainUs *= 10;
	return virtualUs - (virtualUs % grainUs);
}

/** How many points stand for stretches that are over. @param reachUs what happened up to and at that instant is known */
export function wholePoints({ fromUs, stepUs, points }: Grid, reachUs: number): number {
	// Stretches are parts of a whole number of microseconds, so their ends are rarely whole themselves.
	const nearly = 1e-6;
	return Math.max(0, Math.min(points, Math.floor((reachUs + 1 - fromUs) / stepUs + nearly)));
}
