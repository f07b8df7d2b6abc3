/**
 * Durations in buckets whose width grows with their value: memory stays the same however many are
 * added, and a value is known to within one part in 128 (never told too small).
 *
 * @source Gil Tene's HdrHistogram: linear buckets within powers of two
 */
const exactBelow = 256;
const bucketsAnOctave = 128;
const exponentMax = 53;

const powers = Array.from({ length: exponentMax + 1 }, (_, exponent) => {
	let power = 1;
	for (let step = 0; step < exponent; step++) power *= 2;
	return power;
});

const twoTo32 = 4_294_967_296;

/** Position of the highest set bit of a positive safe integer. */
function highestBit(value: number): number {
	return value >= twoTo32 ? 63 - Math.clz32(Math.floor(value / twoTo32)) : 31 - Math.clz32(value);
}

export class Histogram {
	readonly #counts = new Float64Array(exactBelow + (exponentMax - 8 + 1) * bucketsAnOctave);
	#max = 0;
	count = 0;

	clone(): Histogram {
		const twin = new Histogram();
		twin.#counts.set(this.#counts);
		twin.#max = this.#max;
		twin.count = this.count;
		return twin;
	}

	/** @param value a non-negative safe integer */
	add(value: number): void {
		this.#counts[this.#bucketOf(value)] = (this.#counts[this.#bucketOf(value)] as number) + 1;
		this.count++;
		if (value > this.#max) this.#max = value;
	}

	#bucketOf(value: number): number {
		if (value < exactBelow) return value;
		const shift = highestBit(value) - 7;
		return exactBelow + (shift - 1) * bucketsAnOctave + (Math.floor(value / (powers[shift] as number)) - bucketsAnOctave);
	}

	/** The largest value a bucket holds. */
	#topOf(bucket: number): number {
		if (bucket < exactBelow) return bucket;
		const shift = Math.floor((bucket - exactBelow) / bucketsAnOctave) + 1;
		const within = ((bucket - exactBelow) % bucketsAnOctave) + bucketsAnOctave;
		return (within + 1) * (powers[shift] as number) - 1;
	}

	/** @returns at least the value of this rank (from 1), and at most one part in 128 more */
	atRank(rank: number): number {
		let seen = 0;
		for (let bucket = 0; bucket < this.#counts.length; bucket++) {
			seen += this.#counts[bucket] as number;
			if (seen >= rank) return Math.min(this.#topOf(bucket), this.#max);
		}
		return this.#max;
	}
}
