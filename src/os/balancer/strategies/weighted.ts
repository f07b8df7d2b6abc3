/**
 * Smooth weighted round robin: in every turn each server gains its weight, the richest is chosen and
 * pays the sum of all weights. Servers get their exact share, and a heavy one is not served in bursts:
 * weights 5, 1, 1 give a a b a c a a rather than a a a a a b c.
 *
 * @source nginx, "Upstream: smooth weighted round-robin balancing" (2012)
 */
import type { Candidate, Gate, Strategy } from "./strategy.ts";

export function weighted(servers: readonly Candidate[]): Strategy {
	const credits = servers.map(() => 0);
	return {
		choose(gate: Gate): number {
			let chosen = -1;
			let weightSum = 0;
			for (let index = 0; index < servers.length; index++) {
				const server = servers[index] as Candidate;
				if (!gate.admits(server)) continue;
				const credit = (credits[index] as number) + server.weight;
				credits[index] = credit;
				weightSum += server.weight;
				if (chosen < 0 || credit > (credits[chosen] as number)) chosen = index;
			}
			if (chosen >= 0) credits[chosen] = (credits[chosen] as number) - weightSum;
			return chosen;
		},
		inspect: () => ({ credits: credits.map((credit) => Math.round(credit * 1_000) / 1_000) }),
	};
}
