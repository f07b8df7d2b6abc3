/**
 * A participant: promises to commit or refuses, and then is bound by its promise until it learns the
 * decision, through any number of crashes. Whoever is in doubt asks the coordinator, and the others.
 *
 * @source Gray, Notes on Data Base Operating Systems (1978), 5.8.3; Skeen, Nonblocking Commit Protocols (1981)
 */
import type { Message, NodeContext, Span, Task } from "../../core/node-api.ts";
import type { CommitConfig } from "./config.ts";
import { retryTimer, stateMessage } from "./coordinator.ts";
import { type DecidedFact, decidedFact, type PrecommittedFact, precommittedFact, type VotedFact, votedFact } from "./invariants.ts";
import type { CommitLog } from "./log.ts";
import type { PaxosCommit } from "./paxos.ts";
import { isDecided, type Outcome, type ParticipantState, terminate } from "./protocol.ts";

/** From the promise to the decision: what it promised is locked meanwhile. */
export const inDoubtSpan = "commit.inDoubt";
/** How long that took, at its end. */
export const inDoubtMeasure = "commit.inDoubtUs";

interface Doubt {
	readonly span: Span;
	readonly sinceUs: number;
}

export class Participant {
	readonly #ctx: NodeContext;
	readonly #config: CommitConfig;
	readonly #log: CommitLog;
	readonly #coordinator: string;
	readonly #fellows: readonly string[];
	/** Null unless that is the protocol. */
	readonly #paxos: PaxosCommit | null;
	readonly #doubts = new Map<number, Doubt>();
	readonly tally = { votedYes: 0, votedNo: 0, committed: 0, aborted: 0 };

	constructor(ctx: NodeContext, config: CommitConfig, log: CommitLog, names: readonly string[], paxos: PaxosCommit | null) {
		this.#ctx = ctx;
		this.#config = config;
		this.#log = log;
		this.#paxos = paxos;
		const [coordinator = "", ...participants] = names;
		this.#coordinator = coordinator;
		this.#fellows = participants.filter((name) => name !== ctx.self.name);
	}

	get inDoubt(): readonly number[] {
		return [...this.#doubts.keys()];
	}

	/** Goes on from the log. What it decided it states once more: the crash may have come before the first time. */
	live(): void {
		for (const transaction of this.#log.in("commit", "abort")) this.#stateDecision(transaction, this.#log.stateOf(transaction) as Outcome);
		for (const transaction of this.#log.in("prepared", "precommitted")) this.#doubt(transaction, { wasDead: true });
	}

	*prepare(message: Message<number>): Task {
		const transaction = message.body;
		const known = this.#log.stateOf(transaction);
		if (known === "none") {
			const yes = this.#ctx.random.chance(this.#config.yesRatio);
			this.tally[yes ? "votedYes" : "votedNo"]++;
			if (!yes) {
				this.#stateVote(transaction, false);
				yield* this.#settle(transaction, "abort");
				this.#tellVote(message, false);
				return;
			}
			// The promise must be on disk before it is given.
			yield* this.#log.write(transaction, "prepared", { sync: this.#config.mistake !== "unsynced-vote" });
			this.#stateVote(transaction, true);
			this.#doubt(transaction, { wasDead: false });
		}
		this.#tellVote(message, this.#log.stateOf(transaction) !== "abort");
	}

	/** To whoever asked, or, by Paxos, to the acceptors. */
	#tellVote(message: Message<number>, yes: boolean): void {
		if (this.#paxos === null) this.#ctx.reply(message, yes);
		else this.#paxos.vote(message.body, yes ? "prepared" : "aborted");
	}

	#stateVote(transaction: number, yes: boolean): void {
		const voted: VotedFact = { key: String(transaction), transaction, yes };
		this.#ctx.fact(votedFact, voted);
	}

	*precommit(message: Message<number>): Task {
		const transaction = message.body;
		if (this.#log.stateOf(transaction) === "prepared") {
			yield* this.#log.write(transaction, "precommitted", { sync: true });
			const precommitted: PrecommittedFact = { key: String(transaction), transaction };
			this.#ctx.fact(precommittedFact, precommitted);
		}
		this.#ctx.reply(message, null);
	}

	*decide(message: Message<readonly [number, Outcome]>): Task {
		const [transaction, outcome] = message.body;
		const known = this.#log.stateOf(transaction);
		// Whoever has no record of it has lost what it should commit: a promise that was not on disk.
		if (known === "none") yield* this.#settle(transaction, "abort");
		else if (!isDecided(known)) yield* this.#settle(transaction, outcome);
		else if (known !== outcome) this.#ctx.log(`transaction ${transaction} is ${known} here, and told to ${outcome}`, "error");
		this.#ctx.reply(message, null);
	}

	*#settle(transaction: number, outcome: Outcome): Task {
		const isNews = !isDecided(this.#log.stateOf(transaction));
		yield* this.#log.write(transaction, outcome, { sync: true });
		if (!isNews) return;
		this.tally[outcome === "commit" ? "committed" : "aborted"]++;
		this.#stateDecision(transaction, outcome);
		const doubt = this.#doubts.get(transaction);
		if (doubt === undefined) return;
		this.#doubts.delete(transaction);
		doubt.span.finish("ok", { transaction, outcome });
		this.#ctx.measure(inDoubtMeasure, this.#ctx.monoUs() - doubt.sinceUs);
	}

	#stateDecision(transaction: number, outcome: Outcome): void {
		const decided: DecidedFact = { key: String(transaction), transaction, outcome };
		this.#ctx.fact(decidedFact, decided);
	}

	// --- in doubt

	#doubt(transaction: number, { wasDead }: { readonly wasDead: boolean }): void {
		this.#doubts.set(transaction, { span: this.#ctx.startSpan(inDoubtSpan), sinceUs: this.#ctx.monoUs() });
		this.#ctx.spawn(this.#resolve(transaction, wasDead));
	}

	*#resolve(transaction: number, wasDead: boolean): Task {
		const { timeoutUs } = this.#config;
		for (;;) {
			// Long enough for an undisturbed transaction to be over, votes and all.
			yield* this.#ctx.sleep(3 * timeoutUs, retryTimer);
			if (!this.#doubts.has(transaction)) return;
			const answers = [this.#coordinator, ...this.#fellows].map((name) => this.#ctx.call<ParticipantState>(name, stateMessage, transaction, { timeoutUs }));
			const [ofCoordinator, ...ofFellows] = answers;
			const told = ofCoordinator === undefined ? undefined : yield* ofCoordinator;
			const states: ParticipantState[] = [];
			for (const call of ofFellows) {
				const answer = yield* call;
				if (answer.ok) states.push(answer.body);
			}
			if (!this.#doubts.has(transaction)) return;
			const known = this.#conclude({ told: told?.ok ? told.body : null, states: [...states, this.#log.stateOf(transaction)], wasDead });
			const outcome = known ?? (yield* this.#findOut(transaction));
			if (outcome === null) continue;
			yield* this.#settle(transaction, outcome);
			return;
		}
	}

	/** By Paxos nobody has to wait for anybody: whoever is in doubt leads a ballot. */
	*#findOut(transaction: number): Task<Outcome | null> {
		if (this.#paxos === null) return null;
		yield* this.#paxos.pause();
		return this.#doubts.has(transaction) ? yield* this.#paxos.lead(transaction) : null;
	}

	/**
	 * A coordinator that lives decides; without it the participants do, if they can. Who was dead meanwhile does
	 * not know what it missed: it waits for somebody who has decided.
	 */
	#conclude({
		told,
		states,
		wasDead,
	}: {
		readonly told: ParticipantState | null;
		readonly states: readonly ParticipantState[];
		readonly wasDead: boolean;
	}): Outcome | null {
		if (told !== null && isDecided(told)) return told;
		if (told !== null || wasDead) return states.find(isDecided) ?? null;
		return terminate(this.#config.protocol, states);
	}

	/**
	 * Somebody in doubt asks. Who has not voted by then never will: it has answered as if it had refused, and
	 * must not promise later.
	 */
	*answerState(message: Message<number>): Task {
		if (this.#log.stateOf(message.body) === "none") yield* this.#settle(message.body, "abort");
		this.#ctx.reply(message, this.#log.stateOf(message.body));
	}
}
