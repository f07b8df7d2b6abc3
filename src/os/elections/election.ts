/**
 * What both elections have in common: members numbered from 0, messages in, messages out, one alarm.
 * Elections are numbered by rounds: whoever starts one takes a round higher than any it has seen, whoever
 * hears of a higher round joins it, and a round has at most one winner. Pure: knows neither time nor network.
 */

export const electionAlgorithms = ["bully", "ring"] as const;
export type ElectionAlgorithm = (typeof electionAlgorithms)[number];

export const electionMessageKinds = ["election", "answer", "coordinator"] as const;
export type ElectionMessageKind = (typeof electionMessageKinds)[number];

export interface ElectionMessage {
	readonly kind: ElectionMessageKind;
	readonly round: number;
	/** Whose candidacy or victory this is. */
	readonly identity: number;
	/** On the ring: hops so far; a message whose sender has died must not go round for ever. */
	readonly hops: number;
}

/** - `impatient`: declares itself without waiting for answers. - `same-identity`: the two highest members are called the same. */
export const electionMistakes = ["none", "impatient", "same-identity"] as const;
export type ElectionMistake = (typeof electionMistakes)[number];

export interface ElectionPort {
	/** The ring sends to its next member, whoever that is: `to` is then null. */
	send(to: number | null, message: ElectionMessage): void;
	/** Wakes the core by `timeout` unless set again or stopped: an answer, or the news of a winner, is due. */
	await(what: "answer" | "coordinator"): void;
	stopWaiting(): void;
	/** The member has won the round. */
	won(): void;
	/** The member knows the round's winner, itself perhaps. */
	settled(): void;
}

export interface ElectionOptions {
	readonly me: number;
	readonly members: number;
	/** Of this member, larger than 0; unlike all others', or else two win. The bully goes by numbers, as identities do. */
	readonly identity: number;
	readonly mistake: ElectionMistake;
	readonly port: ElectionPort;
}

export interface ElectionCore {
	readonly round: number;
	/** Identity of the present leader; null while there is none. */
	readonly leader: number | null;
	readonly isElecting: boolean;
	/** Goes on from this round, read from disk or heard of. */
	catchUp(round: number): void;
	/** Holds an election. */
	start(): void;
	receive(from: number, message: ElectionMessage): void;
	timeout(): void;
}
