/**
 * From one uniform 32-bit word to one whole number of a given distribution: inverse-CDF tables, made
 * with plain arithmetic once and only looked up afterwards. Every sampler is monotone in its word,
 * so a larger draw never means a shorter delay. Pure.
 */
import { assert, unreachable } from "../../shared/errors.ts";
import type { JitterModel } from "../../shared/plan.ts";
import { exponential, naturalLog } from "./elementary.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { buildTailTable, lookUp, type TailTable } from "./tail-table.ts";

const twoTo31 = 2_147_483_648;
const wordMax = 4_294_967_295;

/** A table costs milliseconds, and hundreds of node threads that may never need it boot at once. */
function madeAtFirstUse(make: () => TailTable): () => TailTable {
	let table: TailTable | undefined;
	return () => {
		table ??= make();
		return table;
	};
}

/** Of the exponential distribution with mean 1, by the upper tail: word 0 is the largest value. */
const exponentialTable = madeAtFirstUse(() => buildTailTable((probability) => -naturalLog(probability)));

/** Of the standard normal distribution, its lower half; the upper one is its mirror image. */
const normalTable = madeAtFirstUse(() => buildTailTable((probability) => normalQuantile(probability), twoTo31));

/** Standard normal value of a word: antisymmetric, `z(~word) = -z(word)`. */
function standardNormal(word: number): number {
	return word < twoTo31 ? lookUp(normalTable(), word) : -lookUp(normalTable(), wordMax - word);
}

/** Exponential with this mean, to the nearest whole number. @param word unsigned 32-bit */
export function sampleExponential(mean: number, word: number): number {
	return Math.round(mean * lookUp(exponentialTable(), wordMax - word));
}

/** Normal, to the nearest whole number; may be negative. @param word unsigned 32-bit */
export function sampleNormal(mean: number, deviation: number, word: number): number {
	return Math.round(mean + deviation * standardNormal(word)) + 0;
}

/** One uint32 draw to whole microseconds >= 0, monotone in the draw. */
export type JitterSampler = (word: number) => number;

/**
 * Samplers by model, so that the thousands of links of a mesh share one table. Belongs to one run;
 * a sampler is a function of its model alone, so sharing shows nowhere.
 */
export class JitterSamplers {
	readonly #byModel = new Map<string, JitterSampler>();

	of(model: JitterModel): JitterSampler {
		const key = JSON.stringify(model);
		const known = this.#byModel.get(key);
		if (known !== undefined) return known;
		const made = createJitterSampler(model);
		this.#byModel.set(key, made);
		return made;
	}
}

export function createJitterSampler(model: JitterModel): JitterSampler {
	switch (model.kind) {
		case "constant": {
			const us = wholeUs(model.us);
			return () => us;
		}
		case "uniform": {
			const values = wholeUs(model.maxUs) + 1;
			return (word) => Math.floor((word / 4_294_967_296) * values);
		}
		case "exponential": {
			const mean = model.meanUs;
			assert(mean >= 0, `an exponential jitter of mean ${mean}`);
			return (word) => sampleExponential(mean, word);
		}
		case "normal": {
			const { meanUs, deviationUs } = model;
			assert(deviationUs >= 0, `a normal jitter of deviation ${deviationUs}`);
			return (word) => Math.max(0, sampleNormal(meanUs, deviationUs, word));
		}
		case "lognormal":
			return createLognormal(model.medianUs, model.sigma);
		case "empirical":
			return createEmpirical(model.quantilesUs);
		default:
			return unreachable(model);
	}
}

function wholeUs(us: number): number {
	assert(us >= 0, `a jitter of ${us} us`);
	return Math.round(us);
}

function createLognormal(medianUs: number, sigma: number): JitterSampler {
	assert(medianUs >= 0 && sigma >= 0, `a lognormal jitter of median ${medianUs} and sigma ${sigma}`);
	const lower = normalTable().map((z) => medianUs * exponential(sigma * z));
	const upper = normalTable().map((z) => medianUs * exponential(-sigma * z));
	return (word) => Math.round(word < twoTo31 ? lookUp(lower, word) : lookUp(upper, wordMax - word));
}

function createEmpirical(quantilesUs: readonly number[]): JitterSampler {
	assert(quantilesUs.length > 0, "an empirical jitter without quantiles");
	const table = Float64Array.from(quantilesUs);
	table.forEach((us, index) => {
		assert(us >= (index === 0 ? 0 : (table[index - 1] as number)), "an empirical jitter whose quantiles do not ascend from zero");
	});
	const last = table.length - 1;
	return (word) => {
		const position = (word / wordMax) * last;
		const index = Math.floor(position);
		const low = table[index] as number;
		return index === last ? Math.round(low) : Math.round(low + ((table[index + 1] as number) - low) * (position - index));
	};
}
