/** What membership promises, judged from outside by what members state of each other. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import type { Opinion } from "./opinions.ts";

/** Body: `StateFact`; keyed by the member it is about. */
export const stateFact = "membership.state";

/** With heartbeats, the number of the last one stands for the incarnation. */
export type StateFact = Opinion & { readonly key: string };

/** Whether `a` is a later word of the same life than `b`. */
function isLaterWord(a: StateFact, b: StateFact): boolean {
	return a.life === b.life && a.incarnation > b.incarnation;
}

class NoFalseDeath implements InvariantFold {
	/** The earliest word with which a member was declared dead, by member and life. */
	readonly #deaths = new Map<string, { readonly by: string; readonly fact: StateFact }>();

	onFact({ node, value }: Fact): string | null {
		const stated = value as StateFact;
		const id = `${stated.key} ${stated.life}`;
		const death = this.#deaths.get(id);
		if (stated.state === "dead" && (death === undefined || isLaterWord(death.fact, stated))) this.#deaths.set(id, { by: node, fact: stated });
		if (stated.state !== "alive" || death === undefined || !isLaterWord(stated, death.fact)) return null;
		return `${death.by} declared ${stated.key} dead, and ${node} has heard from it again, in the same life`;
	}
}

class SuspectsSpeakForThemselves implements InvariantFold {
	readonly #stated = new Map<string, StateFact>();

	onFact({ node, value }: Fact): string | null {
		const stated = value as StateFact;
		const id = `${node} ${stated.key}`;
		const before = this.#stated.get(id);
		this.#stated.set(id, stated);
		// Life 0 is what a member assumes when it boots: it has forgotten what it thought.
		if (before === undefined || before.state === "alive" || stated.state !== "alive" || stated.life !== before.life || stated.life === 0) return null;
		return isLaterWord(stated, before) ? null : `${node} takes back that ${stated.key} is ${before.state}, without a word from ${stated.key}`;
	}
}

class Agreement implements InvariantFold {
	readonly #last = new Map<string, Map<string, StateFact>>();

	onFact({ node, value }: Fact): null {
		const stated = value as StateFact;
		const opinions = this.#last.get(node) ?? new Map<string, StateFact>();
		this.#last.set(node, opinions.set(stated.key, stated));
		return null;
	}

	end(): string | null {
		const members = [...this.#last.keys()];
		const holdDead = (key: string): readonly string[] => members.filter((by) => this.#last.get(by)?.get(key)?.state === "dead");
		const gone = members.filter((key) => 2 * holdDead(key).length > members.length - 1);
		const voters = members.filter((member) => !gone.includes(member));
		for (const key of members) {
			const states = voters.filter((by) => by !== key).map((by) => ({ by, state: this.#last.get(by)?.get(key)?.state ?? "alive" }));
			const [first] = states;
			const other = states.find(({ state }) => state !== first?.state);
			if (first !== undefined && other !== undefined) return `in the end ${first.by} holds ${key} ${first.state}, and ${other.by} holds it ${other.state}`;
		}
		return null;
	}
}

export const membershipInvariants: readonly Invariant[] = [
	{
		name: "membership.noFalseDeath",
		shows: "Nobody is declared dead who is heard from again in the same life (accuracy; Chandra and Toueg 1996).",
		facts: [stateFact],
		start: () => new NoFalseDeath(),
	},
	{
		name: "membership.ownWord",
		shows: "Who is suspected or dead is held alive again only after a newer word of its own (SWIM 2002, 4.2).",
		facts: [stateFact],
		start: () => new SuspectsSpeakForThemselves(),
	},
	{
		name: "membership.agreement",
		shows: "In the end all agree who lives; whom most hold dead has no say.",
		facts: [stateFact],
		start: () => new Agreement(),
	},
];
