/**
 * The states and rules of atomic commitment that need no network: what a log means after a crash, and
 * what participants may decide among themselves without their coordinator. Pure.
 */
export const commitProtocols = ["two-phase", "three-phase", "paxos"] as const;
export type CommitProtocol = (typeof commitProtocols)[number];

export type Outcome = "commit" | "abort";

/** A participant's state in one transaction, as its log has it; `none`: it has never voted. */
export type ParticipantState = "none" | "prepared" | "precommitted" | Outcome;

const stateRank: readonly ParticipantState[] = ["none", "prepared", "precommitted"];

export function isDecided(state: ParticipantState): state is Outcome {
	return state === "commit" || state === "abort";
}

/** States only move on: a record that would take one back is old. */
export function laterState(a: ParticipantState, b: ParticipantState): ParticipantState {
	if (isDecided(a)) return a;
	if (isDecided(b)) return b;
	return stateRank.indexOf(a) >= stateRank.indexOf(b) ? a : b;
}

/**
 * What participants decide when their coordinator is silent, from the states of all that can be asked, the
 * asking one's own included. Two-phase: only somebody who knows, or who never voted, can help; if all are
 * prepared they are blocked, and null says so. Three-phase: nobody can have committed while somebody is only
 * prepared, so there is always a decision; but it is right only if all who are silent are dead.
 *
 * @source Gray, Notes on Data Base Operating Systems (1978), section 5.8.3; Skeen, Nonblocking Commit Protocols
 * (SIGMOD 1981), the termination protocol
 */
export function terminate(protocol: CommitProtocol, states: readonly ParticipantState[]): Outcome | null {
	if (states.includes("commit")) return "commit";
	if (states.includes("abort") || states.includes("none")) return "abort";
	if (protocol !== "three-phase") return null;
	return states.includes("precommitted") ? "commit" : "abort";
}

/**
 * Messages of one undisturbed transaction that commits, acknowledgements included.
 * Two-phase: prepare, vote, decision, acknowledgement. Three-phase: one more pair. Paxos Commit: N prepares, N (F + 1)
 * votes to acceptors, F + 1 messages from them, N decisions, which is the paper's (N + 1)(F + 3) - 2; and N
 * acknowledgements.
 * @source Gray (1978); Skeen (1981); Gray and Lamport (2006), section 5
 * @param faults F; counts for Paxos Commit alone
 */
export function messagesPerTransaction(protocol: CommitProtocol, participants: number, faults: number): number {
	switch (protocol) {
		case "two-phase":
			return 4 * participants;
		case "three-phase":
			return 6 * participants;
		case "paxos":
			return (participants + 1) * (faults + 3) - 2 + participants;
	}
}
