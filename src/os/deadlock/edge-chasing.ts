/**
 * Edge chasing: who has waited too long sends a probe along the edge it waits on; whoever gets a probe while
 * waiting itself sends it on; a probe that comes home has found a ring of members that wait for each other.
 * A probe names the resource it is about, and counts only where that resource is still held: so every edge
 * it has run along is still there. Of all members of a ring only the highest finds it, because a waiting
 * member lets through no probe of a lower one. Pure: probes in, probes out.
 *
 * @source Chandy, Misra and Haas, Distributed Deadlock Detection (TOCS 1983), section 4, the resource model;
 * the order of members as in Mitchell and Merritt (PODC 1984)
 */
export interface Probe {
	readonly initiator: number;
	/** Of the initiator's waits; a probe of an earlier one says nothing. */
	readonly wait: number;
	/** What the sender waits for, and the receiver is said to hold. */
	readonly resource: number;
	/** Edges run along, this one included. */
	readonly hops: number;
}

/** What a member waits for at present. */
export interface Waiting {
	readonly wait: number;
	readonly resource: number;
	/** Who holds it, as far as is known; null before the first word of it. */
	readonly holder: number | null;
}

export interface ChaserPort {
	send(to: number, probe: Probe): void;
	/** A ring of `length` members, this one included. */
	found(length: number): void;
}

export class EdgeChaser {
	readonly #me: number;
	readonly #port: ChaserPort;

	constructor(me: number, port: ChaserPort) {
		this.#me = me;
		this.#port = port;
	}

	/** The member has waited too long: its probe goes along its edge. */
	begin({ wait, resource, holder }: Waiting): void {
		if (holder !== null) this.#port.send(holder, { initiator: this.#me, wait, resource, hops: 1 });
	}

	/**
	 * @param holds what the member holds now
	 * @param waiting what it waits for now, if it does
	 */
	receive(probe: Probe, { holds, waiting }: { readonly holds: ReadonlySet<number>; readonly waiting: Waiting | null }): void {
		if (waiting === null || !holds.has(probe.resource)) return;
		if (probe.initiator === this.#me) {
			if (probe.wait === waiting.wait) this.#port.found(probe.hops);
			return;
		}
		if (probe.initiator < this.#me || waiting.holder === null) return;
		this.#port.send(waiting.holder, { ...probe, resource: waiting.resource, hops: probe.hops + 1 });
	}
}

/** A probe runs along every edge of the ring it finds. */
export function probesPerRing(length: number): number {
	return length;
}
