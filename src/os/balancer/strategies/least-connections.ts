/**
 * Least connections: the server with the fewest unanswered requests for its weight. Slow servers
 * collect unanswered requests and so get fewer. Equals take turns, else the first of an idle
 * cluster would get everything.
 */
import type { Candidate, Gate, Strategy } from "./strategy.ts";

/** Unanswered requests if this one is added, for the server's weight. */
export function loadOf(server: Candidate): number {
	return (server.outstanding + 1) / server.weight;
}

export function leastConnections(servers: readonly Candidate[]): Strategy {
	let next = 0;
	return {
		choose(gate: Gate): number {
			let chosen = -1;
			let least = Number.POSITIVE_INFINITY;
			for (let step = 0; step < servers.length; step++) {
				const index = (next + step) % servers.length;
				const server = servers[index] as Candidate;
				const load = loadOf(server);
				if (load < least && gate.admits(server)) {
					chosen = index;
					least = load;
				}
			}
			if (chosen >= 0) next = (chosen + 1) % servers.length;
			return chosen;
		},
		inspect: () => ({ next }),
	};
}
