/**
 * Reads without the log: by a round of heartbeats (ReadIndex), or by the leader's lease. The rounds and the lease
 * are kept in leadership.ts. Pure.
 *
 * @source thesis 6.4 (ReadIndex), 6.4.1 (leases)
 */
import type { RaftState } from "./state.ts";

/**
 * Asks for leave to answer a read from the state machine; it comes with a later `ready`.
 * @param byLease trust the lease, and with it everybody's clock (thesis 6.4.1)
 */
export function read(state: RaftState, id: number, byLease: boolean): void {
	const { leadership, hasCommittedInTerm, commit, transferee, nowUs } = state;
	if (leadership === null) state.permits.push({ id, index: -1 });
	else if (byLease && hasCommittedInTerm && transferee === null && leadership.hasLease(nowUs)) state.permits.push({ id, index: commit });
	// Until an entry of its own term is committed the leader does not know what was committed before (thesis 6.4, step 1).
	else leadership.read(id, hasCommittedInTerm ? commit : -1);
}
