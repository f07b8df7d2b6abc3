/** What a snapshot promises, judged from outside by the parts that members state. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import { markersPerSnapshot } from "./chandy-lamport.ts";

export const begunFact = "snapshot.begun";
export const partFact = "snapshot.part";
/** A branch has sent or got money. Body: `AccountFact`. */
export const accountFact = "snapshot.account";

/** Body of `snapshot.part`. */
export type PartFact = {
	readonly snapshot: number;
	readonly members: number;
	/** Money in the member's account. */
	readonly balance: number;
	/** Money under way to it. */
	readonly underway: number;
	/** Money that all members together began with. */
	readonly total: number;
	readonly markersSent: number;
	/** Of the whole snapshot, by the book. */
	readonly markersExpected: number;
	/** The snapshot: views keep every one. */
	readonly key: string;
};

export type AccountFact = {
	readonly balance: number;
	/** All the money that the branch has sent, and got: what all have sent and nobody has got is under way. */
	readonly sent: number;
	readonly received: number;
	/** What it began with. */
	readonly opening: number;
};

interface Sum {
	parts: number;
	money: number;
	markers: number;
}

/** Adds up the parts of each snapshot and looks at the sum once it is whole. */
class OnWhole implements InvariantFold {
	readonly #open = new Map<number, Sum>();
	readonly #judge: (sum: Sum, part: PartFact) => string | null;

	constructor(judge: (sum: Sum, part: PartFact) => string | null) {
		this.#judge = judge;
	}

	onFact({ value }: Fact): string | null {
		const part = value as PartFact;
		const sum = this.#open.get(part.snapshot) ?? { parts: 0, money: 0, markers: 0 };
		sum.parts++;
		sum.money += part.balance + part.underway;
		sum.markers += part.markersSent;
		this.#open.set(part.snapshot, sum);
		if (sum.parts < part.members) return null;
		this.#open.delete(part.snapshot);
		return this.#judge(sum, part);
	}
}

class AllFinish implements InvariantFold {
	readonly #missing = new Map<number, number>();

	onFact({ name, value }: Fact): null {
		if (name === begunFact) {
			const { snapshot, members } = value as { readonly snapshot: number; readonly members: number };
			this.#missing.set(snapshot, members);
			return null;
		}
		const { snapshot } = value as PartFact;
		const left = (this.#missing.get(snapshot) ?? 0) - 1;
		if (left <= 0) this.#missing.delete(snapshot);
		else this.#missing.set(snapshot, left);
		return null;
	}

	end(): string | null {
		if (this.#missing.size === 0) return null;
		const names = [...this.#missing.keys()].join(", ");
		return this.#missing.size === 1 ? `snapshot ${names} was never finished` : `snapshots ${names} were never finished`;
	}
}

export const snapshotInvariants: readonly Invariant[] = [
	{
		name: "snapshot.totalConstant",
		shows: "Every snapshot shows all the money there is, and no more: it is a state that the whole could have been in (Chandy and Lamport 1985, theorem 1).",
		facts: [partFact],
		start: () => new OnWhole(({ money }, { snapshot, total }) => (money === total ? null : `snapshot ${snapshot} shows ${money} where there is ${total}`)),
	},
	{
		name: "snapshot.allFinish",
		shows: "Every snapshot that is begun is finished.",
		facts: [begunFact, partFact],
		start: () => new AllFinish(),
	},
	{
		name: "snapshot.markersAsInTheBook",
		shows: "A snapshot takes one marker on each channel: N(N-1).",
		facts: [partFact],
		start: () =>
			new OnWhole(({ markers }, { snapshot, members }) =>
				markers === markersPerSnapshot(members)
					? null
					: `snapshot ${snapshot} took ${formatCount(markers, "marker")}, and the book says ${markersPerSnapshot(members)}`,
			),
	},
];
