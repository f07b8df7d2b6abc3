/** Runs of purely local events that would be drawn over each other. Pure. */

export interface LocalRun {
	/** Position in the list it was made of. */
	readonly from: number;
	readonly to: number;
	readonly xPx: number;
	readonly count: number;
}

/**
 * Local events of one node that would be drawn over each other become one circle with their number.
 * @param xs ascending
 * @param gapPx nearer than this is one run
 */
export function collapseRuns(xs: readonly number[], gapPx: number): readonly LocalRun[] {
	const runs: LocalRun[] = [];
	let from = 0;
	for (let i = 1; i <= xs.length; i++) {
		const previous = xs[i - 1] as number;
		if (i < xs.length && (xs[i] as number) - previous < gapPx) continue;
		runs.push({ from, to: i - 1, xPx: ((xs[from] as number) + previous) / 2, count: i - from });
		from = i;
	}
	return runs;
}
