/**
 * Transfer of leadership: the leader takes nothing on any more, brings its successor up to date, and tells it to
 * run at once. If it does not within an election timeout, the leader goes on. Pure.
 *
 * @source thesis 3.10
 */
import type { RaftState } from "./state.ts";

/** @returns whether it is under way: only to another voter, and only by the leader */
export function transfer(state: RaftState, to: string): boolean {
	if (state.role !== "leader" || to === state.self || !state.membership.isVoter(to)) return false;
	state.transferee = to;
	state.transferUntilUs = state.nowUs + state.options.electionUs;
	// Its successor is elected though everybody hears from this leader: nothing rests on its lease any more (thesis 6.4.1).
	state.leadership?.endLease();
	handOver(state, to);
	return true;
}

/** As soon as its log is complete (thesis 3.10, step 3). */
export function handOver(state: RaftState, to: string): void {
	if (state.leadership?.progressOf(to)?.match === state.log.lastIndex) state.send(to, { kind: "timeoutNow", term: state.term });
}

/** The successor has had its time (thesis 3.10). */
export function endTransfer(state: RaftState): void {
	if (state.transferee !== null && state.nowUs >= state.transferUntilUs) state.transferee = null;
}
