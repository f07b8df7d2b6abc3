/** What the book says an entry costs, in messages between members. Pure arithmetic. */
import type { MutexAlgorithm } from "./algorithm.ts";
import { quorumOf } from "./quorums.ts";

export interface EntryCost {
	/** As the book writes it. */
	readonly formula: string;
	/** No entry costs less. */
	readonly least: number;
	/** No entry costs more, or, for Maekawa, no mean of many entries; null: there is no bound. */
	readonly most: number | null;
}

/**
 * - central: request, grant, release; nothing for the coordinator itself.
 * - token ring: the hops of the token since the last entry; without bound while nobody wants in.
 * - Ricart and Agrawala (1981), section 4: exactly 2(N-1).
 * - Maekawa (1985), section 5: from 3 a member of the quorum but itself, to 5 sqrt(N).
 */
export function entryCost(algorithm: MutexAlgorithm, members: number): EntryCost {
	switch (algorithm) {
		case "central":
			return { formula: "3", least: 0, most: 3 };
		case "token-ring":
			return { formula: "1 to infinity", least: 0, most: null };
		case "ricart-agrawala":
			return { formula: "2(N-1)", least: 2 * (members - 1), most: 2 * (members - 1) };
		case "maekawa": {
			const quorum = quorumOf(0, members).length;
			// A quorum of a square has more than sqrt(N) members; the bound is then five a member of it.
			return { formula: "3 sqrt(N) to 5 sqrt(N)", least: 3 * (smallestQuorum(members) - 1), most: 5 * Math.max(quorum - 1, Math.sqrt(members)) };
		}
	}
}

function smallestQuorum(members: number): number {
	let least = members;
	for (let member = 0; member < members; member++) least = Math.min(least, quorumOf(member, members).length);
	return least;
}
