/**
 * Raft as a pure state machine: messages, the time and proposals go in; `ready` says what to persist,
 * to send and to apply, in that order. It does no input or output, has no clock and no randomness of
 * its own, and so can be led through every situation by a test.
 *
 * Must not know: disks, networks, what commands mean.
 *
 * @source Ongaro, Consensus: Bridging Theory and Practice (2014); the idea of `ready`: etcd's raft
 */
import type { PlainValue } from "../../shared/codec.ts";
import { assert } from "../../shared/errors.ts";
import { Leadership } from "./leadership.ts";
import { RaftLog } from "./log.ts";
import { changed, type MemberChange, Membership, majorityOf, sameMembers } from "./membership.ts";
import type { Entry, EntryBody, Envelope, HardState, Members, RaftMessage, RaftOptions, ReadPermit, Ready, Role, Snapshot, StoredState } from "./types.ts";

/** Entries a leader takes on beyond what is committed, before it says that it is busy. */
const uncommittedMax = 4_096;
/** Entries handed out for applying at once. */
const applyMax = 1_024;

type Of<Kind extends RaftMessage["kind"]> = Extract<RaftMessage, { readonly kind: Kind }>;

export interface RaftParts {
	readonly self: string;
	readonly options: RaftOptions;
	readonly stored: StoredState;
	/** Uniform whole number, 0 <= result < below. */
	readonly random: (below: number) => number;
	readonly nowUs: number;
}

/** A snapshot that comes in pieces. */
interface Incoming {
	readonly index: number;
	readonly lastTerm: number;
	readonly pieces: Uint8Array[];
	bytes: number;
}

export class Raft {
	readonly self: string;
	readonly #options: RaftOptions;
	readonly #random: (below: number) => number;
	readonly #log: RaftLog;
	readonly #membership: Membership;
	#snapshot: Snapshot;
	#nowUs: number;

	#role: Role = "follower";
	#term: number;
	#vote: string | null;
	#amnesiac: boolean;
	#leader: string | null = null;
	#commit: number;
	#votes = new Map<string, boolean>();
	#leadership: Leadership | null = null;
	#transferee: string | null = null;
	#transferUntilUs = 0;
	#incoming: Incoming | null = null;

	#electionUs = 0;
	#heartbeatUs = 0;
	/** Last word of a leader. A server that has just started may have heard one it forgot. */
	#heardUs: number;

	// What `ready` will hand out.
	#outbox: Envelope[] = [];
	#hardStateChanged = false;
	#installed: Snapshot | null = null;
	#handedOut: number;
	#abandonedReads: ReadPermit[] = [];

	constructor({ self, options, stored, random, nowUs }: RaftParts) {
		this.self = self;
		this.#options = options;
		this.#random = random;
		this.#snapshot = stored.snapshot;
		this.#log = new RaftLog(stored.snapshot, stored.entries);
		this.#membership = new Membership(stored.snapshot, stored.entries);
		this.#term = stored.hardState.term;
		this.#vote = stored.hardState.vote;
		this.#amnesiac = stored.hardState.amnesiac;
		this.#commit = stored.snapshot.index;
		this.#handedOut = stored.snapshot.index;
		this.#nowUs = nowUs;
		this.#heardUs = nowUs;
		this.#resetElection();
	}

	get role(): Role {
		return this.#role;
	}

	get term(): number {
		return this.#term;
	}

	get vote(): string | null {
		return this.#vote;
	}

	/** Who leads this term, as far as this server knows. */
	get leader(): string | null {
		return this.#leader;
	}

	get commit(): number {
		return this.#commit;
	}

	/** Who has granted this server its vote, itself included; for those who look on. */
	get votes(): readonly string[] {
		return this.#role === "follower" ? [] : [...this.#votes].flatMap(([voter, isGranted]) => (isGranted ? [voter] : []));
	}

	get amnesiac(): boolean {
		return this.#amnesiac;
	}

	get members(): Members {
		return this.#membership.members;
	}

	get log(): Pick<RaftLog, "snapshotIndex" | "lastIndex" | "lastTerm" | "termAt" | "slice"> {
		return this.#log;
	}

	get hardState(): HardState {
		return { term: this.#term, vote: this.#vote, amnesiac: this.#amnesiac };
	}

	/** When `tick` wants to be called, on the server's own clock. */
	get wakeUs(): number {
		if (this.#role === "leader") return this.#heartbeatUs;
		return this.#mayCampaign ? this.#electionUs : Number.POSITIVE_INFINITY;
	}

	/** Follower's match and next, for those who look on. */
	progress(): readonly { readonly node: string; readonly match: number; readonly next: number }[] {
		const leadership = this.#leadership;
		if (leadership === null) return [];
		const { voters, learners } = this.members;
		return [...voters, ...learners].flatMap((node) => {
			const progress = leadership.progressOf(node);
			return progress === undefined ? [] : [{ node, match: progress.match, next: progress.next }];
		});
	}

	// --- time

	tick(nowUs: number): void {
		this.#nowUs = nowUs;
		if (this.#role !== "leader") {
			if (nowUs >= this.#electionUs && this.#mayCampaign) this.#campaign();
			return;
		}
		if (nowUs < this.#heartbeatUs) return;
		this.#heartbeatUs = nowUs + this.#options.heartbeatUs;
		if (this.#transferee !== null && nowUs >= this.#transferUntilUs) this.#transferee = null;
		// A leader that no quorum has answered for so long has been replaced, or soon will be (thesis 6.2).
		if (this.#leadership?.hasQuorumSince(nowUs - 2 * this.#options.electionUs, nowUs) === false) this.#follow(this.#term, null);
		else this.#leadership?.beat();
	}

	/** Thesis 3.4: randomised, so that split votes are rare and soon resolved. */
	#resetElection(): void {
		this.#electionUs = this.#nowUs + this.#options.electionUs + this.#random(this.#options.electionUs);
	}

	// --- elections (thesis 3.4, 3.6.1, 9.6)

	/** A voter; or one that is to go, as long as its going is not committed: it may be the only one that can win (thesis 4.2.2). */
	get #mayCampaign(): boolean {
		if (this.#amnesiac) return false;
		return this.#membership.isVoter(this.self) || (this.#membership.index > this.#commit && this.#membership.wasVoter(this.self));
	}

	get quorum(): number {
		return this.#options.quorum === 0 ? majorityOf(this.members.voters.length) : this.#options.quorum;
	}

	#campaign(): void {
		if (this.#options.preVote) this.#askWhetherToRun();
		else this.#runForLeader(false);
	}

	/** Thesis 9.6: the term is raised only by a server that could win. */
	#askWhetherToRun(): void {
		this.#role = "preCandidate";
		this.#leader = null;
		this.#openPolls();
		this.#canvass({ kind: "preVote", term: this.#term + 1, ...this.#end });
		this.#countVotes();
	}

	#runForLeader(transfer: boolean): void {
		this.#setTerm(this.#term + 1);
		this.#role = "candidate";
		this.#leader = null;
		this.#vote = this.self;
		this.#openPolls();
		this.#canvass({ kind: "vote", term: this.#term, transfer, ...this.#end });
		this.#countVotes();
	}

	get #end(): { readonly lastIndex: number; readonly lastTerm: number } {
		return { lastIndex: this.#log.lastIndex, lastTerm: this.#log.lastTerm };
	}

	#openPolls(): void {
		this.#votes = new Map([[this.self, true]]);
		this.#resetElection();
	}

	#canvass(message: RaftMessage): void {
		for (const voter of this.members.voters) if (voter !== this.self) this.#send(voter, message);
	}

	#countVotes(): void {
		const { voters } = this.members;
		const granted = voters.filter((voter) => this.#votes.get(voter) === true).length;
		const refused = voters.filter((voter) => this.#votes.get(voter) === false).length;
		if (granted >= this.quorum) {
			if (this.#role === "preCandidate") this.#runForLeader(false);
			else this.#lead();
		} else if (refused > voters.length - this.quorum) this.#follow(this.#term, null);
	}

	/** Thesis 4.2.3: who hears from a leader does not help to depose it. */
	get #hasLeader(): boolean {
		return this.#role === "leader" || this.#nowUs - this.#heardUs < this.#options.electionUs;
	}

	#onPreVote(from: string, message: Of<"preVote">): void {
		const granted = message.term > this.#term && !this.#hasLeader && !this.#amnesiac && this.#log.isUpToDate(message);
		this.#send(from, { kind: "preVoteReply", term: granted ? message.term : this.#term, granted });
	}

	#onVote(from: string, message: Of<"vote">): void {
		const isFree = this.#vote === from || (this.#vote === null && this.#leader === null);
		const granted = isFree && !this.#amnesiac && this.#log.isUpToDate(message);
		if (granted) {
			this.#setVote(from);
			this.#resetElection();
		}
		this.#send(from, { kind: "voteReply", term: this.#term, granted });
	}

	#onVoteReply(from: string, granted: boolean): void {
		if (!this.#votes.has(from)) this.#votes.set(from, granted);
		this.#countVotes();
	}

	#lead(): void {
		this.#role = "leader";
		this.#leader = this.self;
		this.#heartbeatUs = this.#nowUs + this.#options.heartbeatUs;
		const parts = { self: this.self, term: this.#term, options: this.#options, log: this.#log, snapshot: () => this.#snapshot };
		this.#leadership = new Leadership(parts, this.members, this.#nowUs);
		this.#appendOwn({ kind: "noop" }, 0);
	}

	/** Becomes a follower, of `leader` if it is known. */
	#follow(term: number, leader: string | null): void {
		this.#setTerm(term);
		if (this.#leadership !== null) {
			this.#abandonedReads.push(...this.#leadership.abandonReads());
			this.#leadership = null;
			this.#transferee = null;
			this.#resetElection();
		}
		this.#role = "follower";
		this.#leader = leader;
	}

	#setTerm(term: number): void {
		if (term === this.#term) return;
		this.#term = term;
		this.#vote = null;
		this.#hardStateChanged = true;
	}

	#setVote(vote: string): void {
		if (this.#vote === vote) return;
		this.#vote = vote;
		this.#hardStateChanged = true;
	}

	// --- messages

	step(from: string, message: RaftMessage, nowUs: number): void {
		this.#nowUs = nowUs;
		if (message.term > this.#term && !this.#meetTerm(from, message)) return;
		if (message.term < this.#term) {
			this.#answerPast(from, message);
			return;
		}
		switch (message.kind) {
			case "preVote":
				this.#onPreVote(from, message);
				return;
			case "preVoteReply":
				if (this.#role === "preCandidate" && (!message.granted || message.term === this.#term + 1)) this.#onVoteReply(from, message.granted);
				return;
			case "vote":
				this.#onVote(from, message);
				return;
			case "voteReply":
				if (this.#role === "candidate") this.#onVoteReply(from, message.granted);
				return;
			case "append":
				if (this.#hear(from)) this.#onAppend(from, message);
				return;
			case "appendReply":
				this.#onAppendReply(from, message);
				return;
			case "snapshot":
				if (this.#hear(from)) this.#onSnapshot(from, message);
				return;
			case "snapshotReply":
				this.#onSnapshotReply(from, message);
				return;
			case "timeoutNow":
				if (this.#role !== "leader" && this.#mayCampaign) this.#runForLeader(true);
				return;
		}
	}

	/** A newer term. @returns whether the message is to be looked at */
	#meetTerm(from: string, message: RaftMessage): boolean {
		// A pre-vote speaks of a term that nobody has begun.
		if (message.kind === "preVote" || (message.kind === "preVoteReply" && message.granted)) return true;
		if (message.kind === "vote" && !message.transfer && this.#hasLeader) return false;
		this.#follow(message.term, message.kind === "append" || message.kind === "snapshot" ? from : null);
		return true;
	}

	/** Tells a server of the past which term it is; otherwise it might never learn (thesis 4.2.3, 9.6). */
	#answerPast(from: string, message: RaftMessage): void {
		if (message.kind === "append" || message.kind === "snapshot")
			this.#send(from, { kind: "appendReply", term: this.#term, round: 0, ok: false, refused: 0, hintIndex: 0, hintTerm: 0 });
		else if (message.kind === "preVote") this.#send(from, { kind: "preVoteReply", term: this.#term, granted: false });
		else if (message.kind === "vote") this.#send(from, { kind: "voteReply", term: this.#term, granted: false });
	}

	/** The leader of this term speaks. @returns false if it cannot be */
	#hear(from: string): boolean {
		if (this.#role === "leader") {
			assert(this.#options.unsafe, `two leaders in term ${this.#term}: ${this.self} and ${from}`);
			return false;
		}
		this.#follow(this.#term, from);
		this.#heardUs = this.#nowUs;
		this.#resetElection();
		return true;
	}

	#send(to: string, message: RaftMessage): void {
		this.#outbox.push({ to, message });
	}

	// --- the follower's log (thesis 3.5)

	#onAppend(from: string, { term, round, previousIndex, previousTerm, entries, commit }: Of<"append">): void {
		if (previousIndex < this.#commit) {
			// What is committed is the same everywhere already.
			this.#send(from, { kind: "appendReply", term, round, ok: true, index: this.#commit });
			return;
		}
		if (this.#log.termAt(previousIndex) !== previousTerm) {
			this.#send(from, { kind: "appendReply", term, round, ok: false, refused: previousIndex, ...this.#hintFor(previousIndex) });
			return;
		}
		const cutFrom = this.#log.merge(entries);
		if (cutFrom > 0) {
			assert(this.#options.unsafe || cutFrom > this.#commit, `${from} overwrites entry ${cutFrom}, which ${this.self} knows to be committed`);
			this.#membership.cut(cutFrom);
		}
		for (const entry of entries) if (entry.index > this.#membership.index) this.#membership.note(entry);
		const index = previousIndex + entries.length;
		this.#commitTo(Math.min(commit, index));
		this.#send(from, { kind: "appendReply", term, round, ok: true, index });
	}

	/** Lets the leader step over a whole term at a time (thesis 3.5, the optimisation at its end). */
	#hintFor(previousIndex: number): { readonly hintIndex: number; readonly hintTerm: number } {
		if (previousIndex > this.#log.lastIndex) return { hintIndex: this.#log.lastIndex + 1, hintTerm: 0 };
		return { hintIndex: this.#log.firstOfTermAt(previousIndex), hintTerm: this.#log.termAt(previousIndex) ?? 0 };
	}

	// --- the leader's side of it

	#onAppendReply(from: string, message: Of<"appendReply">): void {
		const progress = this.#leadership?.progressOf(from);
		if (this.#leadership === null || progress === undefined) return;
		this.#leadership.heard(progress, message.round, this.#nowUs);
		if (!message.ok) {
			// Believing less of a follower is always safe, even if this answer was overtaken by a better one.
			if (message.hintTerm === 0 && message.hintIndex <= progress.match) progress.forgot(message.hintIndex - 1);
			else progress.refused(message.refused, this.#nextAfter(message));
			return;
		}
		if (progress.acknowledged(message.index)) this.#advanceCommit();
		if (from === this.#transferee) this.#handOver(from);
	}

	/** Where to go on after a refusal: behind the last entry of the hinted term, if the leader has that term at all. */
	#nextAfter({ hintIndex, hintTerm, refused }: { readonly hintIndex: number; readonly hintTerm: number; readonly refused: number }): number {
		if (hintTerm === 0) return hintIndex;
		const last = this.#log.lastUpToTerm(refused, hintTerm);
		return this.#log.termAt(last) === hintTerm ? last + 1 : hintIndex;
	}

	/** Thesis 3.6.2: only an entry of the leader's own term is committed by counting copies. */
	#advanceCommit(): void {
		const index = this.#leadership?.quorumIndex() ?? 0;
		if (index <= this.#commit) return;
		if (this.#log.termAt(index) !== this.#term && !this.#options.commitOldTerms) return;
		this.#commitTo(index);
		if (this.#log.termAt(index) === this.#term) this.#leadership?.committedInTerm(index);
		// A leader that is no member any more goes once that is committed (thesis 4.2.2).
		if (this.#membership.index <= this.#commit && !this.#membership.isVoter(this.self)) this.#follow(this.#term, null);
	}

	#commitTo(index: number): void {
		if (index <= this.#commit) return;
		// Who was removed owes nobody a vote; added anew, it is a new server.
		if (this.#amnesiac && this.#membership.wasOut(this.self, this.#commit, index)) {
			this.#amnesiac = false;
			this.#hardStateChanged = true;
		}
		this.#commit = index;
	}

	#appendOwn(body: EntryBody, bytes: number): Entry {
		const entry: Entry = { index: this.#log.lastIndex + 1, term: this.#term, body, bytes };
		this.#log.merge([entry]);
		this.#membership.note(entry);
		if (body.kind === "members") this.#leadership?.setMembers(body.members, this.#nowUs);
		this.#advanceCommit();
		return entry;
	}

	/**
	 * Puts a command into the log.
	 * @param bytes its size as encoded
	 * @returns where it will be if it is committed, or null: this server does not lead, or is too busy
	 */
	propose(command: PlainValue, bytes: number): { readonly index: number; readonly term: number } | null {
		if (this.#role !== "leader" || this.#transferee !== null || this.#log.lastIndex - this.#commit >= uncommittedMax) return null;
		const { index, term } = this.#appendOwn({ kind: "command", command }, bytes);
		return { index, term };
	}

	/**
	 * Adds or removes one server (thesis 4.1). One change at a time, and none before an entry of the
	 * leader's own term is committed (the correction of 2015).
	 * @returns a sentence why not, or null
	 */
	changeMembers(change: MemberChange): string | null {
		if (this.#role !== "leader") return "not the leader";
		if (this.#membership.index > this.#commit) return "another change of members is not yet committed";
		if (!this.#hasCommittedInTerm) return "the leader has not yet committed an entry of its own term";
		const next = changed(this.members, change);
		if (sameMembers(next, this.members)) return "nothing would change";
		if (next.voters.length === 0) return "the last voter cannot go";
		this.#appendOwn({ kind: "members", members: next }, 64);
		return null;
	}

	get #hasCommittedInTerm(): boolean {
		return this.#log.termAt(this.#commit) === this.#term;
	}

	/** Hands leadership to a voter that has the whole log (thesis 3.10). @returns whether it is under way */
	transfer(to: string): boolean {
		if (this.#role !== "leader" || to === this.self || !this.#membership.isVoter(to)) return false;
		this.#transferee = to;
		this.#transferUntilUs = this.#nowUs + this.#options.electionUs;
		this.#leadership?.endLease();
		this.#handOver(to);
		return true;
	}

	#handOver(to: string): void {
		if (this.#leadership?.progressOf(to)?.match === this.#log.lastIndex) this.#send(to, { kind: "timeoutNow", term: this.#term });
	}

	/**
	 * Asks for leave to answer a read from the state machine; it comes with a later `ready` (thesis 6.4).
	 * @param byLease trust the lease, and with it everybody's clock (thesis 6.4.1)
	 */
	read(id: number, byLease: boolean, nowUs: number): void {
		this.#nowUs = nowUs;
		const leadership = this.#leadership;
		if (leadership === null) this.#abandonedReads.push({ id, index: -1 });
		else if (byLease && this.#hasCommittedInTerm && this.#transferee === null && leadership.hasLease(nowUs))
			this.#abandonedReads.push({ id, index: this.#commit });
		else leadership.read(id, this.#hasCommittedInTerm ? this.#commit : -1);
	}

	// --- snapshots (thesis chapter 5)

	/** The state machine was saved after `index`: the entries up to there may go. */
	compact(index: number, data: Uint8Array): Snapshot {
		const term = this.#log.termAt(index);
		assert(term !== undefined && index <= this.#handedOut, "only what was applied is compacted");
		this.#snapshot = { index, term, members: this.#membership.at(index), data };
		this.#log.compact(index);
		return this.#snapshot;
	}

	#onSnapshot(from: string, { term, round, index, lastTerm, members, offset, data, done }: Of<"snapshot">): void {
		if (index <= this.#commit || this.#log.termAt(index) === lastTerm) {
			this.#commitTo(index);
			this.#send(from, { kind: "appendReply", term, round, ok: true, index: this.#commit });
			return;
		}
		if (this.#incoming?.index !== index || this.#incoming.lastTerm !== lastTerm) this.#incoming = { index, lastTerm, pieces: [], bytes: 0 };
		const incoming = this.#incoming;
		if (offset === incoming.bytes) {
			incoming.pieces.push(data);
			incoming.bytes += data.length;
			if (done) {
				this.#install({ index, term: lastTerm, members, data: joined(incoming) });
				this.#send(from, { kind: "appendReply", term, round, ok: true, index });
				return;
			}
		}
		this.#send(from, { kind: "snapshotReply", term, round, index, offset: incoming.bytes });
	}

	#install(snapshot: Snapshot): void {
		this.#incoming = null;
		this.#snapshot = snapshot;
		this.#installed = snapshot;
		this.#log.reset(snapshot);
		this.#membership.reset(snapshot);
		this.#commitTo(snapshot.index);
		this.#handedOut = snapshot.index;
	}

	#onSnapshotReply(from: string, { round, index, offset }: Of<"snapshotReply">): void {
		const progress = this.#leadership?.progressOf(from);
		if (this.#leadership === null || progress === undefined) return;
		this.#leadership.heard(progress, round, this.#nowUs);
		if (progress.snapshot?.snapshot.index !== index) return;
		progress.snapshot.offset = offset;
		progress.snapshot.sent = false;
	}

	// --- what is to be done

	/** Everything to do since the last call, or null. The caller finishes it before it asks again. */
	ready(nowUs: number): Ready | null {
		this.#nowUs = nowUs;
		this.#leadership?.fill(this.#outbox, this.#commit, nowUs);
		const reads = [...this.#abandonedReads, ...(this.#leadership?.takeReads() ?? [])];
		const append = this.#log.takeUnstable();
		const committed = this.#log.slice(this.#handedOut + 1, Math.min(this.#commit, this.#handedOut + applyMax));
		const { length } = this.#outbox;
		if (!this.#hardStateChanged && this.#installed === null && append === null && length + committed.length + reads.length === 0) return null;
		const ready: Ready = {
			hardState: this.#hardStateChanged ? this.hardState : null,
			snapshot: this.#installed,
			append,
			messages: this.#outbox,
			committed,
			reads,
		};
		this.#handedOut += committed.length;
		this.#outbox = [];
		this.#hardStateChanged = false;
		this.#installed = null;
		this.#abandonedReads = [];
		return ready;
	}
}

function joined({ pieces, bytes }: Incoming): Uint8Array {
	const whole = new Uint8Array(bytes);
	let offset = 0;
	for (const piece of pieces) {
		whole.set(piece, offset);
		offset += piece.length;
	}
	return whole;
}
