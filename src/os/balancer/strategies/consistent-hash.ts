/**
 * Consistent hashing with bounded loads: servers and keys are points on a ring, and a key belongs to
 * the next server point clockwise. Each server has many points, so that shares are even and a leaver's
 * keys spread over all the others; the keys of those who stay do not move.
 *
 * A popular key would drown its server, so nobody may hold more than `loadFactor` times the average of
 * unanswered requests: a request for a full server walks on to the next point.
 *
 * @source Karger et al., Consistent Hashing and Random Trees (STOC 1997)
 * @source Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded Loads (SODA 2018)
 */
import { textHash } from "./hash.ts";
import type { Candidate, Gate, Strategy } from "./strategy.ts";

/** Of a server with weight 1. */
const pointsPerServer = 128;
const pointsPerServerMax = 1_024;

export interface RingPoint {
	readonly at: number;
	readonly server: number;
}

/** Points in the order of the ring; equal places go by server, so the ring is one and the same everywhere. */
export function buildRing(servers: readonly Candidate[]): readonly RingPoint[] {
	const ring: RingPoint[] = [];
	servers.forEach(({ name, weight }, server) => {
		const points = Math.min(pointsPerServerMax, Math.max(1, Math.round(pointsPerServer * weight)));
		for (let point = 0; point < points; point++) ring.push({ at: textHash(`${name}#${point}`), server });
	});
	return ring.sort((a, b) => a.at - b.at || a.server - b.server);
}

/** Index of the first point at or after `key`, going round. */
export function ringIndex(ring: readonly RingPoint[], key: number): number {
	let low = 0;
	let high = ring.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((ring[middle] as RingPoint).at < key) low = middle + 1;
		else high = middle;
	}
	return low === ring.length ? 0 : low;
}

/** @param loadFactor 1 + epsilon of the paper: smaller is more even, larger moves fewer keys; undefined: no bound */
export function consistentHash(servers: readonly Candidate[], loadFactor: number | undefined): Strategy {
	const ring = buildRing(servers);
	/** Whether a server may take this request: 0 or 1, found out once a request. */
	const open = new Uint8Array(servers.length);

	/** Opens the servers that the gate admits and whose load is within the bound. */
	function openServers(gate: Gate): boolean {
		let outstandingSum = 1;
		let weightSum = 0;
		let any = false;
		servers.forEach((server, index) => {
			open[index] = gate.admits(server) ? 1 : 0;
			if (open[index] === 0) return;
			outstandingSum += server.outstanding;
			weightSum += server.weight;
			any = true;
		});
		if (loadFactor === undefined) return any;
		const average = outstandingSum / weightSum;
		servers.forEach((server, index) => {
			// Never shuts all: if everyone were over, together they would hold more than there is.
			if (server.outstanding + 1 > Math.ceil(loadFactor * average * server.weight)) open[index] = 0;
		});
		return any;
	}

	return {
		choose(gate: Gate, key: number): number {
			if (!openServers(gate)) return -1;
			const start = ringIndex(ring, key);
			for (let step = 0; step < ring.length; step++) {
				const { server } = ring[(start + step) % ring.length] as RingPoint;
				if (open[server] === 1) return server;
			}
			return -1;
		},
		inspect: () => ({ points: ring.length, loadFactor: loadFactor ?? "off" }),
	};
}
