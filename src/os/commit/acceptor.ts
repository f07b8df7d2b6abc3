/**
 * An acceptor of Paxos Commit, for one transaction: one instance of Paxos for each participant, about whether that
 * participant is prepared. All instances share their ballots. Pure: rules and state, no network and no disk.
 *
 * @source Gray and Lamport, Consensus on Transaction Commit (ACM TODS 31, 2006), section 4
 */
import type { BodyShape } from "../../shared/body-shape.ts";

export type Value = "prepared" | "aborted";

/** Of one participant, by its position among them. */
export interface Accepted {
	readonly participant: number;
	readonly ballot: number;
	readonly value: Value;
}

export class Acceptor {
	/** No ballot lower than this one counts any more. Ballot 0 is each participant's own. */
	#promised = 0;
	readonly #accepted = new Map<number, Accepted>();

	get promised(): number {
		return this.#promised;
	}

	/** In the order of the participants. */
	get accepted(): readonly Accepted[] {
		return [...this.#accepted.values()].sort((a, b) => a.participant - b.participant);
	}

	/**
	 * Phase 1: whoever leads this ballot asks that no lower one counts. A ballot is promised once: a leader that has
	 * crashed and forgotten does not lead the same one again.
	 * @returns whether it is promised
	 */
	promise(ballot: number): boolean {
		if (ballot <= this.#promised) return false;
		this.#promised = ballot;
		return true;
	}

	/** Phase 2. @returns whether it is accepted */
	accept({ participant, ballot, value }: Accepted): boolean {
		if (ballot < this.#promised) return false;
		this.#promised = ballot;
		this.#accepted.set(participant, { participant, ballot, value });
		return true;
	}

	/** From its own log: later records replace earlier ones. */
	restore(promised: number, accepted: readonly Accepted[]): void {
		this.#promised = Math.max(this.#promised, promised);
		for (const one of accepted) this.#accepted.set(one.participant, one);
	}
}

/**
 * What a leader must propose for a participant, from what a majority of acceptors has accepted: the value of the
 * highest ballot, since it may have been chosen; and that it aborts if there is none, since then nobody can have chosen
 * that it is prepared.
 */
export function proposalFor(participant: number, reports: readonly (readonly Accepted[])[]): Value {
	let highest: Accepted | null = null;
	for (const report of reports)
		for (const accepted of report) if (accepted.participant === participant && accepted.ballot > (highest?.ballot ?? -1)) highest = accepted;
	return highest?.value ?? "aborted";
}

// --- what came over a network is hostile

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export function encodeAccepted(accepted: readonly Accepted[]): readonly (readonly [number, number, boolean])[] {
	return accepted.map(({ participant, ballot, value }) => [participant, ballot, value === "prepared"] as const);
}

/** What stands where in each of them. */
export const acceptedShape = { each: { parts: ["participant", "ballot", "isPrepared"] } } satisfies BodyShape;

/** Whatever is no acceptance of one of the participants is left out. */
export function decodeAccepted(value: unknown, participants: number): readonly Accepted[] {
	if (!Array.isArray(value)) return [];
	return value.slice(0, participants).flatMap((item): Accepted[] => {
		if (!Array.isArray(item)) return [];
		const [participant, ballot, isPrepared] = item as unknown[];
		if (!isCount(participant) || participant >= participants || !isCount(ballot) || typeof isPrepared !== "boolean") return [];
		return [{ participant, ballot, value: isPrepared ? "prepared" : "aborted" }];
	});
}
