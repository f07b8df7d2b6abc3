/** Round robin: everyone in turn. Blind to load, perfectly even over equal requests. */
import { type Candidate, type Gate, nextAdmitted, type Strategy } from "./strategy.ts";

export function roundRobin(servers: readonly Candidate[]): Strategy {
	let next = 0;
	return {
		choose(gate: Gate): number {
			const chosen = nextAdmitted(servers, gate, next);
			if (chosen >= 0) next = (chosen + 1) % servers.length;
			return chosen;
		},
		inspect: () => ({ next }),
	};
}
