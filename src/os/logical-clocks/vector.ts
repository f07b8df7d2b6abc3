/**
 * Vector clocks: one number a member, so that of two events it can be told exactly whether one came
 * before the other or neither did. The price is a number a member in every message. Pure.
 *
 * @source Fidge, Timestamps in Message-Passing Systems That Preserve the Partial Ordering (1988);
 * Mattern, Virtual Time and Global States of Distributed Systems (1989)
 */
export type Vector = readonly number[];

export type CausalOrder = "before" | "after" | "same" | "concurrent";

/** a = b or a came before b. */
function isAtMost(a: Vector, b: Vector): boolean {
	return a.every((count, member) => count <= (b[member] ?? 0));
}

/** What `a` is to `b`. */
export function causalOrder(a: Vector, b: Vector): CausalOrder {
	const isBefore = isAtMost(a, b);
	const isAfter = isAtMost(b, a);
	if (isBefore && isAfter) return "same";
	if (isBefore) return "before";
	return isAfter ? "after" : "concurrent";
}

export class VectorClock {
	readonly #me: number;
	readonly #counts: number[];

	/** @param from the own count to start from */
	constructor({ me, members, from = 0 }: { readonly me: number; readonly members: number; readonly from?: number }) {
		this.#me = me;
		this.#counts = Array.from({ length: members }, (_, member) => (member === me ? from : 0));
	}

	get value(): Vector {
		return [...this.#counts];
	}

	/** An event of the own. @returns its vector */
	tick(): Vector {
		this.#counts[this.#me] = (this.#counts[this.#me] ?? 0) + 1;
		return this.value;
	}

	/** Whatever the sender had seen, this member has seen now. */
	merge(other: Vector): void {
		for (const [member, count] of this.#counts.entries()) this.#counts[member] = Math.max(count, other[member] ?? 0);
	}
}
