/**
 * Raft's promises, judged from outside by what the servers state of their logs (witness.ts): the five
 * properties of the thesis. Pure; runs wherever the event log is folded.
 *
 * @source thesis figure 3.2
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { type AppendedFact, type CommittedFact, facts, type InstalledFact, type LeaderFact, type Link, type RecoveredFact } from "./witness.ts";

/** A server's log as stated: the chain at an index says what the log holds up to there. */
class StatedLog {
	base = 0;
	links: Link[] = [];

	get lastIndex(): number {
		return this.base + this.links.length;
	}

	linkAt(index: number): Link | undefined {
		return this.links[index - this.base - 1];
	}
}

/** Every server's log as it lies on its disk. */
class StatedLogs {
	readonly #logs = new Map<string, StatedLog>();

	of(node: string): StatedLog {
		let log = this.#logs.get(node);
		if (log === undefined) {
			log = new StatedLog();
			this.#logs.set(node, log);
		}
		return log;
	}

	/** @returns index of the first entry that is new */
	take({ node, name, value }: Fact): number {
		const log = this.of(node);
		if (name === facts.appended) {
			const { after, links } = value as AppendedFact;
			log.links.length = Math.max(0, after - log.base);
			log.links.push(...links);
			return after + 1;
		}
		if (name === facts.recovered || name === facts.installed) {
			const { index, links = [] } = value as RecoveredFact | (InstalledFact & { readonly links?: undefined });
			log.base = index;
			log.links = [...links];
		}
		return log.base + 1;
	}
}

const logFacts = [facts.recovered, facts.appended, facts.installed];

function electionSafety(): InvariantFold {
	const leaders = new Map<number, string>();
	return {
		onFact({ node, value }: Fact): string | null {
			const { term } = value as LeaderFact;
			const other = leaders.get(term);
			leaders.set(term, other ?? node);
			return other === undefined || other === node ? null : `${other} and ${node} both lead term ${term}`;
		},
	};
}

/**
 * A log that is cut back was cut for a leader's sake, of this server's term or a later one. If nobody has led a later
 * term than this server did, there was no other leader: it cut its own.
 */
function leaderAppendOnly(): InvariantFold {
	const logs = new StatedLogs();
	const ledTerms = new Map<string, number>();
	let latestTerm = 0;
	return {
		onFact(fact: Fact): string | null {
			const { node, name, value } = fact;
			if (name === facts.leader) {
				const { term } = value as LeaderFact;
				ledTerms.set(node, term);
				latestTerm = Math.max(latestTerm, term);
				return null;
			}
			const { lastIndex } = logs.of(node);
			logs.take(fact);
			if (name === facts.recovered) ledTerms.delete(node);
			if (name !== facts.appended) return null;
			const { after } = value as AppendedFact;
			const led = ledTerms.get(node);
			return led === latestTerm && after < lastIndex ? `${node}, leader of term ${led}, overwrote its own log from entry ${after + 1} on` : null;
		},
	};
}

function logMatching(): InvariantFold {
	const logs = new StatedLogs();
	const chains = new Map<string, { readonly chain: number; readonly node: string }>();
	return {
		onFact(fact: Fact): string | null {
			const log = logs.of(fact.node);
			for (let index = logs.take(fact); index <= log.lastIndex; index++) {
				const [term, chain] = log.linkAt(index) as Link;
				const known = chains.get(`${index} ${term}`);
				if (known === undefined) chains.set(`${index} ${term}`, { chain, node: fact.node });
				else if (known.chain !== chain) return `${known.node} and ${fact.node} both have an entry ${index} of term ${term}, and their logs differ up to there`;
			}
			return null;
		},
	};
}

/** What was ever committed, by index, as far as anybody stated it. */
class Committed {
	readonly #chains = new Map<number, number>();
	last = 0;

	chainAt(index: number): number | undefined {
		return this.#chains.get(index);
	}

	/** @returns the first index at which this server committed something else than another, or 0 */
	take(log: StatedLog, { index, chain }: CommittedFact): number {
		let conflict = 0;
		for (let at = index; at > log.base; at--) {
			const own = at === index ? chain : log.linkAt(at)?.[1];
			const known = this.#chains.get(at);
			// What is the same here is the same before, for a chain holds all that precedes it.
			if (known !== undefined && known === own) break;
			if (known === undefined && own !== undefined) this.#chains.set(at, own);
			else if (known !== undefined) conflict = at;
		}
		if (index > this.last) this.last = index;
		return conflict;
	}
}

function stateMachineSafety(): InvariantFold {
	const logs = new StatedLogs();
	const committed = new Committed();
	return {
		onFact(fact: Fact): string | null {
			if (fact.name !== facts.committed) {
				logs.take(fact);
				return null;
			}
			const conflict = committed.take(logs.of(fact.node), fact.value as CommittedFact);
			return conflict === 0 ? null : `${fact.node} applied another entry ${conflict} than a server before it`;
		},
	};
}

function leaderCompleteness(): InvariantFold {
	const logs = new StatedLogs();
	const committed = new Committed();
	return {
		onFact(fact: Fact): string | null {
			const log = logs.of(fact.node);
			if (fact.name === facts.committed) committed.take(log, fact.value as CommittedFact);
			else if (fact.name !== facts.leader) logs.take(fact);
			else {
				const { last } = committed;
				if (last <= log.base) return null;
				const holds = log.linkAt(last)?.[1] === committed.chainAt(last);
				if (!holds) return `${fact.node} leads term ${(fact.value as LeaderFact).term} without entry ${last}, which was committed before`;
			}
			return null;
		},
	};
}

export const raftInvariants: readonly Invariant[] = [
	{ name: "raft.electionSafety", shows: "At most one server leads in a term (thesis 3.4).", facts: [facts.leader], start: electionSafety },
	{
		name: "raft.leaderAppendOnly",
		shows: "A leader never overwrites or deletes entries of its own log; it only appends (thesis 3.5).",
		facts: [...logFacts, facts.leader],
		start: leaderAppendOnly,
	},
	{
		name: "raft.logMatching",
		shows: "Two logs that hold an entry of the same index and term are the same up to it (thesis 3.5).",
		facts: logFacts,
		start: logMatching,
	},
	{
		name: "raft.leaderCompleteness",
		shows: "Whoever leads has every entry that was committed before (thesis 3.6).",
		facts: [...logFacts, facts.committed, facts.leader],
		start: leaderCompleteness,
	},
	{
		name: "raft.stateMachineSafety",
		shows: "No two servers apply different entries at one index (thesis 3.6.3).",
		facts: [...logFacts, facts.committed],
		start: stateMachineSafety,
	},
];
