/**
 * Log compaction: a snapshot of the state machine takes the place of the entries before it, and is sent to who is
 * too far behind, in pieces. Pure.
 *
 * @source thesis 5.1 (each server for itself), figure 5.3 (InstallSnapshot)
 */
import { assert } from "../../shared/errors.ts";
import { hasEntry } from "./safety.ts";
import type { Incoming, RaftState } from "./state.ts";
import type { MessageOf, Snapshot } from "./types.ts";

/** The state machine was saved after `index`: the entries up to there may go (thesis 5.1). */
export function compact(state: RaftState, index: number, data: Uint8Array): Snapshot {
	const { log, membership, handedOut } = state;
	const term = log.termAt(index);
	assert(term !== undefined && index <= handedOut, "only what was applied is compacted");
	state.snapshot = { index, term, members: membership.at(index), data };
	log.compact(index);
	return state.snapshot;
}

/** InstallSnapshot (thesis figure 5.3): what the log has already is kept, with all behind it. */
export function onSnapshot(state: RaftState, from: string, message: MessageOf<"snapshot">): void {
	const { term, round, index, lastTerm, members, offset, data, done } = message;
	if (index <= state.commit || hasEntry(state.log, { index, term: lastTerm })) {
		state.commitTo(index);
		state.send(from, { kind: "appendReply", term, round, ok: true, index: state.commit });
		return;
	}
	const incoming = incomingOf(state, message);
	if (offset === incoming.bytes) {
		incoming.pieces.push(data);
		incoming.bytes += data.length;
		if (done) {
			install(state, { index, term: lastTerm, members, data: joined(incoming) });
			state.send(from, { kind: "appendReply", term, round, ok: true, index });
			return;
		}
	}
	state.send(from, { kind: "snapshotReply", term, round, index, offset: incoming.bytes });
}

/** The pieces so far, of this snapshot alone. */
function incomingOf(state: RaftState, { index, lastTerm }: MessageOf<"snapshot">): Incoming {
	const known = state.incoming;
	if (known !== null && known.index === index && known.lastTerm === lastTerm) return known;
	const begun: Incoming = { index, lastTerm, pieces: [], bytes: 0 };
	state.incoming = begun;
	return begun;
}

/** It takes the place of the whole log (thesis figure 5.3, step 7). */
function install(state: RaftState, snapshot: Snapshot): void {
	state.incoming = null;
	state.snapshot = snapshot;
	state.installed = snapshot;
	state.log.reset(snapshot);
	state.membership.reset(snapshot);
	state.commitTo(snapshot.index);
	state.handedOut = snapshot.index;
}

/** The follower says where to go on. */
export function onSnapshotReply(state: RaftState, from: string, { round, index, offset }: MessageOf<"snapshotReply">): void {
	const { leadership } = state;
	const progress = leadership?.progressOf(from);
	if (leadership === null || progress === undefined) return;
	leadership.heard(progress, round, state.nowUs);
	if (progress.snapshot?.snapshot.index !== index) return;
	progress.snapshot.offset = offset;
	progress.snapshot.sent = false;
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
