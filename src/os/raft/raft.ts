/**
 * Raft as a pure state machine: messages, the time and proposals go in; `ready` says what to persist,
 * to send and to apply, in that order. It does no input or output, has no clock and no randomness of
 * its own, and so can be led through every situation by a test. Here is what all servers do with every
 * message; the rules are in the files beside this one, see state.ts.
 *
 * Must not know: disks, networks, what commands mean.
 *
 * @source Ongaro, Consensus: Bridging Theory and Practice (2014); the idea of `ready`: etcd's raft
 */
import type { PlainValue } from "../../shared/codec.ts";
import { campaign, hasLeader, hearLeader, onPreVote, onPreVoteReply, onTimeoutNow, onVote, onVoteReply } from "./election.ts";
import type { RaftLog } from "./log.ts";
import { mayCampaign, nextMembers } from "./member-change.ts";
import type { MemberChange } from "./membership.ts";
import { read } from "./reads.ts";
import { appendOwn, onAppend, onAppendReply, propose } from "./replication.ts";
import { compact, onSnapshot, onSnapshotReply } from "./snapshots.ts";
import { type RaftParts, RaftState } from "./state.ts";
import { endTransfer, transfer } from "./transfer.ts";
import type { HardState, Members, RaftMessage, Ready, Role, Snapshot } from "./types.ts";

/** Entries handed out for applying at once. */
const applyMax = 1_024;
/** What an entry that names the members counts for. */
const membersBytes = 64;

export class Raft {
	readonly #state: RaftState;

	constructor(parts: RaftParts) {
		this.#state = new RaftState(parts);
	}

	get self(): string {
		return this.#state.self;
	}

	get role(): Role {
		return this.#state.role;
	}

	get term(): number {
		return this.#state.term;
	}

	get vote(): string | null {
		return this.#state.vote;
	}

	/** Who leads this term, as far as this server knows. */
	get leader(): string | null {
		return this.#state.leader;
	}

	get commit(): number {
		return this.#state.commit;
	}

	/** Who has granted this server its vote, itself included; for those who look on. */
	get votes(): readonly string[] {
		const { role, votes } = this.#state;
		return role === "follower" ? [] : [...votes].flatMap(([voter, isGranted]) => (isGranted ? [voter] : []));
	}

	get quorum(): number {
		return this.#state.quorum;
	}

	get amnesiac(): boolean {
		return this.#state.amnesiac;
	}

	get members(): Members {
		return this.#state.membership.members;
	}

	get log(): Pick<RaftLog, "snapshotIndex" | "lastIndex" | "lastTerm" | "termAt" | "slice"> {
		return this.#state.log;
	}

	get hardState(): HardState {
		return this.#state.hardState;
	}

	/** When `tick` wants to be called, on the server's own clock. */
	get wakeUs(): number {
		const state = this.#state;
		if (state.role === "leader") return state.heartbeatUs;
		return mayCampaign(state) ? state.electionUs : Number.POSITIVE_INFINITY;
	}

	/** Follower's match and next, for those who look on. */
	progress(): readonly { readonly node: string; readonly match: number; readonly next: number }[] {
		const { leadership } = this.#state;
		if (leadership === null) return [];
		const { voters, learners } = this.members;
		return [...voters, ...learners].flatMap((node) => {
			const progress = leadership.progressOf(node);
			return progress === undefined ? [] : [{ node, match: progress.match, next: progress.next }];
		});
	}

	// --- time

	tick(nowUs: number): void {
		const state = this.#state;
		state.nowUs = nowUs;
		if (state.role === "leader") {
			if (nowUs >= state.heartbeatUs) this.#beat();
		} else if (nowUs >= state.electionUs && mayCampaign(state)) campaign(state);
	}

	/** A leader speaks at least so often that nobody runs against it (thesis 3.4). */
	#beat(): void {
		const state = this.#state;
		const { leadership, options, nowUs } = state;
		state.heartbeatUs = nowUs + options.heartbeatUs;
		endTransfer(state);
		// A leader that no quorum has answered for so long has been replaced, or soon will be (thesis 6.2).
		if (leadership?.hasQuorumSince(nowUs - 2 * options.electionUs, nowUs) === false) state.follow(state.term, null);
		else leadership?.beat();
	}

	// --- messages

	step(from: string, message: RaftMessage, nowUs: number): void {
		const state = this.#state;
		state.nowUs = nowUs;
		if (message.term > state.term && !this.#meetTerm(message)) return;
		if (message.term < state.term) {
			this.#answerPast(from, message);
			return;
		}
		switch (message.kind) {
			case "preVote":
				onPreVote(state, from, message);
				return;
			case "preVoteReply":
				onPreVoteReply(state, from, message);
				return;
			case "vote":
				onVote(state, from, message);
				return;
			case "voteReply":
				onVoteReply(state, from, message);
				return;
			case "append":
				if (hearLeader(state, from)) onAppend(state, from, message);
				return;
			case "appendReply":
				onAppendReply(state, from, message);
				return;
			case "snapshot":
				if (hearLeader(state, from)) onSnapshot(state, from, message);
				return;
			case "snapshotReply":
				onSnapshotReply(state, from, message);
				return;
			case "timeoutNow":
				onTimeoutNow(state);
				return;
		}
	}

	/** A newer term: whoever meets it follows (thesis 3.3). @returns whether the message is to be looked at */
	#meetTerm(message: RaftMessage): boolean {
		// A pre-vote speaks of a term that nobody has begun (thesis 9.6).
		if (message.kind === "preVote" || (message.kind === "preVoteReply" && message.granted)) return true;
		if (message.kind === "vote" && !message.transfer && hasLeader(this.#state)) return false;
		this.#state.follow(message.term, null);
		return true;
	}

	/** Tells a server of the past which term it is (thesis 3.3); otherwise it might never learn (thesis 4.2.3, 9.6). */
	#answerPast(from: string, message: RaftMessage): void {
		const state = this.#state;
		const { term } = state;
		if (message.kind === "append" || message.kind === "snapshot")
			state.send(from, { kind: "appendReply", term, round: 0, ok: false, refused: 0, hintIndex: 0, hintTerm: 0 });
		else if (message.kind === "preVote") state.send(from, { kind: "preVoteReply", term, granted: false });
		else if (message.kind === "vote") state.send(from, { kind: "voteReply", term, granted: false });
	}

	// --- what clients and operators want

	/**
	 * Puts a command into the log.
	 * @param bytes its size as encoded
	 * @returns where it will be if it is committed, or null: this server does not lead, or is too busy
	 */
	propose(command: PlainValue, bytes: number): { readonly index: number; readonly term: number } | null {
		return propose(this.#state, command, bytes);
	}

	/**
	 * Adds or removes one server (thesis 4.1).
	 * @returns a sentence why not, or null: it is in the log, and counts from now on
	 */
	changeMembers(change: MemberChange): string | null {
		const next = nextMembers(this.#state, change);
		if (typeof next === "string") return next;
		appendOwn(this.#state, { kind: "members", members: next }, membersBytes);
		return null;
	}

	/** Hands leadership to a voter that has the whole log (thesis 3.10). @returns whether it is under way */
	transfer(to: string): boolean {
		return transfer(this.#state, to);
	}

	/**
	 * Asks for leave to answer a read from the state machine; it comes with a later `ready` (thesis 6.4).
	 * @param byLease trust the lease, and with it everybody's clock (thesis 6.4.1)
	 */
	read(id: number, byLease: boolean, nowUs: number): void {
		this.#state.nowUs = nowUs;
		read(this.#state, id, byLease);
	}

	/** The state machine was saved after `index`: the entries up to there may go. */
	compact(index: number, data: Uint8Array): Snapshot {
		return compact(this.#state, index, data);
	}

	// --- what is to be done

	/** Everything to do since the last call, or null. The caller finishes it before it asks again. */
	ready(nowUs: number): Ready | null {
		const state = this.#state;
		state.nowUs = nowUs;
		state.leadership?.fill(state.outbox, state.commit, nowUs);
		const reads = [...state.permits, ...(state.leadership?.takeReads() ?? [])];
		const append = state.log.takeUnstable();
		const committed = state.log.slice(state.handedOut + 1, Math.min(state.commit, state.handedOut + applyMax));
		const { length } = state.outbox;
		if (!state.hardStateChanged && state.installed === null && append === null && length + committed.length + reads.length === 0) return null;
		const ready: Ready = {
			hardState: state.hardStateChanged ? state.hardState : null,
			snapshot: state.installed,
			append,
			messages: state.outbox,
			committed,
			reads,
		};
		state.handedOut += committed.length;
		state.outbox = [];
		state.hardStateChanged = false;
		state.installed = null;
		state.permits = [];
		return ready;
	}
}
