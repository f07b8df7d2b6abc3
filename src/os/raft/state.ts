/**
 * What a server is, after the state of thesis figure 3.1, and what it wants done. The rules are the files beside
 * this one, a section of the thesis each, as functions of this state: election.ts, replication.ts,
 * member-change.ts, transfer.ts, reads.ts, snapshots.ts. They alone change it. Pure.
 *
 * @source thesis figure 3.1
 */
import type { Leadership } from "./leadership.ts";
import { RaftLog } from "./log.ts";
import { Membership } from "./membership.ts";
import { majorityOf } from "./safety.ts";
import type { Envelope, HardState, RaftMessage, RaftOptions, ReadPermit, Role, Snapshot, StoredState } from "./types.ts";

export interface RaftParts {
	readonly self: string;
	readonly options: RaftOptions;
	readonly stored: StoredState;
	/** Uniform whole number, 0 <= result < below. */
	readonly random: (below: number) => number;
	readonly nowUs: number;
}

/** A snapshot that comes in pieces. */
export interface Incoming {
	readonly index: number;
	readonly lastTerm: number;
	readonly pieces: Uint8Array[];
	bytes: number;
}

export class RaftState {
	readonly self: string;
	readonly options: RaftOptions;
	readonly #random: (below: number) => number;

	// Persistent on all servers: on the disk before anybody hears of it (thesis 3.8).
	term: number;
	vote: string | null;
	amnesiac: boolean;
	readonly log: RaftLog;
	readonly membership: Membership;
	snapshot: Snapshot;

	// Volatile on all servers.
	role: Role = "follower";
	/** Who leads this term, as far as this server knows. */
	leader: string | null = null;
	commit: number;
	nowUs: number;
	/** When it runs for leader, unless it hears from one. */
	electionUs = 0;
	/** Last word of a leader. A server that has just started may have heard one it forgot. */
	heardUs: number;
	incoming: Incoming | null = null;

	// Volatile on candidates.
	votes = new Map<string, boolean>();

	// Volatile on leaders.
	leadership: Leadership | null = null;
	heartbeatUs = 0;
	transferee: string | null = null;
	transferUntilUs = 0;

	// What `ready` will hand out.
	outbox: Envelope[] = [];
	hardStateChanged = false;
	installed: Snapshot | null = null;
	/** Last index handed out for applying. */
	handedOut: number;
	permits: ReadPermit[] = [];

	constructor({ self, options, stored, random, nowUs }: RaftParts) {
		this.self = self;
		this.options = options;
		this.#random = random;
		this.snapshot = stored.snapshot;
		this.log = new RaftLog(stored.snapshot, stored.entries);
		this.membership = new Membership(stored.snapshot, stored.entries);
		this.term = stored.hardState.term;
		this.vote = stored.hardState.vote;
		this.amnesiac = stored.hardState.amnesiac;
		this.commit = stored.snapshot.index;
		this.handedOut = stored.snapshot.index;
		this.nowUs = nowUs;
		this.heardUs = nowUs;
		this.resetElection();
	}

	get hardState(): HardState {
		return { term: this.term, vote: this.vote, amnesiac: this.amnesiac };
	}

	/** Voters that are enough. */
	get quorum(): number {
		return this.options.quorum === 0 ? majorityOf(this.membership.members.voters.length) : this.options.quorum;
	}

	/** Whether an entry of its own term is committed, so that a leader knows what was committed before it (thesis 6.4). */
	get hasCommittedInTerm(): boolean {
		return this.log.termAt(this.commit) === this.term;
	}

	send(to: string, message: RaftMessage): void {
		this.outbox.push({ to, message });
	}

	/** Thesis 3.4: randomised, so that split votes are rare and soon resolved. */
	resetElection(): void {
		this.electionUs = this.nowUs + this.options.electionUs + this.#random(this.options.electionUs);
	}

	/** Terms only rise, and each has its own vote (thesis 3.3). */
	setTerm(term: number): void {
		if (term === this.term) return;
		this.term = term;
		this.vote = null;
		this.hardStateChanged = true;
	}

	setVote(vote: string): void {
		if (this.vote === vote) return;
		this.vote = vote;
		this.hardStateChanged = true;
	}

	/** Becomes a follower, of `leader` if it is known (thesis 3.3). */
	follow(term: number, leader: string | null): void {
		this.setTerm(term);
		if (this.leadership !== null) {
			this.permits.push(...this.leadership.abandonReads());
			this.leadership = null;
			this.transferee = null;
			this.resetElection();
		}
		this.role = "follower";
		this.leader = leader;
	}

	/** Everything up to `index` is committed. */
	commitTo(index: number): void {
		if (index <= this.commit) return;
		// Who was removed owes nobody a vote; added anew, it is a new server.
		if (this.amnesiac && this.membership.wasOut(this.self, this.commit, index)) {
			this.amnesiac = false;
			this.hardStateChanged = true;
		}
		this.commit = index;
	}
}
