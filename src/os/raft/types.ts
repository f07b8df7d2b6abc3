/**
 * The words of Raft: what a log holds, what servers say to each other, what the pure core asks of its
 * surroundings. Plain data all through, because messages and log records are encoded. Pure.
 *
 * @source Ongaro, Consensus: Bridging Theory and Practice (2014), "the thesis" in what follows; figure 3.1
 */
import type { PlainValue } from "../../shared/codec.ts";

/** Who takes part: voters count for elections and commitment, learners only receive the log (thesis 4.2.1). */
export type Members = { readonly voters: readonly string[]; readonly learners: readonly string[] };

export type EntryBody =
	/** Appended by every new leader, so that it may commit what came before (thesis 6.4, step 1). */
	{ readonly kind: "noop" } | { readonly kind: "command"; readonly command: PlainValue } | { readonly kind: "members"; readonly members: Members };

export type Entry = {
	readonly index: number;
	readonly term: number;
	readonly body: EntryBody;
	/** Size of the command as encoded; what a message may hold is counted in these. */
	readonly bytes: number;
};

/** What a server must never forget (thesis figure 3.1, persistent state). */
export type HardState = {
	readonly term: number;
	readonly vote: string | null;
	/** It lost its disk: it may have voted and does not know, so it stays out of elections until it is removed and added anew. */
	readonly amnesiac: boolean;
};

/** The state machine after `index`, in the place of all entries up to it (thesis 5.1). */
export type Snapshot = {
	readonly index: number;
	readonly term: number;
	readonly members: Members;
	readonly data: Uint8Array;
};

type VoteQuestion = { readonly term: number; readonly lastIndex: number; readonly lastTerm: number };
type VoteAnswer = { readonly term: number; readonly granted: boolean };

export type RaftMessage =
	/** Would you vote for me in this term, which I have not begun? (thesis 9.6) */
	| ({ readonly kind: "preVote" } & VoteQuestion)
	| ({ readonly kind: "preVoteReply" } & VoteAnswer)
	/** RequestVote. `transfer`: the present leader asked for this election (thesis 3.10). */
	| ({ readonly kind: "vote"; readonly transfer: boolean } & VoteQuestion)
	| ({ readonly kind: "voteReply" } & VoteAnswer)
	/** AppendEntries; without entries a heartbeat. `round` counts the leader's broadcasts and comes back in the reply. */
	| {
			readonly kind: "append";
			readonly term: number;
			readonly round: number;
			readonly previousIndex: number;
			readonly previousTerm: number;
			readonly entries: readonly Entry[];
			readonly commit: number;
	  }
	/** The logs agree up to `index`. */
	| { readonly kind: "appendReply"; readonly term: number; readonly round: number; readonly ok: true; readonly index: number }
	/** No entry of the previous term at `refused`; `hintTerm` is what stands there (0: nothing), `hintIndex` where that term begins. */
	| {
			readonly kind: "appendReply";
			readonly term: number;
			readonly round: number;
			readonly ok: false;
			readonly refused: number;
			readonly hintIndex: number;
			readonly hintTerm: number;
	  }
	/** A piece of InstallSnapshot (thesis figure 5.3). */
	| {
			readonly kind: "snapshot";
			readonly term: number;
			readonly round: number;
			readonly index: number;
			readonly lastTerm: number;
			readonly members: Members;
			readonly offset: number;
			readonly data: Uint8Array;
			readonly done: boolean;
	  }
	/** Go on from `offset`. */
	| { readonly kind: "snapshotReply"; readonly term: number; readonly round: number; readonly index: number; readonly offset: number }
	/** Start an election at once (thesis 3.10). */
	| { readonly kind: "timeoutNow"; readonly term: number };

export type RaftMessageKind = RaftMessage["kind"];
export type MessageOf<Kind extends RaftMessageKind> = Extract<RaftMessage, { readonly kind: Kind }>;

export const raftMessageKinds: readonly RaftMessageKind[] = [
	"preVote",
	"preVoteReply",
	"vote",
	"voteReply",
	"append",
	"appendReply",
	"snapshot",
	"snapshotReply",
	"timeoutNow",
];

export interface Envelope {
	readonly to: string;
	readonly message: RaftMessage;
}

export type Role = "follower" | "preCandidate" | "candidate" | "leader";

/** Times are on the server's own clock. `preVote`, `commitOldTerms` and `quorum` are rules that a lab may break on purpose. */
export interface RaftOptions {
	/** Election timeouts are drawn between this and twice this (thesis 3.4). */
	readonly electionUs: number;
	readonly heartbeatUs: number;
	/** Two clocks are taken to drift apart by no more than this; what a lease is shortened by (thesis 6.4.1). */
	readonly driftBoundRatio: number;
	/** Entries that one message carries at most. */
	readonly batchEntries: number;
	/** Off: a server that was cut off disturbs the others on its return. */
	readonly preVote: boolean;
	/** On: entries of older terms are committed by counting copies (the mistake of thesis figure 3.7). */
	readonly commitOldTerms: boolean;
	/** Votes and copies that are enough; 0: a majority. */
	readonly quorum: number;
	/** On: promises may be broken around this server (no sync, a wrong quorum), so it does not insist on them. */
	readonly unsafe: boolean;
}

/** What a server knows after a restart. */
export interface StoredState {
	readonly hardState: HardState;
	readonly snapshot: Snapshot;
	readonly entries: readonly Entry[];
}

/** A read that may be answered once the state machine has applied `index` (thesis 6.4, ReadIndex). */
export interface ReadPermit {
	readonly id: number;
	/** -1: this server cannot know any more; ask the leader. */
	readonly index: number;
}

/**
 * What the core wants done, in this order: persist `hardState`, `snapshot` and `append` and sync them;
 * send `messages`; apply `snapshot` and `committed`; answer `reads`.
 */
export interface Ready {
	readonly hardState: HardState | null;
	/** Received from a leader; takes the place of the whole log. */
	readonly snapshot: Snapshot | null;
	/** The log ends at `after`, then come these. */
	readonly append: { readonly after: number; readonly entries: readonly Entry[] } | null;
	readonly messages: readonly Envelope[];
	readonly committed: readonly Entry[];
	readonly reads: readonly ReadPermit[];
}
