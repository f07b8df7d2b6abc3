/** What one part of the benchmark tells, and the few figures all parts share. */

export interface BenchResult {
	readonly name: string;
	/** Measured in one run, side by side; above or below 1 as the name of each says. */
	readonly ratios: { readonly [name: string]: number };
	/** The aim, in words. */
	readonly aim: string;
	readonly holds: boolean;
	/** Absolute figures and whatever a reader must know to believe the ratios. */
	readonly note: string;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >>> 1;
	return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Two decimals, as a number. */
export function rounded(value: number): number {
	return Math.round(value * 100) / 100;
}

/** What a part prints when it is run alone. */
export function printResult(result: BenchResult): void {
	process.stdout.write(`${JSON.stringify(result, null, "\t")}\n`);
}
