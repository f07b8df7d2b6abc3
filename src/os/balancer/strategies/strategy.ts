/**
 * What every way of choosing a server has in common. A strategy sees the servers as candidates, asks
 * the gate which of them may take a request just now, and chooses among those. It keeps only what
 * its own idea needs (a position, a ring), so a new idea is one new file.
 */

export interface Candidate {
	readonly name: string;
	/** Relative capacity, above 0; lower while a recovered server warms up. */
	readonly weight: number;
	/** Requests sent and not answered yet. */
	readonly outstanding: number;
}

/** Says whether a server may take this request now: alive, within its budget, not tried before. */
export interface Gate {
	admits(server: Candidate): boolean;
}

export interface Strategy {
	/**
	 * @param key hash of what the request is about (its visitor or its path), unsigned 32-bit
	 * @returns index of the chosen server, or -1 when the gate admits none
	 */
	choose(gate: Gate, key: number): number;
	/** State worth seeing, for the inspector. */
	inspect(): { readonly [field: string]: number | string | readonly number[] };
}

/**
 * The first admitted server at or after `start`, going round.
 * @returns its index, or -1
 */
export function nextAdmitted(servers: readonly Candidate[], gate: Gate, start: number): number {
	for (let step = 0; step < servers.length; step++) {
		const index = (start + step) % servers.length;
		if (gate.admits(servers[index] as Candidate)) return index;
	}
	return -1;
}
