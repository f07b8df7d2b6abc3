/**
 * The coordinator of transactions: asks for votes, decides, has the decision on disk, tells everybody until
 * everybody has acknowledged. After a crash it goes on from its log: what it had not decided is aborted
 * (two-phase), or is asked of the participants (three-phase) or acceptors (paxos), who may have decided without it.
 *
 * @source Gray, Notes on Data Base Operating Systems (1978), 5.8.3; Skeen, Nonblocking Commit Protocols (1981)
 */
import type { CallResult, NodeContext, Task } from "../../core/node-api.ts";
import type { CommitConfig } from "./config.ts";
import { type BegunFact, begunFact, type DecidedFact, type DoneFact, decidedFact, doneFact } from "./invariants.ts";
import type { CommitLog } from "./log.ts";
import type { PaxosCommit } from "./paxos.ts";
import { isDecided, messagesPerTransaction, type Outcome, type ParticipantState, terminate } from "./protocol.ts";

export const prepareMessage = "commit.prepare";
export const precommitMessage = "commit.precommit";
export const decideMessage = "commit.decide";
/** Asks a member what it knows of a transaction. */
export const stateMessage = "commit.state";
export const periodTimer = "commit.period";
export const retryTimer = "commit.retry";
/** A transaction, from its beginning to the last acknowledgement. */
export const transactionSpan = "commit.transaction";
/** Messages of a transaction, both ways, repetitions included. */
export const messagesMeasure = "commit.messages";

/** After this many tries in vain the coordinator leaves it to the participant to ask. */
const tellTriesMax = 100;

export class Coordinator {
	readonly #ctx: NodeContext;
	readonly #config: CommitConfig;
	readonly #log: CommitLog;
	readonly #participants: readonly string[];
	/** Null unless that is the protocol. */
	readonly #paxos: PaxosCommit | null;
	/** Transactions whose voting is under way: nobody is told anything of them. */
	readonly #voting = new Set<number>();
	readonly tally = { begun: 0, committed: 0, aborted: 0 };

	constructor(ctx: NodeContext, config: CommitConfig, log: CommitLog, participants: readonly string[], paxos: PaxosCommit | null) {
		this.#ctx = ctx;
		this.#config = config;
		this.#log = log;
		this.#participants = participants;
		this.#paxos = paxos;
	}

	*live(): Task {
		for (const transaction of this.#log.in("prepared", "precommitted")) this.#ctx.spawn(this.#recover(transaction));
		for (const transaction of this.#log.in("commit", "abort")) this.#ctx.spawn(this.#tell(transaction, this.#log.stateOf(transaction) as Outcome));
		for (let transaction = this.#log.latest + 1; transaction <= this.#config.transactions; transaction++) {
			yield* this.#ctx.sleep(this.#config.periodUs, periodTimer);
			this.#ctx.spawn(this.#run(transaction));
		}
	}

	*#run(transaction: number): Task {
		const span = this.#ctx.startSpan(transactionSpan);
		this.tally.begun++;
		this.#voting.add(transaction);
		// That it was begun is on record, so that its number is never used again.
		yield* this.#log.write(transaction, "prepared", { sync: true });
		const begun: BegunFact = { key: String(transaction), transaction, protocol: this.#config.protocol };
		this.#ctx.fact(begunFact, begun);
		const { outcome, messages } = this.#paxos === null ? yield* this.#vote(transaction) : yield* this.#voteByPaxos(transaction, this.#paxos);
		yield* this.#decide(transaction, outcome);
		const tries = yield* this.#tell(transaction, outcome);
		this.#ctx.measure(messagesMeasure, messages + 2 * tries);
		this.#stateDone(transaction, messages + 2 * tries);
		span.finish(outcome === "commit" ? "ok" : "error", { transaction, outcome });
	}

	/** @returns the messages that it took, besides telling the outcome */
	*#vote(transaction: number): Task<{ readonly outcome: Outcome; readonly messages: number }> {
		const votes = yield* this.#askAll<boolean>(prepareMessage, transaction);
		const isUnanimous = votes.every((vote) => vote.ok && vote.body === true);
		const outcome: Outcome = isUnanimous || this.#config.mistake === "ignore-votes" ? "commit" : "abort";
		const messages = 2 * this.#participants.length;
		if (outcome === "abort" || this.#config.protocol === "two-phase") return { outcome, messages };
		yield* this.#log.write(transaction, "precommitted", { sync: true });
		yield* this.#askAll(precommitMessage, transaction);
		return { outcome, messages: 2 * messages };
	}

	/** Asks for votes, and hears of them from the acceptors. */
	*#voteByPaxos(transaction: number, paxos: PaxosCommit): Task<{ readonly outcome: Outcome; readonly messages: number }> {
		paxos.expect(transaction);
		for (const participant of this.#participants) this.#ctx.send(participant, prepareMessage, transaction);
		const outcome = yield* paxos.outcome(transaction);
		return { outcome, messages: this.#participants.length + paxos.messagesOf(transaction) };
	}

	*#askAll<Body>(name: string, transaction: number): Task<readonly CallResult<Body>[]> {
		const calls = this.#participants.map((participant) => this.#ctx.call<Body>(participant, name, transaction, { timeoutUs: this.#config.timeoutUs }));
		const results: CallResult<Body>[] = [];
		for (const call of calls) results.push(yield* call);
		return results;
	}

	*#decide(transaction: number, outcome: Outcome): Task {
		yield* this.#log.write(transaction, outcome, { sync: true });
		this.#voting.delete(transaction);
		this.tally[outcome === "commit" ? "committed" : "aborted"]++;
		const decided: DecidedFact = { key: String(transaction), transaction, outcome };
		this.#ctx.fact(decidedFact, decided);
	}

	#stateDone(transaction: number, messages: number): void {
		const { protocol, faults } = this.#config;
		const expected = messagesPerTransaction(protocol, this.#participants.length, faults);
		const done: DoneFact = { key: String(transaction), transaction, messages, expected };
		this.#ctx.fact(doneFact, done);
	}

	/** Until everybody has acknowledged. @returns how often somebody was told */
	*#tell(transaction: number, outcome: Outcome): Task<number> {
		let told = 0;
		let missing = [...this.#participants];
		for (let tries = 0; missing.length > 0 && tries < tellTriesMax; tries++) {
			if (tries > 0) yield* this.#ctx.sleep(this.#config.timeoutUs, retryTimer);
			const body = [transaction, outcome];
			const calls = missing.map((name) => ({ name, call: this.#ctx.call(name, decideMessage, body, { timeoutUs: this.#config.timeoutUs }) }));
			told += calls.length;
			missing = [];
			for (const { name, call } of calls) if (!(yield* call).ok) missing.push(name);
		}
		return told;
	}

	/** Begun before the crash, and not decided. */
	*#recover(transaction: number): Task {
		this.#voting.add(transaction);
		const outcome = yield* this.#recovered(transaction);
		yield* this.#decide(transaction, outcome);
		yield* this.#tell(transaction, outcome);
	}

	*#recovered(transaction: number): Task<Outcome> {
		if (this.#paxos !== null) return yield* this.#paxos.outcome(transaction);
		return this.#config.protocol === "two-phase" ? "abort" : yield* this.#learn(transaction);
	}

	/** What the participants have decided, or will when all of them are asked: whoever is silent may know more. */
	*#learn(transaction: number): Task<Outcome> {
		for (;;) {
			const answers = yield* this.#askAll<ParticipantState>(stateMessage, transaction);
			const states = answers.flatMap((answer) => (answer.ok ? [answer.body] : []));
			const decided = states.find(isDecided);
			if (decided !== undefined) return decided;
			if (states.length === this.#participants.length) return terminate("three-phase", states) ?? "abort";
			yield* this.#ctx.sleep(this.#config.timeoutUs, retryTimer);
		}
	}

	/** What a participant in doubt may know: the decision once it is on disk, or nothing. */
	stateFor(transaction: number): ParticipantState {
		if (this.#voting.has(transaction)) return "prepared";
		const state = this.#log.stateOf(transaction);
		// Never heard of it: then it was never decided, and never will be (presumed abort).
		return state === "none" ? "abort" : state;
	}
}
