/**
 * What the file system promises whatever happens, judged from outside by what clients were told and what machines
 * and the world state of copies.
 *
 * Losing data is possible, and no breach, in one case only: since all copies (or shards) of a block last stood
 * together, more of them were destroyed by violence (a drive emptied, replaced or damaged) than its layout can
 * do without. What the system itself throws away, forgets or never wrote is never an excuse.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import { Copies, type CopyEvent } from "./checks/copies.ts";
import { type Change, History } from "./checks/history.ts";
import { type ChangedFact, facts, type HealthFact, type OpenedFact } from "./facts.ts";
import { parsePart, partName } from "./records.ts";

type ToldBlock = ChangedFact["blocks"][number];

interface Guarded {
	readonly change: Change;
	readonly told: ToldBlock;
	readonly shards: number;
	/** Copies that may be destroyed without loss, as things stand. */
	spare: number;
	/** ... and were, since all stood together. */
	destroyed: number;
	/** Lost, and it was to be expected. */
	isExcused: boolean;
}

function shardsOf({ needed }: ToldBlock): number {
	return needed === 1 ? 1 : 9;
}

/** No acknowledged file is lost but by more violence than its layout tolerates. */
function noneLost(): InvariantFold {
	const history = new History();
	const copies = new Copies();
	const guarded = new Map<string, Guarded>();

	/** Of a copied block its copies, of a coded one its different shards. */
	function units(block: string, shards: number): number {
		if (shards === 1) return copies.good(partName(block, 0));
		let count = 0;
		for (let shard = 0; shard < shards; shard++) if (copies.good(partName(block, shard)) > 0) count++;
		return count;
	}

	function onSaved(change: Change, { blocks }: ChangedFact): void {
		for (const told of blocks) {
			const shards = shardsOf(told);
			const spare = units(told.block, shards) - told.needed;
			guarded.set(told.block, { change, told, shards, spare, destroyed: 0, isExcused: spare < 0 });
		}
	}

	function onCopy({ kind, block, what }: CopyEvent): string | null {
		const guard = guarded.get(block);
		if (guard === undefined || guard.isExcused) return null;
		const standing = units(block, guard.shards);
		if (kind === "held") {
			if (standing >= guard.told.wanted) {
				guard.destroyed = 0;
				guard.spare = guard.told.wanted - guard.told.needed;
			}
			return null;
		}
		if (kind === "destroyed") guard.destroyed++;
		return standing >= guard.told.needed
			? null
			: judge(guard, `${standing} of ${guard.told.needed} needed ${standing === 1 ? "is" : "are"} left after ${what}`);
	}

	function judge(guard: Guarded, what: string): string | null {
		if (guard.isExcused) return null;
		guard.isExcused = guard.destroyed > guard.spare;
		if (guard.isExcused || !history.counts(guard.change)) return null;
		return `block ${guard.told.block} of ${guard.change.path} is lost although ${formatCount(guard.destroyed, "copy was", "copies were")} destroyed and it can do without ${guard.spare}: ${what}`;
	}

	return {
		onFact(fact: Fact): string | null {
			const answered = history.onFact(fact);
			if (fact.name === facts.changed && answered !== null && "outcome" in answered && answered.outcome === "done") {
				onSaved(answered, fact.value as unknown as ChangedFact);
			}
			for (const event of copies.onFact(fact)) {
				const breach = onCopy(event);
				if (breach !== null) return breach;
			}
			const declared = declaredLost(fact);
			for (const block of declared) {
				const guard = guarded.get(block);
				const breach = guard === undefined ? null : judge(guard, `${fact.node} says it is lost`);
				if (breach !== null) return breach;
			}
			return null;
		},
	};
}

function declaredLost({ name, value }: Fact): readonly string[] {
	if (name === facts.opened) return (value as unknown as OpenedFact).lost;
	if (name !== facts.health) return [];
	const { key, state } = value as unknown as HealthFact;
	return state === "lost" ? [key] : [];
}

/** A save is acknowledged only when copies stand on synced drives: those needed, and the spare ones promised. */
function acknowledgedStands(): InvariantFold {
	const history = new History();
	const copies = new Copies();
	return {
		onFact(fact: Fact): string | null {
			const change = history.onFact(fact);
			copies.onFact(fact);
			if (fact.name !== facts.changed || change === null) return null;
			const { outcome, blocks, spare } = fact.value as unknown as ChangedFact;
			if (outcome !== "done") return null;
			for (const { block, needed, wanted, copies: told } of blocks) {
				const stood = told.filter(([machine, part, copy]) => copies.everStood(machine, part, copy));
				const units = needed === 1 ? stood.length : new Set(stood.map(([, part]) => parsePart(part)?.shard)).size;
				const least = needed + Math.min(spare, wanted - needed);
				if (units < least)
					return `${change.path} was acknowledged with ${formatCount(units, "copy", "copies")} of block ${block} on synced drives; ${least} ${least === 1 ? "is" : "are"} the least`;
			}
			return null;
		},
	};
}

/** Whoever opens a file is given the bytes that were saved, or no bytes. */
function rightBytes(): InvariantFold {
	const history = new History();
	return {
		onFact(fact: Fact): string | null {
			const answered = history.onFact(fact);
			if (fact.name !== facts.opened || answered === null) return null;
			const { outcome, id, checksum } = fact.value as unknown as OpenedFact;
			const saved = outcome === "content" && id !== null ? history.changeOf(id) : undefined;
			if (saved === undefined || saved.checksum === checksum) return null;
			return `${fact.node} opened ${answered.path} and got bytes that nobody saved`;
		},
	};
}

/** A name leads to what was last saved under it: not to an older file, and not to nothing. */
function namesHold(): InvariantFold {
	const history = new History();
	return {
		onFact(fact: Fact): string | null {
			const answered = history.onFact(fact);
			if (fact.name !== facts.opened || answered === null) return null;
			const { outcome, id } = fact.value as unknown as OpenedFact;
			if (outcome !== "content" && outcome !== "notFound") return null;
			if (history.mayBeSeen(answered.path, id, answered.called)) return null;
			return `${fact.node} opened ${answered.path} and got ${id === null ? "no file" : `an older one, ${id}`}, although another was saved there before`;
		},
	};
}

const clientFacts = [facts.changing, facts.changed, facts.opening, facts.opened];
const copyFacts = [facts.held, facts.inventory, facts.harmed];

export const filesInvariants: readonly Invariant[] = [
	{
		name: "files.noneLost",
		shows: "No acknowledged file is lost unless more of its copies were destroyed than its layout tolerates.",
		facts: [...clientFacts, ...copyFacts, facts.health],
		start: noneLost,
	},
	{
		name: "files.acknowledgedStands",
		shows: "A save is acknowledged only when its copies stand on synced drives, one more than needed at least.",
		facts: [...clientFacts, ...copyFacts],
		start: acknowledgedStands,
	},
	{
		name: "files.rightBytes",
		shows: "Whoever opens a file is given the very bytes that were saved, or none.",
		facts: clientFacts,
		start: rightBytes,
	},
	{
		name: "files.namesHold",
		shows: "A name leads to what was last saved under it.",
		facts: clientFacts,
		start: namesHold,
	},
];
