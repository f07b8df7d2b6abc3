/**
 * The power of two choices: look at two servers drawn at random, take the less loaded. With one random
 * choice the longest of n queues grows as log n / log log n; with two, only as log log n: nearly as good
 * as looking at all, and no herd runs to the one server that looked idle a moment ago.
 *
 * @source Mitzenmacher, The Power of Two Choices in Randomized Load Balancing (IEEE TPDS 12:10, 2001)
 */
import type { Random } from "../../../core/node-api.ts";
import { loadOf } from "./least-connections.ts";
import { type Candidate, type Gate, nextAdmitted, type Strategy } from "./strategy.ts";

export function powerOfTwo(servers: readonly Candidate[], random: Random): Strategy {
	return {
		/** Always two draws, so that who is admitted shifts no later draw. */
		choose(gate: Gate): number {
			if (servers.length < 2) return nextAdmitted(servers, gate, 0);
			const first = random.below(servers.length);
			const second = (first + 1 + random.below(servers.length - 1)) % servers.length;
			const one = nextAdmitted(servers, gate, first);
			if (one < 0) return -1;
			const other = nextAdmitted(servers, gate, second);
			return loadOf(servers[other] as Candidate) < loadOf(servers[one] as Candidate) ? other : one;
		},
		inspect: () => ({}),
	};
}
