/**
 * Which rendition of a film to fetch next, by how much of it is in the buffer and by nothing else: a full buffer says
 * that the line carries what is asked of it, an empty one that it does not. No guess is made at how fast the line is.
 * Between the two the rate follows the buffer, and changes only when the line in between crosses another rate, so that
 * it does not hop to and fro. Pure.
 *
 * @source Huang, Johari, McKeown, Trunnell, Watson: A Buffer-Based Approach to Rate Adaptation: Evidence from a Large Video
 * Streaming Service (SIGCOMM 2014), section 4, figure 6 and algorithm 1 (BBA-0)
 */

export interface BufferMap {
	/** With no more than this in the buffer, the poorest: what is here bridges the time until it comes. */
	readonly reservoirUs: number;
	/** With this much or more, the best. */
	readonly fullUs: number;
}

/** As in the paper, 4.2: a reservoir of 90 s of a buffer of 240, and the best from nine tenths on. */
export function bufferMapOf(bufferUs: number): BufferMap {
	return { reservoirUs: Math.floor((bufferUs * 3) / 8), fullUs: Math.floor((bufferUs * 9) / 10) };
}

/**
 * @param rates of the renditions, best first, falling; in any unit
 * @param previous the rendition fetched last, -1 before the first
 * @returns the rendition to fetch
 */
export function nextRendition(rates: readonly number[], previous: number, bufferedUs: number, { reservoirUs, fullUs }: BufferMap): number {
	const [best, poorest] = [0, rates.length - 1];
	if (bufferedUs <= reservoirUs) return poorest;
	if (bufferedUs >= fullUs) return best;
	const [rateMin, rateMax] = [rates[poorest] as number, rates[best] as number];
	const allowed = rateMin + ((rateMax - rateMin) * (bufferedUs - reservoirUs)) / (fullUs - reservoirUs);
	const now = previous < 0 ? poorest : previous;
	const better = Math.max(best, now - 1);
	const worse = Math.min(poorest, now + 1);
	// Up: the best that is below what the buffer allows. Down: the poorest that is above it.
	if (allowed >= (rates[better] as number))
		return Math.max(
			best,
			rates.findIndex((rate) => rate < allowed),
		);
	if (allowed <= (rates[worse] as number))
		return Math.max(
			best,
			rates.findLastIndex((rate) => rate > allowed),
		);
	return now;
}
