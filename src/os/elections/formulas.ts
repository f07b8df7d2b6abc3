/** What the papers say an election costs, in messages. Pure arithmetic. */
import type { ElectionAlgorithm } from "./election.ts";

/** 1 + 1/2 + ... + 1/n */
export function harmonic(n: number): number {
	let sum = 0;
	for (let k = 1; k <= n; k++) sum += 1 / k;
	return sum;
}

/**
 * The highest of `members` has died and the lowest finds out: everybody asks all above, everybody is
 * answered by all alive above, and the highest alive tells those below:
 *
 *     n(n-1)/2 + (n-1)(n-2)/2 + (n-2) = n^2 - n - 1
 *
 * @source Garcia-Molina (1982); the worst case is O(n^2)
 */
export function bullyWorstCase(members: number): number {
	return members * members - members - 1;
}

/** All alive, all start at once: everybody asks all above and all of them answer. */
export function bullyMost(members: number): number {
	return members * (members - 1) + (members - 1);
}

/** Candidacies until the largest is home, all members starting at once, the mean over all orders of the ring. */
export function ringMean(members: number): number {
	return members * harmonic(members);
}

/** The same, where identities fall along the ring: the longest way for each of them. */
export function ringWorstCase(members: number): number {
	return (members * (members + 1)) / 2;
}

/** The same, where identities rise along the ring: all but the largest are swallowed at once. */
export function ringBest(members: number): number {
	return 2 * members - 1;
}

/** What the books name: the bully's when the lowest notices that the highest is dead, the ring's mean; announcement included. */
export function roundExpected(algorithm: ElectionAlgorithm, members: number): number {
	return algorithm === "bully" ? bullyWorstCase(members) : ringMean(members) + members;
}

/** No round costs more, the announcement included. */
export function roundMost(algorithm: ElectionAlgorithm, members: number): number {
	return algorithm === "bully" ? bullyMost(members) : ringWorstCase(members) + members;
}
