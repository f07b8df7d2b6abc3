/**
 * The phi-accrual detector: how surprising a silence is, judged by the intervals seen so far. phi = 3 means
 * that an interval so long would be the one in a thousand. Pure; no logarithm is taken: phi and the normal
 * distribution's tail meet in a table of quantiles.
 *
 * @source Hayashibara, Defago, Yared, Katayama: The phi Accrual Failure Detector (SRDS 2004), section 4:
 * phi(t) = -log10 P(an interval is longer than t), intervals taken as normal, over a window of samples
 */

/** z with P(Z > z) = 10^-phi, for phi = 0.5, 1, 1.5, ... 16. A test holds it to AS 241. */
const quantiles: readonly number[] = [
	0.47827353, 1.28155157, 1.85746129, 2.32634787, 2.73046237, 3.09023231, 3.41729996, 3.71901649, 4.0003624, 4.26489079, 4.51523848, 4.75342431, 4.98103361,
	5.19933758, 5.40937365, 5.61200124, 5.80794164, 5.99780702, 6.18212216, 6.3613409, 6.53585882, 6.70602316, 6.87214064, 7.03448383, 7.19329615, 7.3487961,
	7.50118065, 7.65062809, 7.79730042, 7.94134533, 8.08289794, 8.22208222,
];
const phiStep = 0.5;
export const phiMax = phiStep * quantiles.length;
/** P(Z > 0) is one half. */
const phiOfMedian = 0.30103;

/** Deviations above the mean at which phi reaches a threshold, between knots by a straight line. @param phi 0.5 to 16 */
export function deviationsAt(phi: number): number {
	const position = phi / phiStep - 1;
	const index = Math.min(Math.max(0, Math.floor(position)), quantiles.length - 2);
	const low = quantiles[index] as number;
	return low + ((quantiles[index + 1] as number) - low) * (position - index);
}

/** The other way round: phi at so many deviations above the mean; 0 below the mean, and never more than 16. */
export function phiAt(deviations: number): number {
	if (deviations <= 0) return 0;
	const index = quantiles.findIndex((quantile) => quantile > deviations);
	if (index < 0) return phiMax;
	const [lowZ, lowPhi] = index === 0 ? [0, phiOfMedian] : [quantiles[index - 1] as number, phiStep * index];
	const highZ = quantiles[index] as number;
	return lowPhi + ((phiStep * (index + 1) - lowPhi) * (deviations - lowZ)) / (highZ - lowZ);
}

export interface IntervalOptions {
	/** Samples that are remembered. */
	readonly samplesMax: number;
	/** What is assumed before there are samples. */
	readonly expectedUs: number;
	/** A network that has been perfectly even so far need not stay so. */
	readonly deviationUsMin: number;
}

/** Intervals between heartbeats of one member. */
export class Intervals {
	readonly #options: IntervalOptions;
	readonly #samples: number[] = [];
	#next = 0;

	constructor(options: IntervalOptions) {
		this.#options = options;
	}

	add(intervalUs: number): void {
		this.#samples[this.#next] = intervalUs;
		this.#next = (this.#next + 1) % this.#options.samplesMax;
	}

	/** Mean and deviation; before there are two samples, what is expected and a quarter of it. */
	get shape(): { readonly meanUs: number; readonly deviationUs: number } {
		const { expectedUs, deviationUsMin } = this.#options;
		const samples = this.#samples;
		if (samples.length < 2) return { meanUs: expectedUs, deviationUs: Math.max(deviationUsMin, expectedUs / 4) };
		let sum = 0;
		for (const sample of samples) sum += sample;
		const meanUs = sum / samples.length;
		let squares = 0;
		for (const sample of samples) squares += (sample - meanUs) * (sample - meanUs);
		return { meanUs, deviationUs: Math.max(deviationUsMin, Math.sqrt(squares / (samples.length - 1))) };
	}

	/** Silence after which phi reaches the threshold. */
	silenceUsAt(threshold: number): number {
		const { meanUs, deviationUs } = this.shape;
		return Math.ceil(meanUs + deviationsAt(threshold) * deviationUs);
	}

	/** phi after a silence so long. */
	phiAfter(silenceUs: number): number {
		const { meanUs, deviationUs } = this.shape;
		return phiAt((silenceUs - meanUs) / deviationUs);
	}
}
