/**
 * What the four algorithms of mutual exclusion have in common: members numbered from 0, messages in,
 * messages out, one request of the own member at a time. Pure: an algorithm knows neither time nor
 * network, and does everything at once through its port.
 */

/**
 * - `central`: one member keeps the queue.
 * - `token-ring`: who holds the token may enter.
 * - `ricart-agrawala`: everybody must agree.
 * - `maekawa`: a quorum must agree, and any two quorums share a member.
 */
export const mutexAlgorithms = ["central", "token-ring", "ricart-agrawala", "maekawa"] as const;
export type MutexAlgorithm = (typeof mutexAlgorithms)[number];

export const mutexMessageKinds = ["request", "reply", "grant", "release", "token", "failed", "inquire", "yield"] as const;
export type MutexMessageKind = (typeof mutexMessageKinds)[number];

export interface MutexMessage {
	readonly kind: MutexMessageKind;
	/** Of the request it belongs to; of a token, how many hops it has made. */
	readonly number: number;
	/** Of a token: hops since somebody entered. */
	readonly idleHops?: number;
}

/** Ways to get it wrong on purpose, so that a class sees what each rule is for. */
export const mutexMistakes = ["none", "never-defer", "split-quorums", "no-inquiry", "unnumbered-token", "two-tokens"] as const;
export type MutexMistake = (typeof mutexMistakes)[number];

/**
 * What one of those asked has said of the own request: it may, as far as I am concerned; somebody else has my vote
 * (Maekawa's `failed`); somebody earlier asks for the vote I gave you (`inquire`); and what the member itself does then:
 * it gives the vote back (`yield`, which the paper calls relinquish).
 */
export type Consent = "given" | "refused" | "asked-back" | "given-back";

/** What an algorithm may do to the world. */
export interface MutexPort {
	/** Never to the member itself. */
	send(to: number, message: MutexMessage): void;
	/** Where the own request stands with one of those asked; never after `granted`, and never of a token. */
	consent(of: number, consent: Consent): void;
	/** The own request is granted: the member is in the critical section from now on. `hops` the token made for it. */
	granted(hops?: number): void;
}

export interface MutexOptions {
	readonly me: number;
	readonly members: number;
	readonly mistake: MutexMistake;
	readonly port: MutexPort;
}

export interface MutexCore {
	/** Called once, when all members listen. */
	begin?(): void;
	/** The member wants in; not while a request of its own is under way. */
	request(): void;
	/** The member leaves. */
	release(): void;
	receive(from: number, message: MutexMessage): void;
	/** State worth looking at. */
	inspect(): { readonly [field: string]: number | string | boolean | readonly (number | string)[] };
}

/** A request's place in the order of all requests: by number, then by member. */
export interface RequestId {
	readonly number: number;
	readonly member: number;
}

/** @source Lamport (1978), the total order => */
export function precedes(a: RequestId, b: RequestId): boolean {
	return a.number < b.number || (a.number === b.number && a.member < b.member);
}
