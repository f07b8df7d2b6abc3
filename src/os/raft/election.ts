/**
 * Leader election: who runs, who votes for whom, who has won. Pure.
 *
 * @source thesis 3.4 (elections), 3.6.1 (the voter's log), 9.6 (pre-vote), 4.2.3 (disruptive servers)
 */
import { assert } from "../../shared/errors.ts";
import { Leadership } from "./leadership.ts";
import { mayCampaign } from "./member-change.ts";
import { appendOwn } from "./replication.ts";
import { isFreeToVoteFor, isUpToDate } from "./safety.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf, RaftMessage } from "./types.ts";

// --- running for leader

/** No leader was heard for an election timeout (thesis 3.4). */
export function campaign(state: RaftState): void {
	if (state.options.preVote) askWhetherToRun(state);
	else runForLeader(state, { isTransfer: false });
}

/** The term is raised only by a server that could win (thesis 9.6). */
function askWhetherToRun(state: RaftState): void {
	state.role = "preCandidate";
	state.leader = null;
	openPolls(state);
	canvass(state, { kind: "preVote", term: state.term + 1, ...endOf(state) });
	countVotes(state);
}

/** A new term, its own vote, and a request to all others (thesis 3.4). */
function runForLeader(state: RaftState, { isTransfer }: { readonly isTransfer: boolean }): void {
	state.setTerm(state.term + 1);
	state.role = "candidate";
	state.leader = null;
	state.setVote(state.self);
	openPolls(state);
	canvass(state, { kind: "vote", term: state.term, transfer: isTransfer, ...endOf(state) });
	countVotes(state);
}

/** The leader hands over: no need to wait, nor to ask whether one may run (thesis 3.10). */
export function onTimeoutNow(state: RaftState): void {
	if (state.role !== "leader" && mayCampaign(state)) runForLeader(state, { isTransfer: true });
}

function endOf({ log: { lastIndex, lastTerm } }: RaftState): { readonly lastIndex: number; readonly lastTerm: number } {
	return { lastIndex, lastTerm };
}

function openPolls(state: RaftState): void {
	state.votes = new Map([[state.self, true]]);
	state.resetElection();
}

function canvass(state: RaftState, message: RaftMessage): void {
	for (const voter of state.membership.members.voters) if (voter !== state.self) state.send(voter, message);
}

// --- voting

/** Who hears from a leader does not help to depose it (thesis 4.2.3). */
export function hasLeader({ role, nowUs, heardUs, options }: RaftState): boolean {
	return role === "leader" || nowUs - heardUs < options.electionUs;
}

/** Would it vote? Nothing is promised by the answer, so nothing is remembered (thesis 9.6). */
export function onPreVote(state: RaftState, from: string, message: MessageOf<"preVote">): void {
	const granted = message.term > state.term && !hasLeader(state) && !state.amnesiac && isUpToDate(message, state.log);
	state.send(from, { kind: "preVoteReply", term: granted ? message.term : state.term, granted });
}

/** RequestVote (thesis figure 3.1): one vote a term, and only for a log as complete as its own. */
export function onVote(state: RaftState, from: string, message: MessageOf<"vote">): void {
	const granted = isFreeToVoteFor(from, state) && !state.amnesiac && isUpToDate(message, state.log);
	if (granted) {
		state.setVote(from);
		state.resetElection();
	}
	state.send(from, { kind: "voteReply", term: state.term, granted });
}

// --- counting

export function onPreVoteReply(state: RaftState, from: string, { term, granted }: MessageOf<"preVoteReply">): void {
	if (state.role === "preCandidate" && (!granted || term === state.term + 1)) onAnswer(state, from, granted);
}

export function onVoteReply(state: RaftState, from: string, { granted }: MessageOf<"voteReply">): void {
	if (state.role === "candidate") onAnswer(state, from, granted);
}

/** A voter's first word counts. */
function onAnswer(state: RaftState, from: string, granted: boolean): void {
	if (!state.votes.has(from)) state.votes.set(from, granted);
	countVotes(state);
}

/** A majority makes it leader; so many refusals that no majority is left end the attempt (thesis 3.4). */
function countVotes(state: RaftState): void {
	const { voters } = state.membership.members;
	const granted = voters.filter((voter) => state.votes.get(voter) === true).length;
	const refused = voters.filter((voter) => state.votes.get(voter) === false).length;
	if (granted >= state.quorum) {
		if (state.role === "preCandidate") runForLeader(state, { isTransfer: false });
		else lead(state);
	} else if (refused > voters.length - state.quorum) state.follow(state.term, null);
}

/** Its first act is an entry of its own term, so that it may commit what came before (thesis 6.4, step 1). */
function lead(state: RaftState): void {
	const { self, term, options, log, membership, nowUs } = state;
	state.role = "leader";
	state.leader = self;
	state.heartbeatUs = nowUs + options.heartbeatUs;
	state.leadership = new Leadership({ self, term, options, log, snapshot: () => state.snapshot }, membership.members, nowUs);
	appendOwn(state, { kind: "noop" }, 0);
}

/** The leader of this term speaks; a candidate that hears it has lost (thesis 3.4). @returns false if it cannot be */
export function hearLeader(state: RaftState, from: string): boolean {
	if (state.role === "leader") {
		assert(state.options.unsafe, `two leaders in term ${state.term}: ${state.self} and ${from}`);
		return false;
	}
	state.follow(state.term, from);
	state.heardUs = state.nowUs;
	state.resetElection();
	return true;
}
