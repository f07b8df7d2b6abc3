/** What the pair promises its customers, judged from outside. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { type AcknowledgedFact, acknowledgedFact, type Content, type RecordFact, type RoleFact, recordFact, roleFact } from "./contract.ts";

class OneWriter implements InvariantFold {
	readonly #writers = new Map<number, string>();
	#newest: Content | null = null;

	onFact({ value }: Fact): string | null {
		const { key, by, token, order } = value as RecordFact;
		const writer = this.#writers.get(token) ?? by;
		this.#writers.set(token, writer);
		if (writer !== by) return `${writer} and ${by} both write with token ${token}`;
		if (this.#newest === null || token >= this.#newest.token) {
			this.#newest = { by, token, order };
			return null;
		}
		return `${key}: ${by} writes with token ${token} after ${this.#newest.by} has written with ${this.#newest.token}`;
	}
}

class NoLostOrder implements InvariantFold {
	readonly #records = new Map<string, RecordFact>();
	/** Order that a customer was told stands in a record. */
	readonly #acknowledged = new Map<string, AcknowledgedFact>();

	onFact({ name, value }: Fact): string | null {
		const stated = value as RecordFact | AcknowledgedFact;
		if (name === recordFact) this.#records.set(stated.key, stated as RecordFact);
		else {
			const acknowledged = stated as AcknowledgedFact;
			const other = this.#acknowledged.get(acknowledged.record);
			if (other !== undefined && other.key !== acknowledged.key) return `${acknowledged.record} was given to ${other.key} and to ${acknowledged.key}`;
			this.#acknowledged.set(acknowledged.record, acknowledged);
		}
		return this.#missing(name === recordFact ? stated.key : (stated as AcknowledgedFact).record);
	}

	#missing(record: string): string | null {
		const told = this.#acknowledged.get(record);
		const there = this.#records.get(record);
		if (told === undefined || there?.order === told.key) return null;
		if (there === undefined) return `${record} with ${told.key} was acknowledged by ${told.by} and is not in the database`;
		return `${record}: ${told.key}, acknowledged by ${told.by}, is overwritten by ${there.by} with ${there.order}`;
	}

	end(): string | null {
		for (const record of this.#acknowledged.keys()) {
			const missing = this.#missing(record);
			if (missing !== null) return missing;
		}
		return null;
	}
}

class OneLeader implements InvariantFold {
	readonly #leaders = new Map<number, string>();

	onFact({ node, value }: Fact): string | null {
		const { role, term } = value as RoleFact;
		if (role !== "active" || term === 0) return null;
		const leader = this.#leaders.get(term) ?? node;
		this.#leaders.set(term, leader);
		return leader === node ? null : `${leader} and ${node} both lead in term ${term}`;
	}
}

export const pairInvariants: readonly Invariant[] = [
	{
		name: "pair.oneWriter",
		shows: "A token has one writer, and nothing is accepted from an older one once a newer one has written (Burrows 2006, 2.4).",
		facts: [recordFact],
		start: () => new OneWriter(),
	},
	{
		name: "pair.noLostOrder",
		shows: "An order that was acknowledged to a customer stands in the database, in the record that it was told.",
		facts: [recordFact, acknowledgedFact],
		start: () => new NoLostOrder(),
	},
	{
		name: "pair.oneLeader",
		shows: "No two servers lead in one term.",
		facts: [roleFact],
		start: () => new OneLeader(),
	},
];
