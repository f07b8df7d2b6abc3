/**
 * Quorums for Maekawa's algorithm: a set of members for each member, any two of which share one. Where a
 * finite projective plane of that size is known as a difference set, quorums have K members with
 * K(K-1)+1 = N, the fewest possible; else a row and a column of a square, about twice as many.
 *
 * @source Maekawa, A sqrt(N) Algorithm for Mutual Exclusion in Decentralized Systems (TOCS 1985), section 4
 * @source Singer, A theorem in finite projective geometry (1938), for the difference sets
 */

import type { MutexAlgorithm, MutexMistake } from "./algorithm.ts";

/** Every difference but 0 occurs exactly once, modulo N. */
const differenceSets: { readonly [members: number]: readonly number[] } = {
	3: [0, 1],
	7: [0, 1, 3],
	13: [0, 1, 3, 9],
	21: [0, 1, 4, 14, 16],
	31: [0, 1, 3, 8, 12, 18],
	57: [0, 1, 3, 13, 32, 36, 43, 52],
};

function ascending(quorum: Iterable<number>): readonly number[] {
	return [...new Set(quorum)].sort((a, b) => a - b);
}

/** A row and a column of a square; members that the last row lacks are stood in for by the row above. */
function gridQuorum(me: number, members: number): readonly number[] {
	const side = Math.ceil(Math.sqrt(members));
	const row = Math.floor(me / side);
	const quorum: number[] = [];
	for (let column = 0; column < side; column++) {
		const member = row * side + column;
		quorum.push(member < members ? member : member - side);
	}
	for (let member = me % side; member < members; member += side) quorum.push(member);
	return ascending(quorum);
}

/** The members that `me` must ask, itself included, ascending. Between 1 and 1,024 members. */
export function quorumOf(me: number, members: number): readonly number[] {
	const differences = differenceSets[members];
	if (differences === undefined) return gridQuorum(me, members);
	return ascending(differences.map((difference) => (me + difference) % members));
}

/** Whose consent a member needs, itself included where it counts; nobody's, where a token is all. */
export function askedBy(
	algorithm: MutexAlgorithm,
	{ me, members, mistake }: { readonly me: number; readonly members: number; readonly mistake: MutexMistake },
): readonly number[] {
	switch (algorithm) {
		case "central":
			return [0];
		case "token-ring":
			return [];
		case "ricart-agrawala":
			return Array.from({ length: members }, (_, member) => member);
		case "maekawa":
			return mistake === "split-quorums" ? [me] : quorumOf(me, members);
	}
}
