/**
 * States for the record what a server's log holds, so that its promises can be judged from outside
 * (checks.ts). Every entry is known by a chain: a hash of itself and of all before it, so that two
 * logs are the same up to an index exactly if their chains are equal there. Pure.
 */
import type { NodeContext } from "../../core/node-api.ts";
import { encode } from "../../shared/codec.ts";
import type { Entry } from "./types.ts";

export const facts = {
	leader: "raft.leader",
	recovered: "raft.recovered",
	appended: "raft.appended",
	installed: "raft.installed",
	committed: "raft.committed",
} as const;

/** `[term, chain]` of one entry. */
export type Link = readonly [term: number, chain: number];
export type LeaderFact = { readonly term: number };
/** The whole log as found on the disk. */
export type RecoveredFact = { readonly index: number; readonly chain: number; readonly links: readonly Link[] };
/** The log was cut behind `after`, then these were appended; all of it is on the disk. `tail`: terms of the last entries, for the window. */
export type AppendedFact = { readonly after: number; readonly links: readonly Link[]; readonly tail: readonly number[] };
export type InstalledFact = { readonly index: number; readonly chain: number };
export type CommittedFact = { readonly index: number; readonly chain: number; readonly term: number };

/** @source FNV-1a, 32 bits */
function folded(hash: number, byte: number): number {
	return Math.imul(hash ^ byte, 16_777_619) >>> 0;
}

function chained(previous: number, { term, body }: Entry): number {
	let hash = 2_166_136_261;
	for (let word = previous, i = 0; i < 4; i++, word >>>= 8) hash = folded(hash, word & 0xff);
	for (let word = term, i = 0; i < 4; i++, word >>>= 8) hash = folded(hash, word & 0xff);
	for (const byte of encode(body)) hash = folded(hash, byte);
	return hash;
}

/** So many of a log's last entries does the window show. */
const tailEntries = 16;

export class Witness {
	readonly #ctx: NodeContext;
	#baseIndex = 0;
	#baseChain = 0;
	#chains: number[] = [];
	/** Of the last entries, no more than are shown. */
	#tail: number[] = [];

	constructor(ctx: NodeContext) {
		this.#ctx = ctx;
	}

	/** Chain of all up to `index`, which is in the log or is the snapshot's. */
	chainAt(index: number): number {
		return index === this.#baseIndex ? this.#baseChain : (this.#chains[index - this.#baseIndex - 1] as number);
	}

	recovered(base: { readonly index: number; readonly chain: number }, entries: readonly Entry[]): void {
		this.#rebase(base);
		const fact: RecoveredFact = { ...base, links: this.#extend(entries) };
		this.#ctx.fact(facts.recovered, fact);
	}

	appended(after: number, entries: readonly Entry[]): void {
		const length = Math.max(0, after - this.#baseIndex);
		this.#tail.length = Math.max(0, this.#tail.length - (this.#chains.length - length));
		this.#chains.length = length;
		const links = this.#extend(entries);
		const fact: AppendedFact = { after, links, tail: [...this.#tail] };
		this.#ctx.fact(facts.appended, fact);
	}

	installed(base: InstalledFact): void {
		this.#rebase(base);
		this.#ctx.fact(facts.installed, base);
	}

	committed(index: number, term: number): void {
		const fact: CommittedFact = { index, chain: this.chainAt(index), term };
		this.#ctx.fact(facts.committed, fact);
	}

	leads(term: number): void {
		const fact: LeaderFact = { term };
		this.#ctx.fact(facts.leader, fact);
	}

	/** Entries up to `index` are gone from the log. */
	compacted(index: number): void {
		const chain = this.chainAt(index);
		this.#chains = this.#chains.slice(index - this.#baseIndex);
		this.#baseIndex = index;
		this.#baseChain = chain;
	}

	#rebase({ index, chain }: { readonly index: number; readonly chain: number }): void {
		this.#baseIndex = index;
		this.#baseChain = chain;
		this.#chains = [];
		this.#tail = [];
	}

	#extend(entries: readonly Entry[]): Link[] {
		for (const { term } of entries.slice(-tailEntries)) this.#tail.push(term);
		this.#tail = this.#tail.slice(-tailEntries);
		return entries.map((entry) => {
			const chain = chained(this.#chains[this.#chains.length - 1] ?? this.#baseChain, entry);
			this.#chains.push(chain);
			return [entry.term, chain];
		});
	}
}
