/** What both worlds are judged by: the answers they gave, whether they gave any, and what was worked on twice. Pure. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { type BegunFact, facts, type PartFact, type ResultFact } from "./protocol.ts";

export const names = { right: "coupling.rightAnswer", finishes: "coupling.finishes", little: "coupling.littleRedone" } as const;

/** Parts of one work that may be worked on again after a death among many: what the dead one had in hand, and what was on its way. */
const redoneMax = 2;

function rightFold(): InvariantFold {
	return {
		onFact({ node, value }: Fact): string | null {
			const { work, expected, got } = value as ResultFact;
			return got === expected ? null : `${node} says the ${work} is ${got}; it is ${expected}`;
		},
	};
}

function finishFold(): InvariantFold {
	const open = new Map<string, string>();
	return {
		onFact({ node, name, value }: Fact): null {
			const { key, work } = value as BegunFact | ResultFact;
			if (name === facts.begun) open.set(key, `${node} began the ${work} and never ended it`);
			else open.delete(key);
			return null;
		},
		end: () => open.values().next().value ?? null,
	};
}

function littleFold(): InvariantFold {
	const seen = new Map<string, number>();
	return {
		onFact({ value }: Fact): string | null {
			const { world, work, part } = value as PartFact;
			if (world !== "many") return null;
			const again = (seen.get(`${work} again`) ?? 0) + (seen.has(`${work} ${part}`) ? 1 : 0);
			seen.set(`${work} ${part}`, 1);
			seen.set(`${work} again`, again);
			return again > redoneMax ? `${again} parts of the ${work} were worked on again` : null;
		},
	};
}

export const couplingInvariants: readonly Invariant[] = [
	{ name: names.right, shows: "Every answer is the one that a single worker would give.", facts: [facts.result], start: rightFold },
	{ name: names.finishes, shows: "Every work that was begun comes to its end.", facts: [facts.begun, facts.result], start: finishFold },
	{ name: names.little, shows: "A death among many costs no more than the parts that the dead one had in hand.", facts: [facts.part], start: littleFold },
];
