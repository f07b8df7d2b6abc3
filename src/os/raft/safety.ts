/**
 * The rules on which the five properties of Raft rest, each a predicate: take one away, and a property fails
 * (test/raft-mutations.test.ts does so, one after the other). Pure, and without a state of their own.
 *
 * @source thesis figures 3.1 (the rules) and 3.2 (the properties)
 */
import type { RaftLog } from "./log.ts";

/** So many of `count` voters that any two such groups share one (thesis 3.4). */
export function majorityOf(count: number): number {
	return Math.floor(count / 2) + 1;
}

/** Election safety: one vote a term, to the first who asks; whoever follows a leader has nothing to give (thesis 3.4). */
export function isFreeToVoteFor(candidate: string, { vote, leader }: { readonly vote: string | null; readonly leader: string | null }): boolean {
	return vote === candidate || (vote === null && leader === null);
}

/** Leader completeness: a vote only for a log at least as complete as the voter's own (thesis 3.6.1). */
export function isUpToDate(theirs: { readonly lastIndex: number; readonly lastTerm: number }, own: Pick<RaftLog, "lastIndex" | "lastTerm">): boolean {
	return theirs.lastTerm > own.lastTerm || (theirs.lastTerm === own.lastTerm && theirs.lastIndex >= own.lastIndex);
}

/** Log matching: what is new follows only an entry that both logs have (thesis 3.5). */
export function hasEntry(log: Pick<RaftLog, "termAt">, { index, term }: { readonly index: number; readonly term: number }): boolean {
	return log.termAt(index) === term;
}

/** State-machine safety: a follower commits no further than its log is known to be the leader's (thesis figure 3.1, AppendEntries 5). */
export function commitOfFollower(leaderCommit: number, lastNewIndex: number): number {
	return Math.min(leaderCommit, lastNewIndex);
}

/** Leader completeness: only an entry of the leader's own term is committed by counting copies (thesis 3.6.2). */
export function isCommittedByCount(entryTerm: number | undefined, ownTerm: number): boolean {
	return entryTerm === ownTerm;
}

/**
 * One change of members at a time, so that two majorities always share a server (thesis 4.1); and none before an
 * entry of the leader's own term is committed, or two leaders' changes may pass each other unseen.
 *
 * @source Ongaro, "bug in single-server membership changes" (raft-dev, 2015)
 * @returns a sentence why not, or null
 */
export function whyNoChange({
	changeIndex,
	commit,
	hasCommittedInTerm,
}: {
	readonly changeIndex: number;
	readonly commit: number;
	readonly hasCommittedInTerm: boolean;
}): string | null {
	if (changeIndex > commit) return "another change of members is not yet committed";
	return hasCommittedInTerm ? null : "the leader has not yet committed an entry of its own term";
}
