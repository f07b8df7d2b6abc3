/**
 * What deadlock detection promises, judged from outside: the judge knows who holds and who wants what, from
 * what members state, and walks the edges itself. Pure folds.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import { probesPerRing } from "./edge-chasing.ts";

/** A member's resource has another holder. Body: `HeldFact`. */
export const heldFact = "deadlock.held";
/** A member wants a resource, or no more. Body: `WantsFact`. */
export const wantsFact = "deadlock.wants";
/** A member says that it is part of a ring. Body: `FoundFact`. */
export const foundFact = "deadlock.found";

export type HeldFact = { readonly resource: number; readonly holder: number | null };
export type WantsFact = { readonly member: number; readonly resource: number | null };
export type FoundFact = {
	readonly member: number;
	readonly length: number;
	readonly hops: number;
	/** What the book says that a probe runs along; 0: no probe found it. */
	readonly expected: number;
	/** How many this member has found, this one included. */
	readonly count: number;
};

class Edges {
	readonly #holders = new Map<number, number>();
	readonly #wants = new Map<number, number>();

	learn({ name, value }: Fact): void {
		if (name === heldFact) {
			const { resource, holder } = value as HeldFact;
			if (holder === null) this.#holders.delete(resource);
			else this.#holders.set(resource, holder);
		} else if (name === wantsFact) {
			const { member, resource } = value as WantsFact;
			if (resource === null) this.#wants.delete(member);
			else this.#wants.set(member, resource);
		}
	}

	get waiting(): readonly number[] {
		return [...this.#wants.keys()];
	}

	/** Members that wait in a ring through this one; 0: there is none. A grant under way is no edge. */
	ringThrough(member: number): number {
		let at = member;
		for (let length = 1; length <= this.#wants.size; length++) {
			const resource = this.#wants.get(at);
			const holder = resource === undefined ? undefined : this.#holders.get(resource);
			if (holder === undefined || holder === at) return 0;
			if (holder === member) return length;
			at = holder;
		}
		return 0;
	}
}

class NoneImagined implements InvariantFold {
	readonly #edges = new Edges();

	onFact(fact: Fact): string | null {
		if (fact.name !== foundFact) {
			this.#edges.learn(fact);
			return null;
		}
		const { member } = fact.value as FoundFact;
		return this.#edges.ringThrough(member) > 0 ? null : `${fact.node} says that it is deadlocked, and nobody waits in a ring with it`;
	}
}

class NoneLeft implements InvariantFold {
	readonly #edges = new Edges();

	onFact(fact: Fact): null {
		this.#edges.learn(fact);
		return null;
	}

	end(): string | null {
		const member = this.#edges.waiting.find((candidate) => this.#edges.ringThrough(candidate) > 0);
		return member === undefined ? null : `${this.#edges.ringThrough(member)} members wait for each other, member ${member + 1} among them, and nobody noticed`;
	}
}

class ProbesAsInTheBook implements InvariantFold {
	readonly #edges = new Edges();

	onFact(fact: Fact): string | null {
		if (fact.name !== foundFact) {
			this.#edges.learn(fact);
			return null;
		}
		const { member, hops } = fact.value as FoundFact;
		const length = this.#edges.ringThrough(member);
		if (length === 0 || hops === probesPerRing(length)) return null;
		return `a ring of ${length} was found with ${formatCount(hops, "probe")}, and the book says ${probesPerRing(length)}`;
	}
}

export const deadlockInvariants: readonly Invariant[] = [
	{
		name: "deadlock.noneImagined",
		shows: "Whoever says that it is deadlocked is (Chandy, Misra, Haas 1983, property P2).",
		facts: [heldFact, wantsFact, foundFact],
		start: () => new NoneImagined(),
	},
	{
		name: "deadlock.noneLeft",
		shows: "No deadlock stands at the end of the run (Chandy, Misra, Haas 1983, property P1).",
		facts: [heldFact, wantsFact],
		start: () => new NoneLeft(),
	},
	{
		name: "deadlock.probesAsInTheBook",
		shows: "The probe that finds a ring has run along each of its edges once.",
		facts: [heldFact, wantsFact, foundFact],
		start: () => new ProbesAsInTheBook(),
	},
];
