/**
 * What logical clocks promise, judged from outside. The judge knows only which writes each write had
 * directly before it (the writer's last one, and those it heard of since) and works out the rest. Pure folds.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { compareStamps, type Stamp } from "./stamp.ts";
import type { Vector } from "./vector.ts";

export const writeFact = "clock.write";
export const keptFact = "clock.kept";

/** Writer and sequence. */
export type WriteId = readonly [writer: number, sequence: number];

/** Body of `clock.write`. */
export type WriteFact = {
	readonly id: WriteId;
	/** Writes heard of since the writer's last. */
	readonly heard: readonly WriteId[];
	readonly stamp: Stamp;
	readonly lamport: number;
	readonly vector: Vector;
	/** The writer's sequence: views keep every write. */
	readonly key: string;
	readonly text: string;
	readonly wallUs: number;
	readonly hybrid: readonly [physicalUs: number, count: number];
};

/** Body of `clock.kept`: of two writes one stays. */
export type KeptFact = {
	readonly winner: WriteId;
	readonly loser: WriteId;
	/** The loser: views keep what became of each write. */
	readonly key: string;
};

interface Judged {
	readonly fact: WriteFact;
	/** Writes of each member up to this one, as far as they came before or are it. */
	readonly past: number[];
}

/** Which write came before which, from the edges alone. */
class Causes {
	readonly #writes = new Map<string, Judged>();

	get([writer, sequence]: WriteId): Judged | undefined {
		return this.#writes.get(`${writer} ${sequence}`);
	}

	/** @returns the write, and those it had directly before it */
	add(fact: WriteFact): { readonly past: readonly number[]; readonly causes: readonly Judged[] } {
		const [writer, sequence] = fact.id;
		const causes = [[writer, sequence - 1] as const, ...fact.heard].flatMap((id) => this.get(id) ?? []);
		const past = fact.vector.map((_, member) => causes.reduce((most, cause) => Math.max(most, cause.past[member] ?? 0), 0));
		past[writer] = sequence;
		this.#writes.set(`${writer} ${sequence}`, { fact, past });
		return { past, causes };
	}

	/** Whether `a` is among what `b` had before it. */
	isBefore([writer, sequence]: WriteId, b: WriteId): boolean {
		return (b[0] !== writer || b[1] !== sequence) && (this.get(b)?.past[writer] ?? 0) >= sequence;
	}
}

const told = ([writer, sequence]: WriteId): string => `write ${sequence} of member ${writer + 1}`;

/** For every write and each of its causes, one question. */
class OnWrites implements InvariantFold {
	readonly #causes = new Causes();
	readonly #judge: (write: WriteFact, cause: WriteFact) => string | null;

	constructor(judge: (write: WriteFact, cause: WriteFact) => string | null) {
		this.#judge = judge;
	}

	onFact({ value }: Fact): string | null {
		const write = value as WriteFact;
		for (const { fact } of this.#causes.add(write).causes) {
			const complaint = this.#judge(write, fact);
			if (complaint !== null) return complaint;
		}
		return null;
	}
}

class VectorsExact implements InvariantFold {
	readonly #causes = new Causes();

	onFact({ value }: Fact): string | null {
		const write = value as WriteFact;
		const { past } = this.#causes.add(write);
		const isExact = past.every((count, member) => count === write.vector[member]);
		return isExact ? null : `${told(write.id)} has the vector ${write.vector.join(" ")}, and came after ${past.join(" ")}`;
	}
}

class NoUpdateLost implements InvariantFold {
	readonly #causes = new Causes();

	onFact({ node, name, value }: Fact): string | null {
		if (name === writeFact) {
			this.#causes.add(value as WriteFact);
			return null;
		}
		const { winner, loser } = value as KeptFact;
		if (!this.#causes.isBefore(winner, loser)) return null;
		return `${node} keeps ${told(winner)} and throws away ${told(loser)}, which was written by somebody who had seen it`;
	}
}

export const clockInvariants: readonly Invariant[] = [
	{
		name: "clock.stampsFollowCauses",
		shows: "No write has an earlier stamp than one that its writer had seen.",
		facts: [writeFact],
		start: () =>
			new OnWrites((write, cause) => {
				if (compareStamps(write.stamp, cause.stamp) > 0) return null;
				return `${told(write.id)} came after ${told(cause.id)} and has the earlier stamp`;
			}),
	},
	{
		name: "clock.lamportCondition",
		shows: "If one write came before another, its Lamport time is the smaller (Lamport 1978, the Clock Condition).",
		facts: [writeFact],
		start: () =>
			new OnWrites((write, cause) => {
				if (write.lamport > cause.lamport) return null;
				return `${told(write.id)} at ${write.lamport} came after ${told(cause.id)} at ${cause.lamport}`;
			}),
	},
	{
		name: "clock.vectorsExact",
		shows: "Vectors say of any two writes whether one came before the other (Mattern 1989, theorem 10).",
		facts: [writeFact],
		start: () => new VectorsExact(),
	},
	{
		name: "clock.noUpdateLost",
		shows: "Nobody throws away a write for one that it was made on top of.",
		facts: [writeFact, keptFact],
		start: () => new NoUpdateLost(),
	},
];
