/**
 * Log replication: what a leader appends and commits, and what a follower takes over from it. What a leader
 * believes of each follower, and when it sends, is in leadership.ts. Pure.
 *
 * @source thesis 3.5 (replication, log matching), 3.6.2 (committing entries of earlier terms)
 */
import type { PlainValue } from "../../shared/codec.ts";
import { assert } from "../../shared/errors.ts";
import { retireIfRemoved } from "./member-change.ts";
import { commitOfFollower, hasEntry, isCommittedByCount } from "./safety.ts";
import type { RaftState } from "./state.ts";
import { handOver } from "./transfer.ts";
import type { Entry, EntryBody, MessageOf } from "./types.ts";

/** Entries a leader takes on beyond what is committed, before it says that it is busy. */
const uncommittedMax = 4_096;

// --- the leader

/**
 * Puts a command into the log.
 * @param bytes its size as encoded
 * @returns where it will be if it is committed, or null: this server does not lead, hands over, or is too busy
 */
export function propose(state: RaftState, command: PlainValue, bytes: number): { readonly index: number; readonly term: number } | null {
	const { role, transferee, log, commit } = state;
	if (role !== "leader" || transferee !== null || log.lastIndex - commit >= uncommittedMax) return null;
	const { index, term } = appendOwn(state, { kind: "command", command }, bytes);
	return { index, term };
}

/** A leader only ever appends to its own log (thesis 3.5). */
export function appendOwn(state: RaftState, body: EntryBody, bytes: number): Entry {
	const entry: Entry = { index: state.log.lastIndex + 1, term: state.term, body, bytes };
	state.log.merge([entry]);
	state.membership.note(entry);
	if (body.kind === "members") state.leadership?.setMembers(body.members, state.nowUs);
	advanceCommit(state);
	return entry;
}

export function onAppendReply(state: RaftState, from: string, message: MessageOf<"appendReply">): void {
	const { leadership } = state;
	const progress = leadership?.progressOf(from);
	if (leadership === null || progress === undefined) return;
	leadership.heard(progress, message.round, state.nowUs);
	if (!message.ok) {
		// Believing less of a follower is always safe, even if this answer was overtaken by a better one.
		if (message.hintTerm === 0 && message.hintIndex <= progress.match) progress.forgot(message.hintIndex - 1);
		else progress.refused(message.refused, nextAfter(state, message));
		return;
	}
	if (progress.acknowledged(message.index)) advanceCommit(state);
	if (from === state.transferee) handOver(state, from);
}

/** Where to go on after a refusal: behind the last entry of the hinted term, if the leader has that term at all (thesis 3.5). */
function nextAfter({ log }: RaftState, { hintIndex, hintTerm, refused }: Extract<MessageOf<"appendReply">, { readonly ok: false }>): number {
	if (hintTerm === 0) return hintIndex;
	const last = log.lastUpToTerm(refused, hintTerm);
	return log.termAt(last) === hintTerm ? last + 1 : hintIndex;
}

/** What a majority holds is committed, if it is of this term; and with it all that came before (thesis 3.6.2). */
function advanceCommit(state: RaftState): void {
	const { leadership, log, term, options } = state;
	const index = leadership?.quorumIndex() ?? 0;
	if (index <= state.commit) return;
	if (!isCommittedByCount(log.termAt(index), term) && !options.commitOldTerms) return;
	state.commitTo(index);
	if (log.termAt(index) === term) leadership?.committedInTerm(index);
	retireIfRemoved(state);
}

// --- the follower

/** AppendEntries (thesis figure 3.1). Heard twice it does no more than heard once (thesis 3.7). */
export function onAppend(state: RaftState, from: string, { term, round, previousIndex, previousTerm, entries, commit }: MessageOf<"append">): void {
	const { log } = state;
	if (previousIndex < state.commit) {
		// What is committed is the same everywhere already.
		state.send(from, { kind: "appendReply", term, round, ok: true, index: state.commit });
		return;
	}
	if (!hasEntry(log, { index: previousIndex, term: previousTerm })) {
		state.send(from, { kind: "appendReply", term, round, ok: false, refused: previousIndex, ...hintFor(state, previousIndex) });
		return;
	}
	takeOver(state, from, entries);
	const index = previousIndex + entries.length;
	state.commitTo(commitOfFollower(commit, index));
	state.send(from, { kind: "appendReply", term, round, ok: true, index });
}

/** What conflicts with the leader's entries goes, with all behind it; what is there already stays (thesis 3.5). */
function takeOver({ log, membership, commit, options, self }: RaftState, from: string, entries: readonly Entry[]): void {
	const cutFrom = log.merge(entries);
	if (cutFrom > 0) {
		assert(options.unsafe || cutFrom > commit, `${from} overwrites entry ${cutFrom}, which ${self} knows to be committed`);
		membership.cut(cutFrom);
	}
	for (const entry of entries) if (entry.index > membership.index) membership.note(entry);
}

/** Lets the leader step over a whole term at a time (thesis 3.5, the optimisation at its end). */
function hintFor({ log }: RaftState, previousIndex: number): { readonly hintIndex: number; readonly hintTerm: number } {
	if (previousIndex > log.lastIndex) return { hintIndex: log.lastIndex + 1, hintTerm: 0 };
	return { hintIndex: log.firstOfTermAt(previousIndex), hintTerm: log.termAt(previousIndex) ?? 0 };
}
