/**
 * When visitors come. One draw a visitor at most, whatever the shape: arrivals are drawn at the mean
 * rate on an even clock, and that clock is then bent, running fast in busy times and slowly in
 * quiet ones. So `ratePerSecond` is the long-run mean of every shape.
 *
 * @source Cinlar, Introduction to Stochastic Processes (1975), 4.7: a Poisson process with a varying
 * rate is an even one seen through the inverse of its cumulated rate
 */
import type { Random } from "../../core/node-api.ts";
import { usPerSecond } from "../../shared/units.ts";

/**
 * - `uniform`: the same gap every time.
 * - `poisson`: independent visitors.
 * - `wave`: poisson, the rate rising and falling in a straight line about the mean.
 * - `burst`: poisson, with a rush at the end of every burst period.
 */
export const arrivalShapes = ["uniform", "poisson", "wave", "burst"] as const;
export type ArrivalShape = (typeof arrivalShapes)[number];

export interface ArrivalModel {
	readonly shape: ArrivalShape;
	/** Long-run mean. */
	readonly ratePerSecond: number;
	readonly wavePeriodUs: number;
	/** 0: flat; 1: the rate falls to nothing and rises to twice the mean. */
	readonly waveDepth: number;
	readonly burstPeriodUs: number;
	readonly burstLengthUs: number;
	/** How many times the quiet rate a rush has. */
	readonly burstFactor: number;
}

const nsPerSecond = 1_000_000_000;

export class Arrivals {
	readonly #model: ArrivalModel;
	readonly #random: Random;
	#count = 0;
	/** Even time so far, in nanoseconds: fine enough that rounding a gap does not bend the rate. */
	#evenNs = 0;

	constructor(model: ArrivalModel, random: Random) {
		this.#model = model;
		this.#random = random;
	}

	/** @returns the next arrival's instant, whole microseconds since the start; never before the last */
	nextUs(): number {
		const { shape, ratePerSecond } = this.#model;
		this.#count++;
		if (shape === "uniform") return Math.floor((this.#count * usPerSecond) / ratePerSecond);
		this.#evenNs += this.#random.exponential(nsPerSecond / ratePerSecond);
		return Math.floor(bentUs(this.#model, this.#evenNs / 1_000));
	}
}

/** The instant at which as many visitors are expected to have come as in `evenUs` at the mean rate. */
export function bentUs(model: ArrivalModel, evenUs: number): number {
	switch (model.shape) {
		case "uniform":
		case "poisson":
			return evenUs;
		case "wave":
			return bentByWaveUs(evenUs, model.wavePeriodUs, model.waveDepth);
		case "burst":
			return bentByBurstUs(evenUs, model);
	}
}

/** The rate starts at its lowest, rises for half a period and falls for the other half. */
function bentByWaveUs(evenUs: number, periodUs: number, depth: number): number {
	if (depth === 0) return evenUs;
	const halfUs = periodUs / 2;
	const half = Math.floor(evenUs / halfUs);
	const share = evenUs / halfUs - half;
	const rising = half % 2 === 0;
	// While rising, the share of visitors come by x of the half is (1 - depth) x + depth x^2; solve for x.
	const visitors = rising ? share : 1 - share;
	const low = 1 - depth;
	const x = (Math.sqrt(low * low + 4 * depth * visitors) - low) / (2 * depth);
	return (half + (rising ? x : 1 - x)) * halfUs;
}

/** Quiet first, then the rush. */
function bentByBurstUs(evenUs: number, { burstPeriodUs, burstLengthUs, burstFactor }: ArrivalModel): number {
	const quietUs = burstPeriodUs - burstLengthUs;
	// Visitors a microsecond relative to the mean, so that a period has as many as the mean rate gives.
	const quietRate = burstPeriodUs / (quietUs + burstFactor * burstLengthUs);
	const period = Math.floor(evenUs / burstPeriodUs);
	const within = evenUs - period * burstPeriodUs;
	const quietVisitors = quietUs * quietRate;
	const bent = within < quietVisitors ? within / quietRate : quietUs + (within - quietVisitors) / (quietRate * burstFactor);
	return period * burstPeriodUs + bent;
}
