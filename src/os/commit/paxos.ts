/**
 * Paxos Commit on the nodes: a participant votes by a proposal of its own to the acceptors, in ballot 0; if the
 * coordinator does not say in time what came of it, anybody leads a higher ballot and finds out, or makes it abort.
 * No two ever find different outcomes, whoever crashes and however the network is cut; and as long as F + 1 of the
 * 2F + 1 acceptors answer there is one.
 *
 * @source Gray and Lamport, Consensus on Transaction Commit (ACM TODS 31, 2006), section 4
 */
import type { Message, NodeContext, PlainValue, Signal, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { Journal } from "../journal/journal.ts";
import { type Accepted, Acceptor, acceptedShape, decodeAccepted, encodeAccepted, proposalFor, type Value } from "./acceptor.ts";
import type { CommitConfig } from "./config.ts";
import type { Outcome } from "./protocol.ts";

/** Phase 2a of ballot 0, participant to acceptor. Body: `[transaction, isPrepared]`. */
export const voteMessage = "commit.vote";
/** Phase 2b of ballot 0, acceptor to coordinator, for all participants at once. Body: `[transaction, accepted]`. */
export const acceptedMessage = "commit.accepted";
/** Phase 1a. Body: `[transaction, ballot]`. Answer: `[isPromised, highest promised, accepted]`. */
export const ballotMessage = "commit.ballot";
/** Phase 2a of a higher ballot. Body: `[transaction, accepted]`. Answer: whether all of it is. */
export const proposeMessage = "commit.propose";

interface Tally {
	/** What each acceptor has accepted in ballot 0, by its name. */
	readonly reports: Map<string, readonly Accepted[]>;
	readonly decided: Signal<Outcome | null>;
}

/** Fewest participants that have enough acceptors among them. */
function participantsFor(faults: number): number {
	return 2 * faults + 1;
}

export const paxosBodies: MessageShapes = {
	[voteMessage]: { body: { parts: ["transaction", "isPrepared"] } },
	[acceptedMessage]: { body: { parts: ["transaction", { name: "accepted", ...acceptedShape }, "votesSeen"] } },
	[ballotMessage]: { body: { parts: ["transaction", "ballot"] }, answer: { parts: ["isPromised", "promised", { name: "accepted", ...acceptedShape }] } },
	[proposeMessage]: { body: { parts: ["transaction", { name: "proposals", ...acceptedShape }] }, answer: "isAccepted" },
};

export class PaxosCommit {
	readonly #ctx: NodeContext;
	readonly #config: CommitConfig;
	readonly #coordinator: string;
	readonly #participants: readonly string[];
	readonly #acceptors: readonly string[];
	/** Members of this group and this one's place among them: ballots of two members are never the same. */
	readonly #members: number;
	readonly #me: number;
	readonly #journal: Journal;
	/** Of this acceptor, by transaction. */
	readonly #states = new Map<number, Acceptor>();
	/** Of the coordinator: votes on their way in. */
	readonly #tallies = new Map<number, Tally>();
	/** Of this acceptor: what it has accepted in ballot 0 and has on disk. */
	readonly #kept = new Map<number, readonly Accepted[]>();
	/** Messages of ballot 0 of a transaction, as far as this member has seen them. */
	readonly #seen = new Map<number, number>();

	/** @throws Error when there are too few participants for so many faults */
	constructor(ctx: NodeContext, config: CommitConfig, names: readonly string[]) {
		this.#ctx = ctx;
		this.#config = config;
		const [coordinator = "", ...participants] = names;
		this.#coordinator = coordinator;
		this.#participants = participants;
		this.#members = names.length;
		this.#me = names.indexOf(ctx.self.name);
		const count = participantsFor(config.faults);
		if (participants.length < count) throw new Error(`to live through ${config.faults} faults takes ${count} participants; there are ${participants.length}`);
		this.#acceptors = participants.slice(0, count);
		this.#journal = new Journal(ctx, "commit/acceptor");
	}

	*load(): Task {
		for (const record of yield* this.#journal.load()) {
			const [transaction, promised, accepted] = record as unknown as readonly [number, number, PlainValue];
			this.#stateOf(transaction).restore(promised, decodeAccepted(accepted, this.#participants.length));
		}
	}

	get #majority(): number {
		return this.#config.faults + 1;
	}

	#stateOf(transaction: number): Acceptor {
		const state = this.#states.get(transaction) ?? new Acceptor();
		this.#states.set(transaction, state);
		return state;
	}

	// --- participant

	/** To as many acceptors as are enough when all is well; a leader of a higher ballot asks them all. */
	vote(transaction: number, value: Value): void {
		for (const acceptor of this.#acceptors.slice(0, this.#majority)) this.#ctx.send(acceptor, voteMessage, [transaction, value === "prepared"]);
	}

	// --- acceptor

	/** On disk before anybody is told. */
	*#keep(transaction: number, accepted: readonly Accepted[]): Task<boolean> {
		return yield* this.#journal.write([transaction, this.#stateOf(transaction).promised, encodeAccepted(accepted)]);
	}

	*voted(message: Message): Task {
		const [transaction, isPrepared] = pairOf(message.body);
		const participant = this.#participants.indexOf(message.from);
		if (!isNumber(transaction) || typeof isPrepared !== "boolean" || participant < 0) return;
		this.#seen.set(transaction, (this.#seen.get(transaction) ?? 0) + 1);
		const state = this.#stateOf(transaction);
		const own: Accepted = { participant, ballot: 0, value: isPrepared ? "prepared" : "aborted" };
		if (!state.accept(own) || !(yield* this.#keep(transaction, [own]))) return;
		const kept = [...(this.#kept.get(transaction) ?? []), own];
		this.#kept.set(transaction, kept);
		// One that aborts decides alone; those that are prepared are told of in one message, when the last is on disk.
		const report = isPrepared ? kept : [own];
		const isWorthTelling = !isPrepared || (kept.length === this.#participants.length && kept.every(({ value }) => value === "prepared"));
		if (!isWorthTelling || state.promised > 0) return;
		this.#ctx.send(this.#coordinator, acceptedMessage, [transaction, encodeAccepted(report), this.#seen.get(transaction) ?? 0]);
	}

	*asked(message: Message): Task {
		const [transaction, ballot] = pairOf(message.body);
		if (!isNumber(transaction) || !isNumber(ballot)) return;
		const state = this.#stateOf(transaction);
		const isPromised = state.promise(ballot);
		if (isPromised && !(yield* this.#keep(transaction, []))) return;
		this.#ctx.reply(message, [isPromised, state.promised, encodeAccepted(state.accepted)]);
	}

	*proposed(message: Message): Task {
		const [transaction, proposals] = pairOf(message.body);
		const accepted = decodeAccepted(proposals, this.#participants.length);
		if (!isNumber(transaction) || accepted.length < this.#participants.length) return;
		const state = this.#stateOf(transaction);
		const isAccepted = accepted.every((one) => state.accept(one)) && (yield* this.#keep(transaction, accepted));
		this.#ctx.reply(message, isAccepted);
	}

	// --- coordinator

	/** Begins to count what acceptors tell of a transaction. */
	expect(transaction: number): void {
		this.#tallies.set(transaction, { reports: new Map(), decided: this.#ctx.signal() });
	}

	told(message: Message): void {
		const [transaction, accepted, votesSeen] = pairOf(message.body);
		const tally = isNumber(transaction) ? this.#tallies.get(transaction) : undefined;
		if (tally === undefined || !this.#acceptors.includes(message.from)) return;
		this.#seen.set(transaction as number, (this.#seen.get(transaction as number) ?? 0) + 1 + (isNumber(votesSeen) ? votesSeen : 0));
		const reported = tally.reports.get(message.from) ?? [];
		tally.reports.set(message.from, [...reported, ...decodeAccepted(accepted, this.#participants.length)].slice(0, 2 * this.#participants.length));
		const outcome = this.#outcomeOf([...tally.reports.values()]);
		if (outcome !== null) tally.decided.fire(outcome);
	}

	/** What a majority of acceptors has accepted in ballot 0 is chosen. */
	#outcomeOf(reports: readonly (readonly Accepted[])[]): Outcome | null {
		const count = (participant: number, value: Value): number =>
			reports.filter((report) => report.some((one) => one.participant === participant && one.ballot === 0 && one.value === value)).length;
		const places = this.#participants.map((_, participant) => participant);
		if (places.some((participant) => count(participant, "aborted") >= this.#majority)) return "abort";
		return places.every((participant) => count(participant, "prepared") >= this.#majority) ? "commit" : null;
	}

	/** The outcome of ballot 0, or, if it does not come in time, that of a higher one. */
	*outcome(transaction: number): Task<Outcome> {
		const tally = this.#tallies.get(transaction);
		if (tally !== undefined) {
			const late = this.#ctx.after(this.#config.timeoutUs, ballotTimer, () => tally.decided.fire(null));
			const outcome = yield* tally.decided.wait();
			late.cancel();
			this.#tallies.delete(transaction);
			if (outcome !== null) return outcome;
		}
		for (;;) {
			const outcome = yield* this.lead(transaction);
			if (outcome !== null) return outcome;
			yield* this.pause();
		}
	}

	/** Messages of ballot 0 that are known to have been sent; forgotten once told. */
	messagesOf(transaction: number): number {
		const seen = this.#seen.get(transaction) ?? 0;
		this.#seen.delete(transaction);
		return seen;
	}

	// --- whoever leads a ballot

	/** Two leaders that interrupt each other wait differently long. */
	pause(): Task {
		const { timeoutUs } = this.#config;
		return this.#ctx.sleep(1 + this.#ctx.random.below(2 * timeoutUs), ballotTimer);
	}

	/** @returns the outcome, or null: too few acceptors answered, or another leads a higher ballot */
	*lead(transaction: number): Task<Outcome | null> {
		const ballot = yield* this.#nextBallot(transaction);
		if (ballot === null) return null;
		const { reports, number } = ballot;
		const proposals = this.#participants.map((_, participant): Accepted => ({ participant, ballot: number, value: proposalFor(participant, reports) }));
		const calls = this.#askAcceptors(proposeMessage, [transaction, encodeAccepted(proposals)]);
		let accepted = 0;
		for (const call of calls) {
			const answer = yield* call;
			if (answer.ok && answer.body === true) accepted++;
		}
		if (accepted < this.#majority) return null;
		return proposals.every(({ value }) => value === "prepared") ? "commit" : "abort";
	}

	/** Phase 1: a majority that will hear of no lower ballot, and what it has accepted so far. */
	*#nextBallot(transaction: number): Task<{ readonly number: number; readonly reports: readonly (readonly Accepted[])[] } | null> {
		const state = this.#stateOf(transaction);
		const number = this.#members * (1 + Math.floor(state.promised / this.#members)) + this.#me;
		if (this.#config.mistake === "hasty-leader") return { number, reports: [] };
		const reports: (readonly Accepted[])[] = [];
		for (const call of this.#askAcceptors(ballotMessage, [transaction, number])) {
			const answer = yield* call;
			if (!answer.ok || !Array.isArray(answer.body)) continue;
			const [isPromised, promised, accepted] = answer.body as readonly PlainValue[];
			if (isPromised === true) reports.push(decodeAccepted(accepted, this.#participants.length));
			// Somebody else leads a higher one: the next of its own is higher still.
			else if (isNumber(promised)) state.promise(promised);
		}
		return reports.length < this.#majority ? null : { number, reports };
	}

	#askAcceptors(name: string, body: PlainValue) {
		return this.#acceptors.map((acceptor) => this.#ctx.call(acceptor, name, body, { timeoutUs: this.#config.timeoutUs }));
	}
}

export const ballotTimer = "commit.ballotPause";

function isNumber(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function pairOf(body: PlainValue): readonly PlainValue[] {
	return Array.isArray(body) ? (body as readonly PlainValue[]) : [];
}
