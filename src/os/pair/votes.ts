/**
 * One voter: gives its vote once a term, and to nobody while it still hears from a leader. The vote is on its drive
 * before it is told.
 *
 * @source Raft thesis (Ongaro 2014), 3.4 (a vote a term, first come), 3.8 (persisted before the answer), 4.2.3 (no
 * vote against a leader that is still heard)
 */
import type { Message, NodeContext, Task } from "../../core/node-api.ts";
import { Journal } from "../journal/journal.ts";
import { isCountBody, type VoteAnswer } from "./contract.ts";

export interface VoterOptions {
	/** A leader that was heard from so recently still leads. */
	readonly leaderUs: number;
	/** False: votes are kept in RAM alone. A mistake on purpose. */
	readonly remembers: boolean;
}

export class Voter {
	readonly #ctx: NodeContext;
	readonly #options: VoterOptions;
	readonly #journal: Journal;
	/** The newest term heard of. */
	#term = 0;
	/** The newest term in which it voted. */
	#votedTerm = 0;
	#votedFor = "";
	#heardUs: number | null = null;
	#isReady = false;

	constructor(ctx: NodeContext, options: VoterOptions) {
		this.#ctx = ctx;
		this.#options = options;
		this.#journal = new Journal(ctx, "pair/votes");
	}

	*load(): Task {
		for (const record of this.#options.remembers ? yield* this.#journal.load() : []) {
			const [term, candidate] = record as unknown as readonly [number, string];
			if (term <= this.#votedTerm) continue;
			this.#votedTerm = term;
			this.#votedFor = candidate;
		}
		this.#term = Math.max(this.#term, this.#votedTerm);
		this.#isReady = true;
	}

	get term(): number {
		return this.#term;
	}

	/** Somebody leads in this term, as far as it knows. */
	noteLeader(term: number): void {
		if (term < this.#term) return;
		this.#term = term;
		this.#heardUs = this.#ctx.monoUs();
	}

	/** Terms only rise. */
	noteTerm(term: number): void {
		this.#term = Math.max(this.#term, term);
	}

	#hearsLeader(): boolean {
		return this.#heardUs !== null && this.#ctx.monoUs() - this.#heardUs < this.#options.leaderUs;
	}

	/** @returns whether the candidate has its vote in this term */
	*voteFor(candidate: string, term: number): Task<boolean> {
		if (!this.#isReady) return false;
		if (term === this.#votedTerm) return candidate === this.#votedFor;
		if (term <= this.#votedTerm || term < this.#term || this.#hearsLeader()) return false;
		this.#votedTerm = term;
		this.#votedFor = candidate;
		this.#term = term;
		// A vote that cannot be kept is not given.
		return this.#options.remembers ? yield* this.#journal.write([term, candidate]) : true;
	}

	/** Somebody asks for its vote. */
	*asked(message: Message): Task {
		if (message.copy > 0 || !isCountBody(message.body)) return;
		const granted = yield* this.voteFor(message.from, message.body);
		const answer: VoteAnswer = { granted, term: this.#term };
		this.#ctx.reply(message, answer);
	}

	/** A leader says that it leads. */
	renewed(message: Message): void {
		if (message.copy > 0 || !isCountBody(message.body)) return;
		const granted = message.body >= this.#term;
		this.noteLeader(message.body);
		const answer: VoteAnswer = { granted, term: this.#term };
		this.#ctx.reply(message, answer);
	}

	inspect(): { readonly [field: string]: string | number } {
		return { term: this.#term, votedIn: this.#votedTerm, votedFor: this.#votedFor };
	}
}
