/** The ways of choosing a server, by the name a lab uses. */
import type { Random } from "../../../core/node-api.ts";
import { consistentHash } from "./consistent-hash.ts";
import { leastConnections } from "./least-connections.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { roundRobin } from "./round-robin.ts";
import type { Candidate, Strategy } from "./strategy.ts";
import { weighted } from "./weighted.ts";

export const algorithms = ["round-robin", "weighted", "least-connections", "power-of-two", "consistent-hash"] as const;
export type Algorithm = (typeof algorithms)[number];

export interface StrategyOptions {
	readonly random: Random;
	/** Of consistent hashing; undefined: no bound. */
	readonly loadFactor: number | undefined;
}

export function strategyOf(algorithm: Algorithm, servers: readonly Candidate[], { random, loadFactor }: StrategyOptions): Strategy {
	switch (algorithm) {
		case "round-robin":
			return roundRobin(servers);
		case "weighted":
			return weighted(servers);
		case "least-connections":
			return leastConnections(servers);
		case "power-of-two":
			return powerOfTwo(servers, random);
		case "consistent-hash":
			return consistentHash(servers, loadFactor);
	}
}
