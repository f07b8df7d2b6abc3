/**
 * Change of members, one server at a time. Who is a member is what the log says, committed or not: membership.ts. Pure.
 *
 * @source thesis 4.1 (one at a time), 4.2.1 (learners), 4.2.2 (a leader that is to go); Ongaro, "bug in single-server
 * membership changes" (raft-dev, 2015)
 */
import { changed, type MemberChange, sameMembers } from "./membership.ts";
import { whyNoChange } from "./safety.ts";
import type { RaftState } from "./state.ts";
import type { Members } from "./types.ts";

/** @returns the members to be, for an entry of the log; or a sentence why there is no such change now */
export function nextMembers({ role, membership, commit, hasCommittedInTerm }: RaftState, change: MemberChange): Members | string {
	if (role !== "leader") return "not the leader";
	const why = whyNoChange({ changeIndex: membership.index, commit, hasCommittedInTerm });
	if (why !== null) return why;
	const next = changed(membership.members, change);
	if (sameMembers(next, membership.members)) return "nothing would change";
	return next.voters.length === 0 ? "the last voter cannot go" : next;
}

/** A voter; or one that is to go, as long as its going is not committed: it may be the only one that can win (thesis 4.2.2). */
export function mayCampaign({ self, amnesiac, membership, commit }: RaftState): boolean {
	if (amnesiac) return false;
	return membership.isVoter(self) || (membership.index > commit && membership.wasVoter(self));
}

/** A leader that is no member any more goes once that is committed (thesis 4.2.2). */
export function retireIfRemoved(state: RaftState): void {
	const { self, membership, commit, term } = state;
	if (membership.index <= commit && !membership.isVoter(self)) state.follow(term, null);
}
