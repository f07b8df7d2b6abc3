/**
 * A quantile function as a table over 32-bit words that gets finer towards word 0, so that a far
 * tail is as well resolved as the middle: every word below 128 has a knot of its own, and above that
 * each doubling of the word has 128 (the bucketing of HDR histograms). Between knots the value is
 * interpolated, so lookups are O(1) and monotone when the knots are. Pure.
 */

const stepBits = 7;
const steps = 1 << stepBits;
/** Index of the knot just past the largest word, plus one. */
const knotCount = (32 - stepBits) * steps + steps + 1;

export type TailTable = Float64Array;

/** The probability that a uniform 32-bit word is at most `word`, taken in the middle of its cell. */
function probabilityAt(word: number): number {
	return (word + 0.5) / 4_294_967_296;
}

/** The word of knot `index`. */
function wordOfKnot(index: number): number {
	if (index < steps) return index;
	const octave = Math.floor(index / steps) - 1;
	let scale = 1;
	for (let i = 0; i < octave; i++) scale *= 2;
	return ((index % steps) + steps) * scale;
}

/**
 * @param quantile value at a probability, monotone; asked for probabilities from 2^-33 to `wordLimit` / 2^32
 * @param wordLimit largest word that will be looked up (knots beyond repeat the value there)
 */
export function buildTailTable(quantile: (probability: number) => number, wordLimit = 4_294_967_295): TailTable {
	const table = new Float64Array(knotCount);
	for (let i = 0; i < knotCount; i++) table[i] = quantile(probabilityAt(Math.min(wordOfKnot(i), wordLimit)));
	return table;
}

/** @param word unsigned 32-bit */
export function lookUp(table: TailTable, word: number): number {
	if (word < steps) return table[word] as number;
	const shift = 31 - Math.clz32(word) - stepBits;
	const index = (shift << stepBits) + (word >>> shift);
	const low = table[index] as number;
	const rest = word & ((1 << shift) - 1);
	return low + (((table[index + 1] as number) - low) * rest) / (1 << shift);
}
