/**
 * Reading another's clock over a network. All three answers need only the four instants of one exchange.
 * Pure arithmetic, in whole microseconds.
 */

/** One exchange: asked and answered by the client's clock, between them received and sent by the server's. */
export interface Exchange {
	readonly askedUs: number;
	readonly receivedUs: number;
	readonly sentUs: number;
	readonly answeredUs: number;
}

/** What to add to the client's clock, and how wrong that can be at most. */
export interface Estimate {
	readonly offsetUs: number;
	readonly boundUs: number;
}

/**
 * The server's time, plus half of the round trip. With a least delay of `minUs` one way, it is wrong by at
 * most half the round trip less that delay, whichever way the rest of the delay fell.
 *
 * @source Cristian, Probabilistic Clock Synchronization (Distributed Computing 1989), section 3
 */
export function cristian({ askedUs, sentUs, answeredUs }: Exchange, minUs: number): Estimate {
	const roundTripUs = answeredUs - askedUs;
	return { offsetUs: sentUs + Math.floor(roundTripUs / 2) - answeredUs, boundUs: Math.ceil(roundTripUs / 2) - minUs };
}

/** An exchange as the clock filter sees it. */
export interface Sample extends Estimate {
	/** Round trip less the time at the server. */
	readonly delayUs: number;
}

/**
 * Offset and delay from all four instants; the true offset is within half the delay.
 *
 * @source RFC 5905, section 8: theta = ((T2 - T1) + (T3 - T4)) / 2, delta = (T4 - T1) - (T3 - T2)
 */
export function ntpSample({ askedUs, receivedUs, sentUs, answeredUs }: Exchange): Sample {
	const delayUs = answeredUs - askedUs - (sentUs - receivedUs);
	return { offsetUs: Math.round((receivedUs - askedUs + sentUs - answeredUs) / 2), delayUs, boundUs: Math.ceil(delayUs / 2) };
}

/**
 * Keeps the last eight samples and believes the one that took least time: it has met the fewest queues.
 *
 * @source RFC 5905, section 10, the clock filter algorithm
 */
export class ClockFilter {
	readonly #size: number;
	#samples: Sample[] = [];

	constructor(size = 8) {
		this.#size = size;
	}

	/** @returns the sample to believe */
	add(sample: Sample): Sample {
		this.#samples = [...this.#samples.slice(-(this.#size - 1)), sample].slice(-this.#size);
		return this.#samples.reduce((best, other) => (other.delayUs <= best.delayUs ? other : best));
	}
}

/**
 * The mean of the clocks that agree with the master's within `toleranceUs`; the master's own counts, with
 * offset 0. What each clock should add is this mean less its own offset.
 *
 * @param offsetsUs of the others, relative to the master's clock
 * @source Gusella and Zatti, The Accuracy of the Clock Synchronization Achieved by TEMPO in Berkeley UNIX 4.3BSD
 * (IEEE Trans. Software Engineering 1989), the fault-tolerant average
 */
export function berkeleyMeanUs(offsetsUs: readonly number[], toleranceUs: number): number {
	const agreeing = [0, ...offsetsUs.filter((offsetUs) => Math.abs(offsetUs) <= toleranceUs)];
	return Math.round(agreeing.reduce((sum, offsetUs) => sum + offsetUs, 0) / agreeing.length);
}
